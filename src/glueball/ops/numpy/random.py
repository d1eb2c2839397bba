"""Random numbers as ``mx.np`` draws them: an operator for each law of `laws.py`, and for each form of its size.

Where MXNet has a gradient with respect to the parameters, so has the draw: it is a function of them and of numbers
that do not depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.late_errors import late_errors
from ..attrs import Shape
from ..declare import Device, Rng, cases, operator
from ..draw import draw
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from ..signature import REQUIRED, signed
from .laws import LAWS, Law, Value
from .parameters import broken_rule, not_taken, of_size, shape_of, values_of

_HOLDS: Mapping[str, Callable[[Value], Any]] = {
    "at least 0": lambda value: value >= 0,
    "positive": lambda value: value > 0,
}


def _drawn(law: Law, owner: str) -> Callable[..., Tensor]:
    """Return the function of an operator that draws from a law."""
    rules = {each.name: (each.rule, _HOLDS[each.rule]) for each in law.parameters if each.rule}
    in_front = owner.endswith("_n")

    def drawn(
        *inputs: Tensor | None, size: Shape | None, dtype: torch.dtype = torch.float32, rng: Any, device: Any,
        ctx: str = "", **numbers: Any,
    ) -> Tensor:  # fmt: skip
        if not dtype.is_floating_point:
            raise MXNetError(
                f"{owner}: dtype must be a floating-point type; received {type_name(dtype)}; convert with astype(...)"
            )
        values = values_of(owner, numbers, inputs)
        shape = shape_of(owner, size, values, in_front)
        error = broken_rule(owner, values, rules)
        if error is not None:  # MXNet draws when the call has returned
            return late_errors.failed(error, shape, dtype, device)
        kind = torch.float64 if dtype is torch.float64 else torch.float32
        arrays = [value for value in values.values() if isinstance(value, Tensor)]
        used = {name: value.to(kind) if isinstance(value, Tensor) else value for name, value in values.items()}

        def standard(name: str, *parameters: Value) -> Tensor:
            return draw(rng, name, shape, kind, device, *parameters)

        if law.differentiable:
            return law.compute(standard, **used).to(dtype)
        with torch.no_grad():
            result = law.compute(standard, **used).to(dtype)
        return without_gradient(result, *arrays)

    return drawn


def _attributes(law: Law, in_front: bool) -> Iterator[tuple[str, tuple[Any, Any], str]]:
    """Return the attributes of an operator: name, annotation and default, and what the docstring says of them."""
    for each in law.parameters:
        rule = f"; {each.rule}" if each.rule else ""
        meaning = f"{each.meaning.capitalize()}{rule}. None: it is an input, in the order of the parameters."
        yield each.name, (float | None, each.default), f"{each.name} : float or None\n    {meaning}"
    meaning = (
        "The shape of the draws for each element of the parameters."
        if in_front
        else "The shape of the result; by default that of the parameters."
    )
    yield "size", (Shape | None, None), f"size : tuple of int, optional\n    {meaning}"
    if law.has_ctx:
        yield "ctx", (str, "cpu"), "ctx : Context, optional\n    Where; by default the current context."
    if law.has_dtype:
        types = "{'float16', 'float32', 'float64'}"
        yield "dtype", (torch.dtype, torch.float32), f"dtype : {types}\n    The type of the result."


def _declare(law: Law, owner: str) -> None:
    names = [each.name for each in law.parameters]
    in_front = owner.endswith("_n")
    attributes = list(_attributes(law, in_front))
    inputs = {f"input{number}": (Tensor | None, None) for number in range(1, len(names) + 1)}
    made = signed(
        _drawn(law, owner), f"Draw numbers {law.summary}.", [described for *_, described in attributes], **inputs,
        **{name: annotated for name, annotated, _ in attributes}, rng=(Rng, REQUIRED), device=(Device, REQUIRED),
    )  # fmt: skip
    operator(
        owner,
        types=", ".join("AB"[: len(names)]) + (" -> {dtype}" if law.has_dtype else " -> float32"),
        names_inputs=True,
        omits=not_taken(*names),
        from_partial=None if in_front else of_size,
        hidden_outputs=int(law.differentiable),  # MXNet keeps the standard numbers
        kind="other",
        flops=0,
    )(made)
    _add_cases(owner, names, law)


def _add_cases(owner: str, names: Sequence[str], law: Law) -> None:
    numbers: dict[str, Any] = {name: 0.5 + place for place, name in enumerate(names)}
    first: dict[str, Any] = {**numbers, names[0]: None}
    none: dict[str, Any] = dict.fromkeys(names)
    arrays = [Input((2, 3), low=0.2 + place, high=0.4 + place) for place in range(len(names))]
    cases(
        owner,
        samples=lambda: [
            sample(size=(2, 3), gradient=False, judge="statistics", **numbers),
            sample(size=(), gradient=False, judge="statistics", **numbers),
            sample(arrays[0], gradient=False, judge="statistics", **first),
            sample(*arrays, size=(4, 2, 3), gradient=False, judge="statistics", **none),
        ],
        refusals=lambda: [
            refused("must be a number, or None and an array", size=(2,), **first),
            refused("at least 0", size=(-1,), **numbers),
            *([refused("a floating-point type", size=(2,), dtype="int32", **numbers)] if law.has_dtype else []),
        ],
    )


for _law in LAWS:
    for _name in _law.names:
        _declare(_law, _name)

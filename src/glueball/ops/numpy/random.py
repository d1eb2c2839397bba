"""Random numbers as ``mx.np`` draws them: parameters are numbers or arrays, which broadcast to the size.

A parameter that is an array is an input, and its attribute None. So the first input is that of the first parameter
without a number. Where MXNet has a gradient with respect to the parameters, so has the draw: it is a function of
them and of numbers that do not depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import InvalidValueError, MXNetError
from ...core.late_errors import late_errors
from ..attrs import Shape
from ..declare import Device, Rng, cases, operator
from ..draw import draw
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from ..signature import REQUIRED, signed

Value = float | Tensor
#: Draws numbers whose distribution has no parameters, of a kind of `ops/draw.py`.
Standard = Callable[..., Tensor]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a distribution: its default, what it is, and the rule for its values."""

    name: str
    default: Any
    meaning: str
    rule: str = ""


@dataclass(frozen=True)
class Law:
    """A distribution.

    Attributes
    ----------
    names : tuple of str
        Its operators.
    summary : str
        What they draw.
    parameters : tuple of Parameter
        One or two.
    compute : callable
        Takes a function that draws standard numbers, by kind, and the parameters; returns the draws.
    differentiable : bool
        Whether MXNet has the gradient with respect to the parameters; otherwise it is zero.
    has_ctx, has_dtype : bool
        Which attributes its operators have.
    """

    names: tuple[str, ...]
    summary: str
    parameters: tuple[Parameter, ...]
    compute: Callable[..., Tensor]
    differentiable: bool = True
    has_ctx: bool = True
    has_dtype: bool = False


def _uniform(standard: Standard, low: Value, high: Value) -> Tensor:
    return standard("uniform", 0.0, 1.0) * (high - low) + low


def _normal(standard: Standard, loc: Value, scale: Value) -> Tensor:
    return standard("normal", 0.0, 1.0) * scale + loc


def _gamma(standard: Standard, shape: Value, scale: Value) -> Tensor:
    if isinstance(shape, Tensor):
        return standard("gamma", shape.detach(), torch.ones_like(shape)) * scale
    return standard("gamma", shape, 1.0) * scale


def _exponential(standard: Standard, scale: Value) -> Tensor:
    return standard("exponential", 1.0) * scale


def _gumbel(standard: Standard, loc: Value, scale: Value) -> Tensor:
    return loc - standard("exponential", 1.0).log() * scale


def _logistic(standard: Standard, loc: Value, scale: Value) -> Tensor:
    # The difference of two Gumbel variables: no logarithm of 0, as u / (1 - u) could have.
    one, other = standard("exponential", 1.0), standard("exponential", 1.0)
    return loc + (one.log() - other.log()) * scale


def _pareto(standard: Standard, a: Value) -> Tensor:
    return torch.expm1(standard("exponential", 1.0) / a)


def _power(standard: Standard, a: Value) -> Tensor:
    return torch.exp(-standard("exponential", 1.0) / a)


def _rayleigh(standard: Standard, scale: Value) -> Tensor:
    return (2 * standard("exponential", 1.0)).sqrt() * scale


def _weibull(standard: Standard, a: Value) -> Tensor:
    return standard("exponential", 1.0) ** (1 / a)


_LOC = Parameter("loc", REQUIRED, "the location")
_SCALE = Parameter("scale", REQUIRED, "the scale", "at least 0")
_OPTIONAL_SCALE = Parameter("scale", 1.0, "the scale", "at least 0")
_SHAPE = Parameter("a", None, "the shape of the distribution", "positive")

LAWS = (
    Law(
        ("_npi_uniform", "_npi_uniform_n"), "from a uniform distribution over [low, high)",
        (Parameter("low", REQUIRED, "the smallest number"), Parameter("high", REQUIRED, "the end of the range")),
        _uniform, differentiable=False, has_dtype=True,
    ),
    Law(
        ("_npi_normal", "_npi_normal_n"), "from a normal (Gaussian) distribution",
        (Parameter("loc", REQUIRED, "the mean"), Parameter("scale", REQUIRED, "the standard deviation", "at least 0")),
        _normal, has_dtype=True,
    ),
    Law(
        ("_npi_gamma",), "from a gamma distribution, whose mean is shape times scale",
        (
            Parameter("shape", REQUIRED, "the shape of the distribution", "positive"),
            Parameter("scale", REQUIRED, "the scale", "positive"),
        ),
        _gamma, differentiable=False, has_dtype=True,
    ),
    Law(
        ("_npi_exponential",), "from an exponential distribution, whose mean is the scale", (_OPTIONAL_SCALE,),
        _exponential,
    ),
    Law(("_npi_gumbel",), "from a Gumbel distribution", (_LOC, _SCALE), _gumbel),
    Law(("_npi_logistic",), "from a logistic distribution", (_LOC, _SCALE), _logistic),
    Law(("_npi_pareto",), "from a Pareto II (Lomax) distribution, which begins at 0", (_SHAPE,), _pareto),
    Law(
        ("_npi_powerd",), "from a power distribution over [0, 1], with density a x^(a-1)", (_SHAPE,), _power,
        differentiable=False, has_ctx=False,
    ),
    Law(("_npi_rayleigh",), "from a Rayleigh distribution", (_OPTIONAL_SCALE,), _rayleigh),
    Law(("_npi_weibull",), "from a Weibull distribution with scale 1", (_SHAPE,), _weibull),
)  # fmt: skip

_HOLDS: Mapping[str, Callable[[Value], Any]] = {
    "at least 0": lambda value: value >= 0,
    "positive": lambda value: value > 0,
}


def values_of(owner: str, numbers: Mapping[str, Any], inputs: Sequence[Tensor | None]) -> dict[str, Value]:
    """Return the parameters by name: the numbers, and in the place of each None the next array."""
    given = [array for array in inputs if array is not None]
    missing = [name for name, number in numbers.items() if number is None]
    if len(given) != len(missing):
        raise MXNetError(
            f"{owner}: each of {', '.join(numbers)} must be a number, or None and an array; "
            f"received {len(missing)} None and {len(given)} arrays"
        )
    return {name: given.pop(0) if number is None else number for name, number in numbers.items()}


def not_taken(*names: str) -> Callable[[Mapping[str, Any]], Collection[str]]:
    """Return the rule for `omits`: there is an input for each of these attributes that is None."""

    def omits(attributes: Mapping[str, Any]) -> Collection[str]:
        taken = sum(attributes[name] is None for name in names)
        return [f"input{number}" for number in range(taken + 1, len(names) + 1)]

    return omits


def shape_of(owner: str, size: Shape | None, values: Mapping[str, Value], in_front: bool = False) -> Shape:
    """Return the shape of the draws: the size, to which arrays broadcast, or, in front, one for each of them."""
    shapes = {name: tuple(value.shape) for name, value in values.items() if isinstance(value, Tensor)}
    if size is not None and min(size, default=0) < 0:
        raise MXNetError(f"{owner}: the lengths in size must be at least 0; received {size}")
    try:
        common: Shape = tuple(torch.broadcast_shapes(*shapes.values()))
        if in_front or size is None:
            return (*(size or ()), *common)
        if tuple(torch.broadcast_shapes(common, size)) == size:
            return size
    except RuntimeError:
        pass
    received = ", ".join(f"{name} of {shape}" for name, shape in shapes.items())
    raise MXNetError(f"{owner}: arrays must broadcast to the size; received {received} and size {size}")


def of_size(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """The rule, for `Operator.from_partial`, that the draws have the size, whatever is known of the parameters."""
    return None if attributes["size"] is None else [attributes["size"]]


def broken_rule(
    owner: str, values: Mapping[str, Value], rules: Mapping[str, tuple[str, Callable[[Value], Any]]]
) -> MXNetError | None:
    """Return the error about the first parameter that breaks its rule, or None; rules are a text and a test."""
    for name, (text, holds) in rules.items():
        value = values[name]
        if isinstance(value, Tensor) and value.is_meta:
            continue
        held = holds(value)
        if not (bool(held.all()) if isinstance(held, Tensor) else held):
            received = f"values from {value.min()} to {value.max()}" if isinstance(value, Tensor) else value
            return InvalidValueError(f"{owner}: {name} must be {text}; received {received}")
    return None


def _declare(law: Law, owner: str) -> None:
    rules = {each.name: (each.rule, _HOLDS[each.rule]) for each in law.parameters if each.rule}
    names = [each.name for each in law.parameters]
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

    described = [
        f"{each.name} : float or None\n    {each.meaning.capitalize()}{'; ' + each.rule if each.rule else ''}. "
        "None: it is an input, in the order of the parameters."
        for each in law.parameters
    ]
    described.append(
        "size : tuple of int, optional\n    The shape of the result; by default that of the parameters."
        if not in_front
        else "size : tuple of int, optional\n    The shape of the draws for each element of the parameters."
    )
    attributes: dict[str, tuple[Any, Any]] = {each.name: (float | None, each.default) for each in law.parameters}
    attributes["size"] = (Shape | None, None)
    if law.has_ctx:
        attributes["ctx"] = (str, "cpu")
        described.append("ctx : Context, optional\n    Where; by default the current context.")
    if law.has_dtype:
        attributes["dtype"] = (torch.dtype, torch.float32)
        described.append("dtype : {'float16', 'float32', 'float64'}\n    The type of the result.")
    inputs = {f"input{number}": (Tensor | None, None) for number in range(1, len(names) + 1)}
    made = signed(
        drawn, f"Draw numbers {law.summary}.", described, **inputs, **attributes,
        rng=(Rng, REQUIRED), device=(Device, REQUIRED),
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

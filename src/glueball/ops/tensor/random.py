"""Random arrays: draws from the distributions of `glueball.ops.distributions`, integers, shuffles, categories.

Each distribution has three forms, as in MXNet: with numbers as parameters (``_random_normal``), in the shape and type
of an array (``_random_normal_like``), and with arrays as parameters (``_sample_normal``). Every draw comes from the
generator of the array's context, which ``mx.random.seed`` seeds. The streams are torch's: they differ from MXNet's.
A draw has a gradient of zero with respect to its parameters, as in MXNet. Parameters that are out of range are an error
of whoever reads the draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.late_errors import late_errors
from ...core.numpy_mode import numpy_mode
from ..attrs import Shape
from ..checks import check_float
from ..declare import Device, Rng, cases, operator
from ..distributions import DISTRIBUTIONS, Distribution, Value
from ..draw import Source, draw
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape, all_alike, merge_or_first
from ..signature import REQUIRED, signed

_ALIASES = {"uniform": ["uniform"], "normal": ["normal"]}


def _draw(
    distribution: Distribution, owner: str, shape: Shape, dtype: torch.dtype | None, device: torch.device,
    rng: Source, values: Mapping[str, Value],
) -> Tensor:  # fmt: skip
    dtype = dtype or torch.float32
    if not dtype.is_floating_point:
        raise MXNetError(
            f"{owner}: dtype must be a floating-point type; received {type_name(dtype)}; convert with astype(...)"
        )
    try:
        distribution.check(owner, values)
    except MXNetError as error:  # MXNet draws when the call has returned, and programs rely on it
        return late_errors.failed(error, shape, dtype, device)
    drawn_in = dtype if distribution.in_half or dtype is torch.float64 else torch.float32
    parameters = [values[parameter.name] for parameter in distribution.parameters]
    return draw(rng, distribution.name, shape, drawn_in, device, *parameters).to(dtype)


def _needs_shape(owner: str, shape: Shape | None) -> Shape:
    """Return the shape; without NumPy's meaning of shapes, no axes and a length of 0 mean an unknown shape."""
    if shape is None or (not numpy_mode.shapes and (not shape or min(shape) < 1)) or min(shape, default=0) < 0:
        raise MXNetError(f"{owner}: shape must be one or more positive ints; received {shape}; pass shape=...")
    return shape


_SHAPE_DOC = "shape : tuple of int\n    The shape of the result."
_DTYPE_DOC = "dtype : {'float16', 'bfloat16', 'float32', 'float64'}, default 'float32'\n    The type of the result."
_CTX_DOC = "ctx : Context, optional\n    Where; by default the current context."


def _describe(distribution: Distribution, arrays: bool) -> list[str]:
    lines = []
    for parameter in distribution.parameters:
        rule = f"; {parameter.rule}" if parameter.rule else ""
        if arrays:
            lines.append(
                f"{parameter.sample_name} : NDArray\n    {parameter.meaning.capitalize()}{rule}; one per draw."
            )
        else:
            kind = "int" if parameter.whole else "float"
            lines.append(
                f"{parameter.name} : {kind}, default {parameter.default}\n    {parameter.meaning.capitalize()}{rule}."
            )
    return lines


def _numbers(distribution: Distribution) -> dict[str, tuple[Any, Any]]:
    return {
        parameter.name: (int if parameter.whole else float, parameter.default) for parameter in distribution.parameters
    }


def _declare_random(distribution: Distribution) -> None:
    owner = f"_random_{distribution.name}"

    def random(*, shape: Any, ctx: str, dtype: Any, rng: Any, device: Any, **values: float) -> Tensor:
        return _draw(distribution, owner, _needs_shape(owner, shape), dtype, device, rng, values)

    made = signed(
        random, f"Draw {distribution.summary}.",
        [*_describe(distribution, arrays=False), _SHAPE_DOC, _CTX_DOC, _DTYPE_DOC],
        **_numbers(distribution), shape=(Shape | None, None), ctx=(str, ""), dtype=(torch.dtype | None, None),
        rng=(Rng, REQUIRED), device=(Device, REQUIRED),
    )  # fmt: skip
    operator(
        owner,
        types="-> {dtype|float32}",
        kind="other",
        flops=0,
        aliases=[f"random_{distribution.name}", *_ALIASES.get(distribution.name, [])],
    )(made)
    cases(
        owner,
        samples=lambda: [
            sample(shape=(2, 3), gradient=False, judge="statistics"),
            sample(shape=(4,), dtype="float64", gradient=False, judge="statistics"),
        ],
        refusals=lambda: [
            refused("shape must be one or more positive ints"),
            refused("dtype must be a floating-point type", shape=(2,), dtype="int32"),
        ],
    )  # fmt: skip


def _declare_like(distribution: Distribution) -> None:
    owner = f"_random_{distribution.name}_like"

    def random_like(data: Tensor, *, rng: Any, **values: float) -> Tensor:
        drawn = _draw(distribution, owner, tuple(data.shape), data.dtype, data.device, rng, values)
        return without_gradient(drawn, data)

    made = signed(
        random_like, f"Draw {distribution.summary}, in the shape and type of an array.",
        ["data : NDArray\n    The shape and the floating-point type; its values are not used.",
         *_describe(distribution, arrays=False)],
        data=(Tensor, REQUIRED), **_numbers(distribution), rng=(Rng, REQUIRED),
    )  # fmt: skip
    operator(owner, elementwise=True, flops=0)(made)
    cases(
        owner,
        samples=lambda: [sample((2, 3), gradient=False, judge="statistics")],
        refusals=lambda: [refused("dtype must be a floating-point type", Input((2,), "int32"))],
    )  # fmt: skip


def _parameters_of_draws(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    drawn, own = outputs[0], len(attributes["shape"])
    return inputs if drawn is None else [merge_or_first(each, drawn[: len(drawn) - own]) for each in inputs]


def _declare_sample(distribution: Distribution) -> None:
    owner = f"_sample_{distribution.name}"
    names = {parameter.sample_name: parameter.name for parameter in distribution.parameters}

    def sample_each(*arrays: Tensor, shape: Shape, dtype: Any, rng: Any) -> Tensor:
        first = arrays[0]
        if any(array.shape != first.shape for array in arrays):
            shapes = ", ".join(str(tuple(array.shape)) for array in arrays)
            raise MXNetError(f"{owner}: {', '.join(names)} must have one shape; received {shapes}")
        values = {
            name: array.detach().reshape(*array.shape, *[1] * len(shape))
            for name, array in zip(names.values(), arrays, strict=True)
        }
        drawn = _draw(distribution, owner, (*first.shape, *shape), dtype, first.device, rng, values)
        return without_gradient(drawn, *arrays)

    made = signed(
        sample_each, f"Draw {distribution.summary}, for each element of the parameters.",
        [*_describe(distribution, arrays=True), "shape : tuple of int, optional\n    The shape for each element, "
         "by default one number; its axes come after those of the parameters.", _DTYPE_DOC],
        **dict.fromkeys(names, (Tensor, REQUIRED)), shape=(Shape, ()), dtype=(torch.dtype | None, None),
        rng=(Rng, REQUIRED),
    )  # fmt: skip
    inputs = [Input((2, 3), low=0.2 + number, high=0.4 + number) for number in range(len(names))]
    if "p" in names:
        inputs[-1] = Input((2, 3), low=0.2, high=0.4)
    different = [refused("must have one shape", (2,), (3,))] if len(names) > 1 else []
    operator(
        owner,
        names_inputs=True,
        types="T... -> {dtype|float32}",
        kind="other",
        flops=0,
        infer_inputs=all_alike,
        from_outputs=_parameters_of_draws,
        aliases=[f"sample_{distribution.name}"],
    )(made)
    cases(
        owner,
        samples=lambda: [
            sample(*inputs, gradient=False, judge="statistics"),
            sample(*inputs, shape=(4, 2), dtype="float64", gradient=False, judge="statistics"),
        ],
        refusals=lambda: [refused("dtype must be a floating-point type", *inputs, dtype="int32"), *different],
    )  # fmt: skip


for _distribution in DISTRIBUTIONS:
    _declare_random(_distribution)
    _declare_like(_distribution)
    _declare_sample(_distribution)


@operator(
    "_random_randint",
    types="-> {dtype|int32}",
    aliases=["_npi_random_randint", "random_randint"],
    kind="other",
    flops=0,
)
def randint(
    *,
    low: int,
    high: int,
    shape: Shape | None = None,
    ctx: str = "",
    dtype: Literal["int32", "int64"] | None = None,
    rng: Rng,
    device: Device,
) -> Tensor:
    """Draw integers, each equally likely.

    Parameters
    ----------
    low, high : int
        The smallest number, and the end of the range, which is excluded.
    shape : tuple of int
        The shape of the result.
    ctx : Context, optional
        Where; by default the current context.
    dtype : {'int32', 'int64'}, default 'int32'
        The type of the result.
    """
    kind = torch.int64 if dtype == "int64" else torch.int32
    if low >= high:
        raise MXNetError(f"_random_randint: low must be below high; received {low} and {high}")
    limits = torch.iinfo(kind)
    if low < limits.min or high - 1 > limits.max:
        raise MXNetError(
            f"_random_randint: low and high must fit into {type_name(kind)}; received {low} and {high}; use int64"
        )
    shape = _needs_shape("_random_randint", shape)
    return draw(rng, "integers", shape, kind, device, low, high)


cases(
    "_random_randint",
    samples=lambda: [
        sample(low=-3, high=5, shape=(2, 3), gradient=False, judge="statistics"),
        sample(low=0, high=2**40, shape=(2,), dtype="int64", gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("low must be below high", low=5, high=5, shape=(2,)),
        refused("low must be below high", low=5, high=1, shape=(2,)),
        refused("must fit into", low=0, high=2**40, shape=(2,)),
        refused("must fit into", low=-(2**40), high=0, shape=(2,)),
        refused("dtype must be one of 'int32', 'int64', or None", low=0, high=5, shape=(2,), dtype="float32"),
        refused("shape must be", low=0, high=5),
        refused("shape must be", low=0, high=5, shape=(2, 0)),
    ],
)


@operator("_shuffle", elementwise=True, aliases=["_npi_shuffle", "shuffle"], flops=0, precision="any")
def shuffle(data: Tensor, *, rng: Rng) -> Tensor:
    """Shuffle the slices along the first axis; each order is equally likely.

    Examples
    --------
    >>> from glueball import nd
    >>> sorted(nd.shuffle(nd.arange(4)).asnumpy().tolist())
    [0.0, 1.0, 2.0, 3.0]
    """
    return data[draw(rng, "permutation", data.shape[:1], torch.int64, data.device)]


cases(
    "_shuffle",
    samples=lambda: [
        sample((5, 2), gradient=False, judge="statistics"),
        sample((3,), gradient=False, judge="statistics"),
    ],
)


def _count_results(attributes: Mapping[str, Any]) -> int:
    return 2 if attributes["get_prob"] else 1


@operator(
    "_sample_multinomial",
    types="T -> {dtype}, T",
    aliases=["sample_multinomial"],
    outputs=_count_results,
    from_outputs="nothing",
    kind="other",
    flops=0,
)
def multinomial(
    data: Tensor, *, shape: Shape = (), get_prob: bool = False, dtype: torch.dtype = torch.int32, rng: Rng
) -> Tensor | tuple[Tensor, ...]:
    """Draw indices of categories.

    Parameters
    ----------
    data : NDArray
        (..., K): in each row the probabilities of K categories, which sum to 1.
    shape : tuple of int, optional
        The shape of the draws for each row, by default one draw.
    get_prob : bool, default False
        Return the logarithm of each drawn category's probability as well; it has a gradient, as policy gradients need.
    dtype : str or numpy.dtype, default 'int32'
        The type of the indices.

    Returns
    -------
    NDArray or list of two NDArrays
        (..., *shape), the categories, from 0.
    """
    check_float("_sample_multinomial", data)
    result = (*data.shape[:-1], *shape) or (1,)
    rows = data.reshape(-1, data.shape[-1])
    draws = torch.Size(shape).numel()
    try:
        chosen = draw(rng, "multinomial", (rows.shape[0], draws), torch.int64, data.device, rows.detach())
    except RuntimeError as error:
        raise MXNetError(
            "_sample_multinomial: probabilities must not be negative, infinite or all 0 in a row; "
            f"received values from {data.min()} to {data.max()}"
        ) from error
    numbers = without_gradient(chosen.reshape(result).to(dtype), data)
    if not get_prob:
        return numbers
    # A constant where rows sum to 1: they are normalized, but the gradient is that of log(p) alone, as in MXNet.
    totals = rows.detach().sum(1, keepdim=True)
    return numbers, (rows.gather(1, chosen) / totals).log().reshape(result)


cases(
    "_sample_multinomial",
    samples=lambda: [
        sample(Input((4,), low=0.25, high=0.2500001), gradient=False, judge="statistics"),
        sample(Input((2, 4), low=0.25, high=0.2500001), shape=(3, 2), gradient=False, judge="statistics"),
        sample(Input((2, 4), low=0.25, high=0.2500001), get_prob=True, gradient=False, judge="statistics"),
    ],
    refusals=lambda: [
        refused("probabilities must not be negative", Input((2, 4), low=-2, high=-1)),
        refused("floating-point type", Input((2, 4), "int32", 0, 2)),
    ],
)

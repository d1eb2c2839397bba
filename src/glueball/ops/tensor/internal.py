"""Operators that MXNet uses itself, and that graph files and programs may name: copies, sums, scalars, storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.dtype import FLAG_TO_TORCH, TORCH_TO_NAME
from ...core.errors import MXNetError
from ...core.storage import SparseStorage
from ..attrs import Positive, Shape
from ..declare import Device, cases, operator, registry
from ..flops import per_input
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape
from ..sparse.elementwise import LIKE_RIGHT, ON_VALUES, STORED_QUOTIENT, UNION
from ..sparse.products import CAST
from ..sparse.reductions import SQUARE_SUM
from . import binary  # noqa: F401  (declares what is called here by its name)
from .init import zeros
from .join import concat, concat_output, concat_shapes, joined_of_output
from .reduce import reduced_axes, with_axes

_ANY = Input((2, 3))


@operator("_copyto", aliases=["_npi_copyto"], elementwise=True, may_alias=True, hands_on=True, kind="shape", flops=0)
def copyto(data: Tensor) -> Tensor:
    """Return a copy; `NDArray.copyto` also converts, and copies to another context.

    Parameters
    ----------
    data : NDArray
        Of any type.
    """
    return data


cases("_copyto", samples=lambda: [sample(_ANY, judge="numpy")])


@operator("_CrossDeviceCopy", elementwise=True, may_alias=True, hands_on=True, kind="shape", flops=0)
def cross_device_copy(data: Tensor) -> Tensor:
    """Return a copy, in graphs that MXNet has distributed over several contexts.

    Parameters
    ----------
    data : NDArray
        Of any type.
    """
    return data


cases("_CrossDeviceCopy", samples=lambda: [sample(_ANY, judge="numpy")])


@operator("_grad_add", elementwise=True, sparse=UNION)
def grad_add(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Return lhs + rhs, where gradients of several uses of an array are added up.

    Parameters
    ----------
    lhs, rhs : NDArray
        Of the same shape and type.
    """
    total: Tensor = registry["elemwise_add"].function(lhs, rhs)
    return total


cases(
    "_grad_add",
    samples=lambda: [
        sample(_ANY, _ANY, gradient=False),
        sample(Input((3,), "int32", 0, 9), Input((3,), "int32", 0, 9), gradient=False),
    ],
    refusals=lambda: [refused("one shape", (2, 3), (1, 3))],
)


@operator(
    "_identity_with_attr_like_rhs",
    gradient_names=("backward", "rhs_backward"),
    elementwise=True,
    may_alias=True,
    flops=0,
    sparse=LIKE_RIGHT,
)
def identity_with_attr_like_rhs(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Return `lhs`; in inference its shape and type are those of `rhs`.

    Parameters
    ----------
    lhs : NDArray
        What is returned.
    rhs : NDArray
        Of the same shape and type; no gradient flows to it.
    """
    if lhs.shape != rhs.shape or lhs.dtype is not rhs.dtype:
        received = " and ".join(f"{tuple(each.shape)} {TORCH_TO_NAME[each.dtype]}" for each in (lhs, rhs))
        raise MXNetError(f"_identity_with_attr_like_rhs: lhs and rhs must have one shape and type; received {received}")
    return lhs


cases(
    "_identity_with_attr_like_rhs",
    samples=lambda: [sample(_ANY, _ANY)],
    refusals=lambda: [
        refused("one shape and type", (2, 3), (1, 3)),
        refused("one shape and type", (2, 3), Input((2, 3), "float64")),
    ],
)


@operator("_scatter_elemwise_div", elementwise=True, precision="widest", sparse=STORED_QUOTIENT)
def scatter_elemwise_div(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Return lhs / rhs, computed only where a row_sparse `lhs` stores elements.

    Parameters
    ----------
    lhs, rhs : NDArray
        Of the same shape and type.
    """
    quotient: Tensor = registry["elemwise_div"].function(lhs, rhs)
    return quotient


cases(
    "_scatter_elemwise_div",
    samples=lambda: [sample(_ANY, Input((2, 3), low=0.5))],
    refusals=lambda: [refused("one shape", (2, 3), (1, 3))],
)


def _declare_scatter(word: str, sign: str) -> None:
    name, plain = f"_scatter_{word}_scalar", f"_{word}_scalar"

    @operator(name, elementwise=True, types=registry[plain].types, sparse=ON_VALUES)
    def with_scalar(data: Tensor, *, scalar: float = 1.0, is_int: bool = True) -> Tensor:
        result: Tensor = registry[plain].function(data, scalar=scalar, is_int=is_int)
        return result

    cases(
        name,
        samples=lambda: [sample(_ANY, scalar=1.5), sample(Input((3,), "int32", 0, 9), scalar=2.7, gradient=False)],
        refusals=lambda: [refused("must be finite", Input((2,), "int32"), scalar=float("inf"))],
    )

    with_scalar.__name__ = name
    with_scalar.__doc__ = f"""Return data {sign} scalar; of a sparse array only where elements are stored.

    Parameters
    ----------
    data : NDArray
        Of any type.
    scalar : float, default 1
        The number. For an array of integers it loses its fraction.
    is_int
        As in `glueball.nd._internal.{plain}`.
    """


_declare_scatter("plus", "+")
_declare_scatter("minus", "-")


def _type_of_flag(dtype: int) -> torch.dtype:
    kind = torch.float32 if dtype == -1 else FLAG_TO_TORCH.get(dtype)
    if kind is None:
        raise MXNetError(
            f"_zeros_without_dtype: dtype must be -1 or MXNet's number of a type, {sorted(FLAG_TO_TORCH)}; "
            f"received {dtype}"
        )
    return kind


@operator(
    "_zeros_without_dtype", types=lambda attributes: f"-> {TORCH_TO_NAME[_type_of_flag(attributes['dtype'])]}",
    kind="other", flops=0,
)  # fmt: skip
def zeros_without_dtype(*, shape: Shape | None = None, ctx: str = "", dtype: int = -1, device: Device) -> Tensor:
    """Make an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        Its shape.
    ctx : Context, optional
        Where; by default the current context.
    dtype : int, default -1
        MXNet's number of its type; -1 means float32. Differs from MXNet, which infers the type from the rest of a
        graph, and has no function of arrays.
    """
    return zeros(shape=shape or (), dtype=_type_of_flag(dtype), device=device)


cases(
    "_zeros_without_dtype",
    samples=lambda: [
        sample(shape=(2, 3), gradient=False, judge="numpy"),
    ],
    refusals=lambda: [
        refused("shape must be one or more positive ints"),
        refused("dtype must be -1 or MXNet's number", shape=(2,), dtype=99),
    ],
)


@operator(
    "_square_sum", from_outputs="nothing", kind="other", flops=per_input(2), precision="single", sparse=SQUARE_SUM
)
def square_sum(data: Tensor, *, axis: Shape | None = None, keepdims: bool = False, exclude: bool = False) -> Tensor:
    """Sum the squares, along some axes or over everything.

    Parameters
    ----------
    data : NDArray
        Any shape. Differs from MXNet, which sums in row-sparse matrices only.
    axis : int or tuple of int, optional
        Which axes.
    keepdims : bool, default False
        Keep them, with length 1.
    exclude : bool, default False
        Sum along the other axes instead.
    """
    axes = reduced_axes("_square_sum", data, axis, exclude)
    return with_axes((data * data).sum(axes, keepdim=keepdims)) if axes else data * data


cases(
    "_square_sum",
    samples=lambda: [
        sample(_ANY, judge="numpy"),
        sample(_ANY, axis=1, keepdims=True, judge="numpy"),
        sample(Input((2, 3, 4), "float64"), axis=1, exclude=True, judge="numpy"),
    ],
    refusals=lambda: [refused("axis must be", (2, 3), axis=2)],
)


def _shared_out(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """Share what is missing in the sum out equally: two directions of a layer read data of one length."""
    inputs = joined_of_output(inputs, outputs, attributes)
    joined, parts = outputs[0], [shape for shape in inputs if shape is not None]
    if joined is None or len(parts) != len(inputs):
        return inputs
    rank = len(joined)
    axis = attributes["dim"] + rank * (attributes["dim"] < 0)
    if not 0 <= axis < rank or any(len(shape) != rank for shape in parts):
        return inputs
    unknown = sum(shape[axis] == UNKNOWN for shape in parts)
    missing = joined[axis] - sum(shape[axis] for shape in parts if shape[axis] != UNKNOWN)
    if not unknown or missing <= 0 or missing % unknown:
        return inputs
    return [
        (*shape[:axis], missing // unknown if shape[axis] == UNKNOWN else shape[axis], *shape[axis + 1 :])
        for shape in parts
    ]


@operator(
    "_rnn_param_concat", aliases=["_npi_rnn_param_concat"], infer_inputs=concat_shapes, from_outputs=_shared_out,
    infer_outputs=concat_output, variadic_by="num_args", kind="join", flops=0,
)  # fmt: skip
def rnn_param_concat(*data: Tensor, num_args: Positive, dim: int = 1) -> Tensor:
    """Join arrays along an existing axis, as Concat does: the parameters of recurrent layers.

    Parameters
    ----------
    *data, num_args, dim
        As in `glueball.nd.Concat`.
    """
    return concat(*data, num_args=num_args, dim=dim)


cases(
    "_rnn_param_concat",
    samples=lambda: [sample((2,), (3,), num_args=2, dim=0), sample((2, 1), (2, 3), num_args=2)],
    refusals=lambda: [refused("one shape but for axis 0", (2, 1), (1, 3), num_args=2, dim=0)],
)


@operator(
    "cast_storage",
    aliases=["_sparse_cast_storage"],
    elementwise=True,
    may_alias=True,
    kind="shape",
    flops=0,
    sparse=CAST,
)
def cast_storage(data: Tensor, *, stype: Literal["csr", "default", "row_sparse"]) -> Tensor:
    """Return a copy in a form of storage.

    Parameters
    ----------
    data : NDArray
        Of any type.
    stype : {'default', 'csr', 'row_sparse'}
        The form: dense, a csr matrix, or the slices along the first axis that are not zero. From one sparse form to the
        other the way is through the dense one.
    """
    if stype != "default":
        raise SparseStorage(f"cast_storage: stype must be 'default' for a dense tensor; received {stype!r}")
    return data


cases(
    "cast_storage",
    samples=lambda: [sample(_ANY, stype="default")],
    refusals=lambda: [
        refused("a csr array must be a matrix", (2, 3, 4), stype="csr"),
        refused("stype must be one of", (2, 3), stype="coo"),
    ],
)

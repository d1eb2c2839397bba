"""What binding a graph on several contexts needs: shapes of parts of a batch, shared arrays, copies of parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..core import dtype as dtypes
from ..core.context import Context
from ..core.errors import MXNetError
from ..executor import Executor
from ..executor.arrays import undecided
from ..executor.binding import Kind
from ..io import DataDesc
from ..ndarray import NDArray, zeros
from ..symbol.infer import Inferred, infer
from ..symbol.infer_methods import read_shape


def described(shapes: Sequence[Any]) -> list[DataDesc]:
    """Return descriptions of arrays, each given as one or as (name, shape)."""
    return [one if isinstance(one, DataDesc) else DataDesc(*one) for one in shapes]


def common_batch_size(descriptions: Sequence[DataDesc]) -> int:
    """Return the batch size of all inputs and labels that have one."""
    sizes = {}
    for desc in descriptions:
        axis = DataDesc.get_batch_axis(desc.layout)
        if axis >= 0:
            if axis >= len(desc.shape):
                raise MXNetError(f"Module.bind: {desc.name} must have the axes of its layout; received {desc!r}")
            sizes[desc.name] = desc.shape[axis]
    if len(set(sizes.values())) != 1:
        raise MXNetError(f"Module.bind: all inputs and labels must have the same batch size; received {sizes}")
    return int(next(iter(sizes.values())))


def inferred(symbol: Any, inputs: Sequence[DataDesc]) -> Inferred:
    """Infer all shapes and types of a graph from those of its inputs."""
    shapes = {one.name: read_shape(tuple(one.shape), f"Module.bind: {one.name}") for one in inputs}
    types = {one.name: dtypes.to_torch(one.dtype, f"Module.bind: {one.name}") for one in inputs}
    found = infer(symbol._entries, shapes, types)
    if not found.complete:
        raise undecided("Module.bind", found, shapes)
    return found


class ArrayMaker:
    """Makes the arrays of an executor, or takes those of another one.

    Parameters
    ----------
    inputs : sequence of DataDesc
        The inputs, which are not shared, since two groups may be used alternately.
    may_change : collection of str
        Arguments whose shape may differ from that in `shared`.
    shared : Executor, optional
        The executor whose arrays are taken if name, shape and type agree.
    """

    def __init__(self, inputs: Sequence[DataDesc], may_change: Collection[str], shared: Executor | None) -> None:
        self._may_change = may_change
        self._inputs = {one.name: tuple(one.shape) for one in inputs}
        self._present: dict[Kind, Mapping[str, NDArray]] = {"argument": {}, "gradient": {}, "state": {}}
        if shared is not None:
            arguments = {name: value for name, value in shared.arg_dict.items() if name not in self._inputs}
            self._present = {"argument": arguments, "gradient": shared.grad_dict, "state": shared.aux_dict}

    def __call__(
        self, kind: Kind, name: str, shape: tuple[int, ...], dtype: Any, context: Context, stype: str
    ) -> NDArray:
        """Return the array of a variable, its gradient or a state."""
        found = self._present[kind].get(name)
        if found is not None and found.shape == shape and found.dtype == dtype:
            return found
        if found is not None and name not in self._inputs and name not in self._may_change:
            raise MXNetError(
                f"Module: inputs must match the parameters; {name} is {found.shape} of {found.dtype.__name__}, and "
                f"inputs of {self._inputs} need {shape}; bind a new Module, or name {name} in label_names if it is "
                "a label"
            )
        return zeros(shape, ctx=context, dtype=dtype, stype=stype)


def require_shape(name: str, value: NDArray, shape: tuple[int, ...]) -> None:
    """Refuse a parameter whose shape differs from that in the bound graph."""
    if not isinstance(value, NDArray) or value.shape != tuple(shape):
        received = value.shape if isinstance(value, NDArray) else type(value).__name__
        raise MXNetError(
            f"Module: parameters must match the graph; {name} must have the shape {tuple(shape)}; received {received}"
        )


def planned_copies(
    what: str, given: Mapping[str, NDArray] | None, present: Mapping[str, list[NDArray]], allow_extra: bool
) -> list[tuple[NDArray, list[NDArray]]]:
    """Return pairs of an array and its copies to write it to, after checking all of them.

    Raises
    ------
    ValueError
        A name is not present, and `allow_extra` is False.
    MXNetError
        A shape differs.
    """
    found = []
    for name, value in (given or {}).items():
        if name in present:
            require_shape(name, value, present[name][0].shape)
            found.append((value, present[name]))
        elif not allow_extra:
            raise ValueError(
                f"Module: parameters must be {what} of the graph; it has no {name!r}; pass allow_extra=True to "
                "ignore such parameters"
            )
    return found

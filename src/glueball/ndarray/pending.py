"""Arrays whose values do not exist yet; see `core/waiting.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core import dtype as dtypes
from ..core.context import Context
from ..core.mode import mode
from ..core.waiting import Promise, Waiting
from .ndarray import NDArray


class Pending(NDArray):
    """An array that knows its shape and type, and gets its values later; whoever reads them before is told so."""

    __slots__ = ("_meta", "_promise", "_settled", "_value", "_why")

    def __init__(self, meta: Tensor, ctx: Context, why: str) -> None:
        self._meta, self._why, self._settled = meta, why, False
        self._value: tuple[Any, Any] = (None, None)
        self._promise = Promise()
        super().__init__(meta, ctx)

    def _read(self, number: int) -> Any:
        if not self._settled:
            raise Waiting(self._why, self._promise)
        return self._value[number]

    # What an NDArray keeps in slots of these names.
    @property
    def _data(self) -> Any:
        return self._read(0)

    @_data.setter
    def _data(self, value: Any) -> None:
        self._value = (value, self._value[1])

    @property
    def _tape(self) -> Any:
        return self._read(1)

    @_tape.setter
    def _tape(self, value: Any) -> None:
        self._value = (self._value[0], value)

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return tuple(self._meta.shape)

    @property
    def dtype(self) -> Any:
        """The type, as that of an NDArray."""
        return dtypes.TORCH_TO_NUMPY[self._meta.dtype]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._meta.dim()

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._meta.numel()

    def _settle(self, array: NDArray) -> None:
        """Take the values of an array, now or when it has them."""
        if isinstance(array, Pending) and not array._settled:
            array._promise.then(self._settle)
            return
        self._value, self._settled = (array._data, array._tape), True
        self._promise.keep(self)


#: The classes of such arrays, by the class of arrays that they are in the place of; `numpy/` adds its own.
classes: dict[type[NDArray], type[Pending]] = {NDArray: Pending}


def later(
    error: Waiting, function: Callable[..., Any], inputs: Sequence[Any], surroundings: dict[str, Any], ctx: Context,
    visible: int, call: Callable[[Any], Any], face: type[NDArray],
) -> NDArray | list[NDArray]:  # fmt: skip
    """Return arrays for the outputs of an operator, which `call` computes once what it waits for exists."""
    meta = torch.device("meta")
    shapes = [None if each is None else _meta_of(each) for each in inputs]
    result = function(*shapes, **{name: meta if isinstance(value, torch.device) else value
                                  for name, value in surroundings.items()})  # fmt: skip
    results = result if isinstance(result, tuple) else (result,)
    outputs = [classes[face](each, ctx, str(error)) for each in results[:visible]]
    asked = mode.recording, mode.training

    def run(found: Any) -> None:
        before = mode.recording, mode.training
        mode.recording, mode.training = asked
        try:
            made = call(found)
        finally:
            mode.recording, mode.training = before
        for output, array in zip(outputs, made if isinstance(made, list) else [made], strict=True):
            output._settle(array)

    error.promise.then(run)
    return outputs[0] if len(outputs) == 1 else list(outputs)


def shown_later(face: type[NDArray], array: Pending) -> Pending:
    """Return an array of the other class that gets the values of this one."""
    shown = classes[face](array._meta, array._ctx, array._why)
    array._promise.then(shown._settle)
    return shown


def _meta_of(array: NDArray) -> Tensor:
    if isinstance(array, Pending):
        return array._meta
    return torch.empty(array._data.shape, dtype=array._data.dtype, device="meta")

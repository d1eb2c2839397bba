"""NDArray: a mutable array over one torch tensor, with MXNet's methods and rules.

An array has two tensors. `_data` holds the values and never takes part in torch's autograd. `_tape` is the
same memory as torch's autograd sees it: a leaf after attach_grad(), a recorded result after an operator ran inside
``autograd.record()``, otherwise None. Outside of record() only `_data` is used, so nothing is ever recorded by mistake
and torch's global gradient mode is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from ..core import dtype as dtypes
from ..core.blame import short
from ..core.context import Context
from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from ..core.freed_graphs import is_freed, passes
from ..core.gradient_request import check_request, store_gradient
from ..core.integer_tape import IntegerTape, converted, gradient_edge
from ..core.mode import mode
from ..core.writes import writes
from ..ops.declare import registry
from ..ops.explain import no_room
from .origins import hand_on, remember

if TYPE_CHECKING:
    # The methods that higher layers install when the package is imported; a generated stub (`make stubs`).
    from ._methods import Methods
else:
    Methods = object


@guard
class NDArray(Methods):
    """A multi-dimensional array on a device.

    Made by `glueball.nd.array` and the other functions of ``nd``, not by calling the class.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.array([[1, 2, 3], [4, 5, 6]])
    >>> x[1] = 0
    >>> (x + 1).asnumpy().tolist()
    [[2.0, 3.0, 4.0], [1.0, 1.0, 1.0]]
    """

    if TYPE_CHECKING:
        # `sparse/` installs it, which knows all storage types.
        def _zero_gradient(self, stype: str | None) -> NDArray: ...

    __slots__ = ("__weakref__", "_ctx", "_data", "_fresh", "_grad", "_is_mask", "_passes", "_tape")

    # Makes NumPy defer `numpy_array + NDArray` to this class; otherwise it would build an array of objects.
    __array_priority__ = 1000.0

    # The class of what operators and views make of such an array: NDArray itself, or the array of ``mx.np``.
    _face: ClassVar[type[NDArray]]

    # Whether it is an array of ``mx.np``, with NumPy's rules for indices and arrays without axes.
    _is_np = False

    _glueball_open = frozenset({"__init__"})

    # A pickle of MXNet makes an array of None, to which __setstate__ then gives its values.
    def __init__(self, data: Tensor, ctx: Context = Context("cpu", 0), tape: Tensor | None = None) -> None:  # noqa: B008
        if type(data) is not Tensor and not isinstance(data, Tensor | None):
            module = "mx.np" if self._is_np else "mx.nd"
            raise RefusedError(
                f"{type(self).__name__}: the class must not be called with {type(data).__name__}; "
                f"received {short(data)}; make an array with {module}.array(values) or .zeros(shape)"
            )
        self._data = data
        self._ctx = ctx
        self._tape = tape
        self._grad: NDArray | None = None
        self._fresh = False  # of a gradient: whether backward() has reached it since a trainer used it
        self._passes = 0 if tape is None else passes.count  # when the tape was last known to be in no freed graph
        # A comparison's 1s and 0s, which as an index say what is selected, where other numbers are positions.
        self._is_mask = False

    # --- properties -----------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return tuple(self._data.shape)

    @property
    def dtype(self) -> Any:
        """The type as a NumPy type, such as ``numpy.float32``; for bfloat16 `glueball.core.dtype.bfloat16`."""
        return dtypes.TORCH_TO_NUMPY[self._data.dtype]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.dim()

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.numel()

    @property
    def context(self) -> Context:
        """The context that holds the array."""
        return self._ctx

    ctx = context

    @property
    def stype(self) -> str:
        """The storage type: ``'default'``, or that of a sparse array."""
        return "default"

    @property
    def grad(self) -> NDArray | Any:
        """The gradient that backward() last wrote, or None if attach_grad() was never called."""
        # Any in place of None: a program that called attach_grad() need not check for None.
        return self._grad

    @property
    def _fresh_grad(self) -> bool:
        """Whether backward() has reached the gradient since a trainer used it; programs written for MXNet set it."""
        return self._grad is not None and self._grad._fresh

    @_fresh_grad.setter
    def _fresh_grad(self, fresh: bool) -> None:
        if self._grad is not None:
            self._grad._fresh = bool(fresh)

    @property
    def T(self) -> NDArray:
        """A copy with the order of the axes reversed."""
        return self.transpose()

    # --- gradients ------------------------------------------------------------------------------------------------

    def attach_grad(self, grad_req: str = "write", stype: str | None = None) -> None:
        """Make the array a variable: give it a gradient, and detach it from the graph that computed it.

        Parameters
        ----------
        grad_req : {'write', 'add', 'null'}, default 'write'
            Whether backward() overwrites the gradient, adds to it, or leaves it alone.
        stype : {'default', 'row_sparse', 'csr'}, optional
            The gradient's storage type; by default that of the array.

        Raises
        ------
        KeyError
            `grad_req` is none of the three.
        """
        check_request("attach_grad", grad_req, KeyError)
        try:
            gradient = self._zero_gradient(stype)
        except RuntimeError as error:
            raise no_room("NDArray.attach_grad", error) from error.__cause__
        self._mark(gradient, grad_req)

    def _mark(self, gradient: NDArray, grad_req: str) -> None:
        self._grad, self._tape = gradient, None
        if grad_req == "null":
            return
        # .data, not detach(): backward() must see a later write such as an optimizer's step, as in MXNet.
        values = self._data.data
        self._tape = values.requires_grad_() if values.is_floating_point() else IntegerTape.leaf(values)
        gradient_edge(self._tape).register_post_accumulate_grad_hook(GradientWriter(gradient, grad_req))

    def _overwrite(self, value: NDArray) -> None:
        """Take the values of an array of this shape, in its own type and storage, outside of any recorded graph."""
        self._data.copy_(value._strided()._data)

    def _unmark(self) -> None:
        """Make the array no variable any more."""
        self._grad = self._tape = None

    @property
    def _kind(self) -> torch.dtype:
        """The type of the values."""
        return self._data.dtype

    def _accept(self, summed: Tensor | None, request: str) -> None:
        """Take what backward() has computed as the values of this gradient."""
        store_gradient(self._data, summed, request)

    def _strided(self) -> NDArray:
        """Return the array itself; a sparse one returns a dense copy, recorded as such."""
        return self

    def _recorded(self) -> Tensor | None:
        """Return what stands for the array in torch's graph: its tape, or the edge of a sparse one."""
        return self._tape

    def _forget(self) -> None:
        """Make the array a constant."""
        self._tape = None

    def _is_freed(self) -> bool:
        """Whether the recorded graph of the array has been freed."""
        if self._passes == passes.count:
            return False
        recorded = self._recorded()
        if recorded is not None and is_freed(gradient_edge(recorded)):
            return True
        self._passes = passes.count
        return False

    def _source(self) -> Tensor:
        """Return the tensor to compute with: the recorded one while recording, unless its graph has been freed."""
        if not mode.recording or self._tape is None:
            return self._data
        if self._is_freed():
            self._tape = None
            return self._data
        return self._tape

    def _converted(self, ctx: Context, **target: Any) -> NDArray:
        """Return a copy of another type or on another device, recorded as such."""
        if "dtype" in target:
            kind = target["dtype"]
            return self._view(lambda tensor: converted(tensor, copy=True, **target), ctx, "Cast", dtype=kind)
        return self._view(lambda tensor: tensor.to(copy=True, **target), ctx, "_copy")

    def _view(
        self, look: Callable[[Tensor], Tensor], ctx: Context | None = None, operator: str = "", **attributes: Any
    ) -> NDArray:
        """Apply `look` to the array's tensor, recorded as such; the result is a view if `look` returns one.

        The operator is the one that does the same, for `origins`; without it, there is none.
        """
        try:
            source = self._source()
            if source is self._tape:
                with torch.enable_grad():
                    tape = look(source)
                view = self._face(tape.data, ctx or self._ctx, tape if tape.requires_grad else None)
                if operator:
                    remember(registry[operator].applied_named(attributes), (source,), (view._tape,))
            else:
                view = self._face(look(self._data), ctx or self._ctx)
        except RuntimeError as error:
            raise no_room("NDArray", error) from error.__cause__
        view._is_mask = self._is_mask and view._data.dtype is self._data.dtype
        return view

    def _refuse_write_while_recording(self, *sources: NDArray | None) -> None:
        """Raise if a write would corrupt a recorded graph: a write to one of its arrays, or to one of `sources`."""
        if mode.recording and (self._tape is not None or any(source is self for source in sources)):
            raise MXNetError(
                "NDArray: an array that belongs to a recorded graph must not be written to (+=, x[:] =, out=) inside "
                "autograd.record(), since backward() needs its old values; write before or after the block, or "
                "inside autograd.pause()"
            )

    def _memory(self) -> Tensor:
        """Return the tensor to write through.

        Inside record() torch sees the write, and backward() fails if it needs the old values of a constant. Outside,
        torch does not see it, and backward() uses the new values, as in MXNet.
        """
        self._is_mask = False
        return self._data if mode.recording else self._data.data

    def _write(self, result: Tensor) -> None:
        """Overwrite all values; a recorded result keeps its history."""
        self._memory().copy_(result.data)
        writes.report(self._data)
        if result.requires_grad:
            with torch.enable_grad():
                # a separate tensor over this array's memory, so that the graph sees a later write too
                recorded = converted(result, self._data.dtype, copy=True)
            hand_on(result, recorded)
            if type(recorded) is IntegerTape:
                recorded = IntegerTape.of(self._data.data, recorded.edge)
            else:
                recorded.data = self._data.data
            self._tape = recorded

    def _assign_all(self, value: NDArray) -> None:
        """Overwrite all values; while recording, the copy is recorded, as in MXNet."""
        self._refuse_write_while_recording()
        self._write(value._source())

    # --- Python's protocols ---------------------------------------------------------------------------------------

    def __len__(self) -> int:
        if not self._data.dim():
            raise IndexError("NDArray: a 0-dimensional array has no length")
        return self._data.shape[0]

    def __bool__(self) -> bool:
        if self._data.numel() == 0:
            return False
        if self._data.numel() > 1:
            raise ValueError(
                f"NDArray: the truth of an array with {self._data.numel()} elements is ambiguous; "
                "compare a single element, or reduce it first"
            )
        return bool(self.asscalar())

    def __iter__(self) -> Iterator[NDArray]:
        for index in range(len(self)):
            yield self[index]

    __hash__ = object.__hash__

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # Pickle the tensor, not bytes, so that torch shares the memory between processes. But a view would take its
        # whole storage along, and a GPU array could only be read where there is a GPU.
        values = self._data.data.cpu()
        if values.untyped_storage().nbytes() > values.nbytes:
            values = values.clone(memory_format=torch.contiguous_format)
        return _rebuild, (values, self._ctx if self._ctx.device_type == "gpu" else Context("cpu", 0), self._face)

    def __copy__(self) -> NDArray:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> NDArray:
        return self._face(self._data, self._ctx)._converted(self._ctx)

    def __repr__(self) -> str:
        lengths = "x".join(map(str, self.shape))
        values = "(no values: shape inference)" if self._data.is_meta else str(self.asnumpy())
        return f"\n{values}\n<{type(self).__name__} {lengths} @{self._ctx}>"


NDArray._face = NDArray


class GradientWriter:
    """Moves the gradient that torch has accumulated for a leaf into the array that the user sees."""

    __slots__ = ("gradient", "request")

    def __init__(self, gradient: NDArray, grad_req: str) -> None:
        self.gradient = gradient
        self.request = grad_req

    def __call__(self, leaf: Tensor) -> None:
        summed, leaf.grad = leaf.grad, None  # None if only `without_gradient` reads the variable
        self.gradient._accept(summed, self.request)
        self.gradient._fresh = True


def _rebuild(tensor: Tensor, ctx: Context, face: type[NDArray] | None = None) -> NDArray:
    # Pickles of earlier versions name no class.
    return (face or NDArray)(tensor.to(ctx.device), ctx)

"""What the sparse arrays have in common: they hold a sparse form in the place of a dense tensor.

Code that asks one for its dense tensors gets a `SparseStorage`, never zeros or a copy. What is recorded is an edge: a
tensor of the whole array's shape that takes no memory, through which gradients flow, dense or as slices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...core import dtype as dtypes
from ...core.context import Context
from ...core.errors import (
    InvalidTypeError,
    MissingMethodError,
    MXNetError,
    NotSupportedForSparseNDArray,
    RefusedError,
)
from ...core.mode import mode
from ...core.sparse_forms import Form, as_form, to_dense
from ...core.storage import SparseStorage
from ...ops.declare import registry
from ..invoke import invoke
from ..ndarray import GradientWriter, NDArray
from .fallback import warn_of_fallback
from .forms import check, gradient_form, rebuilt, sum_of
from .tape import densified

CAST = registry["cast_storage"]
_AUXILIARY = {"csr": ("indptr", "indices"), "row_sparse": ("indices",)}


class BaseSparseNDArray(NDArray):
    """The common part of the sparse arrays; `csr_matrix` and `row_sparse_array` make one."""

    __slots__ = ("_edge", "_form")
    __module__ = "glueball.ndarray.sparse"  # where MXNet has it

    def __init__(self, form: Form, ctx: Context = Context("cpu", 0), edge: Tensor | None = None) -> None:  # noqa: B008
        self._form: Any = form
        self._edge = edge
        self._ctx = ctx
        self._grad = None
        self._fresh = False
        self._is_mask = False
        self._passes = 0

    @property
    def _data(self) -> Tensor:  # type: ignore[override]
        raise SparseStorage(
            f"{type(self).__name__}: the array must be dense here; received {self.stype} storage; "
            "convert it with tostype('default')"
        )

    @property
    def _tape(self) -> Tensor | None:  # type: ignore[override]
        if self._edge is None:
            return None
        raise SparseStorage(
            f"{type(self).__name__}: a recorded array must be dense here; received {self.stype} storage; "
            "convert it with tostype('default')"
        )

    # --- what it is -------------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return tuple(self._form.shape)

    @property
    def dtype(self) -> Any:
        """The type of the values."""
        return dtypes.TORCH_TO_NUMPY[self._form.values.dtype]

    @property
    def _kind(self) -> torch.dtype:
        kind: torch.dtype = self._form.values.dtype
        return kind

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._form.shape)

    @property
    def size(self) -> int:
        """Refused, as in MXNet: use ``data.size`` for the number of stored elements."""
        raise MissingMethodError(
            f"{type(self).__name__}.size: it is not defined for sparse arrays; use data.size, or shape"
        )

    @property
    def stype(self) -> str:
        """The storage type: ``'csr'`` or ``'row_sparse'``."""
        return str(self._form.stype)

    @property
    def data(self) -> NDArray:
        """The stored values, in the same memory."""
        return NDArray(self._form.values, self._ctx)

    @property
    def indices(self) -> NDArray:
        """The columns of the stored values, or the places of the stored slices; of type int64."""
        return NDArray(self._form.indices, self._ctx)

    @property
    def _num_aux(self) -> int:
        return len(_AUXILIARY[self.stype])

    @property
    def _aux_types(self) -> list[Any]:
        return [np.int64] * self._num_aux

    def _aux_type(self, i: int) -> Any:
        return self._aux_types[i]

    def _aux_data(self, i: int) -> NDArray:
        return NDArray(getattr(self._form, _AUXILIARY[self.stype][i]), self._ctx)

    def __len__(self) -> int:
        return int(self._form.shape[0])

    def __bool__(self) -> bool:
        raise ValueError(f"{type(self).__name__}: the truth of a sparse array is ambiguous; reduce it first")

    def __repr__(self) -> str:
        return f"\n<{type(self).__name__} {'x'.join(map(str, self.shape))} @{self._ctx}>"

    # --- gradients --------------------------------------------------------------------------------------------------

    def _mark(self, gradient: NDArray, grad_req: str) -> None:
        self._grad, self._edge = gradient, None
        if grad_req != "null":
            self._edge = self._form.values.new_zeros(()).expand(self.shape).requires_grad_()
            self._edge.register_post_accumulate_grad_hook(GradientWriter(gradient, grad_req))

    def _overwrite(self, value: NDArray) -> None:
        self._assign_form(form_of(value))

    def _unmark(self) -> None:
        self._grad = self._edge = None

    def _strided(self) -> NDArray:
        """Return the array as a dense one, recorded as such."""
        return densified(self)

    def _recorded(self) -> Tensor | None:
        return self._edge

    def _forget(self) -> None:
        self._edge = None

    def _accept(self, summed: Tensor | None, request: str) -> None:
        """Take what backward() has computed as the values of this gradient."""
        new = self._zero() if summed is None else gradient_form(summed, self.stype)
        self._form = sum_of(self._form, new) if request == "add" else new

    def _zero(self) -> Form:
        values = self._form.values
        return type(self._form).empty(self.shape, values.dtype, values.device)  # type: ignore[no-any-return]

    # --- writing ----------------------------------------------------------------------------------------------------

    def _write(self, result: Tensor) -> None:
        self._assign_form(as_form(result, self.stype))
        if result.requires_grad:
            self._edge = result

    def _assign_form(self, form: Form | Tensor) -> None:
        """Take the values of another array of this shape."""
        new = as_form(form, self.stype)
        assert not isinstance(new, Tensor)
        kind = self._form.values.dtype
        values = new.values.to(self._form.values.device, kind, copy=True)
        moved = [part.to(values.device, copy=True) for part in new.tensors()[1:]]
        self._form = rebuilt(self.stype, values, moved, tuple(new.shape))

    def _refuse_write_while_recording(self, *sources: NDArray | None) -> None:
        if mode.recording and (self._edge is not None or any(source is self for source in sources)):
            raise MXNetError(
                f"{type(self).__name__}: an array that belongs to a recorded graph must not be written to inside "
                "autograd.record(); write before or after the block"
            )

    def _assign_all(self, value: NDArray) -> None:
        self._refuse_write_while_recording()
        self._assign_form(form_of(value))

    def __setitem__(self, key: Any, value: Any) -> None:
        if key not in (slice(None), Ellipsis) if isinstance(key, slice) or key is Ellipsis else True:
            raise ValueError(f"{type(self).__name__}: only x[:] = value can be assigned; received key {key!r}")
        self._refuse_write_while_recording()
        if isinstance(value, NDArray):
            if value is not self:
                self._assign_form(form_of(value, self.shape, type(self).__name__))
        elif isinstance(value, int | float):
            self._assign_form(torch.full(self.shape, value, dtype=self._form.values.dtype))
        elif isinstance(value, np.ndarray | np.generic):
            self._assign_form(torch.from_numpy(np.broadcast_to(np.asarray(value), self.shape).copy()))
        else:
            raise InvalidTypeError(
                f"{type(self).__name__}: an assigned value must be an array or a number; received "
                f"{type(value).__name__}"
            )

    # --- copies -----------------------------------------------------------------------------------------------------

    def _view(self, look: Any, ctx: Context | None = None, operator: str = "", **attributes: Any) -> NDArray:
        warn_of_fallback(operator or "a view", (self.stype,))
        return self._strided()._view(look, ctx, operator, **attributes)

    def _converted(self, ctx: Context, **target: Any) -> NDArray:
        form = self._form
        values = form.values.to(copy=True, **{"device": form.values.device, **target})
        return type(self)(rebuilt(self.stype, values, [part.clone() for part in form.tensors()[1:]], self.shape), ctx)

    def copyto(self, other: Any) -> NDArray:
        """Copy the values into another array of the same shape, or into a new one on a context."""
        if isinstance(other, Context):
            form = self._form
            moved = [part.to(other.device, copy=True) for part in form.tensors()]
            return type(self)(rebuilt(self.stype, moved[0], moved[1:], self.shape), other)
        if not isinstance(other, NDArray):
            raise TypeError(f"copyto: other must be an NDArray or a Context; received {type(other).__name__}")
        if other is self:
            return self
        if other.shape != self.shape:
            raise MXNetError(f"copyto: the target's shape must be {self.shape}; received {other.shape}")
        if not isinstance(other, BaseSparseNDArray):
            other._assign_all(self._strided())
        elif other.stype != self.stype:
            raise MXNetError(
                f"copyto: a {self.stype} array cannot become {other.stype} at once; use tostype('default') first"
            )
        else:
            other._assign_all(self)
        return other

    def astype(self, dtype: Any, copy: bool = True) -> NDArray:
        """Return the array with its values converted to another type."""
        kind = dtypes.to_torch("float32" if dtype is None else dtype, f"{type(self).__name__}.astype")
        return self if not copy and kind is self._form.values.dtype else self._converted(self._ctx, dtype=kind)

    def tostype(self, stype: str) -> NDArray:
        """Return a copy: dense for ``'default'``, else in its own form."""
        if stype in _AUXILIARY and stype != self.stype:
            raise ValueError(f"tostype: a {self.stype} array cannot become {stype} at once; use 'default' first")
        return invoke(CAST, (self,), (stype,))  # type: ignore[return-value]

    def detach(self) -> NDArray:
        """Return an array with the same memory that no gradient flows through."""
        return type(self)(self._form, self._ctx)

    def asnumpy(self) -> np.ndarray:
        """Return the whole array, dense, as a NumPy array."""
        return NDArray(to_dense(self._form), self._ctx).asnumpy()

    def asscalar(self) -> Any:
        """Refused, as in MXNet."""
        raise MissingMethodError(f"{type(self).__name__}.asscalar: it is for dense arrays; use tostype('default')")

    def wait_to_read(self) -> None:
        """Wait until the values are computed."""
        self.data.wait_to_read()

    def reshape(self, *shape: Any, **kwargs: Any) -> NDArray:
        """Refused, as in MXNet."""
        raise NotSupportedForSparseNDArray(self.reshape, None, *shape)

    def _slice(self, start: int, stop: int) -> NDArray:
        raise NotSupportedForSparseNDArray(self._slice, None, start, stop)

    def _at(self, idx: int) -> NDArray:
        raise NotSupportedForSparseNDArray(self._at, 'namely operator "[idx]"', idx)

    def check_format(self, full_check: bool = True) -> None:
        """Refuse indices that are out of order or out of range.

        Parameters
        ----------
        full_check : bool, default True
            Whether every index is looked at.
        """
        check(self._form, full_check)

    def __neg__(self) -> Any:
        return invoke(registry["negative"], (self,))

    def __reduce__(self) -> Any:
        form = self._form
        tensors = [part.detach().cpu() for part in form.tensors()]
        return _rebuild, (type(self), self.stype, tensors, self.shape, self._ctx)

    def __deepcopy__(self, memo: dict[int, Any]) -> NDArray:
        return self.copy()

    __hash__ = NDArray.__hash__


def form_of(array: NDArray, shape: tuple[int, ...] | None = None, owner: str = "") -> Form | Tensor:
    """Return what an array holds, broadcast to a shape if one is given."""
    if isinstance(array, BaseSparseNDArray):
        if shape is not None and array.shape != shape:
            raise RefusedError(f"{owner}: an assigned array must have the shape {shape}; received {array.shape}")
        form: Form = array._form
        return form
    if shape is None or array.shape == shape:
        return array._data
    try:
        return array._data.expand(shape)
    except RuntimeError:
        raise ValueError(f"{owner}: a value must broadcast to {shape}; received {array.shape}") from None


def _rebuild(
    kind: type[BaseSparseNDArray], stype: str, tensors: list[Tensor], shape: tuple[int, ...], ctx: Context
) -> BaseSparseNDArray:
    moved = [part.to(ctx.device) for part in tensors]
    return kind(rebuilt(stype, moved[0], moved[1:], shape), ctx)

"""Parameter: a weight of a network, on one or more contexts, whose shape may be inferred later."""

from __future__ import annotations

import numbers
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ... import initializer
from ... import ndarray as nd
from ...autograd import pause
from ...core import dtype as dtypes
from ...core.context import Context, cpu, current_context
from ...core.errors import MXNetError
from ...core.gradient_request import check_request
from ...ndarray.ndarray import NDArray
from ...parallel import mean
from ...symbol import Symbol, var
from ..utils import shape_is_known

__all__ = ["DeferredInitializationError", "Parameter"]


class DeferredInitializationError(MXNetError):
    """A parameter is used before its shape has been inferred from a first batch."""


def as_contexts(owner: str, ctx: Context | Sequence[Context] | None) -> list[Context]:
    """Return one or more contexts as a list; None means the current one."""
    contexts: list[Any] = [current_context()] if ctx is None else list(ctx) if isinstance(ctx, list | tuple) else [ctx]
    if not contexts or not all(isinstance(context, Context) for context in contexts):
        raise MXNetError(f"{owner}: ctx must be a Context or a list of at least one; received {ctx!r}; use mx.cpu()")
    return contexts


class Parameter:
    """A trainable array of a Block, held once per context.

    Parameters
    ----------
    name : str
        Its full name, such as ``'conv0_weight'``.
    grad_req : {'write', 'add', 'null'}, default 'write'
        Whether backward() overwrites the gradient, accumulates into it, or keeps none.
    shape : int or tuple of int, optional
        Its shape; a length of 0 is inferred in the first forward pass, if `allow_deferred_init` is True.
    dtype : str or numpy.dtype, default numpy.float32
        Its dtype.
    lr_mult, wd_mult : float, default 1
        Multipliers of the trainer's learning rate and weight decay for this parameter.
    init : Initializer or str, optional
        How it is initialized; default: the initializer given to initialize().
    allow_deferred_init : bool, default False
        Let initialize() wait for the shape.
    differentiable : bool, default True
        False keeps the gradient request at 'null'.
    stype, grad_stype : {'default'}
        Storage types; sparse ones are refused.

    Examples
    --------
    >>> from glueball import gluon
    >>> weight = gluon.Parameter("weight", shape=(2, 3), init="ones")
    >>> weight.initialize()
    >>> weight.data().shape
    (2, 3)
    """

    _kind = "Parameter"

    def __init__(
        self,
        name: str,
        grad_req: str = "write",
        shape: int | tuple[int, ...] | None = None,
        dtype: Any = np.float32,
        lr_mult: float = 1.0,
        wd_mult: float = 1.0,
        init: Any = None,
        allow_deferred_init: bool = False,
        differentiable: bool = True,
        stype: str = "default",
        grad_stype: str = "default",
    ) -> None:
        for owner, storage in (("stype", stype), ("grad_stype", grad_stype)):
            if storage != "default":
                raise MXNetError(
                    f"Parameter {name}: {owner} must be 'default'; received {storage!r}; "
                    "sparse storage is not supported"
                )
        if dtype is not None:
            dtypes.to_torch(dtype, f"Parameter {name}")
        self.name = name
        self.lr_mult = lr_mult
        self.wd_mult = wd_mult
        self.init = init
        self._allow_deferred_init = allow_deferred_init
        self._differentiable = differentiable
        self._stype = stype
        self._grad_stype = grad_stype
        self._shape = None if shape is None else self._check_shape(shape)
        self._dtype = dtype
        # One array per context, in order; empty until initialized.
        self._arrays: dict[Context, NDArray] = {}
        # The arguments of initialize() while the shape is unknown: (init, contexts, default_init, data).
        self._deferred_init: tuple[Any, list[Context], Any, NDArray | None] | None = None
        self._var: Symbol | None = None
        self._grad_req = "null"
        self.grad_req = grad_req

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a pickled or copied parameter, whose arrays come without gradients."""
        self.__dict__.update(state)
        self._attach_gradients()

    def __repr__(self) -> str:
        return f"{self._kind} {self.name} (shape={self.shape}, dtype={self.dtype})"

    # --- what it is -----------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...] | None:
        """Its shape; 0 means an unknown length. Setting it may only fill in unknown lengths."""
        return self._shape

    @shape.setter
    def shape(self, shape: tuple[int, ...]) -> None:
        shape = self._check_shape(shape)
        old = self._shape
        if old is not None and (
            len(old) != len(shape) or any(a > 0 and b > 0 and a != b for a, b in zip(old, shape, strict=True))
        ):
            raise MXNetError(f"Parameter {self.name}: the shape must agree with {old}; received {shape}")
        self._shape = shape if old is None else tuple(b if a <= 0 else a for a, b in zip(old, shape, strict=True))

    def _check_shape(self, shape: Any) -> tuple[int, ...]:
        lengths = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
        if not all(isinstance(length, numbers.Integral) and int(length) >= 0 for length in lengths):
            error = MXNetError if all(isinstance(length, numbers.Number) for length in lengths) else TypeError
            raise error(
                f"Parameter {self.name}: shape must be ints of at least 0, where 0 means unknown; received {shape!r}"
            )
        return tuple(map(int, lengths))

    @property
    def dtype(self) -> Any:
        """Its dtype, as given. Setting it casts."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype: Any) -> None:
        self.cast(dtype)

    @property
    def stype(self) -> str:
        """The storage type, always ``'default'``."""
        return self._stype

    @property
    def grad_req(self) -> str:
        """What backward() does with the gradient: 'write', 'add' or 'null'. Setting it discards the gradient."""
        return self._grad_req

    @grad_req.setter
    def grad_req(self, request: str) -> None:
        check_request(f"Parameter {self.name}", request)
        if not self._differentiable:
            request = "null"
        if request != self._grad_req:
            self._grad_req = request
            self._attach_gradients()

    # --- initializing ---------------------------------------------------------------------------------------------

    def initialize(
        self,
        init: Any = None,
        ctx: Context | Sequence[Context] | None = None,
        default_init: Any = None,
        force_reinit: bool = False,
    ) -> None:
        """Allocate and initialize the parameter, now or when its shape is known.

        Parameters
        ----------
        init : Initializer or str, optional
            How to initialize it; overrides the constructor's.
        ctx : Context or list of Context, optional
            Where to put it; default: the current context. With several, each gets the same values.
        default_init : Initializer or str, default Uniform()
            Used when neither `init` nor the constructor gives an initializer.
        force_reinit : bool, default False
            Reinitialize it if it is already initialized; False warns and leaves it unchanged.

        Raises
        ------
        ValueError
            The shape is unknown and deferred initialization is not allowed.
        """
        if self._arrays and not force_reinit:
            warnings.warn(
                f"Parameter {self.name} is already initialized; it stays unchanged without force_reinit=True",
                stacklevel=2,
            )
            return
        self._arrays = {}
        contexts = as_contexts(f"Parameter {self.name}", ctx)
        default_init = initializer.Uniform() if default_init is None else default_init
        init = (default_init if self.init is None else self.init) if init is None else init
        if not shape_is_known(self._shape) and not self._allow_deferred_init:
            raise ValueError(f"Parameter {self.name}: every length of the shape must be known; it is {self._shape}")
        self._deferred_init = (init, contexts, default_init, None)
        if shape_is_known(self._shape):
            self._finish_deferred_init()

    def _finish_deferred_init(self) -> None:
        """Finish a deferred initialize(), now that the shape is known."""
        if self._deferred_init is None:
            return
        init, contexts, default_init, values = self._deferred_init
        if not shape_is_known(self._shape):
            raise DeferredInitializationError(
                f"Parameter {self.name}: the shape must be known by now; it is {self._shape}; "
                "pass in_channels, in_units ... to the layer"
            )
        self._deferred_init = None
        with pause():
            if values is None:
                values = nd.zeros(self._shape, ctx=cpu(), dtype=self._dtype)
                description = initializer.InitDesc(self.name, {"__init__": init})
                initializer.create(default_init)(description, values)
            self._place(values, contexts)

    def _place(self, values: NDArray, contexts: Sequence[Context]) -> None:
        """Copy the values to each context and attach gradients."""
        for context in contexts:
            context.device  # noqa: B018  a missing GPU is reported before anything changes
        kind = torch.float32 if self._dtype is None else dtypes.to_torch(self._dtype, self.name)
        self._refuse_gradients_of(kind)
        self._arrays = {
            context: NDArray(values._data.to(context.device, kind, copy=True).contiguous(), context)
            for context in contexts
        }
        self._attach_gradients()

    def _refuse_gradients_of(self, kind: torch.dtype) -> None:
        if self._grad_req != "null" and not kind.is_floating_point:
            raise MXNetError(
                f"Parameter {self.name}: a parameter with a gradient must have a floating-point type; "
                f"received {dtypes.TORCH_TO_NAME[kind]}; pass grad_req='null'"
            )

    def _attach_gradients(self) -> None:
        for array in self._arrays.values():
            if self._grad_req == "null":
                array._grad = array._tape = None
            else:
                array.attach_grad(self._grad_req)

    # --- values ---------------------------------------------------------------------------------------------------

    def data(self, ctx: Context | None = None) -> NDArray:
        """Return the array on a context.

        Parameters
        ----------
        ctx : Context, optional
            Default: its only context, or the current context when it has several.

        Raises
        ------
        DeferredInitializationError
            The shape is unknown; run one batch through the network first.
        MXNetError
            It is not initialized, or not on this context.
        """
        try:
            return self._arrays[ctx]  # type: ignore[index]
        except KeyError:
            return self._find(ctx)

    def _find(self, ctx: Context | None) -> NDArray:
        self._check_initialized()
        if ctx is None:
            if len(self._arrays) == 1:
                return next(iter(self._arrays.values()))
            ctx = current_context()
        if ctx not in self._arrays:
            raise MXNetError(
                f"Parameter {self.name}: it must be initialized on {ctx}; it is on {self.list_ctx()}; "
                "pass that context to initialize() or move it with reset_ctx()"
            )
        return self._arrays[ctx]

    def _check_initialized(self) -> None:
        if self._arrays:
            return
        if self._deferred_init is not None:
            raise DeferredInitializationError(
                f"Parameter {self.name}: its values do not exist yet, because its shape {self._shape} is inferred in "
                "the first forward pass; run one batch first, or pass in_channels, in_units ... to the layer"
            )
        raise MXNetError(
            f"Parameter {self.name}: it must be initialized before use; call net.initialize(), and pass the Trainer "
            "net.collect_params(), which includes the parameters of all children (net.params does not)"
        )

    def list_data(self) -> list[NDArray]:
        """Return the arrays on all contexts."""
        self._check_initialized()
        return list(self._arrays.values())

    def grad(self, ctx: Context | None = None) -> NDArray:
        """Return the gradient on a context; `ctx` as in `data`."""
        gradient = self.data(ctx).grad
        if gradient is None:
            raise self._no_gradient()
        return gradient

    def list_grad(self) -> list[NDArray]:
        """Return the gradients on all contexts."""
        arrays = self.list_data()
        if self._grad_req == "null":
            raise self._no_gradient()
        return [array._grad for array in arrays]  # type: ignore[misc]

    def _no_gradient(self) -> MXNetError:
        return MXNetError(f"Parameter {self.name}: there is no gradient, because grad_req is 'null'; set it to 'write'")

    def list_ctx(self) -> list[Context]:
        """Return the contexts that it is or will be initialized on."""
        if not self._arrays:
            if self._deferred_init is not None:
                return list(self._deferred_init[1])
            self._check_initialized()
        return list(self._arrays)

    def set_data(self, data: NDArray) -> None:
        """Overwrite the values on every context; before deferred initialization this sets the shape."""
        if not isinstance(data, NDArray | np.ndarray):
            raise MXNetError(f"Parameter {self.name}: the data must be an NDArray; received {type(data).__name__}")
        self.shape = data.shape
        if not self._arrays:
            if self._deferred_init is None:
                self._check_initialized()
            values = data if isinstance(data, NDArray) else nd.array(data)
            self._deferred_init = (*self._deferred_init[:3], values.copyto(cpu()))  # type: ignore[index]
            return
        for array in self._arrays.values():
            array[:] = data

    def var(self) -> Symbol:
        """Return the variable that represents it in graphs, with its known properties as attributes."""
        if self._var is None:
            self._var = var(
                self.name, shape=self.shape, dtype=self.dtype, lr_mult=self.lr_mult, wd_mult=self.wd_mult,
                init=self.init, stype=self._stype,
            )  # fmt: skip
        return self._var

    def zero_grad(self) -> None:
        """Set the gradients on all contexts to zero, if there are any."""
        for array in self._arrays.values():
            if array._grad is not None:
                array._grad._data.zero_()

    # --- moving and converting ------------------------------------------------------------------------------------

    def reset_ctx(self, ctx: Context | Sequence[Context] | None) -> None:
        """Move it to other contexts; the values of several old contexts are averaged."""
        contexts = as_contexts(f"Parameter {self.name}", ctx)
        if self._arrays:
            with pause():
                self._place(self._reduce(), contexts)
        elif self._deferred_init is not None:
            init, _, default_init, values = self._deferred_init
            self._deferred_init = (init, contexts, default_init, values)
        else:
            raise ValueError(f"Parameter {self.name}: it must be initialized before reset_ctx()")

    def cast(self, dtype: Any) -> None:
        """Cast values and gradients to another dtype."""
        kind = dtypes.to_torch(dtype, f"Parameter {self.name}")
        gradients = {context: array._grad for context, array in self._arrays.items()}
        self._refuse_gradients_of(kind)
        self._dtype = dtype
        self._var = None
        self._arrays = {
            context: NDArray(array._data.to(kind, copy=True), context) for context, array in self._arrays.items()
        }
        self._attach_gradients()
        for context, gradient in gradients.items():
            if gradient is not None:
                self.grad(context)._data.copy_(gradient._data)

    def _reduce(self) -> NDArray:
        """Return the values on the CPU: the mean over contexts, since running statistics may differ between them."""
        return NDArray(mean(self.list_data()), cpu())

    def _check_loadable(self, data: NDArray, ctx: Sequence[Context] | None, cast_dtype: bool) -> None:
        """Check that `data` can be loaded, before anything is changed."""
        if self._shape is not None:
            old, new = self._shape, data.shape
            if len(old) != len(new) or any(a > 0 and a != b for a, b in zip(old, new, strict=True)):
                raise MXNetError(f"Parameter {self.name}: the loaded shape must agree with {old}; received {new}")
        wanted = dtypes.name_of(self._dtype) if self._dtype is not None else dtypes.name_of(data.dtype)
        if not cast_dtype and wanted != dtypes.name_of(data.dtype):
            raise MXNetError(
                f"Parameter {self.name}: the loaded dtype must be {wanted}; received {dtypes.name_of(data.dtype)}; "
                "pass cast_dtype=True to convert"
            )
        known = self._arrays or self._deferred_init
        if known and ctx is not None and set(ctx) != set(self.list_ctx()):
            raise MXNetError(
                f"Parameter {self.name}: it is initialized on {self.list_ctx()} and cannot be loaded on {list(ctx)}; "
                "call reset_ctx() first"
            )

    def _load(self, data: NDArray, ctx: Sequence[Context] | None, cast_dtype: bool, dtype_source: str) -> None:
        """Load values that `_check_loadable` has accepted."""
        self.shape = data.shape
        if cast_dtype and dtype_source == "saved":
            self.cast(data.dtype)
        if self._arrays:
            self.set_data(data)
            return
        contexts = ctx
        if contexts is None:
            contexts = [cpu()] if self._deferred_init is None else self._deferred_init[1]
        self._deferred_init = None
        self._place(data, contexts)

    # --- refused --------------------------------------------------------------------------------------------------

    def row_sparse_data(self, row_id: NDArray) -> NDArray:
        """Refused: sparse storage is not supported."""
        raise MXNetError(f"Parameter {self.name}: sparse storage is not supported; use data()")

    def list_row_sparse_data(self, row_id: NDArray) -> list[NDArray]:
        """Refused: sparse storage is not supported."""
        raise MXNetError(f"Parameter {self.name}: sparse storage is not supported; use list_data()")

"""Parameter: a weight of a network, on one or more contexts, whose shape may be inferred later."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ... import initializer
from ... import ndarray as nd
from ...autograd import pause
from ...core import dtype as dtypes
from ...core.context import Context, cpu
from ...core.errors import MXNetError, RefusedError
from ...core.gradient_request import check_request
from ...core.numpy_mode import numpy_mode
from ...core.sparse_forms import STORAGE_NUMBERS
from ...core.warning import warn
from ...ndarray.faces import shown
from ...ndarray.ndarray import NDArray
from ...symbol import Symbol, var
from ..utils import shape_is_known
from .parameter_arrays import Deferred, DeferredInitializationError
from .parameter_checks import as_contexts, checked_shape, require_loadable
from .parameter_rows import ParameterRows

__all__ = ["DeferredInitializationError", "Parameter"]


class Parameter(ParameterRows):
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
    stype, grad_stype : {'default', 'row_sparse', 'csr'}
        The storage types of the values and of the gradient. With a sparse one of the values use `row_sparse_data` in
        place of `data`.

    Examples
    --------
    >>> from glueball import gluon
    >>> weight = gluon.Parameter("weight", shape=(2, 3), init="ones")
    >>> weight.initialize()
    >>> weight.data().shape
    (2, 3)
    """

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
            if storage not in STORAGE_NUMBERS:
                raise RefusedError(
                    f"Parameter {name}: {owner} must be one of {', '.join(STORAGE_NUMBERS)}; received {storage!r}"
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
        self._shape = None if shape is None else checked_shape(name, shape)
        self._dtype = dtype
        # One array per context, in the order of the contexts, and where the array of each context is.
        self._data: list[NDArray] | None = None
        self._grad: list[NDArray] | None = None
        self._ctx_list: list[Context] | None = None
        self._ctx_map: list[list[int | None]] | None = None
        # The arguments of initialize() while the shape is unknown: (init, contexts, default_init, data).
        self._deferred_init: tuple[()] | Deferred = ()
        self._var: Symbol | None = None
        self._glueball_trainer: Callable[[], Any] | None = None
        self._grad_req = "null"
        self.grad_req = grad_req

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the trainer, which has the parameter and not the reverse."""
        return {**vars(self), "_glueball_trainer": None, "_grad": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a pickled or copied parameter, whose arrays come without gradients."""
        self.__dict__.update(state)
        if self._data is not None:
            self._init_grad()

    def __repr__(self) -> str:
        return f"Parameter {self.name} (shape={self.shape}, dtype={self.dtype})"

    @property
    def _trainer(self) -> Any:
        return None if self._glueball_trainer is None else self._glueball_trainer()

    @_trainer.setter
    def _trainer(self, trainer: Any) -> None:
        self._glueball_trainer = None if trainer is None else weakref.ref(trainer)

    def _set_trainer(self, trainer: Any) -> None:
        """Remember the trainer, or None, without keeping it alive."""
        self._trainer = trainer

    # --- what it is -----------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...] | None:
        """Its shape, where 0 means an unknown length, or -1 with NumPy's meaning of shapes; only these can be set."""
        if self._shape is None or not numpy_mode.shapes:
            return self._shape
        return tuple([length if length > 0 else -1 for length in self._shape])

    @shape.setter
    def shape(self, shape: tuple[int, ...]) -> None:
        shape = checked_shape(self.name, shape)
        old = self._shape
        if old is not None and (
            len(old) != len(shape) or any(a > 0 and b > 0 and a != b for a, b in zip(old, shape, strict=True))
        ):
            raise RefusedError(f"Parameter {self.name}: the shape must agree with {old}; received {shape}")
        self._shape = shape if old is None else tuple(b if a <= 0 else a for a, b in zip(old, shape, strict=True))

    @property
    def dtype(self) -> Any:
        """Its dtype, as given. Setting it casts."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype: Any) -> None:
        self.cast(dtype)

    @property
    def grad_req(self) -> str:
        """What backward() does with the gradient: 'write', 'add' or 'null'. Setting it discards the gradient."""
        return self._grad_req

    @grad_req.setter
    def grad_req(self, request: str) -> None:
        check_request(f"Parameter {self.name}", request, RefusedError)
        if not self._differentiable:
            request = "null"
        if request != self._grad_req:
            self._grad_req = request
            if self._data is not None:
                self._init_grad()

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
        if self._data is not None and not force_reinit:
            warn(
                f"Parameter {self.name} is already initialized; it stays unchanged without force_reinit=True",
            )
            return
        contexts = as_contexts(f"Parameter {self.name}", ctx)
        default_init = initializer.Uniform() if default_init is None else default_init
        init = (default_init if self.init is None else self.init) if init is None else init
        if not shape_is_known(self.shape) and not self._allow_deferred_init:
            raise ValueError(f"Parameter {self.name}: every length of the shape must be known; it is {self._shape}")
        with self._glueball_kept_on_failure():
            self._deferred_init = (init, contexts, default_init, None)
            if shape_is_known(self.shape):
                self._finish_deferred_init()
            else:
                self._data = self._grad = None

    def _finish_deferred_init(self) -> None:
        """Finish a deferred initialize(), now that the shape is known."""
        if not self._deferred_init:
            return
        init, contexts, default_init, values = self._deferred_init
        if not shape_is_known(self.shape):
            raise DeferredInitializationError(
                f"Parameter {self.name}: the shape must be known by now; it is {self.shape}; "
                "pass in_channels, in_units ... to the layer"
            )
        with pause():
            if values is None:
                values = shown(nd.empty(self._shape, ctx=cpu(), dtype=self._dtype))  # of zeros, and of any shape
                description = initializer.InitDesc(self.name, {"__init__": init})
                initializer.create(default_init)(description, values)
            self._init_impl(values, contexts)
        self._deferred_init = ()

    # --- setting, moving and converting ---------------------------------------------------------------------------

    def set_data(self, data: NDArray) -> None:
        """Overwrite the values on every context; before deferred initialization this sets the shape."""
        if not isinstance(data, NDArray | np.ndarray):
            raise MXNetError(f"Parameter {self.name}: the data must be an NDArray; received {type(data).__name__}")
        self.shape = data.shape
        if self._data is None:
            if not self._deferred_init:
                raise RefusedError(str(self._glueball_no_values()))
            values = data if isinstance(data, NDArray) else nd.array(data)
            self._deferred_init = (*self._deferred_init[:3], values.copyto(cpu()))
            return
        for array in self._check_and_get(self._data, list):
            array[...] = data

    def var(self) -> Symbol:
        """Return the variable that represents it in graphs, with its known properties as attributes."""
        if self._var is None:
            self._var = var(
                self.name, shape=self.shape, dtype=self.dtype, lr_mult=self.lr_mult, wd_mult=self.wd_mult,
                init=self.init, stype=self._stype,
            )  # fmt: skip
        return self._var.as_np_ndarray() if numpy_mode.arrays else self._var

    def reset_ctx(self, ctx: Context | Sequence[Context] | None) -> None:
        """Move it to other contexts; the values of several old contexts are averaged."""
        contexts = as_contexts(f"Parameter {self.name}", ctx)
        if self._data is not None:
            with pause():
                self._init_impl(self._reduce(), contexts)
        elif self._deferred_init:
            init, _, default_init, values = self._deferred_init
            self._deferred_init = (init, contexts, default_init, values)
        else:
            raise ValueError(f"Parameter {self.name}: it must be initialized before reset_ctx()")

    def cast(self, dtype: Any) -> None:
        """Cast values and gradients to another dtype."""
        kind = dtypes.to_torch(dtype, f"Parameter {self.name}")
        self._dtype = dtype
        self._var = None
        if self._data is None:
            return
        gradients = self._grad
        self._data = [
            one._face(one._data.to(kind, copy=True), one._ctx) if one.stype == "default" else one.astype(dtype)
            for one in self._data
        ]
        self._glueball_attach(self._data)
        for old, new in zip(gradients or (), self._grad or (), strict=False):
            new[...] = old.astype(dtype)

    def _load_init(
        self,
        data: NDArray,
        ctx: Context | Sequence[Context] | None,
        cast_dtype: bool = False,
        dtype_source: str = "current",
    ) -> None:
        """Set the values, on `ctx` if it is not initialized yet; see `Block.load_parameters`."""
        contexts = None if ctx is None else as_contexts(f"Parameter {self.name}", ctx)
        require_loadable(self, data, contexts, cast_dtype)
        self.shape = data.shape
        if cast_dtype and dtype_source == "saved":
            self.cast(data.dtype)
        if self._data is not None:
            self.set_data(data)
            return
        if contexts is None:
            contexts = self._deferred_init[1] if self._deferred_init else [cpu()]
        self._init_impl(data, contexts)
        self._deferred_init = ()

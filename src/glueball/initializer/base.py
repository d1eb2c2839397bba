"""The base class of initializers, which choose by a parameter's name and attributes how to fill it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from ..core.context import cpu
from ..core.doors import door, guard
from ..core.dtype import type_name
from ..core.errors import MXNetError, RefusedError
from ..core.registry import Registry
from ..core.rng import generator
from ..core.strangers import call
from ..core.warning import warn
from ..ndarray import NDArray
from ..ops.explain import no_room

_log = logging.getLogger(__name__)

# Suffix of a parameter's name -> the method that fills it. The first match is used.
_ROLES = {
    "weight_quantize": "_init_quantized_weight",
    "bias_quantize": "_init_quantized_bias",
    "weight": "_init_weight",
    "bias": "_init_bias",
    "gamma": "_init_gamma",
    "beta": "_init_beta",
    "min": "_init_zero",
    "max": "_init_one",
}
_ROLES_OF_NETWORKS = {suffix: method for suffix, method in _ROLES.items() if not suffix.endswith("_quantize")}
_ROLES_OF_PLAIN_NAMES = {
    **_ROLES_OF_NETWORKS,
    "moving_mean": "_init_zero",
    "moving_var": "_init_one",
    "moving_inv_var": "_init_zero",
    "moving_avg": "_init_zero",
}


@guard
class InitDesc(str):
    """The name of a parameter, with its attributes.

    Parameters
    ----------
    name : str
        The name of the parameter.
    attrs : mapping of str to object, optional
        Its attributes. ``'__init__'`` is the parameter's own initializer: an instance, a name, or what
        `dumps` wrote.
    global_init : Initializer, optional
        The initializer of the whole network.

    Examples
    --------
    >>> import glueball as mx
    >>> scale = mx.nd.zeros((2,))
    >>> mx.init.Uniform()(mx.init.InitDesc("scale", {"__init__": "ones"}), scale)
    >>> scale.asnumpy().tolist()
    [1.0, 1.0]
    """

    attrs: dict[str, Any]
    global_init: Any

    def __new__(cls, name: str, attrs: Mapping[str, Any] | None = None, global_init: Any = None) -> InitDesc:
        made = super().__new__(cls, name)
        made.attrs = dict(attrs or {})
        made.global_init = global_init
        return made


def _root_mean_square(array: NDArray) -> str:
    return str(array._data.double().square().mean().sqrt().item())


@guard
class Initializer:
    """The base class of all initializers; a subclass implements ``_init_weight(name, arr)``.

    Called with a parameter, it chooses by the suffix of the name: ``weight`` is filled by `_init_weight`, ``bias``
    and ``beta`` with zeros, ``gamma`` with ones, ``min`` with zeros, ``max`` with ones. Any other name is
    refused. A parameter's own initializer (``attrs['__init__']`` of its `InitDesc`) is used regardless of its
    name.

    Parameters
    ----------
    **kwargs
        The constructor arguments of the subclass, for `dumps`.

    Differs from MXNet
    ------------------
    Parameters of quantized layers are refused, as are the names for ``UpSampling`` and spatial transformers
    that MXNet treats specially if it is called with a plain string.

    Examples
    --------
    >>> import glueball as mx
    >>> @mx.init.register
    ... class Checkerboard(mx.init.Initializer):
    ...     def _init_weight(self, name, arr):
    ...         arr[:] = (mx.nd.arange(arr.size) % 2).reshape(arr.shape)
    >>> net = mx.gluon.nn.Dense(2, in_units=4)
    >>> net.initialize("checkerboard")
    >>> net.weight.data()[0].asnumpy().tolist()
    [0.0, 1.0, 0.0, 1.0]
    """

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = kwargs
        self._verbose = False
        self._print_func: Callable[[NDArray], str] | None = None

    def set_verbosity(self, verbose: bool = False, print_func: Callable[[NDArray], str] | None = None) -> Initializer:
        """Set whether each initialized parameter is logged, at level INFO.

        Parameters
        ----------
        verbose : bool, default False
            Whether to log.
        print_func : callable, optional
            Returns the text to log for an array; by default its root mean square.

        Returns
        -------
        Initializer
            This initializer.
        """
        self._verbose = verbose
        self._print_func = print_func or _root_mean_square
        return self

    def dumps(self) -> str:
        """Return the name and the arguments as JSON, which `create` accepts.

        Examples
        --------
        >>> import glueball as mx
        >>> mx.init.Normal(0.5).dumps()
        '["normal", {"sigma": 0.5}]'
        """
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, desc: str, arr: NDArray) -> None:
        """Fill the array of the described parameter.

        Raises
        ------
        ValueError
            The suffix of the name is not one of those above, and the parameter has no initializer of its own.
        """
        if not isinstance(arr, NDArray):
            raise TypeError(f"{type(self).__name__}: arr must be an NDArray; received {type(arr).__name__}")
        if not isinstance(desc, InitDesc):
            self._legacy_init(desc, arr)
            return
        if desc.global_init is None:
            desc.global_init = self
        own = desc.attrs.get("__init__", "")
        if own:
            create(own)._init_weight(desc, arr)
            self._verbose_print(desc, own, arr)
            return
        role = next((suffix for suffix in _ROLES if desc.endswith(suffix)), None)
        if role is None:
            self._init_default(desc, arr)
        else:
            getattr(self, _ROLES[role])(desc, arr)
            self._verbose_print(desc, role, arr)

    def _legacy_init(self, name: Any, arr: NDArray) -> None:
        """Fill the array of a parameter of which only the name is known."""
        if not isinstance(name, str):
            raise TypeError(f"{type(self).__name__}: desc must be an InitDesc; received {type(name).__name__}")
        warn(
            f"{type(self).__name__}: a plain name is deprecated; pass mx.init.InitDesc({name!r})",
            DeprecationWarning,
        )
        if name.startswith("upsampling"):
            self._init_bilinear(name, arr)
        elif name.startswith("stn_loc") and name.endswith(("weight", "bias")):
            (self._init_zero if name.endswith("weight") else self._init_loc_bias)(name, arr)
        else:
            role = next((suffix for suffix in _ROLES_OF_PLAIN_NAMES if name.endswith(suffix)), None)
            getattr(self, "_init_default" if role is None else _ROLES_OF_PLAIN_NAMES[role])(name, arr)

    def _verbose_print(self, desc: str, init: Any, arr: NDArray) -> None:
        """Log what was filled, if asked to."""
        if self._verbose and self._print_func:
            _log.info("%s is filled as %s: %s", desc, init, call(self._print_func, arr))

    def _init_bilinear(self, name: str, arr: NDArray) -> None:
        """Fill with the weights of bilinear upsampling."""
        if arr.ndim != 4:
            raise MXNetError(f"{type(self).__name__}: the weight must have 4 axes; {name!r} has shape {arr.shape}")
        height, width = arr.shape[2:]
        factor = -(-width // 2)  # the upsampling factor; MXNet computes it from the width for both axes
        center = (2 * factor - 1 - factor % 2) / (2 * factor)
        rows = 1 - np.abs(np.arange(height) / factor - center)
        columns = 1 - np.abs(np.arange(width) / factor - center)
        arr[:] = np.outer(rows, columns)

    def _init_loc_bias(self, name: str, arr: NDArray) -> None:
        """Fill the bias of a spatial transformer's localization with the identity."""
        if arr.shape != (6,):
            raise RefusedError(f"{type(self).__name__}: {name!r} must have shape (6,); it has {arr.shape}")
        arr[:] = np.array([1, 0, 0, 0, 1, 0])

    def _init_quantized_weight(self, name: str, arr: NDArray) -> None:
        """Fill with random whole numbers from -127 to 126."""
        arr[:] = NDArray(torch.randint(-127, 127, arr.shape, generator=generator(cpu())), cpu())

    def _init_zero(self, name: str, arr: NDArray) -> None:
        arr[...] = 0.0

    def _init_one(self, name: str, arr: NDArray) -> None:
        arr[...] = 1.0

    _init_bias = _init_beta = _init_quantized_bias = _init_zero
    _init_gamma = _init_one

    def _init_weight(self, name: str, arr: NDArray) -> None:
        """Fill a weight; a subclass implements it."""
        raise NotImplementedError(f"{type(self).__name__}: _init_weight(name, arr) must be implemented by the subclass")

    def _init_default(self, name: str, arr: NDArray) -> None:
        """Handle a parameter whose name has no known suffix."""
        raise ValueError(
            f"{type(self).__name__}: the name of a parameter must end in {', '.join(_ROLES_OF_NETWORKS)}; "
            f"received {name!r}; give the parameter an initializer of its own (init=...)"
        )

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.dumps() == other.dumps()

    __hash__ = None  # type: ignore[assignment]  # unhashable, as in MXNet, since they are mutable

    def _glueball_draw(self, arr: NDArray, fill: Callable[[torch.Tensor, torch.Generator], Any]) -> None:
        """Call `fill` with the array's tensor and Glueball's generator of its context."""
        if not arr._kind.is_floating_point:
            raise MXNetError(
                f"{type(self).__name__}: random values need a floating-point array; "
                f"received {type_name(arr._kind)}; use mx.init.Constant"
            )
        if arr.stype != "default":
            dense = arr.tostype("default")
            self._glueball_draw(dense, fill)
            arr[:] = dense
            return
        arr._refuse_write_while_recording()
        try:
            fill(arr._data, generator(arr.context))
        except RuntimeError as error:
            raise no_room(type(self).__name__, error) from error.__cause__


_registry = Registry(Initializer, "initializer")


@door
def register(klass: type) -> Any:
    """Register a subclass of `Initializer` under its lower-case name; used as a decorator.

    A class of the same name is replaced, with a warning.
    """
    return _registry.register(klass)


@door
def alias(*aliases: str) -> Callable[[type], Any]:
    """Return a class decorator that registers an initializer under further names."""
    return _registry.alias(*aliases)


@door
def create(*args: Any, **kwargs: Any) -> Any:
    """Create an initializer from a name or from the result of `Initializer.dumps`; an instance is returned as is.

    Parameters
    ----------
    *args, **kwargs
        The case-insensitive name (or ``initializer=name``), and the arguments of that initializer.

    Raises
    ------
    MXNetError
        There is no initializer of that name.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.init.create("xavier", magnitude=2).dumps()
    '["xavier", {"rnd_type": "uniform", "factor_type": "avg", "magnitude": 2}]'
    """
    return _registry.create(*args, **kwargs)

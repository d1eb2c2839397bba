"""Initializers that delegate to other initializers or use saved values."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from .. import ndarray as nd
from ..core.arguments import checked
from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from ..ndarray import NDArray
from ..serialization.checkpoint import without_kind
from .base import Initializer

_log = logging.getLogger(__name__)


class Mixed(Initializer):
    """Choose an initializer by the parameter's name: that of the first pattern that matches.

    Parameters
    ----------
    patterns : list of str
        Regular expressions, as for ``re.match``.
    initializers : list of Initializer
        One for each pattern.

    Differs from MXNet
    ------------------
    It can also initialize a Gluon network, which MXNet refuses. There,
    as with every initializer, a parameter that has one of its own (such as the bias of `nn.Dense`) keeps it.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.gluon.nn.Dense(2, in_units=3, prefix="head_")
    >>> net.initialize(mx.init.Mixed(["head_.*", ".*"], [mx.init.One(), mx.init.Xavier()]))
    >>> net.weight.data().sum().asscalar()
    np.float32(6.0)
    """

    def __init__(self, patterns: Sequence[str], initializers: Sequence[Initializer]) -> None:
        super().__init__()
        if len(patterns) != len(initializers):
            raise RefusedError(
                "Mixed: patterns and initializers must have the same length; "
                f"received {len(patterns)} and {len(initializers)}"
            )
        self.map = [
            (re.compile(pattern), initializer) for pattern, initializer in zip(patterns, initializers, strict=True)
        ]

    def dumps(self) -> NoReturn:
        """Refused: patterns and initializers have no form as a name and arguments."""
        raise MXNetError("Mixed.dumps: a Mixed initializer has no text form; save its initializers instead")

    def __call__(self, name: str, arr: NDArray) -> None:
        """Fill the array with the initializer that matches the name; ValueError if none does."""
        self._glueball_choose(name)(name, arr)

    def _init_weight(self, name: str, arr: NDArray) -> None:
        # Called for a Gluon parameter that has no other initializer.
        self._glueball_choose(name)._init_weight(name, arr)

    def _glueball_choose(self, name: str) -> Initializer:
        for pattern, initializer in self.map:
            if pattern.match(name):
                return initializer
        raise ValueError(f"Mixed: a pattern must match each parameter; none matches {name!r}; end with '.*'")

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None


@guard
class Load:
    """Fill parameters from saved arrays, and missing ones with another initializer.

    Parameters
    ----------
    param : str or dict of str to NDArray
        A file that ``nd.save`` wrote, or arrays by name; the prefixes ``arg:`` and ``aux:`` are dropped.
    default_init : Initializer, optional
        For parameters without a saved array.
    verbose : bool, default False
        Log, at level INFO, where each parameter came from.

    Raises
    ------
    MXNetError
        A saved array has another shape than its parameter, or a parameter has neither a saved array nor a default.

    Examples
    --------
    >>> import glueball as mx
    >>> load = mx.init.Load({"arg:w": mx.nd.array([1, 2])}, default_init=mx.init.One())
    >>> w = mx.nd.zeros((2,))
    >>> load("w", w)
    >>> w.asnumpy().tolist()
    [1.0, 2.0]
    """

    @checked
    def __init__(self, param: str | Mapping[str, NDArray], default_init: Any = None, verbose: bool = False) -> None:
        found = nd.load(param) if isinstance(param, str) else param
        if not isinstance(found, Mapping):
            raise RefusedError(
                f"Load: param must be a dict of arrays, or a file with names; received {type(found).__name__}"
            )
        self.param = {without_kind(name): array for name, array in found.items()}
        self.default_init = default_init
        self.verbose = verbose

    def __call__(self, name: str, arr: NDArray) -> None:
        """Fill the array of the named parameter."""
        saved = self.param.get(name)
        if saved is None and self.default_init is None:
            raise RefusedError(f"Load: each parameter must be among the saved ones; {name!r} is not; pass default_init")
        if saved is None:
            self.default_init(name, arr)
        elif saved.shape != arr.shape:
            raise RefusedError(f"Load: {name!r} must have shape {arr.shape}; the saved array has {saved.shape}")
        else:
            arr[:] = saved.as_in_context(arr.context)
        if self.verbose:
            _log.info("%s is filled %s", name, "by default_init" if saved is None else "from a saved array")

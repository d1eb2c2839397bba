"""The parameters that a graph reads, all at once."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.context import Context
from ...core.overriding import is_ours
from ...ndarray import NDArray
from .parameter import Parameter

# What MXNet calls once for each parameter.
_CALLED_FOR_EACH = ("data", "_check_and_get")


class Held:
    """The parameters of a graph.

    Calling the methods of each takes a part of a network's time that can be measured. So these are only called if a
    program has one of its own, in a class at any time or in an object before the graph is made, or to say what is
    missing.

    Parameters
    ----------
    parameters : sequence of Parameter
        The parameters.
    """

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._parameters = parameters
        kinds: set[type[Parameter]] = set(map(type, parameters))
        self._methods = [(kind, kind.data, kind._check_and_get) for kind in kinds]
        self._plain = all(is_ours(method) for _, *methods in self._methods for method in methods) and all(
            one._stype == "default" and not any(name in vars(one) for name in _CALLED_FOR_EACH) for one in parameters
        )

    def arrays(self, ctx: Context) -> list[NDArray]:
        """Return the arrays on a context.

        Raises
        ------
        DeferredInitializationError
            The shape of one of them is unknown.
        MXNetError
            One of them is not initialized, or not on this context.
        """
        if self._is_plain():
            kind, number = ctx.device_typeid & 1, ctx.device_id
            try:
                # A type checker sees what may be None; it fails, as below.
                return [one._data[one._ctx_map[kind][number]] for one in self._parameters]  # type: ignore[index]
            except (AttributeError, IndexError, TypeError):  # one has no array there, and says so itself
                pass
        return [one.data(ctx) for one in self._parameters]

    def _is_plain(self) -> bool:
        """Whether no method is a program's: classes may have got one since the graph was made."""
        for kind, data, check_and_get in self._methods:
            if kind.data is not data or kind._check_and_get is not check_and_get:
                return False
        return self._plain

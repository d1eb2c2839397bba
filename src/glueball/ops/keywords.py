"""Keywords that are neither inputs nor attributes of an operator: which of them MXNet accepts."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

#: The operators and keywords that have been warned of.
_warned: set[tuple[str, str]] = set()


def is_own(name: str) -> bool:
    """Return whether a name is that of a user's own attribute: ``__name__``. Every operator accepts those."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def check_keywords(operator: Any, names: Iterable[str], stacklevel: int = 3) -> None:
    """Refuse keywords that an operator does not accept.

    Parameters
    ----------
    operator : Operator
        The declaration.
    names : iterable of str
        The keywords, which are not inputs.
    stacklevel : int, default 3
        How far up the user's call is, for the warning.

    Raises
    ------
    MXNetError
        One is neither an attribute nor a user's own. An operator without attributes accepts it, as in MXNet, with a
        warning, since it has no effect.
    """
    for name in names:
        if name in operator.attribute_names or is_own(name):
            continue
        if operator.attributes:
            raise operator.unknown_attribute(name)
        if (operator.name, name) not in _warned:
            _warned.add((operator.name, name))
            warnings.warn(
                f"{operator.name}: it has no attributes, so that {name}= has no effect; leave it out",
                stacklevel=stacklevel,
            )

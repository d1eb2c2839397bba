"""Parts of a symbol of ``mx.sym.np``: the nodes that MXNet makes of ``x[1:, 0]``.

An int selects a part of length 1, whose axis is dropped then: code -3 of ``npx.reshape``, where -2 keeps an axis and -4
all that remain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import OutOfRangeError
from ...core.integers import is_int
from ...ops.declare import registry
from ..compose import compose
from ..symbol import Symbol

_SLICE, _RESHAPE = registry["slice"], registry["_npx_reshape"]
_KEEP, _DROP, _KEEP_REST = -2, -3, -4


def sliced(symbol: Symbol, key: Any) -> Symbol:
    """Return the symbol of a part.

    Raises
    ------
    IndexError
        The key is not made of ints and slices.
    """
    parts = key if isinstance(key, tuple) else (key,)
    if not parts:
        return symbol
    for part in parts:
        if not (isinstance(part, slice) or (is_int(part) and not isinstance(part, bool))):
            raise OutOfRangeError(
                f"{symbol!r}: a key of a symbol must be an int, a slice, or a tuple of them; received {key!r}; "
                "use np.expand_dims, take or npx.gather_nd"
            )
    # The values are given as MXNet gives them, which a file shows.
    if isinstance(key, slice):
        begin, end = [[None] if edge is None else edge for edge in (key.start, key.stop)]
        return _slice(symbol, {"begin": begin, "end": end, "step": key.step})
    begins, ends, steps = map(list, zip(*map(_edges, parts), strict=True))
    if isinstance(key, tuple):
        found = _slice(symbol, {"begin": begins, "end": ends, "step": steps})
    else:
        found = _slice(symbol, {"begin": begins, "end": [None] if key == -1 else [key + 1]})
    codes = [_KEEP if isinstance(part, slice) else _DROP for part in parts]
    return compose(_RESHAPE, "reshape", {"a": found}, {"newshape": (*codes, _KEEP_REST)})


def _slice(symbol: Symbol, attributes: Mapping[str, Any]) -> Symbol:
    return compose(_SLICE, "slice", {"data": symbol}, attributes)


def _edges(part: Any) -> tuple[Any, Any, Any]:
    if isinstance(part, slice):
        return part.start, part.stop, part.step
    position = part.__index__()
    return (position, position - 1, -1) if position < 0 else (position, position + 1, 1)

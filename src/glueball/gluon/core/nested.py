"""Arrays in nested lists and tuples, which a block takes and returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...core.errors import MXNetError
from ...ndarray.ndarray import NDArray
from ...symbol.symbol import Symbol

# The structure of a nest: None for a missing array, ONE for an array, or the class of a sequence with the structures of
# its items. It is comparable and hashable.
ONE = "array"


class MixedInputError(ValueError, MXNetError):
    """Inputs of a block are neither all arrays nor all symbols, or there are none. MXNet raises ValueError."""


def flatten(value: Any, owner: str) -> tuple[list[Any], Any]:
    """Return the arrays or symbols of a nest in order, and the structure for `rebuild`.

    Raises
    ------
    ValueError
        It contains anything but None, arrays, symbols, lists and tuples.
    """
    leaves: list[Any] = []
    return leaves, _flatten(value, leaves, owner)


def _flatten(value: Any, leaves: list[Any], owner: str) -> Any:
    if value is None:
        return None
    if isinstance(value, NDArray) or (isinstance(value, Symbol) and len(value._entries) == 1):
        leaves.append(value)
        return ONE
    if isinstance(value, Symbol):
        leaves.extend(value)
        return (list, (ONE,) * len(value))
    if isinstance(value, list | tuple):
        return (
            type(value) if type(value) in (list, tuple) else list,
            tuple([_flatten(v, leaves, owner) for v in value]),
        )
    raise MixedInputError(
        f"{owner} must be NDArrays or Symbols, in lists and tuples or None; received {value!r} of type "
        f"{type(value).__name__}; pass numbers to the constructor of the block"
    )


def require_alike(owner: str, first: Any, structure: Any) -> None:
    """Refuse inputs other than those of a block's first call, as MXNet does: an optional one is given always or never.

    Raises
    ------
    ValueError
        The structures differ in more than lists in the place of tuples.
    """
    expected, received = map(_given, (first, structure))
    if expected != received:
        raise MixedInputError(
            f"{owner}: the inputs of a hybridized block must be as in its first call, {expected}; "
            f"received {received}; use another block for these, or hybridize(False)"
        )


def _given(structure: Any) -> Any:
    """Return the structure of what was given, without a None at the end, which is as good as nothing."""
    given = list(_without_kinds(structure))
    while given and given[-1] is None:
        del given[-1]
    return tuple(given)


def _without_kinds(structure: Any) -> Any:
    return structure if structure is None or structure == ONE else tuple(map(_without_kinds, structure[1]))


def rebuild(structure: Any, leaves: Iterator[Any]) -> Any:
    """Put leaves into a structure returned by `flatten`."""
    if structure is None:
        return None
    if structure == ONE:
        return next(leaves)
    kind, items = structure
    return kind([rebuild(item, leaves) for item in items])


def find_arrays(args: Sequence[Any]) -> list[NDArray]:
    """Return all arrays in nested lists and tuples, and ignore everything else."""
    return list(_find(args, NDArray))


def find_symbols(args: Sequence[Any]) -> list[Symbol]:
    """Return all symbols in nested lists and tuples, and ignore everything else."""
    return list(_find(args, Symbol))


def _find(args: Sequence[Any], kind: Any) -> Iterator[Any]:
    for arg in args:
        if isinstance(arg, kind):
            yield arg
        elif isinstance(arg, list | tuple):
            yield from _find(arg, kind)

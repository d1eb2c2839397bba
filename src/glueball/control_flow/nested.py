"""Arrays or symbols in nested lists: what loops and branches take and return."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..core.errors import RefusedError

#: How values are nested: None is one value, a list has a structure for each of its items.
Structure = list[Any] | None


def flatten(value: Any, kind: type[Any], owner: str) -> tuple[list[Any], Structure]:
    """Return the values in nested lists or tuples, and how they are nested.

    Parameters
    ----------
    value : object
        One value, or nested lists or tuples of them.
    kind : type
        NDArray or Symbol.
    owner : str
        Whose value it is, for messages, such as ``'foreach: data'``.

    Raises
    ------
    RefusedError
        There is something else in them.
    """
    if isinstance(value, kind) and len(getattr(value, "_entries", ())) < 2:
        return [value], None
    if isinstance(value, kind):  # a symbol with several outputs
        value = [*value]
    if not isinstance(value, list | tuple):
        raise RefusedError(
            f"{owner} must be (nested lists of) {kind.__name__}; received {type(value).__name__}: {value!r:.80}"
        )
    parts = [flatten(item, kind, owner) for item in value]
    return [leaf for leaves, _ in parts for leaf in leaves], [structure for _, structure in parts]


def rebuild(structure: Structure, values: Iterator[Any]) -> Any:
    """Nest values in lists as `structure` says."""
    return next(values) if structure is None else [rebuild(part, values) for part in structure]


def transposed(steps: Sequence[Sequence[Any]], join: Callable[[list[Any]], Any]) -> list[Any]:
    """Join the values of all steps, place by place."""
    return [join(list(column)) for column in zip(*steps, strict=True)]

"""Which lengths of a graph's arrays follow those of its inputs: they must not stand as numbers in the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ....core.errors import MXNetError
from ....ndarray import NDArray
from ....symbol.infer import Inferred, infer
from ....symbol.node import Entry

Arrays = Mapping[str, NDArray]


class Lengths:
    """Finds how lengths change with those of the inputs: it infers all shapes again, with longer inputs.

    Parameters
    ----------
    entries : sequence of Entry
        The outputs of the graph.
    inputs, params : mapping of str to NDArray
        An example of the inputs, and the parameters.
    """

    def __init__(self, entries: Sequence[Entry], inputs: Arrays, params: Arrays) -> None:
        self._entries = entries
        self._inputs = {name: each.shape for name, each in inputs.items()}
        self._params = {name: each.shape for name, each in params.items()}
        self._types = {name: each._data.dtype for name, each in (*inputs.items(), *params.items())}

    def origin(self, entry: Entry, axis: int, length: int) -> tuple[str, int] | None:
        """Return the input and its axis whose length an array has along an axis, or None if it is always the same."""
        for along, found in self._longer:
            shape = found.shapes.get(entry)
            if shape is not None and axis < len(shape) and shape[axis] != length:
                sources = {name: given for name, given in self._inputs.items() if len(given) > along}
                return next(((name, along) for name, given in sources.items() if given[along] == length), None)
        return None

    @cached_property
    def _longer(self) -> list[tuple[int, Inferred]]:
        """The shapes of all arrays if the first, or the second, axis of all inputs were longer by one."""
        found = []
        for along in (0, 1):
            shapes = {
                name: tuple([length + (axis == along) for axis, length in enumerate(shape)])
                for name, shape in self._inputs.items()
            }
            try:
                found.append((along, infer(self._entries, {**self._params, **shapes}, self._types)))
            except MXNetError:
                continue  # the graph takes this length and no other
        return found

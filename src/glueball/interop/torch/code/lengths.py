"""Which lengths of a graph's arrays follow those of its inputs: they must not stand as numbers in the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import torch

from ....core.errors import MXNetError
from ....symbol.infer import Inferred, infer
from ....symbol.node import Entry

Shape = tuple[int, ...]


class Lengths:
    """Finds how lengths change with those of the inputs: it infers all shapes again, with longer inputs.

    Parameters
    ----------
    entries : sequence of Entry
        The outputs of the graph.
    inputs : mapping of str to tuple of int
        The shapes of the inputs.
    others : mapping of str to tuple of int
        Those of the parameters.
    types : mapping of str to torch.dtype
        The types of both.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        inputs: Mapping[str, Shape],
        others: Mapping[str, Shape],
        types: Mapping[str, torch.dtype],
    ) -> None:
        self._entries, self._inputs, self._others, self._types = entries, inputs, others, types

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
                found.append((along, infer(self._entries, {**self._others, **shapes}, self._types)))
            except MXNetError:
                continue  # the graph takes this length and no other
        return found

"""Lets those who take one of several joined arrays out again take it directly."""

from __future__ import annotations

import operator as python_operator
from collections.abc import Iterator
from itertools import accumulate, pairwise

from torch import fx

from ...ops.shape_rule import is_known
from ..draft import Draft
from ..matching import arguments, attributes, operator_name

SAVES_WORK = True

_Span = tuple[int, int]  # begin and end along the axis


def rewrite(draft: Draft) -> int:
    """Replace slices that are one of the inputs of a Concat; leave it out if nothing else takes its result."""
    count = 0
    for join in reversed(list(draft.calls("Concat"))):  # one that another alone took may then be left out, too
        if not all(is_known(part.meta.get("shape")) for part in arguments(join)):
            continue
        axis = attributes(join)["dim"] % len(_shape(join))
        ends = accumulate([part.meta["shape"][axis] for part in arguments(join)], initial=0)
        parts = dict(zip(pairwise(ends), arguments(join), strict=True))
        for user in list(join.users):
            for node, span in _slices(user, axis, join):
                if node.users and span in parts:
                    node.replace_all_uses_with(parts[span])
                    count += 1
            _leave_out(draft, user)
        _leave_out(draft, join)
    return count


def _shape(join: fx.Node) -> tuple[int, ...]:
    shape: tuple[int, ...] = join.meta["shape"]
    return shape


def _slices(user: fx.Node, axis: int, join: fx.Node) -> Iterator[tuple[fx.Node, _Span]]:
    """Yield the slices along an axis of a Concat that a call makes."""
    name = operator_name(user)
    if name not in ("slice_axis", "SliceChannel") or attributes(user)["axis"] % len(_shape(join)) != axis:
        return
    how, length = attributes(user), _shape(join)[axis]
    if name == "slice_axis":
        begin, end, _ = slice(how["begin"], how["end"]).indices(length)
        yield user, (begin, end)
    elif how["num_outputs"] > 1 and not how["squeeze_axis"]:
        step = length // how["num_outputs"]
        for item in list(user.users):
            number = arguments(item)[1]
            yield item, (number * step, (number + 1) * step)


def _leave_out(draft: Draft, node: fx.Node) -> None:
    """Remove the call of an operator of whose results none is taken any more."""
    for item in list(node.users):
        if item.target is python_operator.getitem and not item.users:
            draft.graph.erase_node(item)
    if operator_name(node) and not node.users:
        draft.dropped += [source.name for source in node.meta["sources"]]
        draft.graph.erase_node(node)

"""What the codes of Reshape mean: the shape of the result, for an array of some shape."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...core.errors import MXNetError
from ..attrs import Shape
from ..shape_rule import UNKNOWN


def resolve_shape(shape: Sequence[int], codes: Sequence[int], reverse: bool = False) -> tuple[int, ...]:
    """Return the shape that a code list means for an array of `shape`; see `reshape` for the codes.

    The caller checks that the number of elements stays the same. Lengths may be UNKNOWN.
    """
    if reverse:
        return tuple(reversed(_resolve(list(reversed(shape)), list(reversed(codes)), codes)))
    return tuple(_resolve(list(shape), list(codes), codes))


def _resolve(shape: list[int], codes: list[int], received: Sequence[int]) -> list[int]:
    def source(count: int = 1) -> list[int]:
        """Take the next axes of the array."""
        if len(shape) - at < count:
            raise _bad_codes("the codes must not ask for more axes than the array has", shape, received)
        return shape[at : at + count]

    result: list[int] = []
    unknown = None
    at = 0  # the axis of the array that the next code is about
    position = 0
    while position < len(codes):
        code = codes[position]
        position += 1
        if code > 0:
            result.append(code)
            at += 1
        elif code == 0:
            result += source()
            at += 1
        elif code == -1:
            if unknown is not None:
                raise _bad_codes("-1 must stand for one axis only", shape, received)
            unknown = len(result)
            result.append(1)
            at += 1
        elif code == -2:
            result += shape[at:]
            at = len(shape)
        elif code == -3:
            merged = source(2)
            result.append(UNKNOWN if UNKNOWN in merged else math.prod(merged))
            at += 2
        elif code == -4:
            result += _split_axis(source()[0], codes[position : position + 2], shape, received)
            at += 1
            position += 2
        else:
            raise _bad_codes("each code must be a length or one of 0, -1, -2, -3, -4", shape, received)
    if unknown is not None:
        known = math.prod(result)
        result[unknown] = UNKNOWN if UNKNOWN in shape else math.prod(shape) // known if known else 0
    return result


def _split_axis(length: int, factors: list[int], shape: list[int], received: Sequence[int]) -> list[int]:
    """Return the two lengths that -4 splits one axis into; one of them may be -1."""
    if len(factors) < 2:
        raise _bad_codes("-4 must be followed by two lengths", shape, received)
    left, right = factors
    if length == UNKNOWN:
        return [left, right]
    if left == -1 and right > 0:
        left = length // right
    elif right == -1 and left > 0:
        right = length // left
    if left * right != length or left < 0:
        raise _bad_codes(f"the two lengths after -4 must multiply to {length}", shape, received)
    return [left, right]


def _bad_codes(rule: str, shape: Sequence[int], codes: Sequence[int]) -> MXNetError:
    return MXNetError(f"Reshape: {rule}; received {tuple(codes)} for an array of {len(shape)} axes {tuple(shape)}")


def resolve_target_shape(shape: Sequence[int], target: Shape, keep_highest: bool) -> tuple[int, ...]:
    """Resolve the older notation: one 0 is inferred; with keep_highest the first length is the array's."""
    lengths = [shape[0], *target[1:]] if keep_highest else list(target)
    free = [axis for axis, length in enumerate(lengths) if length == 0]
    if min(target) < 0 or len(free) > 1:
        raise MXNetError(f"Reshape: target_shape must be lengths with at most one 0; received {target}; use shape=...")
    if free:
        lengths[free[0]] = 1
        lengths[free[0]] = UNKNOWN if UNKNOWN in shape else math.prod(shape) // math.prod(lengths)
    return tuple(lengths)

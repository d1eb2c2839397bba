"""Lengths of axes that differ from run to run, such as that of the batch, in a document of ONNX.

Rules compute with shapes. A length that varies is a `Length` in the place of an int: it is known in several cases, and
where it comes from, so that the document can compute it. What can be said of all cases alike, it answers; whoever asks
for its number, to write it down, hears that there is none.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast


class Unsupported(Exception):
    """A call cannot be said in ONNX; the message says why."""


@dataclass(frozen=True)
class Axis:
    """The length of an axis of an array of the document."""

    array: str
    number: int


@dataclass(frozen=True)
class Computed:
    """The result of an operator of ONNX on two lengths."""

    kind: str
    left: Length | int
    right: Length | int


@dataclass(frozen=True, eq=False)
class Length:
    """A length that varies.

    Attributes
    ----------
    cases : tuple of int
        Its value in each of the cases that were tried; no two lengths with the same are taken for different.
    source : Axis or Computed, optional
        How the document can compute it; None if it is not known.
    """

    cases: tuple[int, ...]
    source: Axis | Computed | None = field(default=None)

    def _with(self, other: Any, kind: str, function: Callable[[int, int], int], swapped: bool = False) -> Any:
        if not isinstance(other, int | Length):
            return NotImplemented
        left, right = (other, self) if swapped else (self, other)
        cases = tuple([function(*pair) for pair in zip(_cases(left, self), _cases(right, self), strict=True)])
        return of_cases(cases, Computed(kind, left, right))

    def __add__(self, other: Any) -> Any:
        return self._with(other, "Add", operator.add)

    def __radd__(self, other: Any) -> Any:
        return self._with(other, "Add", operator.add, swapped=True)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, "Sub", operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, "Sub", operator.sub, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._with(other, "Mul", operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self._with(other, "Mul", operator.mul, swapped=True)

    def __floordiv__(self, other: Any) -> Any:
        return self._with(other, "Div", operator.floordiv)  # ONNX's truncates: the same for lengths

    def __mod__(self, other: Any) -> Any:
        return self._with(other, "Mod", operator.mod)

    def _compare(self, other: Any, function: Callable[[int, int], bool]) -> bool:
        if not isinstance(other, int | Length):
            return False
        answers = {function(*pair) for pair in zip(self.cases, _cases(other, self), strict=True)}
        if len(answers) > 1:
            raise Unsupported("what it does depends on a length that varies")
        return answers.pop()

    def __eq__(self, other: object) -> bool:
        return self._compare(other, operator.eq)

    def __lt__(self, other: Any) -> bool:
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> bool:
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> bool:
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> bool:
        return self._compare(other, operator.ge)

    def __hash__(self) -> int:
        return hash(self.cases)

    def __index__(self) -> int:
        raise Unsupported("it needs a length as a number that varies")

    def _only_a_number(self, other: Any) -> Any:
        raise Unsupported("it needs a length as a number that varies")

    __int__ = __float__ = __neg__ = __index__
    __truediv__ = __rtruediv__ = __pow__ = __rpow__ = __rfloordiv__ = __rmod__ = _only_a_number


def _cases(length: Length | int, like: Length) -> tuple[int, ...]:
    return length.cases if isinstance(length, Length) else (length,) * len(like.cases)


def of_cases(cases: Sequence[int], source: Axis | Computed | None = None) -> int:
    """Return a length from its values: an int where they are all the same, else a `Length`, which stands for one."""
    if len(set(cases)) == 1:
        return cases[0]
    return cast("int", Length(tuple(cases), source))


def varies(length: int) -> bool:
    """Whether a length is no number."""
    return isinstance(length, Length)


def located(length: int, known: Sequence[int]) -> int:
    """Return a length with a source: its own, or how it follows from those that are known."""
    if not isinstance(length, Length) or length.source is not None:
        return length
    varying = [each for each in known if isinstance(each, Length)]
    candidates: list[Any] = list(varying)
    for each in varying:
        factor, more = length.cases[0] // each.cases[0], length.cases[0] - each.cases[0]
        candidates += [each * factor, each // max(each.cases[0] // length.cases[0], 1), each + more]
        candidates += [each * other for other in varying]
    fitting = [each for each in candidates if isinstance(each, Length) and each.cases == length.cases]
    return cast("int", fitting[0]) if fitting else length

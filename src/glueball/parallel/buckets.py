"""Arrays that are sent together: each message between processes costs time of its own, however short it is."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor

#: The bytes of a bucket. Longer ones need fewer messages, shorter ones leave earlier, while others are computed.
SIZE = 25 * 2**20


class Part(NamedTuple):
    """What is to be sent of an array."""

    shape: Sequence[int]
    kind: torch.dtype
    device: torch.device
    #: The number of the process that it comes from, if not all have a part in it.
    owner: int | None = None

    @property
    def length(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


class Bucket:
    """Some arrays of one type on one device, of one owner, one behind the other.

    Parameters
    ----------
    numbers : sequence of int
        Which of the arrays they are.
    parts : sequence of Part
        The arrays.
    rest : int, default 0
        How many numbers of another meaning follow.

    Attributes
    ----------
    rest : Tensor
        These numbers.
    """

    def __init__(self, numbers: Sequence[int], parts: Sequence[Part], rest: int = 0) -> None:
        self.numbers = numbers
        lengths = [*[part.length for part in parts], rest]
        self.flat = torch.empty(sum(lengths), dtype=parts[0].kind, device=parts[0].device)
        *pieces, self.rest = self.flat.split(lengths)
        self.pieces = [piece.view(tuple(part.shape)) for piece, part in zip(pieces, parts, strict=True)]


def divide(parts: Sequence[Part], size: int) -> list[list[int]]:
    """Return the numbers of the arrays of each bucket, in their order.

    Parameters
    ----------
    parts : sequence of Part
        The arrays.
    size : int
        The bytes of a bucket; an array with more has a bucket of its own.
    """
    found: list[list[int]] = []
    open_ones: dict[tuple[torch.dtype, torch.device, int | None], tuple[list[int], int]] = {}
    for number, part in enumerate(parts):
        key, length = part[1:], part.length * part.kind.itemsize
        numbers, used = open_ones.get(key, ([], 0))
        if not numbers or used + length > size:
            numbers, used = [], 0
            found.append(numbers)
        numbers.append(number)
        open_ones[key] = numbers, used + length
    return found


def buckets_of(parts: Sequence[Part], size: int, rest: int = 0) -> list[Bucket]:
    """Return the buckets of arrays, as `divide` divides them; `rest` more numbers are in the last one."""
    *others, last = divide(parts, size) or [[]]
    found = [Bucket(numbers, [parts[number] for number in numbers]) for numbers in others]
    return [*found, Bucket(last, [parts[number] for number in last], rest)] if last else found


def part_of(tensor: Tensor, owner: int | None = None) -> Part:
    """Return what is to be sent of a tensor, from one process or from all."""
    return Part(tuple(tensor.shape), tensor.dtype, tensor.device, owner)

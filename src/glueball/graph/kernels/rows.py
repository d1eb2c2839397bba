"""Which rows of its data a compiled kernel needs for rows of its result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rows:
    """The rows of images that a kernel takes and returns.

    Attributes
    ----------
    images : int
        The number of images.
    count : int
        The rows of the result for each of them.
    height : int
        The rows of the data for each of them.
    bytes_of_one : int
        The bytes of a row of the result.
    kernel, stride, pad, dilate : int
        How windows lie in the data, along its height.
    """

    images: int
    count: int
    height: int
    bytes_of_one: int
    kernel: int
    stride: int
    pad: int
    dilate: int

    @property
    def total(self) -> int:
        """The rows of the result for all images."""
        return self.images * self.count

    def most_needed(self, count: int) -> int:
        """Return how many rows of the data at most some rows of the result follow from."""
        return min((count - 1) * self.stride + (self.kernel - 1) * self.dilate + 1, self.height)

    def new_needed(self, count: int) -> int:
        """Return how many rows of the data further rows of the result need that those before them did not need."""
        return min(count * self.stride, self.height)

    def needed(self, first: int, last: int) -> tuple[int, int]:
        """Return from which row of the data to before which one rows of the result follow."""
        end = (last - 1) * self.stride - self.pad + (self.kernel - 1) * self.dilate + 1
        return max(first * self.stride - self.pad, 0), min(end, self.height)

"""Operators that multiply by a weight and add a bias, and how a number for each channel meets their weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class Weighted:
    """What is known of an operator ``(data, weight, bias)`` that is linear in its weight and adds its bias.

    What multiplies a channel of the result may as well multiply the weight and the bias.

    Attributes
    ----------
    is_last : callable
        Takes the attributes, and returns whether the channels are the last axis of the result; else they are axis 1.
    meet : callable, optional
        ``meet(numbers, weight, attributes)`` returns a number for each channel in a shape that broadcasts to the
        weight's. By default the channels are the first axis of the weight.
    """

    is_last: Callable[[Mapping[str, Any]], bool]
    meet: Callable[[Tensor, Tensor, Mapping[str, Any]], Tensor] | None = None

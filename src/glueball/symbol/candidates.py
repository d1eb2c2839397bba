"""``sym.contrib.rand_zipfian``: the candidates of a sampled softmax, in a graph."""

from __future__ import annotations

import math
from typing import Any

from ..core.doors import door
from .random import uniform
from .symbol import Symbol


@door
def rand_zipfian(true_classes: Symbol, num_sampled: int, range_max: int) -> Any:
    """Draw classes from a log-uniform distribution in each run; see `glueball.nd.contrib.rand_zipfian`.

    Parameters
    ----------
    true_classes : Symbol
        (n,): classes of which the expected number is asked, too.
    num_sampled : int
        How many classes are drawn.
    range_max : int
        The number of classes.

    Returns
    -------
    tuple of three Symbols
        The classes; the expected numbers of the true classes, and those of the drawn ones.
    """
    logarithm = math.log(range_max + 1)
    drawn: Any = uniform(0, logarithm, shape=(num_sampled,), dtype="float64")
    classes = (drawn.exp() - 1).astype("int64") % range_max

    def expected(numbers: Any) -> Any:
        numbers = numbers.astype("float64")
        return ((numbers + 2.0) / (numbers + 1.0)).log() / logarithm * num_sampled

    return classes, expected(true_classes), expected(classes)

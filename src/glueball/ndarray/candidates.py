"""``nd.contrib.rand_zipfian``: the candidates of a sampled softmax."""

from __future__ import annotations

import math
from typing import Any

from ..core.context import Context
from ..core.doors import door
from .ndarray import NDArray
from .random import uniform


@door
def rand_zipfian(true_classes: NDArray, num_sampled: int, range_max: int, ctx: Context | None = None) -> Any:
    """Draw classes from a log-uniform distribution, and say how often each is expected among them.

    Class k, from 0, has the probability log((k + 2) / (k + 1)) / log(range_max + 1): classes should be numbered by
    how frequent they are. A class can be drawn several times.

    Parameters
    ----------
    true_classes : NDArray
        (n,): classes of which the expected number is asked, too.
    num_sampled : int
        How many classes are drawn.
    range_max : int
        The number of classes.
    ctx : Context, optional
        Where; by default the current context.

    Returns
    -------
    list of three NDArrays
        The classes, int64; the expected numbers of the true classes, and those of the drawn ones, float64.

    Examples
    --------
    >>> from glueball import nd
    >>> drawn, true, expected = nd.contrib.rand_zipfian(nd.array([3]), 4, 5)
    >>> drawn.shape, true.asnumpy().round(4).tolist(), expected.shape
    ((4,), [0.4982], (4,))
    """
    logarithm = math.log(range_max + 1)
    drawn: Any = uniform(0, logarithm, shape=(num_sampled,), dtype="float64", ctx=ctx)
    classes = (drawn.exp() - 1).astype("int64") % range_max

    def expected(numbers: Any) -> Any:
        numbers = numbers.as_in_context(classes.context).astype("float64")
        return ((numbers + 2.0) / (numbers + 1.0)).log() / logarithm * num_sampled

    return [classes, expected(true_classes), expected(classes)]

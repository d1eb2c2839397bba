"""Tests of random numbers: whether they follow a distribution."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ..core.doors import door
from ..core.errors import RefusedError
from ..core.strangers import call
from ..ndarray import NDArray

#: Takes a number of samples and returns them.
Generator = Callable[[int], Any]

_SIGMAS = 3.0
_MOST_BUCKETS = 2**28  # which take some 30 gigabytes; more would fill the memory for hours before they fail


def _samples(generator: Generator, count: int) -> np.ndarray:
    found = call(generator, count)
    return found.asnumpy() if isinstance(found, NDArray) else np.asarray(found)


@door
def gen_buckets_probs_with_ppf(
    ppf: Callable[[float], float], nbuckets: int
) -> tuple[list[tuple[float, float]], list[float]]:
    """Return ranges that are equally probable, and their probabilities.

    Parameters
    ----------
    ppf : callable
        The inverse of the cumulative distribution function: takes a probability and returns a number.
    nbuckets : int
        How many ranges.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.test_utils.gen_buckets_probs_with_ppf(lambda p: 4 * p, 2)
    ([(0.0, 2.0), (2.0, 4.0)], [0.5, 0.5])
    """
    if not 1 <= nbuckets <= _MOST_BUCKETS:
        raise RefusedError(
            f"gen_buckets_probs_with_ppf: nbuckets must be from 1 to {_MOST_BUCKETS}; received {nbuckets}"
        )
    share = 1.0 / nbuckets
    edges = [call(ppf, share * number) for number in range(nbuckets + 1)]
    return list(itertools.pairwise(edges)), [share] * nbuckets


@door
def mean_check(generator: Generator, mu: float, sigma: float, nsamples: int = 1000000) -> bool:
    """Return whether the mean of samples is within three standard errors of what it should be.

    Parameters
    ----------
    generator : callable
        Takes a number of samples and returns them, as an NDArray or a numpy.ndarray.
    mu, sigma : float
        The mean and the standard deviation of the distribution.
    nsamples : int, default 1000000
        How many samples to take.
    """
    found = _samples(generator, nsamples).mean()
    return bool(abs(found - mu) < _SIGMAS * sigma / math.sqrt(nsamples))


@door
def var_check(generator: Generator, sigma: float, nsamples: int = 1000000) -> bool:
    """Return whether the variance of samples is within three standard errors of what it should be.

    Parameters
    ----------
    generator : callable
        Takes a number of samples and returns them, as an NDArray or a numpy.ndarray.
    sigma : float
        The standard deviation of the distribution, which must be a normal one.
    nsamples : int, default 1000000
        How many samples to take.
    """
    found = _samples(generator, nsamples).var(ddof=1)
    return bool(abs(found - sigma**2) < _SIGMAS * math.sqrt(2 * sigma**4 / (nsamples - 1)))


@door
def chi_square_check(
    generator: Generator, buckets: Sequence[Any], probs: Sequence[float], nsamples: int = 1000000
) -> tuple[float, np.ndarray, np.ndarray]:
    """Compare how often samples are in each of several ranges, or of several values, with what is expected.

    Parameters
    ----------
    generator : callable
        Takes a number of samples and returns them, as an NDArray or a numpy.ndarray.
    buckets : list of tuple of two float, or list of numbers
        Ranges from a number up to another, in order; or the values of a discrete distribution.
    probs : list of float
        Their probabilities.
    nsamples : int, default 1000000
        How many samples to take.

    Returns
    -------
    p : float
        The probability that a distribution as expected deviates so much.
    observed, expected : numpy.ndarray
        How many samples were in each bucket, and how many should have been.
    """
    if not buckets or len(buckets) != len(probs):
        raise RefusedError(
            f"chi_square_check: there must be a probability for each bucket; received {len(buckets)} buckets and "
            f"{len(probs)} probabilities"
        )
    samples = _samples(generator, nsamples).ravel()
    expected = (nsamples * np.array(probs, dtype=np.float32)).astype(np.int32)
    if isinstance(buckets[0], list | tuple):
        # NumPy's last bin has both of its ends, MXNet's has not
        edges = [bucket[0] for bucket in buckets] + [buckets[-1][1]]
        observed = np.histogram(samples[samples < edges[-1]], bins=edges)[0]
    else:
        observed = np.array([(samples == value).sum() for value in buckets])
    statistic = float(((observed - expected) ** 2 / expected).sum())
    halves = torch.tensor([(len(buckets) - 1) / 2, statistic / 2], dtype=torch.float64)
    return torch.special.gammaincc(halves[0], halves[1]).item(), observed, expected


@door
def verify_generator(
    generator: Generator,
    buckets: Sequence[Any],
    probs: Sequence[float],
    nsamples: int = 1000000,
    nrepeat: int = 5,
    success_rate: float = 0.2,
    alpha: float = 0.05,
) -> list[float]:
    """Raise an error unless samples pass `chi_square_check` often enough.

    Parameters
    ----------
    generator, buckets, probs, nsamples
        As for `chi_square_check`.
    nrepeat : int, default 5
        How often to check.
    success_rate : float, default 0.2
        The share of the checks that must pass.
    alpha : float, default 0.05
        A check passes with a greater probability than this.

    Returns
    -------
    list of float
        The probability of each check.

    Raises
    ------
    AssertionError
        Fewer checks passed.
    """
    found = [chi_square_check(generator, buckets, probs, nsamples) for _ in range(nrepeat)]
    chances = [chance for chance, _, _ in found]
    if sum(chance > alpha for chance in chances) < nrepeat * success_rate:
        _, observed, expected = found[-1]
        raise AssertionError(
            f"verify_generator: {success_rate:.0%} of {nrepeat} checks must have a probability over {alpha}; received "
            f"{chances}; the last one observed {observed.tolist()} where {expected.tolist()} are expected"
        )
    return chances

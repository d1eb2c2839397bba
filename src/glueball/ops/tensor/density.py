"""Densities of distributions at given samples: ``nd.random_pdf_normal`` and its like.

A sample that the distribution never draws has the density that the formula gives, as in MXNet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import check_float
from ..declare import cases, operator
from ..flops import Count, per_input
from ..gradient import without_gradient
from ..samples import Input, Refused, Sample, refused
from ..samples import sample as one
from ..shape_rule import PartialShape, merge_or_first, with_axes

_HALF = (torch.float16, torch.bfloat16)


def _density(
    owner: str, logarithm: Callable[..., Tensor], is_log: bool, sample: Tensor, *parameters: Tensor, vectors: int = 0
) -> Tensor:
    """Return the density at samples, given its logarithm as a function.

    The parameters have the leading axes of the samples; `vectors` is the number of axes that one sample has itself.
    """
    check_float(owner, sample)
    first = parameters[0]
    rank = first.dim() - vectors
    ends = (sample.shape[sample.dim() - vectors :], first.shape[rank:])
    fits = rank >= 0 and sample.dim() - vectors >= rank and sample.shape[:rank] == first.shape[:rank]
    if not fits or ends[0] != ends[1] or any(each.shape != first.shape for each in parameters):
        shapes = ", ".join(str(tuple(each.shape)) for each in parameters)
        raise MXNetError(
            f"{owner}: parameters must have one shape, that of sample or of its leading axes; "
            f"received {shapes} for {tuple(sample.shape)}"
        )
    if any(each.dtype is not sample.dtype for each in parameters):
        raise MXNetError(f"{owner}: parameters must have the type of sample; convert with astype(...)")
    spread = (1,) * (sample.dim() - first.dim())
    wide = [each.reshape(*each.shape[:rank], *spread, *each.shape[rank:]) for each in parameters]
    arrays = [each.float() if each.dtype in _HALF else each for each in (sample, *wide)]
    found = logarithm(*arrays)
    return (found if is_log else found.exp()).to(sample.dtype)


def _parameter_shapes(shapes: Sequence[PartialShape], vectors: int) -> Sequence[PartialShape]:
    """Complete the shape of the first parameter from that of the samples, and those of the others from the first's."""
    samples, *parameters = shapes
    if samples is None or None in parameters:
        return shapes
    first, end = parameters[0] or (), samples[len(samples) - vectors :]
    return [samples, *[merge_or_first(first, samples[: len(first) - vectors] + end)] * len(parameters)]


def _declared(name: str, flops: int | Count, vectors: int = 0) -> Callable[..., Any]:
    alias = f"random_pdf_{name}"
    return operator(
        f"_{alias}", aliases=[alias], kind="other", flops=flops, precision="widest",
        infer_inputs=lambda shapes, attributes: _parameter_shapes(shapes, vectors),
        from_partial=with_axes(lambda shapes, attributes: [shapes[0][: len(shapes[0]) - vectors]]),
    )  # fmt: skip


def _samples(*parameters: tuple[float, float], counts: bool = False) -> list[Sample]:
    """Return the calls that are compared: one sample for each parameter, several, and other types."""
    low, high = (0, 5) if counts else (0.2, 2)
    made = []
    for dtype, shape, leading in (("float32", (2, 3), (2,)), ("float64", (2, 3, 4), (2, 3)), ("float32", (3,), (3,))):
        values = Input(shape, dtype, low, high)
        arrays = [Input(leading, dtype, *limits) for limits in parameters]
        made += [one(values, *arrays, rtol=1e-5), one(values, *arrays, is_log=True, rtol=1e-5)]  # as float32 in MXNet
    half = [Input((2,), "float16", *limits) for limits in parameters]
    made.append(one(Input((2, 3), "float16", low, high), *half, rtol=1e-2))
    return made


def _refusals(count: int) -> list[Refused]:
    return [
        refused("must have one shape, that of sample", (2, 3), *[(3,)] * count),
        refused("must have one shape, that of sample", (2,), *[(2, 3)] * count),
        refused("must have the type of sample", (2, 3), *[Input((2,), "float64")] * count),
        refused("floating-point", Input((2, 3), "int32"), *[(2,)] * count),
    ]


@_declared("uniform", flops=3)
def pdf_uniform(sample: Tensor, low: Tensor, high: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of uniform distributions over [low, high).

    Parameters
    ----------
    sample : NDArray
        Any numbers: they have no influence but for their shape.
    low, high : NDArray
        The smallest number, and the end of the range.
    is_log : bool, default False
        Return their logarithms.
    """

    def logarithm(x: Tensor, low: Tensor, high: Tensor) -> Tensor:
        return (-torch.log(high - low)).expand_as(x)

    return _density("_random_pdf_uniform", logarithm, is_log, without_gradient(sample.detach(), sample), low, high)


cases("_random_pdf_uniform", samples=lambda: _samples((-1, 0), (0.5, 2)), refusals=lambda: _refusals(2))


@_declared("normal", flops=8)
def pdf_normal(sample: Tensor, mu: Tensor, sigma: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of normal (Gaussian) distributions.

    Parameters
    ----------
    sample : NDArray
        Numbers: one for each element of the parameters, or an array of the same shape for each.
    mu, sigma : NDArray
        The means and the standard deviations.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, mu: Tensor, sigma: Tensor) -> Tensor:
        return -0.5 * ((x - mu) / sigma) ** 2 - torch.log(sigma) - 0.5 * math.log(2 * math.pi)

    return _density("_random_pdf_normal", logarithm, is_log, sample, mu, sigma)


cases("_random_pdf_normal", samples=lambda: _samples((-1, 1), (0.5, 2)), refusals=lambda: _refusals(2))


@_declared("gamma", flops=8)
def pdf_gamma(sample: Tensor, alpha: Tensor, beta: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of gamma distributions.

    Parameters
    ----------
    sample : NDArray
        Numbers: one for each element of the parameters, or an array of the same shape for each.
    alpha, beta : NDArray
        The shapes and the rates: the means are alpha / beta.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
        return alpha * torch.log(beta) + (alpha - 1) * torch.log(x) - beta * x - torch.lgamma(alpha)

    return _density("_random_pdf_gamma", logarithm, is_log, sample, alpha, beta)


cases("_random_pdf_gamma", samples=lambda: _samples((0.5, 2), (0.5, 2)), refusals=lambda: _refusals(2))


@_declared("exponential", flops=4)
def pdf_exponential(sample: Tensor, lam: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of exponential distributions.

    Parameters
    ----------
    sample : NDArray
        Numbers: one for each element of the parameters, or an array of the same shape for each.
    lam : NDArray
        The rates: 1 over the means.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, lam: Tensor) -> Tensor:
        return torch.log(lam) - lam * x

    return _density("_random_pdf_exponential", logarithm, is_log, sample, lam)


cases("_random_pdf_exponential", samples=lambda: _samples((0.5, 2)), refusals=lambda: _refusals(1))


@_declared("poisson", flops=8)
def pdf_poisson(sample: Tensor, lam: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of Poisson distributions.

    Parameters
    ----------
    sample : NDArray
        Counts, which have no gradient: one for each element of the parameters, or an array of the same shape for each.
    lam : NDArray
        The means.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, lam: Tensor) -> Tensor:
        return x * torch.log(lam) - lam - torch.lgamma(x + 1)

    return _density("_random_pdf_poisson", logarithm, is_log, without_gradient(sample.detach(), sample), lam)


cases("_random_pdf_poisson", samples=lambda: _samples((0.5, 2), counts=True), refusals=lambda: _refusals(1))


def _of_failures(x: Tensor, limit: Tensor, p: Tensor) -> Tensor:
    """Return the logarithm of the probability of `x` failures before as many successes as the limit."""
    ways = torch.lgamma(x + limit) - torch.lgamma(x + 1) - torch.lgamma(limit)
    return ways + limit * torch.log(p) + x * torch.log(1 - p)


@_declared("negative_binomial", flops=12)
def pdf_negative_binomial(sample: Tensor, k: Tensor, p: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of the numbers of failures before the k-th success.

    Parameters
    ----------
    sample : NDArray
        Counts, which have no gradient: one for each element of the parameters, or an array of the same shape for each.
    k, p : NDArray
        The numbers and the probabilities of success.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, k: Tensor, p: Tensor) -> Tensor:
        return _of_failures(x, k, p)

    return _density("_random_pdf_negative_binomial", logarithm, is_log, without_gradient(sample.detach(), sample), k, p)


cases(
    "_random_pdf_negative_binomial",
    samples=lambda: _samples((1, 3), (0.2, 0.8), counts=True),
    refusals=lambda: _refusals(2),
)


@_declared("generalized_negative_binomial", flops=16)
def pdf_generalized_negative_binomial(sample: Tensor, mu: Tensor, alpha: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of negative binomial distributions, given their means.

    Parameters
    ----------
    sample : NDArray
        Counts, which have no gradient: one for each element of the parameters, or an array of the same shape for each.
    mu, alpha : NDArray
        The means, and the dispersions, above 0: the variances are mu + alpha mu^2.
    is_log
        As in `pdf_uniform`.
    """

    def logarithm(x: Tensor, mu: Tensor, alpha: Tensor) -> Tensor:
        return _of_failures(x, 1 / alpha, 1 / (mu * alpha + 1))

    return _density(
        "_random_pdf_generalized_negative_binomial",
        logarithm,
        is_log,
        without_gradient(sample.detach(), sample),
        mu,
        alpha,
    )


cases(
    "_random_pdf_generalized_negative_binomial",
    samples=lambda: _samples((1, 3), (0.2, 0.8), counts=True),
    refusals=lambda: _refusals(2),
)


@_declared("dirichlet", flops=per_input(4), vectors=1)
def pdf_dirichlet(sample: Tensor, alpha: Tensor, *, is_log: bool = False) -> Tensor:
    """Return the densities of Dirichlet distributions.

    Parameters
    ----------
    sample : NDArray
        Rows that sum to 1, along the last axis: one for each row of `alpha`, or an array of them for each.
    alpha : NDArray
        The concentrations, rows of the same length.
    is_log : bool, default False
        Return their logarithms.

    Returns
    -------
    NDArray
        The shape of the samples without the last axis.
    """

    def logarithm(x: Tensor, alpha: Tensor) -> Tensor:
        constant = torch.lgamma(alpha.sum(-1)) - torch.lgamma(alpha).sum(-1)
        return ((alpha - 1) * torch.log(x)).sum(-1) + constant

    found = _density("_random_pdf_dirichlet", logarithm, is_log, sample, alpha, vectors=1)
    return found.reshape(1) if found.dim() == 0 else found


_ROWS = Input((2, 3, 4), "float64", 0.1, 0.5)

cases(
    "_random_pdf_dirichlet",
    samples=lambda: [
        one(Input((2, 3), low=0.1, high=0.5), Input((2, 3), low=0.5)),
        one(Input((2, 4, 3), low=0.1, high=0.5), Input((2, 3), low=0.5), is_log=True),
        one(_ROWS, Input((2, 4), "float64", 0.5), is_log=True, rtol=1e-5),
        one(_ROWS, Input((2, 3, 4), "float64", 0.5), rtol=1e-5),
        one(Input((2,), low=0.1, high=0.5), Input((2,), low=0.5)),
    ],
    refusals=lambda: [
        refused("must have one shape, that of sample", Input((2, 3), low=0.1), Input((2, 2), low=0.5)),
        refused("must have the type of sample", Input((2, 3), low=0.1), Input((2, 3), "float64", 0.5)),
        refused("floating-point", Input((2, 3), "int32"), Input((2, 3), low=0.5)),
    ],
)

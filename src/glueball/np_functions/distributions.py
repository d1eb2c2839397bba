"""Random numbers from continuous distributions; ``mx.random.seed`` seeds them."""

from __future__ import annotations

from typing import Any

from ..ops.declare import registry
from .drawing import documented, draw
from .face import FUNCTIONS, Face, function

_function: Any  # what a loop below documents


@function("np.random.uniform")
def uniform(
    face: Face, low: Any = 0.0, high: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    """Draw numbers from a uniform distribution over [low, high).

    Parameters
    ----------
    low, high : float or ndarray
        The range.
    size : int or tuple of int, optional
        The shape of the result; by default that of the parameters.
    dtype : {'float16', 'float32', 'float64'}, default 'float32'
        The type of the result.
    ctx : Context, optional
        Where, if no parameter is an array; by default the current context.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.random.uniform(mx.np.array([0, 10]), 20, size=(3, 2))
    >>> x.shape, bool((x[:, 1] >= 10).all())
    ((3, 2), True)
    """
    return draw(face, "_npi_uniform", (low, high), size, dtype=dtype, ctx=ctx, out=out)


@function("np.random.normal")
def normal(
    face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return draw(face, "_npi_normal", (loc, scale), size, dtype=dtype, ctx=ctx, out=out)


documented(
    normal, "numbers from a normal (Gaussian) distribution; they have a gradient with respect to its parameters",
    "loc, scale : float or ndarray\n    The mean and the standard deviation.", "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.lognormal")
def lognormal(
    face: Face, mean: Any = 0.0, sigma: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return FUNCTIONS["np.exp"](face, normal(face, mean, sigma, size, dtype, ctx), out=out)


documented(
    lognormal, "numbers whose logarithms have a normal distribution",
    "mean, sigma : float or ndarray\n    The mean and the standard deviation of the logarithms.",
    "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.logistic")
def logistic(face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_logistic", (loc, scale), size, ctx=ctx, out=out)


@function("np.random.gumbel")
def gumbel(face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_gumbel", (loc, scale), size, ctx=ctx, out=out)


for _function, _name in ((logistic, "logistic"), (gumbel, "Gumbel")):
    documented(
        _function, f"numbers from a {_name} distribution", "loc, scale : float or ndarray\n    The location and the "
        "scale.", "size", "ctx", "out",
    )  # fmt: skip


@function("np.random.exponential")
def exponential(face: Face, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_exponential", (scale,), size, ctx=ctx, out=out)


@function("np.random.rayleigh")
def rayleigh(face: Face, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_rayleigh", (scale,), size, ctx=ctx, out=out)


for _function, _name, _meaning in ((exponential, "an exponential", "mean"), (rayleigh, "a Rayleigh", "scale")):
    documented(
        _function, f"numbers from {_name} distribution", f"scale : float or ndarray\n    The {_meaning}.",
        "size", "ctx", "out",
    )  # fmt: skip


@function("np.random.pareto")
def pareto(face: Face, a: Any, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_pareto", (a,), size, ctx=ctx, out=out)


@function("np.random.weibull")
def weibull(face: Face, a: Any, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return draw(face, "_npi_weibull", (a,), size, ctx=ctx, out=out)


@function("np.random.power")
def power(face: Face, a: Any, size: Any = None) -> Any:
    return draw(face, "_npi_powerd", (a,), size)


for _function, _name, _more in (
    (pareto, "a Pareto II (Lomax) distribution, which begins at 0", ("size", "ctx", "out")),
    (weibull, "a Weibull distribution with scale 1", ("size", "ctx", "out")),
    (power, "a power distribution over [0, 1], with density a x^(a-1)", ("size",)),
):
    documented(_function, f"numbers from {_name}", "a : float or ndarray\n    The shape; positive.", *_more)


@function("np.random.gamma")
def gamma(
    face: Face, shape: Any, scale: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return draw(face, "_npi_gamma", (shape, scale), size, dtype=dtype, ctx=ctx, out=out)


documented(
    gamma, "numbers from a gamma distribution, whose mean is shape times scale",
    "shape, scale : float or ndarray\n    The shape and the scale; positive.", "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.beta")
def beta(face: Face, a: Any, b: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
    one, other = [gamma(face, shape, 1, size, "float64", ctx) for shape in (a, b)]
    total = face.call(registry["_npi_add"], (one, other))
    share = face.call(registry["_npi_true_divide"], (one, total))
    return face.call(registry["Cast"], (share,), ("float32" if dtype is None else dtype,))


documented(
    beta, "numbers from a beta distribution", "a, b : float or ndarray\n    The two shapes; positive.",
    "size", "dtype", "ctx",
)  # fmt: skip


@function("np.random.chisquare")
def chisquare(face: Face, df: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
    # MXNet's numbers are a quarter of these: it hands the rate over as the scale.
    half = FUNCTIONS["np.true_divide"](face, df, 2) if face.holds(df) else df / 2
    return gamma(face, half, 2.0, size, dtype, ctx)


documented(
    chisquare, "numbers from a chi-square distribution", "df : float or ndarray\n    The degrees of freedom; positive.",
    "size", "dtype", "ctx",
)  # fmt: skip


@function("np.random.rand")
def rand(face: Face, *size: int, **kwargs: Any) -> Any:
    """Draw numbers from a uniform distribution over [0, 1), with the shape as separate arguments.

    Parameters
    ----------
    *size : int
        The lengths.
    **kwargs
        The arguments ``dtype``, ``ctx`` and ``out`` of `uniform`.
    """
    return uniform(face, 0, 1, size=size, **kwargs)


@function("np.random.randn")
def randn(face: Face, *size: int, **kwargs: Any) -> Any:
    """Draw numbers from the standard normal distribution, with the shape as separate arguments.

    Parameters
    ----------
    *size : int
        The lengths.
    **kwargs
        The arguments ``dtype``, ``ctx`` and ``out`` of `normal`.
    """
    return normal(face, 0, 1, size=size, **kwargs)

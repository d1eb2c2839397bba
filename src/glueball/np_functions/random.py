"""Random numbers. A parameter is a number or an array; arrays broadcast against each other and to the size.

``mx.random.seed`` seeds them. An operator has the attribute None in the place of a parameter that is an array.
"""

from __future__ import annotations

from typing import Any

from ..core.context import current_context
from ..core.errors import InvalidTypeError, InvalidValueError, MXNetError, RefusedError
from ..ops.attrs import Null
from ..ops.declare import registry
from .face import FUNCTIONS, Face, function

_MORE = {
    "size": "size : int or tuple of int, optional\n    The shape of the result; by default that of the parameters.",
    "batch_shape": "batch_shape : int or tuple of int, optional\n    The shape of the draws for each element of the "
    "parameters; its axes come first.",
    "dtype": "dtype : {'float16', 'float32', 'float64'}, default 'float32'\n    The type of the result.",
    "ctx": "ctx : Context, optional\n    Where, if no parameter is an array; by default the current context.",
    "out": "out : ndarray, optional\n    Where to write the result.",
}


_function: Any  # what a loop below documents


def _documented(implementation: Any, summary: str, parameters: str, *more: str) -> None:
    """Give a function its docstring."""
    parts = [f"Draw {summary}.", "", "Parameters", "----------", parameters, *[_MORE[name] for name in more]]
    implementation.__doc__ = "\n".join(parts)


def _draw(
    face: Face, operator: str, parameters: tuple[Any, ...], size: Any, *, dtype: Any = None, ctx: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """Call an operator whose attributes are its parameters, the size and, if it has them, the context and the type."""
    declared = registry[operator]
    numbers = tuple([None if face.holds(value) else value for value in parameters])
    names = [attribute.name for attribute in declared.attributes][len(parameters) :]
    more = {"size": size, "ctx": Null, "dtype": "float32" if dtype is None else dtype}
    inputs = [value for value in parameters if face.holds(value)]
    return face.create(declared, (*numbers, *[more[name] for name in names]), ctx, out, inputs)


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
    return _draw(face, "_npi_uniform", (low, high), size, dtype=dtype, ctx=ctx, out=out)


@function("np.random.normal")
def normal(
    face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return _draw(face, "_npi_normal", (loc, scale), size, dtype=dtype, ctx=ctx, out=out)


_documented(
    normal, "numbers from a normal (Gaussian) distribution; they have a gradient with respect to its parameters",
    "loc, scale : float or ndarray\n    The mean and the standard deviation.", "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.lognormal")
def lognormal(
    face: Face, mean: Any = 0.0, sigma: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return FUNCTIONS["np.exp"](face, normal(face, mean, sigma, size, dtype, ctx), out=out)


_documented(
    lognormal, "numbers whose logarithms have a normal distribution",
    "mean, sigma : float or ndarray\n    The mean and the standard deviation of the logarithms.",
    "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.logistic")
def logistic(face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_logistic", (loc, scale), size, ctx=ctx, out=out)


@function("np.random.gumbel")
def gumbel(face: Face, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_gumbel", (loc, scale), size, ctx=ctx, out=out)


for _function, _name in ((logistic, "logistic"), (gumbel, "Gumbel")):
    _documented(
        _function, f"numbers from a {_name} distribution", "loc, scale : float or ndarray\n    The location and the "
        "scale.", "size", "ctx", "out",
    )  # fmt: skip


@function("np.random.exponential")
def exponential(face: Face, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_exponential", (scale,), size, ctx=ctx, out=out)


@function("np.random.rayleigh")
def rayleigh(face: Face, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_rayleigh", (scale,), size, ctx=ctx, out=out)


for _function, _name, _meaning in ((exponential, "an exponential", "mean"), (rayleigh, "a Rayleigh", "scale")):
    _documented(
        _function, f"numbers from {_name} distribution", f"scale : float or ndarray\n    The {_meaning}.",
        "size", "ctx", "out",
    )  # fmt: skip


@function("np.random.pareto")
def pareto(face: Face, a: Any, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_pareto", (a,), size, ctx=ctx, out=out)


@function("np.random.weibull")
def weibull(face: Face, a: Any, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
    return _draw(face, "_npi_weibull", (a,), size, ctx=ctx, out=out)


@function("np.random.power")
def power(face: Face, a: Any, size: Any = None) -> Any:
    return _draw(face, "_npi_powerd", (a,), size)


for _function, _name, _more in (
    (pareto, "a Pareto II (Lomax) distribution, which begins at 0", ("size", "ctx", "out")),
    (weibull, "a Weibull distribution with scale 1", ("size", "ctx", "out")),
    (power, "a power distribution over [0, 1], with density a x^(a-1)", ("size",)),
):
    _documented(_function, f"numbers from {_name}", "a : float or ndarray\n    The shape; positive.", *_more)


@function("np.random.gamma")
def gamma(
    face: Face, shape: Any, scale: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    return _draw(face, "_npi_gamma", (shape, scale), size, dtype=dtype, ctx=ctx, out=out)


_documented(
    gamma, "numbers from a gamma distribution, whose mean is shape times scale",
    "shape, scale : float or ndarray\n    The shape and the scale; positive.", "size", "dtype", "ctx", "out",
)  # fmt: skip


@function("np.random.beta")
def beta(face: Face, a: Any, b: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
    one, other = [gamma(face, shape, 1, size, "float64", ctx) for shape in (a, b)]
    total = face.call(registry["_npi_add"], (one, other))
    share = face.call(registry["_npi_true_divide"], (one, total))
    return face.call(registry["Cast"], (share,), ("float32" if dtype is None else dtype,))


_documented(
    beta, "numbers from a beta distribution", "a, b : float or ndarray\n    The two shapes; positive.",
    "size", "dtype", "ctx",
)  # fmt: skip


@function("np.random.chisquare")
def chisquare(face: Face, df: Any, size: Any = None, dtype: Any = None, ctx: Any = None) -> Any:
    # MXNet's numbers are a quarter of these: it hands the rate over as the scale.
    half = FUNCTIONS["np.true_divide"](face, df, 2) if face.holds(df) else df / 2
    return gamma(face, half, 2.0, size, dtype, ctx)


_documented(
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


@function("np.random.randint")
def randint(
    face: Face, low: Any, high: Any = None, size: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    """Draw integers, each equally likely.

    Parameters
    ----------
    low, high : int
        The smallest number, and the end of the range, which is excluded. Without `high` the range is [0, low).
    size : int or tuple of int, optional
        The shape of the result, by default ``()``.
    dtype : {'int', 'int32', 'int64'}, default 'int'
        The type of the result; int is int64.
    ctx : Context, optional
        Where; by default the current context.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.random.randint(3, size=(100,))
    >>> sorted({int(number) for number in x})
    [0, 1, 2]
    """
    if high is None:
        low, high = 0, low
    kind = "int64" if dtype is None or dtype in ("int", int) else dtype
    return face.create(registry["_random_randint"], (low, high, () if size is None else size, Null, kind), ctx, out)


@function("np.random.choice")
def choice(
    face: Face, a: Any, size: Any = None, replace: bool = True, p: Any = None, ctx: Any = None, out: Any = None
) -> Any:
    """Draw elements of an array, or numbers below a bound.

    Parameters
    ----------
    a : ndarray or int
        The array, whose first axis is chosen from, or the number of integers.
    size : int or tuple of int, optional
        The shape of the choices; by default one.
    replace : bool, default True
        Whether an element may come more than once.
    p : ndarray, optional
        The probability of each element; by default all are equal.
    ctx : Context, optional
        Where, if neither is an array; by default the current context.
    out : ndarray, optional
        Where to write the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.random.choice(mx.np.array([5, 6, 7]), size=2, p=mx.np.array([0, 1, 0]))
    array([6., 6.])
    """
    if p is not None and not face.holds(p):
        raise RefusedError(
            f"np.random.choice: p must be an array of mx.np; received {type(p).__name__}; "
            "convert it with mx.np.array(...)"
        )
    operator, weights = registry["_npi_choice"], [] if p is None else [p]
    if not face.holds(a):
        values = (a, size, Null, replace, bool(weights))
        return face.create(operator, values, ctx, out, weights)
    chosen = face.call(operator, (a, *weights), (None, size, "None", replace, bool(weights)))
    return face.call(registry["take"], (a, chosen), (Null, Null), out)


@function("np.random.multinomial")
def multinomial(face: Face, n: int, pvals: Any, size: Any = None, **kwargs: Any) -> Any:
    """Count how often each result comes in a number of trials.

    Parameters
    ----------
    n : int
        The number of trials.
    pvals : sequence of float or ndarray
        The probabilities of the results. The last one counts as what is missing to 1.
    size : int or tuple of int, optional
        How often to count; these axes come first.
    **kwargs
        Nothing.

    Examples
    --------
    >>> import glueball as mx
    >>> counts = mx.np.random.multinomial(10, [0.5, 0.25, 0.25], size=(4,))
    >>> counts.shape, int(counts.sum())
    ((4, 3), 40)
    """
    if kwargs:
        raise InvalidTypeError(f"np.random.multinomial: it has no argument {next(iter(kwargs))!r}")
    if face.holds(pvals):
        return face.call(registry["_npi_multinomial"], (pvals,), (n, None, size))
    if hasattr(pvals, "dtype"):
        raise InvalidValueError(
            f"np.random.multinomial: pvals must be a sequence of numbers or an array of mx.np; "
            f"received {type(pvals).__name__}; convert it with mx.np.array(...)"
        )
    return face.create(registry["_npi_multinomial"], (n, tuple(pvals), size), current_context())


@function("np.random.shuffle")
def shuffle(face: Face, x: Any) -> None:
    """Shuffle an array in place, along its first axis.

    Parameters
    ----------
    x : ndarray
        The array.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.np.arange(4)
    >>> mx.np.random.shuffle(x)
    >>> sorted(x.tolist())
    [0.0, 1.0, 2.0, 3.0]
    """
    if face.holds(x) and not hasattr(x, "asnumpy"):
        raise MXNetError("np.random.shuffle: x must be an array; received a symbol; a graph does not write to arrays")
    face.call(registry["_shuffle"], (x,), (), x)


@function("npx.random.bernoulli")
def bernoulli(
    face: Face, prob: Any = None, logit: Any = None, size: Any = None, dtype: Any = None, ctx: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """Draw 1 with a probability, and otherwise 0.

    Parameters
    ----------
    prob : float or ndarray, optional
        The probability.
    logit : float or ndarray, optional
        Instead of it, its log-odds, log(p / (1 - p)).
    size : int or tuple of int, optional
        The shape of the result; by default that of the parameter.
    dtype : {'bool', 'float16', 'float32', 'float64', 'int32', 'uint8'}, default 'float32'
        The type of the result.
    ctx : Context, optional
        Where, if the parameter is not an array; by default the current context.
    out : ndarray, optional
        Where to write the result.

    Raises
    ------
    ValueError
        Both are given, or none.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.npx.random.bernoulli(mx.np.array([0, 1]))
    array([0., 1.])
    """
    if (prob is None) == (logit is None):
        raise InvalidValueError(
            f"npx.random.bernoulli: either prob or logit must be given; received prob={prob} and logit={logit}"
        )
    value, is_logit = (prob, False) if logit is None else (logit, True)
    number = None if face.holds(value) else value
    values = (None, number) if is_logit else (number, None)
    kind = "float32" if dtype is None else dtype
    inputs = [value] if number is None else []
    return face.create(registry["_npi_bernoulli"], (*values, size, Null, kind, is_logit), ctx, out, inputs)


@function("npx.random.uniform_n")
def uniform_n(
    face: Face, low: Any = 0.0, high: Any = 1.0, batch_shape: Any = None, dtype: Any = None, ctx: Any = None
) -> Any:
    return _draw(face, "_npi_uniform_n", (low, high), batch_shape, dtype=dtype, ctx=ctx)


@function("npx.random.normal_n")
def normal_n(
    face: Face, loc: Any = 0.0, scale: Any = 1.0, batch_shape: Any = None, dtype: Any = None, ctx: Any = None
) -> Any:
    return _draw(face, "_npi_normal_n", (loc, scale), batch_shape, dtype=dtype, ctx=ctx)


_documented(
    uniform_n, "numbers from a uniform distribution over [low, high)", "low, high : float or ndarray\n    The range.",
    "batch_shape", "dtype", "ctx",
)  # fmt: skip
_documented(
    normal_n, "numbers from a normal (Gaussian) distribution", "loc, scale : float or ndarray\n    The mean and the "
    "standard deviation.", "batch_shape", "dtype", "ctx",
)  # fmt: skip


@function("np.random.multivariate_normal")
def multivariate_normal(
    face: Face, mean: Any, cov: Any, size: Any = None, check_valid: Any = None, tol: Any = None
) -> Any:
    """Draw vectors from a normal (Gaussian) distribution.

    Parameters
    ----------
    mean : ndarray
        (..., n), the means.
    cov : ndarray
        (..., n, n), the covariances, positive definite; these axes broadcast against those of `mean`.
    size : int or tuple of int, optional
        How many vectors for each mean; these axes come first.
    check_valid : {'warn', 'raise', 'ignore'}, optional
        Without effect: covariances are always checked, and only their lower triangles are read.
    tol : float, optional
        Without effect, too.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.random.multivariate_normal(mx.np.zeros((2,)), mx.np.eye(2), size=(3, 4)).shape
    (3, 4, 2)
    """
    if check_valid not in (None, "warn", "raise", "ignore"):
        raise InvalidValueError(
            f"np.random.multivariate_normal: check_valid must be 'warn', 'raise' or 'ignore'; received {check_valid!r}"
        )
    add, expand = registry["_npi_add"], registry["expand_dims"]
    root = FUNCTIONS["np.linalg.cholesky"](face, cov)
    # Zeros of the shape of a vector for each mean and covariance, whose shapes a graph does not know.
    zeros = FUNCTIONS["np.multiply"](face, face.call(add, (mean, FUNCTIONS["np.sum"](face, cov, axis=-1))), 0)
    standard = face.call(add, (zeros, normal_n(face, zeros, 1, size)))  # of the type of the parameters
    spread = FUNCTIONS["np.matmul"](face, root, face.call(expand, (standard,), (-1,)))
    return face.call(add, (mean, FUNCTIONS["np.sum"](face, spread, axis=-1)))

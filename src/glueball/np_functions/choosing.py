"""Random integers, choices, counts and orders; ``mx.random.seed`` seeds them."""

from __future__ import annotations

from typing import Any

from ..core.context import current_context
from ..core.errors import InvalidTypeError, InvalidValueError, MXNetError, RefusedError
from ..ops.attrs import Null
from ..ops.declare import registry
from .drawing import check_size
from .face import Face, function


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
    check_size("np.random.choice", size)
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

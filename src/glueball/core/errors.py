"""The exception classes that users of MXNet already catch."""

from __future__ import annotations


class MXNetError(RuntimeError):
    """The class of every error that Glueball raises on its own account.

    It derives from ``RuntimeError``, as MXNet's does, so that existing ``except`` clauses keep working. Where MXNet
    raises a built-in class (``IndexError``, ``ValueError``, ``TypeError``), Glueball raises that class too.

    Examples
    --------
    >>> import glueball as mx
    >>> try:
    ...     mx.nd.Activation(mx.nd.ones((2,)), act_type="cubic")
    ... except mx.MXNetError as error:
    ...     print(str(error).splitlines()[0][:42])
    Activation: act_type must be one of 'relu'
    """

    __module__ = "glueball.base"  # where MXNet has it: what a traceback shows


class UnknownTypeError(MXNetError, TypeError, KeyError):
    """A type is none of MXNet's.

    MXNet raises TypeError for a name that NumPy does not know and KeyError for other types of NumPy; an ``except`` for
    either catches this one.
    """

    __str__ = Exception.__str__  # KeyError's would put the message in quotes


class NotImplementedForSymbol(MXNetError):
    """Something that needs values is asked of a graph, which has none yet."""


#: What torch, or Python's arithmetic, raises where an operator refuses its inputs; an MXNetError then says why. Others,
#: such as a failed allocation or what a signal handler raises, are not about the inputs and pass as they are.
OPERATOR_FAILURES = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


def nearest(name: str, known: list[str] | tuple[str, ...]) -> str:
    """Say ``"; did you mean 'x'?"`` when a known name is close to `name`, else nothing."""
    import difflib  # only on the way to an error

    close = difflib.get_close_matches(name, known, n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""

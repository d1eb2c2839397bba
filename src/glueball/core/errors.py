"""The exception classes that users of MXNet already catch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


class MXNetError(RuntimeError):
    """The base class of the errors that Glueball raises.

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

    #: What failed, where no rule says yet which argument is to blame; see `doors`.
    _glueball_reason = ""


class InvalidValueError(MXNetError, ValueError):
    """MXNet raises ValueError here, or MXNetError, depending on the circumstances; an ``except`` for either works."""


class InvalidTypeError(MXNetError, TypeError):
    """MXNet raises TypeError here; an ``except`` for MXNetError works too."""


class MissingNameError(MXNetError, KeyError):
    """MXNet raises KeyError here; an ``except`` for MXNetError works too."""

    __str__ = Exception.__str__  # KeyError's would put the message in quotes


class UnfitArgumentError(MXNetError, TypeError, ValueError):
    """An argument cannot be used; MXNet raises TypeError or ValueError, or takes it and computes nothing of use."""


class RefusedError(MXNetError, AssertionError):
    """An argument is refused where MXNet asserts, so that an ``except`` for AssertionError catches this one."""


class UnknownTypeError(MXNetError, TypeError, KeyError):
    """A type is not one of MXNet's.

    MXNet raises TypeError for a name that NumPy does not know and KeyError for NumPy's other types; an ``except`` for
    either catches this one.
    """

    __str__ = Exception.__str__  # KeyError's would put the message in quotes


class NotImplementedForSymbol(MXNetError):
    """An operation needs values, which a graph does not have yet."""


class NotSupportedForSparseNDArray(MXNetError):
    """A function that sparse arrays do not have.

    Parameters
    ----------
    function : callable
        The function.
    alias : str or None
        The name that it is known by.
    *args
        What it was called with, whose types the message names.
    """

    __module__ = "glueball.base"

    def __init__(self, function: Callable[..., object], alias: str | None, *args: object) -> None:
        called = f"{function.__name__} ({alias})" if alias else function.__name__
        types = ", ".join(type(arg).__name__ for arg in args)
        super().__init__(f"{called}: sparse arrays must be converted with tostype('default'); received {types}")


class OutOfRangeError(MXNetError, IndexError):
    """A position is outside of a sequence."""


class MissingAttributeError(MXNetError, AttributeError):
    """An object lacks what is asked of it."""


class TooLargeError(MXNetError, OverflowError):
    """A number is too large."""


class DivisionByZeroError(MXNetError, ZeroDivisionError):
    """A divisor is zero."""


class MissingMethodError(MXNetError, NotImplementedError):
    """A subclass must define what was called."""


class FileError(MXNetError, OSError):
    """A file cannot be read or written; MXNet raises an OSError or an MXNetError, depending on the function."""


class MissingFileError(FileError, FileNotFoundError):
    """There is no file or folder where MXNet raises FileNotFoundError."""


class NoRoomError(MXNetError, MemoryError):
    """There is no room for a value."""


class OtherProcessError(MXNetError):
    """Another process is gone or late, or does something else: what has failed must not be tried again alone."""


class AxisError(OutOfRangeError, ValueError):
    """An axis is outside of an array, where MXNet leaves the function to NumPy: its error is of both classes, too."""


class LinearAlgebraError(MXNetError, np.linalg.LinAlgError):
    """A matrix does not suit a function that MXNet leaves to NumPy."""


_BOTH = (
    LinearAlgebraError, InvalidTypeError, OutOfRangeError, MissingNameError, MissingAttributeError, RefusedError,
    TooLargeError, DivisionByZeroError, MissingMethodError, NoRoomError, InvalidValueError,
)  # fmt: skip


def file_error(text: str, error: OSError) -> FileError:
    """Return an MXNetError with this text that an ``except`` for OSError or FileNotFoundError catches too."""
    return MissingFileError(text) if isinstance(error, FileNotFoundError) else FileError(text)


def with_class_of(error: Exception, text: str) -> MXNetError:
    """Return an MXNetError with this text that an ``except`` for the class of `error` catches too."""
    if isinstance(error, IndexError) and isinstance(error, ValueError):
        return AxisError(text)
    both = next((kind for kind in _BOTH if isinstance(error, kind.__bases__[1])), MXNetError)
    return both(text)


#: What torch, or Python's arithmetic, raises when it cannot compute an operator from its inputs; an MXNetError then
#: says why. Other exceptions, such as a failed allocation or one from a signal handler, propagate unchanged.
OPERATOR_FAILURES = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


#: What can fail in a public function: besides the above, conditions that MXNet asserts, and room that is not there.
FAILURES = (*OPERATOR_FAILURES, AssertionError, MemoryError)


def nearest(name: str, known: list[str] | tuple[str, ...]) -> str:
    """Return ``"; did you mean 'x'?"`` if a known name is close to `name`, else ``""``."""
    import difflib  # needed only for an error message

    close = difflib.get_close_matches(name, known, n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else ""

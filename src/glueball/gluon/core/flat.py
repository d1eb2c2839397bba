"""MXNet's flat form of nested inputs: a list of arrays, and numbers that say how they were nested.

Programs outside use it, for blocks of their own. Blocks here use `nested`, which also knows tuples from lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.context import Context
from ...ndarray import NDArray
from ...symbol import Symbol
from .nested import MixedInputError, find_arrays, find_symbols

_MISSING = -1


def _flatten(args: Any, inout_str: str) -> tuple[list[Any], Any]:
    """Return the arrays or symbols of a nest in order, and its form.

    Parameters
    ----------
    args : NDArray, Symbol, None, or a list or tuple of these
        The nest.
    inout_str : str
        What it is, for the message: ``'input'``.

    Returns
    -------
    list, form
        The form is 0 for an array, -1 for None, the number of outputs for a symbol of several, and a list of forms for
        a list or tuple. None has a place in the list.

    Raises
    ------
    ValueError
        It contains anything else.
    """
    if isinstance(args, NDArray):
        return [args], 0
    if isinstance(args, Symbol):
        return [args], len(args.list_outputs()) if len(args.list_outputs()) > 1 else 0
    if args is None:
        return [None], _MISSING
    if not isinstance(args, list | tuple):
        raise MixedInputError(
            f"HybridBlock: the {inout_str} must be NDArrays or Symbols, in lists and tuples, or None; "
            f"received {args!r} of type {type(args).__name__}"
        )
    flat, form = [], []
    for arg in args:
        leaves, inner = _flatten(arg, inout_str)
        flat.extend(leaves)
        form.append(inner)
    return flat, form


def _regroup(args: Any, fmt: Any) -> Any:
    """Put arrays into the form that `_flatten` returned; a tuple comes back as a list.

    Parameters
    ----------
    args : list
        The arrays.
    fmt : int or list
        The form.

    Raises
    ------
    ValueError
        `args` is not a list or tuple.
    IndexError
        There are fewer arrays than places.
    """
    if not isinstance(args, list | tuple):
        raise MixedInputError(f"_regroup: args must be a list of NDArrays or Symbols; received {args!r}")
    return _take(list(args), fmt)


def _take(left: list[Any], form: Any) -> Any:
    """Take what a form needs off the front of the arrays that are left."""
    if not isinstance(form, int):
        return [_take(left, inner) for inner in form]
    if form > 0:  # a symbol of that many outputs, or as many symbols
        taken = left[:form]
        del left[:form]
        return taken
    if not left:
        raise IndexError(f"_regroup: args must have an array for each place of the form; there is none left for {form}")
    return left.pop(0)


def _gather_type_ctx_info(args: Any) -> tuple[bool, bool, set[Context], Context | None]:
    """Return whether a nest has symbols, whether it has arrays, their contexts, and that of the first."""
    arrays = find_arrays([args])
    return (
        bool(find_symbols([args])),
        bool(arrays),
        {each.context for each in arrays},
        next((each.context for each in arrays), None),
    )


def _common_prefix(names: Sequence[str]) -> str:
    """Return what all names begin with; '' if there are none."""
    if not names:
        return ""
    first, last = min(names), max(names)
    length = next((at for at, letter in enumerate(first) if last[at : at + 1] != letter), len(first))
    return first[:length]

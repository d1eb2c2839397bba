"""Attribute types: a Python annotation decides how a value or its text in a graph file is read, checked and written.

An operator's attributes arrive as Python values (``kernel=(3, 3)``) or as the text of a graph file (``"(3, 3)"``,
``"[3,3]"``, ``"True"``, ``"None"``). Either way they are parsed once into plain, hashable values; nothing is ever
evaluated as code.
"""

from __future__ import annotations

import math
import numbers
import re
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

import numpy as np
import torch

from ..core import dtype as dtypes
from ..core.errors import MXNetError, UnknownTypeError, nearest
from ..core.integers import is_int

Shape = tuple[int, ...]
Indices = tuple[int | None, ...]  # the begin, end and step of slices: None means "from the edge"
Shapes = tuple[int | tuple[int, ...], ...]  # a tuple of ints for each axis, or ints


class _Null:
    """The default of every attribute of an nd function: "not given"."""

    def __repr__(self) -> str:
        return "_Null"

    def __bool__(self) -> bool:
        return False


Null = _Null()


def as_type(dtype: Any) -> Any:
    """Return a type as an operator's function passes it on: to NumPy, and so to MXNet, None is a word for float64."""
    return "float64" if dtype is None else dtype


@dataclass(frozen=True)
class AtLeast:
    """A lower bound on an int or float attribute, written ``Annotated[int, AtLeast(1)]``."""

    minimum: float


NonNegative = Annotated[int, AtLeast(0)]
Positive = Annotated[int, AtLeast(1)]


@dataclass(frozen=True)
class AttributeType:
    """How one attribute is read from a Python value or from text.

    Attributes
    ----------
    rule : str
        What the value must be, in words that complete "kernel must be ...".
    read : callable
        Value or text to the parsed, hashable value; raises ValueError or TypeError when it does not fit.
    is_dtype : bool
        It is a type, which may be given in any form that `glueball.core.dtype` knows, and is written with MXNet's name.
    """

    rule: str
    read: Callable[[Any], Any]
    is_dtype: bool = False

    def parse(self, value: Any, owner: str, name: str) -> Any:
        """Parse a value; an MXNetError names the owner, the rule and what was received."""
        try:
            return self.read(value)
        except MXNetError:
            raise
        except (ValueError, TypeError, OverflowError):
            error = UnknownTypeError if self.is_dtype and not _is_type(value) else MXNetError
            received = repr(value)
            if len(received) > _LONGEST_SHOWN:
                raise error(f"{owner}: {name} must be {self.rule}; received {received[:_LONGEST_SHOWN]}...") from None
            hint = nearest(value, tuple(re.findall(r"'([^']+)'", self.rule))) if isinstance(value, str) else ""
            raise error(f"{owner}: {name} must be {self.rule}; received {received}{hint}") from None


def _is_type(value: Any) -> bool:
    """Whether a value names one of MXNet's types, if not one that the attribute may have."""
    try:
        dtypes.to_torch(value, "dtype")
    except UnknownTypeError:
        return False
    return True


def as_number(value: Any) -> Any:
    """Return the number that an array without axes holds, since MXNet reads its text; any other value as it is."""
    if isinstance(value, np.generic) or getattr(value, "shape", None) != ():
        return value
    return value.item() if hasattr(value, "item") else value


def to_text(value: Any) -> str:
    """Write a parsed value the way MXNet writes it into a graph file."""
    if isinstance(value, torch.dtype):
        return dtypes.TORCH_TO_NAME[value]
    if isinstance(value, tuple) and len(value) == 1:
        return f"({value[0]},)"
    return str(value)


_LONGEST_SHOWN = 200  # characters of a wrong value in a message
_INT_TEXT = re.compile(r"\s*([+-]?[0-9]+)L?\s*")  # files that Python 2 wrote have 3L
_INT64 = range(-(2**63), 2**63)


def _read_int(value: Any) -> int:
    if isinstance(value, str):
        match = _INT_TEXT.fullmatch(value)
        number = int(match[1]) if match else _reject(value)
    elif isinstance(value, float | np.floating):
        number = int(value) if value == int(value) else _reject(value)
    else:
        number = value.__index__() if is_int(value) else _reject(value)
    return number if number in _INT64 else _reject(value)


def _reject(value: Any) -> typing.NoReturn:
    raise TypeError(value)


# 1e-5f, as in C++. Digits can be split in one way only, so that many of them take no more than linear time.
_C_FLOAT = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fF]\s*")


def _read_float(value: Any) -> float:
    if isinstance(value, str):
        if "_" in value:
            return _reject(value)  # Python's 1_000, which no file contains
        match = _C_FLOAT.fullmatch(value)
        value = match[1] if match else value
    if isinstance(value, str | numbers.Real | np.number | np.bool_):
        return float(value)
    return _reject(value)


_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def _read_bool(value: Any) -> bool:
    if isinstance(value, str):
        text = value.lower()
        return _BOOLS[text] if text in _BOOLS else _reject(value)
    if isinstance(value, bool | np.bool_ | int | np.integer) and value in (0, 1):
        return bool(value)
    return _reject(value)


_TUPLE_TEXT = re.compile(r"\s*(?:\(([^()\[\]]*)\)|\[([^()\[\]]*)\])\s*")


def _items(value: Any) -> Sequence[Any]:
    """Return the elements of a tuple in any form: a sequence, an array, a bare number, or text with brackets."""
    if isinstance(value, str):
        match = _TUPLE_TEXT.fullmatch(value)
        if match is None:
            return [value]  # a single number stands for itself
        body = match[1] or match[2] or ""
        parts = body.split(",")
        return [part.strip() for part in (parts if parts[-1].strip() else parts[:-1])]
    if isinstance(value, Sequence | np.ndarray | torch.Size):
        return list(value)
    return [value]


def _read_shape(value: Any) -> Shape:
    return tuple([_read_int(item) for item in _items(value)])


def _read_indices(value: Any) -> Indices:
    return tuple([None if item is None or item == "None" else _read_int(item) for item in _items(value)])


_INNER_TUPLE = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_OUTER_TUPLE = re.compile(r"\s*(?:\((.*)\)|\[(.*)\])\s*", re.DOTALL)


def _read_shapes(value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        outer = _OUTER_TUPLE.fullmatch(value)
        inside = (outer[1] or outer[2] or "") if outer else ""
        found = _INNER_TUPLE.findall(inside)
        if not found:
            return _read_shape(value)
        if _INNER_TUPLE.sub("", inside).strip(", "):
            return _reject(value)
        return tuple([_read_shape(f"({each})") for each in found])
    return tuple([_read_int(each) if is_int(each) else _read_shape(each) for each in _items(value)])


def _read_floats(value: Any) -> tuple[float, ...]:
    return tuple([_read_float(item) for item in _items(value)])


def _read_str(value: Any) -> str:
    return value if isinstance(value, str) else _reject(value)


def _read_dtype(value: Any) -> torch.dtype:
    return dtypes.to_torch(value, "dtype")


_SIMPLE: dict[Any, AttributeType] = {
    int: AttributeType("an int", _read_int),
    float: AttributeType("a number", _read_float),
    bool: AttributeType("True or False", _read_bool),
    str: AttributeType("a str", _read_str),
    Shape: AttributeType("an int or a tuple of ints", _read_shape),
    Indices: AttributeType("a tuple of ints and None", _read_indices),
    Shapes: AttributeType("a tuple of tuples of ints", _read_shapes),
    tuple[float, ...]: AttributeType("a number or a tuple of numbers", _read_floats),
    torch.dtype: AttributeType(f"one of {', '.join(dtypes.NAMES)}", _read_dtype, is_dtype=True),
}


def type_of(annotation: Any) -> AttributeType:
    """Return the type of an attribute that has this annotation.

    Supported are int, float, bool, str, Shape, Indices, Shapes, ``tuple[float, ...]``, torch.dtype, ``Literal[...]``,
    ``Annotated[int, AtLeast(n)]`` and any of these ``| None``.
    """
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        if len(inner) == 1 and len(arguments) == 2:
            return _optional(type_of(inner[0]))
    if origin is Literal:
        return _one_of(arguments)
    if origin is Annotated:
        return _bounded(type_of(arguments[0]), arguments[1].minimum)
    raise TypeError(f"an operator attribute cannot be annotated {annotation!r}")


def _optional(inner: AttributeType) -> AttributeType:
    def read(value: Any) -> Any:
        return None if value is None or (isinstance(value, str) and value == "None") else inner.read(value)

    return AttributeType(f"{inner.rule}, or None", read, inner.is_dtype)


def _one_of(choices: tuple[str, ...]) -> AttributeType:
    is_dtype = set(choices) <= set(dtypes.NAMES)

    def read(value: Any) -> Any:
        if is_dtype:
            try:
                value = dtypes.name_of(value)
            except UnknownTypeError:
                return _reject(value)
        return value if isinstance(value, str) and value in choices else _reject(value)

    return AttributeType(f"one of {', '.join(map(repr, choices))}", read, is_dtype)


def _bounded(inner: AttributeType, minimum: float) -> AttributeType:
    def read(value: Any) -> Any:
        parsed = inner.read(value)
        if parsed < minimum or (isinstance(parsed, float) and math.isnan(parsed)):
            raise ValueError
        return parsed

    return AttributeType(f"{inner.rule} of at least {minimum}", read)

"""What is known of the values of a graph: a symbol, or numbers that follow from constants."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ....core.errors import MXNetError
from ....symbol import Symbol, var

#: Stands in arrays of lengths for the length that varies along axis n: UNKNOWN - n.
UNKNOWN = -(2**40)


#: Numbers of an array that is made while a file is read: a short file must not ask for all memory.
MOST = 2**26


class CannotImport(MXNetError):
    """An operator of a file, with these attributes and inputs, has no counterpart."""


def is_unknown(array: np.ndarray) -> bool:
    """Whether some of an array's numbers are lengths that vary."""
    return array.dtype == np.int64 and bool((array <= UNKNOWN + 64).any())


class Values:
    """The values of a graph by name.

    Parameters
    ----------
    constants : mapping of str to numpy.ndarray
        The parameters of the file.
    shapes : mapping of str to tuple of int
        The shapes that are known, 0 for a length that varies.
    types : mapping of str to str
        The types that are known.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        The arrays that became variables.
    states : set of str
        Which of them are auxiliary states.
    """

    def __init__(
        self, constants: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]], types: Mapping[str, str]
    ) -> None:
        self._known: dict[str, np.ndarray] = dict(constants)
        self._symbols: dict[str, Symbol] = {}
        self.shapes = {**shapes, **{name: array.shape for name, array in constants.items()}}
        self.types = {**types, **{name: array.dtype.name for name, array in constants.items()}}
        self.parameters: dict[str, np.ndarray] = {}
        self.states: set[str] = set()
        self._asked: set[str] = set()  # values whose shapes MXNet's operators were asked for
        self._variables: dict[str, Symbol] = {}

    def inner(self) -> Values:
        """Return what a graph that a node runs sees: all of this, and names of its own; the parameters are shared."""
        made = Values({}, {}, {})
        made._known, made._symbols = dict(self._known), dict(self._symbols)
        made.shapes, made.types, made._asked = dict(self.shapes), dict(self.types), set(self._asked)
        made.parameters, made.states, made._variables = self.parameters, self.states, self._variables
        return made

    def set(self, name: str, value: Symbol | np.ndarray) -> None:
        """Give a name to a value."""
        if isinstance(value, Symbol):
            self._symbols[name] = value
        else:
            self._known[name] = value
            self.shapes[name], self.types[name] = value.shape, value.dtype.name

    def alias(self, name: str, other: str) -> None:
        """Give a name to the value of another name."""
        self.set(name, self._symbols[other] if other in self._symbols else self._known[other])

    def is_computed(self, name: str) -> bool:
        """Whether a value is a symbol, and not known from constants."""
        return name in self._symbols and name not in self._known

    def constant(self, name: str) -> np.ndarray | None:
        """Return the numbers of a value that follows from constants."""
        return self._known.get(name)

    def symbol(self, name: str) -> Symbol:
        """Return a value as a symbol: numbers become a variable with a parameter of this name."""
        if name in self._variables and name not in self._symbols:
            return self._variables[name]
        if name not in self._symbols:
            array = self._known[name]
            if is_unknown(array):
                raise CannotImport(f"the lengths of {name!r} must not vary")
            self.parameters[name] = array
            self._symbols[name] = self._variables[name] = var(name, shape=array.shape if array.shape else (1,))
        return self._symbols[name]

    def shape(self, name: str) -> tuple[int, ...] | None:
        """Return the shape of a value; where ONNX infers less, as MXNet's operators have it."""
        found = self.shapes.get(name)
        if (found is None or 0 in found) and name in self._symbols and name not in self._asked:
            self._asked.add(name)
            symbol = self._symbols[name]
            known = {each: self.shapes[each] for each in symbol.list_inputs() if 0 not in self.shapes.get(each, (0,))}
            _, shapes, _ = symbol.infer_shape_partial(**known)
            if shapes and shapes[0] and min(shapes[0]) > 0:  # an unknown length is 0, or -1 while mx.np is on
                found = self.shapes[name] = shapes[0]
        return found

    def new_parameter(self, name: str, array: np.ndarray) -> Symbol:
        """Return a new variable for numbers that are in no value of the file."""
        unique = name
        while unique in self.parameters or unique in self._symbols or unique in self._known:
            unique += "_"
        self.parameters[unique], self.shapes[unique] = array, array.shape
        self._symbols[unique] = var(unique, shape=array.shape if array.shape else (1,))
        return self._symbols[unique]

    def state(self, name: str) -> None:
        """Make an auxiliary state of the parameter of a name."""
        self.states.add(name)

"""Names in generated code: whatever a network calls its layers, what comes out is a name of Python."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from torch import nn

_SHORT = ("x", "y", "z", "w", "v", "u", "t", "s")

#: What generated code uses itself.
_TAKEN = frozenset({"F", "Path", "Tensor", "load", "nn", "self", "torch"})


class Names:
    """Gives each thing a name that nothing else has.

    Parameters
    ----------
    taken : iterable of str, optional
        Names that nothing may get.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*_TAKEN, *taken}

    def give(self, wanted: str) -> str:
        """Return a name like the one that is wanted."""
        name = re.sub(r"[^0-9A-Za-z_]", "_", wanted) or "layer"
        if name[0].isdigit() or name.startswith("__"):
            name = f"layer_{name.lstrip('_')}"
        if keyword.iskeyword(name):
            name += "_"
        found, number = name, 2
        while found in self._taken:
            found, number = f"{name}_{number}", number + 1
        self._taken.add(found)
        return found


def attributes() -> Names:
    """Return names for the attributes of a module, which must not be those that every module has."""
    return Names([*dir(nn.Module()), "forward"])


class Locals:
    """The variables of a function: a name is free again when its value is not needed anymore.

    Parameters
    ----------
    arguments : iterable of str
        The names of the arguments.
    """

    def __init__(self, arguments: Iterable[str]) -> None:
        self._arguments = frozenset(arguments)
        self._uses: dict[str, int] = {}

    def __contains__(self, text: str) -> bool:
        return text in self._uses

    def take(self, uses: int) -> str:
        """Return the shortest free name for a value that will be used so often."""
        number = 0
        while True:
            name = _SHORT[number] if number < len(_SHORT) else f"x{number - len(_SHORT) + 1}"
            if not self._uses.get(name) and name not in self._arguments:
                self._uses[name] = uses
                return name
            number += 1

    def add(self, name: str, uses: int) -> None:
        """Note that a value has another name's variable, or is an argument, and how often it will be used."""
        self._uses[name] = self._uses.get(name, 0) + uses

    def used(self, name: str) -> None:
        """Note one use."""
        self._uses[name] -= 1

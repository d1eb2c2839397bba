"""A function's definition as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 120


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function: its name with its stars, its annotation, and its default, or ''."""

    name: str
    annotation: str = ""
    default: str = ""

    def __str__(self) -> str:
        annotation = f": {self.annotation}" if self.annotation else ""
        return f"{self.name}{annotation} = {self.default}" if self.default else f"{self.name}{annotation}"


def definition(name: str, parameters: Sequence[Parameter], result: str, doc: str) -> str:
    """Return a function with the first line of its docstring as its body."""
    line = f"def {name}({', '.join(map(str, parameters))}) -> {result}:"
    if len(line) > _LONGEST:
        lines = "".join(f"    {parameter},\n" for parameter in parameters)
        line = f"def {name}(\n{lines}) -> {result}:"
    summary = doc.strip().partition("\n")[0]
    return f'{line}\n    """{summary}"""\n' if summary else f"{line} ...\n"


def literal_text(value: object) -> str:
    """Return the source text of a number, a string, a bool or a tuple of these."""
    return f'"{value}"' if isinstance(value, str) else repr(value)

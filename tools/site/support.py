"""The tables that say of each operator and each public name of MXNet 1.9.1 whether it is here, or why it is not."""

from __future__ import annotations

import importlib

from glueball.core import known_names
from glueball.ops import absent
from tools import names

_OPERATORS = """# Support of each operator

All {known} operators of MXNet 1.9.1, by the names that stand in graph files; {there} of them are here. This page
is made from the declarations of the operators. [The list by groups](../operators.md) is shorter.

| here | operator | if not, why, and what to do |
|---|---|---|
"""

_NAMES = """# Support of each public name

The public names of MXNet 1.9.1 by module, but for those of its NumPy interface: {there:,} of {known:,} are here. This
page is made from the package. [Those that are not here](../names.md) have a list of their own.
"""


def pages() -> dict[str, str]:
    """Return the pages by path."""
    return {"reference/support_operators.md": _operators(), "reference/support_names.md": _names()}


def _operators() -> str:
    known = names.operators()
    rows = [f"| {'yes' if here else 'no'} | `{name}` | {'' if here else _why(name)} |" for name, here in known.items()]
    return _OPERATORS.format(known=len(known), there=sum(known.values())) + "\n".join(rows) + "\n"


def _why(name: str) -> str:
    reason = absent.find(name)
    return f"{reason.why}; {reason.instead}" if reason else ""


def _names() -> str:
    modules = names.found()
    every = [here for module in modules.values() for here in module.values()]
    parts = [_NAMES.format(there=sum(every), known=len(every))]
    for path, module in modules.items():
        there = [f"`{name}`" for name, here in module.items() if here]
        missing = [name for name, here in module.items() if not here]
        parts.append(f"## {path}\n")
        if there:
            parts.append(f"Here: {', '.join(there)}\n")
        if missing:
            rows = "\n".join(f"| `{name}` | {_advice(path, name)} |" for name in missing)
            parts.append(f"| not here | instead |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def _advice(path: str, name: str) -> str:
    """Return what the error says to do about a name that is not here."""
    module = importlib.import_module(f"glueball.{path}")
    return known_names.absence(module, name).partition("does not provide yet; ")[2]

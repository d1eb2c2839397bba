"""The text of the page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill

from glueball.ops import Operator, absent, registry

_ROOT = Path(__file__).parents[2]
FILE = _ROOT / "docs" / "operators.md"

#: Where the functions are, by the beginning of the name.
_GROUPS = {
    "_contrib_": "contrib", "_image_": "image", "_linalg_": "linalg", "_random_pdf_": "random", "_random_": "random",
    "_sample_unique_": "_internal", "_sample_": "random", "_": "_internal",
}  # fmt: skip

#: What begins so is in nd and sym themselves, if it has a name there.
_PLAIN = ("_random_pdf_", "_")

_INTRODUCTION = """# Operators

MXNet 1.9.1 has {known} operators; {there} of them are here, under all their names in `mx.nd` and `mx.sym`, and
{missing} are not. This page is written from the declarations and from the table `glueball.ops.absent` by `make stubs`;
`tests/ops/test_coverage.py` compares both with MXNet's own list. How MXNet and Glueball are compared in the values and
gradients of each, [architecture.md](architecture.md) says.

`help(mx.nd.Convolution)` describes an operator. Where Glueball's differs from MXNet's on purpose, its description says
so; these do:

{differing}

## What is there

"""

_MISSING = """
## What is missing

`*` stands for any ending.

| operators | why | instead |
|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    known = _known()
    there = [name for name in known if name in registry or name in registry.families()]
    differing = sorted(operator.name for operator in registry if "Differs from MXNet" in operator.doc)
    parts = [
        _INTRODUCTION.format(
            known=len(known), there=len(there), missing=len(known) - len(there), differing=_names(differing)
        )
    ]
    places = [_place(operator) for operator in registry]
    for group in sorted({group for group, _ in places}):
        heading = f"mx.nd.{group}, mx.sym.{group}" if group else "mx.nd, mx.sym"
        parts.append(f"### {heading}\n\n{_names(name for where, name in places if where == group)}\n\n")
    rows = [
        f"| {', '.join(f'`{name}`' for name in each.names)} | {each.why} | {each.instead} |\n" for each in absent.ABSENT
    ]
    return f"{''.join(parts).rstrip()}\n{_MISSING}{''.join(rows)}"


def _known() -> list[str]:
    """The names of MXNet's operators, as the golden file has them."""
    table: dict[str, object] = json.loads((_ROOT / "tests" / "golden" / "operators.json").read_text())
    return list(table)


def _place(operator: Operator) -> tuple[str, str]:
    """The group in which a user finds an operator, and the name of its function there."""
    plain = [name for name in (operator.name, *operator.aliases) if not name.startswith("_")]
    prefix = next((each for each in _GROUPS if operator.name.startswith(each)), "")
    if prefix and not (plain and prefix in _PLAIN):
        return _GROUPS[prefix], operator.name.removeprefix(prefix if len(prefix) > 1 else "")
    return "", plain[0]


def _names(names: Iterable[str]) -> str:
    """Names in their order, as a paragraph."""
    text = ", ".join(f"`{name}`" for name in sorted(set(names), key=str.lower))
    return fill(text, 118, break_long_words=False, break_on_hyphens=False)

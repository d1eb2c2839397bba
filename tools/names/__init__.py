"""The lists of what is there of MXNet 1.9.1 and what has not come: the summary in README.md, and docs/names.md.

What MXNet has stands in ``core/known_names.json`` and, of its operators, in ``tests/golden/operators.json``; what is
there, the package itself says.
"""

from __future__ import annotations

import importlib
import json
import textwrap
import warnings
from collections.abc import Mapping
from pathlib import Path

from glueball.core import mxnet_names
from glueball.core.stand_ins import StandIn
from glueball.ops import registry

_ROOT = Path(__file__).parents[2]
README = _ROOT / "README.md"
NAMES = _ROOT / "docs" / "names.md"
BEGIN, END = "<!-- made by python -m tools.names -->", "<!-- end -->"


def texts() -> dict[Path, str]:
    """Return the two files as they should be."""
    here, of_operators = found(), operators()
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return {README: f"{before}{BEGIN}\n{_summary(here, of_operators)}{END}{after}", NAMES: _document(here)}


def found() -> dict[str, dict[str, bool]]:
    """Return, by module, the names that MXNet defines there, and whether they are here."""
    modules = {}
    for module in sorted(filter(None, mxnet_names.table()["modules"])):  # the library itself shows what others define
        names = {name: _is_here(module, name) for name in sorted(mxnet_names.names(module)) if _is_own(module, name)}
        if names:
            modules[module] = names
    return modules


def _is_own(module: str, name: str) -> bool:
    """Whether a name is no module, and is not shown from another module."""
    if mxnet_names.is_module(f"{module}.{name}".lstrip(".")) or mxnet_names.module_shown(module, name) is not None:
        return False
    shown = mxnet_names.table()["homes"].get(module, "").split()
    return not any(entry.endswith(f":{name}") for entry in shown)


def _is_here(module: str, name: str) -> bool:
    try:
        owner = importlib.import_module(f"glueball.{module}".rstrip("."))
    except ImportError:
        return False
    if isinstance(owner, StandIn):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return not isinstance(getattr(owner, name), StandIn)
        except (AttributeError, ImportError):
            return False


def operators() -> dict[str, bool]:
    """Return the operators of MXNet, and whether they are here."""
    known = json.loads((_ROOT / "tests" / "golden" / "operators.json").read_text(encoding="utf-8"))
    return {name: name in registry or name in registry.families() for name in sorted(known)}


def _part(module: str) -> str:
    """Return what a module is counted with: its package, or in ``gluon`` the part of it."""
    parts = module.split(".")
    depth = 1 if parts[0] != "gluon" else 3 if parts[1:2] == ["contrib"] else 2
    return ".".join(parts[:depth])


def _summary(modules: Mapping[str, Mapping[str, bool]], of_operators: Mapping[str, bool]) -> str:
    """Return the part of README.md: how much there is, and what has not been begun."""
    parts: dict[str, list[bool]] = {}
    for module, names in modules.items():
        parts.setdefault(_part(module), []).extend(names.values())
    every = [here for names in parts.values() for here in names]
    absent = [f"`{name}`" for name, here in parts.items() if not any(here)]
    count = f"{sum(of_operators.values())}"
    text = (
        f"Of the {len(every):,} public names of MXNet 1.9.1, not counting those of `mx.np`, {sum(every):,} are "
        f"here, and of its {len(of_operators)} operators {count}. [docs/names.md](docs/names.md) and "
        f"[docs/operators.md](docs/operators.md) list the others. Of these parts there is nothing yet: "
        f"{', '.join(absent)}."
    )
    return textwrap.fill(text, 120, break_on_hyphens=False) + "\n"


def _document(modules: Mapping[str, Mapping[str, bool]]) -> str:
    """Return docs/names.md: what is not here."""
    lines = ["# Names of MXNet 1.9.1 that are not here", "", "Written by `python -m tools.names`.", ""]
    for module, names in modules.items():
        missing = [f"`{name}`" for name, here in names.items() if not here]
        if missing:
            lines += [f"- **{module}** ({len(names) - len(missing)} of {len(names)} are): {', '.join(missing)}"]
    return "\n".join([*lines, ""])

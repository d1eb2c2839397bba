"""Stubs of the modules whose functions are generated at import: ``op``, ``contrib``, ``_internal`` and so on."""

from __future__ import annotations

from importlib import import_module

from glueball.core.group_module import own_names
from glueball.ops import registry
from glueball.ops.operator import OF_NP, Operator

from .functions import Kind, function

#: By module: the prefix removed from operator names, and whether the rest begins with an underscore.
GROUPS = {
    "_internal": ("", True),
    "contrib": ("_contrib_", False),
    "image": ("_image_", False),
    "linalg": ("_linalg_", False),
    "op": ("", False),
    "sparse": ("_sparse_", False),
}


def groups(kind: Kind) -> list[str]:
    """Return the groups of a package; `nd.sparse` is written by hand."""
    return [name for name in GROUPS if name != "sparse" or kind == "Symbol"]


HEADER = '''"""{doc}

Written by ``make stubs`` from the declarations in `glueball.ops`; not to be edited.
"""

'''

IMPORTS = """from collections.abc import Mapping, Sequence
from typing import Any, Literal, overload

from ..core.annotations import ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike
"""


def group(name: str, kind: Kind) -> str:
    """Return the stub of one group of functions."""
    prefix, hidden = GROUPS[name]
    parts, written = [], dict[Operator, str]()
    for full, operator in sorted(registry.names().items()):
        rest = full.removeprefix(prefix)
        if not full.startswith(prefix) or rest.startswith("_") is not hidden or rest.startswith(OF_NP):
            continue
        if operator in written:
            parts.append(f"{rest} = {written[operator]}\n")
        else:
            parts.append(function(operator, rest, kind))
            written[operator] = rest
    home = "ndarray" if kind == "NDArray" else "symbol"
    doc = HEADER.format(doc=f"The functions of {home}.{name}.")
    return f"{doc}{IMPORTS}{_written_by_hand(home, name)}from .{home} import {kind}\n\n" + "".join(parts)


def _written_by_hand(home: str, name: str) -> str:
    """Return imports of the functions of a group that are no operators: ``nd.contrib.isnan``, ``nd.Custom``."""
    package = f"glueball.{home}"
    found = []
    for each, value in own_names(getattr(import_module(package), name)).items():
        module = getattr(value, "__module__", None) or ""
        if callable(value) and not each.startswith("_") and module.startswith("glueball.") and module != package:
            inside, outside = module.removeprefix(f"{package}."), module.removeprefix("glueball")
            found.append(f"from {f'.{inside}' if inside != module else f'.{outside}'} import {each} as {each}\n")
    return "".join(sorted(found))

"""All stubs of the package: files and their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from glueball import ndarray, symbol
from glueball.ops import registry

from . import np_functions
from .arithmetic import arithmetic, is_arithmetic
from .functions import Kind
from .groups import HEADER, IMPORTS, group, groups
from .methods import methods
from .random import random


def texts() -> dict[Path, str]:
    """Return the text of every stub by its file."""
    written: dict[Path, str] = {}
    packages: list[tuple[ModuleType, Kind, type]] = [
        (ndarray, "NDArray", ndarray.NDArray), (symbol, "Symbol", symbol.Symbol),
    ]  # fmt: skip
    for package, kind, owner in packages:
        folder = _folder(package)
        written |= {folder / f"{name}.pyi": group(name, kind) for name in groups(kind)}
        written[folder / "random.pyi"] = random(package.random, kind)
        written[folder / "_methods.pyi"] = methods(owner)
        written[folder / "__init__.pyi"] = _namespace(package, kind)
    return written | np_functions.texts()


def _folder(package: ModuleType) -> Path:
    assert package.__file__ is not None
    return Path(package.__file__).parent


def _namespace(package: ModuleType, kind: Kind) -> str:
    """Return the stub of the package itself: every operator, and what its modules define by hand."""
    lines = [f"from . import {name} as {name}\n" for name in groups(kind)]
    functions = []
    for name, line in _imported(_folder(package) / "__init__.py"):
        if name in registry:
            raise ValueError(f"{package.__name__}.{name}: an operator has this name too; a stub can show only one")
        value = getattr(package, name)
        if is_arithmetic(value):
            functions.append(arithmetic(value, name, kind))
        elif name in package.__all__:
            lines.append(line)
    doc = HEADER.format(doc=f"The names of {package.__name__.rpartition('.')[2]}.")
    return f"{doc}{IMPORTS}from .op import *\n{''.join(lines)}\n{''.join(functions)}"


def _imported(source: Path) -> Iterator[tuple[str, str]]:
    """The names that ``__init__.py`` imports or assigns from its modules, with their stub lines."""
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            for alias in node.names:
                name = alias.asname or alias.name
                if not name.startswith("_"):
                    yield name, f"from .{node.module or ''} import {alias.name} as {name}\n"
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            (target,) = node.targets
            if isinstance(target, ast.Name):
                yield target.id, f"{target.id} = {node.value.id}\n"

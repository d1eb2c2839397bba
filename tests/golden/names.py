"""Writes which names MXNet 1.9.1 has: ``python -m tests.golden.names FILE``, with the Python that has MXNet.

Glueball ships the file, so that it can tell a name of MXNet that it lacks from a name that never was.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import types
import warnings
from pathlib import Path
from typing import Any

#: Modules about which one says all there is to say: another library's interface, or made for MXNet's own use.
NOT_ENTERED = ("gen_", "cython", "libmxnet", "setup", "_")

#: What Python may share between names that have nothing to do with each other.
_PLAIN = (int, float, str, type(None))

#: Functions that ndarray.ndarray has a second time, for dense arrays alone; Glueball's arrays are all dense.
_FOR_DENSE_ARRAYS = ("array", "empty", "zeros")

#: Whose modules programs use that ``import *`` has brought them; ctypes and its like only serve MXNet's C library.
_FOREIGN = ({*sys.stdlib_module_names} | {"numpy", "scipy", "requests", "cv2"}) - {"ctypes", "__future__", "builtins"}

#: Where the functions and classes of MXNet say that they come from; operators say "ndarray" or "symbol".
_ITS_OWN = ("mxnet", "ndarray", "symbol")


def main(file: Path) -> None:
    """Write the file."""
    warnings.simplefilter("ignore")
    os.environ["MXNET_SUBGRAPH_BACKEND"] = "NONE"
    import mxnet

    file.write_text(to_text(read(mxnet)))


def read(library: types.ModuleType) -> dict[str, Any]:
    """The public names of each module by its path within the library, and the modules' other names."""
    modules = {"": library, **_submodules(library)}
    aliases = {
        f"{path}.{name}".removeprefix("."): value.__name__.partition(".")[2]
        for path in ("", "contrib")
        for name, value in vars(modules[path]).items()
        if isinstance(value, types.ModuleType) and _is_public(name, value)
    }
    aliases = {path: target for path, target in aliases.items() if target in modules and path not in modules}
    names = {path: sorted(filter(_shown(module), dir(module))) for path, module in modules.items()}
    return {
        "aliases": dict(sorted(aliases.items())),
        "modules": dict(sorted(names.items())),
        "homes": dict(sorted(_homes(modules).items())),
        "stars": {path: sorted(each.__all__) for path, each in sorted(modules.items()) if hasattr(each, "__all__")},
        "foreign": dict(sorted(_foreign(modules).items())),
    }


def _homes(modules: dict[str, types.ModuleType]) -> dict[str, list[str]]:
    """What each module shows that is another's, as ``home:name``, or ``path=name`` for a module."""
    paths = {id(module): path for path, module in modules.items()}
    places: dict[tuple[str, int], list[str]] = {}
    found: dict[str, list[str]] = {path: [] for path in modules}
    for path, module in modules.items():
        for name, value in vars(module).items():
            if isinstance(value, types.ModuleType):
                inner = paths.get(id(value))
                if inner not in (None, f"{path}.{name}".removeprefix(".")) and not name.startswith("_"):
                    found[path].append(f"{inner}={name}")
            elif not name.startswith("__") and not isinstance(value, _PLAIN) and _is_public(name.lstrip("_"), value):
                places.setdefault((name, id(value)), []).append(path)
    for (name, _), shared in places.items():
        if len(shared) > 1:
            own = str(getattr(getattr(modules[shared[0]], name), "__module__", "")).removeprefix("mxnet").lstrip(".")
            home = own if own in shared else min(shared, key=lambda path: (path.count("."), path))
            for path in shared:
                if path != home and path not in ("ndarray.op", "symbol.op"):
                    found[path].append(f"{home}:{name}")
    found["ndarray.ndarray"] += [f"ndarray.utils:{name}" for name in _FOR_DENSE_ARRAYS]
    return {path: sorted(shown) for path, shown in found.items() if shown}


def _foreign(modules: dict[str, types.ModuleType]) -> dict[str, list[str]]:
    """What each module shows that is not MXNet's, as ``path=name`` for a module, ``path:name`` for what is in it."""
    found: dict[str, list[str]] = {}
    for path, module in modules.items():
        for name, value in vars(module).items():
            home = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
            if name.startswith("_") or not isinstance(home, str) or home.split(".")[0] not in _FOREIGN:
                continue
            if isinstance(value, types.ModuleType):
                found.setdefault(path, []).append(f"{home}={name}")
            elif getattr(sys.modules.get(home), name, None) is value:
                found.setdefault(path, []).append(f"{home}:{name}")
    return {path: sorted(shown) for path, shown in found.items()}


def to_text(table: dict[str, Any]) -> str:
    """The table as JSON with a line for each module."""
    parts = []
    for part, entries in table.items():
        values = {path: value if isinstance(value, str) else " ".join(value) for path, value in entries.items()}
        lines = ",\n".join(f"{json.dumps(path)}: {json.dumps(value)}" for path, value in values.items())
        parts.append(f"{json.dumps(part)}: {{\n{lines}\n}}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _submodules(library: types.ModuleType) -> dict[str, types.ModuleType]:
    found = {}
    pending = [(library, "")]
    while pending:
        package, path = pending.pop()
        for info in pkgutil.iter_modules(getattr(package, "__path__", [])):
            inner = f"{path}.{info.name}".removeprefix(".")
            if info.name.startswith(NOT_ENTERED):
                continue
            try:
                module = importlib.import_module(f"{library.__name__}.{inner}")
            except ImportError:  # needs a library that MXNet does not bring
                continue
            found[inner] = types.ModuleType(inner) if _is_numpy(inner) else module
            pending.append((module, inner))
    return found


def _is_numpy(path: str) -> bool:
    return any(part.startswith("numpy") for part in path.split("."))


def _shown(module: types.ModuleType) -> Any:
    return lambda name: _is_public(name, getattr(module, name))


def _is_public(name: str, value: Any) -> bool:
    if name.startswith("_"):
        return False
    if isinstance(value, types.ModuleType):
        return value.__name__.split(".")[0] == "mxnet"
    home = getattr(value, "__module__", None)
    if isinstance(value, type | types.FunctionType) and isinstance(home, str):
        return home.split(".")[0] in _ITS_OWN
    return not type(value).__module__.startswith(("__future__", "ctypes", "typing", "_ctypes"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

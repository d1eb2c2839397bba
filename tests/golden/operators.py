"""Reads the table of operators out of real MXNet: what each is called, what it takes, which defaults it has."""

from __future__ import annotations

import ctypes
import json
from typing import Any

# name -> [input names, attribute that counts the inputs or "", {attribute: type and default}, aliases]
Table = dict[str, list[Any]]


def read(mx: Any) -> Table:
    """Ask the library, through its C interface, for every operator but those that only backward() uses."""
    library = mx.base._LIB
    count, names = ctypes.c_uint(), ctypes.POINTER(ctypes.c_char_p)()
    mx.base.check_call(library.NNListAllOpNames(ctypes.byref(count), ctypes.byref(names)))
    table: Table = {}
    aliases: dict[str, list[str]] = {}
    for name in sorted(names[number].decode() for number in range(count.value)):
        if name.startswith("_backward"):
            continue
        real, entry = _describe(mx, library, name)
        if real == name:
            table[name] = entry
        else:
            aliases.setdefault(real, []).append(name)
    for name, entry in table.items():
        entry.append(aliases.get(name, []))
    return table


def _describe(mx: Any, library: Any, name: str) -> tuple[str, list[Any]]:
    """The name proper, and what it takes."""
    handle = ctypes.c_void_p()
    mx.base.check_call(library.NNGetOpHandle(ctypes.c_char_p(name.encode()), ctypes.byref(handle)))
    real, text, counter, result = [ctypes.c_char_p() for _ in range(4)]
    count = ctypes.c_uint()
    names, types, texts = [ctypes.POINTER(ctypes.c_char_p)() for _ in range(3)]
    fields = (real, text, count, names, types, texts, counter, result)
    mx.base.check_call(library.MXSymbolGetAtomicSymbolInfo(handle, *[ctypes.byref(field) for field in fields]))
    given = {names[number].decode(): types[number].decode() for number in range(count.value)}
    arrays = [argument for argument, kind in given.items() if kind.startswith(("NDArray", "Symbol"))]
    attributes = {argument: kind for argument, kind in given.items() if argument not in arrays}
    return real.value.decode(), [arrays, counter.value.decode(), attributes]


def to_text(table: Table) -> str:
    """One operator a line, so that a difference can be read."""
    lines = [f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in table.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"

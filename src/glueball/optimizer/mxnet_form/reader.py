"""Reads pickles as data: nothing that a pickle names is imported or called.

A pickle is a program for a small machine with a stack. Of its instructions, those that make plain values are carried
out. The one that calls a class or a function by name makes a `Made` instead, which says what would have been called,
if the name is among those that MXNet's files have; any other name, and any other instruction, is refused.
"""

from __future__ import annotations

import io
import pickletools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from ...core.errors import MXNetError


@dataclass(frozen=True)
class Global:
    """The name of a class or a function in a file."""

    module: str
    name: str


#: What stands in a file for values of NumPy and of Python that have no instruction.
_BYTES = {Global("builtins", "bytearray"), Global("__builtin__", "bytearray"), Global("_codecs", "encode")}
_OBJECT = {Global("builtins", "object"), Global("__builtin__", "object")}
_REBUILD = {Global("copyreg", "_reconstructor"), Global("copy_reg", "_reconstructor")}
_CORES = ("numpy.core.multiarray", "numpy._core.multiarray")
_NUMPY = {Global("numpy", "ndarray"), Global("numpy", "dtype")}
_NUMPY |= {Global(core, name) for core in _CORES for name in ("_reconstruct", "scalar")}
_PLAIN = _BYTES | _OBJECT | _REBUILD | _NUMPY


@dataclass(eq=False)
class Made:
    """What a file says how to make.

    Attributes
    ----------
    kind : Global
        The class, or the function.
    arguments : tuple
        What it would have been called with.
    state : object
        What the result would have been given, or None.
    """

    kind: Global
    arguments: tuple[Any, ...]
    state: Any = None

    @property
    def is_bytes(self) -> bool:
        """Whether it stands for bytes."""
        return self.kind in _BYTES


class Machine:
    """Carries out the instructions of one pickle.

    Parameters
    ----------
    owner : str
        The owner that error messages name.
    allowed : collection of Global
        The classes that the file may name, besides those that stand for plain values.
    """

    def __init__(self, owner: str, allowed: Collection[Global]) -> None:
        self._owner = owner
        self._allowed = allowed
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def run(self, data: bytes) -> Any:
        """Return the value that a pickle holds.

        Raises
        ------
        MXNetError
            It names what it may not, or has an instruction that files of states do not have.
        ValueError, IndexError, KeyError, TypeError
            It is damaged.
        """
        file = io.BytesIO(data)
        while True:
            instruction = _CODES.get(file.read(1))
            if instruction is None:
                raise ValueError("it ends, or has an instruction that there is not")
            name = instruction.name
            if name == "STOP":
                return self._stack.pop()
            if name not in _VALUES and name not in _STEPS:
                self._refuse(f"the instruction {name}")
            read: Any = _READERS.get(name, instruction.arg and instruction.arg.reader)
            argument = read(file) if read else None
            if name in _VALUES:
                self._stack.append(argument)
            else:
                _STEPS[name](self, argument)

    def _refuse(self, what: str) -> NoReturn:
        raise MXNetError(
            f"{self._owner}: a pickle may hold numbers, NumPy's and MXNet's arrays, MXNet's optimizers and its "
            f"schedulers; received {what}, which is not carried out; save the states without the optimizer, as "
            "Updater.get_states(dump_optimizer=False) does"
        )

    def _after_mark(self) -> list[Any]:
        place = self._marks.pop()
        items = self._stack[place:]
        del self._stack[place:]
        return items

    def _put(self, number: int) -> None:
        self._memo[number] = self._stack[-1]

    def _pop(self) -> None:
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._stack.pop()

    def _tuple(self, count: int) -> None:
        if len(self._stack) < count:
            raise ValueError("a tuple has too few items")
        items = tuple(self._stack[len(self._stack) - count :])
        del self._stack[len(self._stack) - count :]
        self._stack.append(items)

    def _dict(self) -> None:
        items = self._after_mark()
        self._stack.append({})
        self._set(items)

    def _append(self, items: list[Any]) -> None:
        self._target(list).extend(items)

    def _set(self, items: list[Any]) -> None:
        target = self._target(dict)
        pairs = iter(items)
        for key, value in zip(pairs, pairs, strict=True):
            if not isinstance(key, (int, str)):
                raise TypeError(f"a key cannot be a {type(key).__name__}")
            target[key] = value

    def _target(self, kind: type) -> Any:
        target = self._stack[-1]
        if type(target) is not kind:
            raise TypeError(f"a {type(target).__name__} is no {kind.__name__}")
        return target

    def _global(self, module: Any, name: Any) -> None:
        found = Global(str(module), str(name))
        if found not in _PLAIN and found not in self._allowed:
            self._refuse(f"the name {found.module[:80]}.{found.name[:80]}")
        self._stack.append(found)

    def _stack_global(self) -> None:
        name, module = self._stack.pop(), self._stack.pop()
        self._global(module, name)

    def _make(self) -> None:
        arguments, kind = self._stack.pop(), self._stack.pop()
        if type(kind) is not Global or type(arguments) is not tuple:
            raise TypeError("what is called must be a name, with a tuple")
        if kind in _REBUILD:  # the class is its first argument
            kind, arguments = arguments[0], ()
            if type(kind) is not Global:
                raise TypeError("what is rebuilt must be a name")
        self._stack.append(Made(kind, arguments))

    def _build(self) -> None:
        state, target = self._stack.pop(), self._stack[-1]
        if type(target) is not Made:
            raise TypeError(f"a {type(target).__name__} has no state")
        target.state = state


def _line(file: io.BytesIO) -> str:
    line = file.readline()
    if not line.endswith(b"\n"):
        raise ValueError("a line has no end")
    return line[:-1].decode("ascii")


def _quoted(file: io.BytesIO) -> str:
    line = _line(file)
    if len(line) < 2 or line[0] != line[-1] or line[0] not in "'\"" or "\\" in line:
        raise ValueError(f"text cannot be {line[:80]}")
    return line[1:-1]


#: How arguments are read that pickletools would unescape.
_READERS: dict[str, Callable[[io.BytesIO], Any]] = {
    "GLOBAL": lambda file: (_line(file), _line(file)),
    "STRING": _quoted,
}

_CODES = {instruction.code.encode("latin1"): instruction for instruction in pickletools.opcodes}

#: Instructions whose argument is a value.
_VALUES = {
    "BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "BINFLOAT", "FLOAT", "SHORT_BINUNICODE",
    "BINUNICODE", "BINUNICODE8", "UNICODE", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8",
    "SHORT_BINSTRING", "BINSTRING", "STRING",
}  # fmt: skip

_STEPS: dict[str, Callable[[Machine, Any], None]] = {
    "PROTO": lambda machine, argument: None,
    "FRAME": lambda machine, argument: None,
    "NONE": lambda machine, argument: machine._stack.append(None),
    "NEWTRUE": lambda machine, argument: machine._stack.append(True),
    "NEWFALSE": lambda machine, argument: machine._stack.append(False),
    "EMPTY_DICT": lambda machine, argument: machine._stack.append({}),
    "EMPTY_LIST": lambda machine, argument: machine._stack.append([]),
    "EMPTY_TUPLE": lambda machine, argument: machine._stack.append(()),
    "MARK": lambda machine, argument: machine._marks.append(len(machine._stack)),
    "POP": lambda machine, argument: machine._pop(),
    "POP_MARK": lambda machine, argument: machine._after_mark().clear(),
    "DUP": lambda machine, argument: machine._stack.append(machine._stack[-1]),
    "MEMOIZE": lambda machine, argument: machine._put(len(machine._memo)),
    "TUPLE": lambda machine, argument: machine._stack.append(tuple(machine._after_mark())),
    "TUPLE1": lambda machine, argument: machine._tuple(1),
    "TUPLE2": lambda machine, argument: machine._tuple(2),
    "TUPLE3": lambda machine, argument: machine._tuple(3),
    "LIST": lambda machine, argument: machine._stack.append(machine._after_mark()),
    "DICT": lambda machine, argument: machine._dict(),
    "APPEND": lambda machine, argument: machine._append([machine._stack.pop()]),
    "APPENDS": lambda machine, argument: machine._append(machine._after_mark()),
    "SETITEM": lambda machine, argument: machine._set([machine._stack.pop(-2), machine._stack.pop()]),
    "SETITEMS": lambda machine, argument: machine._set(machine._after_mark()),
    "GLOBAL": lambda machine, argument: machine._global(*argument),
    "STACK_GLOBAL": lambda machine, argument: machine._stack_global(),
    "REDUCE": lambda machine, argument: machine._make(),
    "NEWOBJ": lambda machine, argument: machine._make(),
    "BUILD": lambda machine, argument: machine._build(),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), lambda machine, number: machine._put(number)),
    **dict.fromkeys(
        ("GET", "BINGET", "LONG_BINGET"), lambda machine, number: machine._stack.append(machine._memo[number])
    ),
}


def leaves(value: Any, most: int) -> Iterator[Any]:
    """Yield what tuples and lists hold at any depth; ValueError if it is more than `most`: one may hold itself."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            most -= len(one) + 1
            if most < 0:
                raise ValueError("it holds itself, or one value very often")
            waiting.extend(one)
        else:
            yield one

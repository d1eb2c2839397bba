"""Engines run lowered graphs. Each engine is one file here, which is discovered automatically.

The file ``graph/engines/<name>.py`` holds the engine of that name: an object ``ENGINE`` that implements `Engine`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from ...core.errors import MXNetError, nearest
from ..lower import Lowered, Run

#: The engine of those who name none, where it can run; else they have `eager`.
DEFAULT = "onednn"
_MXNETS = "MKLDNN"  # what oneDNN was called

# The engines that were found able to run here, by name and by the folders that were searched.
_found: dict[Any, Engine] = {}


class Engine(Protocol):
    """Turns a lowered graph into a function.

    An engine may also have an attribute ``packages``: a mapping of the modules that it imports to what pip installs
    them from, such as ``{"onnxruntime": "glueball[onnxruntime]"}``. Where one is missing, the error says so.

    Attributes
    ----------
    shows_nodes : bool
        Whether an operator's error propagates unchanged through the code of the graph, so that the node can be named.
        If not, the shapes and types of a call are checked before the function is called.
    """

    shows_nodes: bool

    def obstacle(self) -> str:
        """Return a sentence that says why the engine cannot run on this machine, or '' if it can."""
        ...

    def compile(self, lowered: Lowered) -> Run:
        """Return a function that computes what the graph does.

        What this raises, or the function where the graph as it was lowered does not, is the engine's failure: the graph
        runs as it was lowered, with a warning that quotes the error, or there is an error if the user wants it strict.
        If the engine does not show nodes, the first recorded call with tensors of some shapes computes their gradients,
        too, so that one that fails there is found in time. What fails in backward() later is an error.

        What ``explain`` of a network shows comes from the function. An attribute ``reason`` says why it is the graph as
        it was lowered; `glueball.graph.form.AsLowered` has one. A method ``form``, which takes the same arguments,
        returns a `glueball.graph.form.Form`, whose module is what runs; each of its nodes may say in
        ``meta["kernel"]`` what it calls, as may an attribute ``kernel`` of the called object, and for which nodes of
        the symbol in ``meta["sources"]``. Without both it is the graph as it was lowered if the engine `shows_nodes`,
        and else not shown.

        While the caller records, the function is called with tensors that require gradients, and gradients must then
        flow through its results as through those of the graph.

        Parameters
        ----------
        lowered : Lowered
            The graph and a description of its inputs. It must not be modified.
        """
        ...


@runtime_checkable
class Configurable(Engine, Protocol):
    """An engine with options.

    Attributes
    ----------
    options : tuple of str
        Their names.
    """

    options: tuple[str, ...]

    def configured(self, owner: str, options: Mapping[str, Any]) -> Engine:
        """Return the engine with some of its options given.

        Raises
        ------
        MXNetError
            A value does not fit its option.
        """
        ...


@runtime_checkable
class Choosing(Engine, Protocol):
    """An engine that lets one of the others run the graph."""

    def among(self, names: Callable[[], Sequence[str]], find: Callable[[str, Any], Engine]) -> Engine:
        """Return the engine with the means to find others: the functions of these names in this module."""
        ...


class Choice(NamedTuple):
    """An engine as blocks and symbols carry it.

    Attributes
    ----------
    name : str
        Its name.
    options : tuple
        Pairs of an option and its value.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()


def names() -> tuple[str, ...]:
    """Return the names of the engines."""
    return tuple([module.name for module in pkgutil.iter_modules(__path__)])


def default() -> str:
    """Return the name of the engine of those who name none."""
    try:
        find("graph", DEFAULT)
    except MXNetError:
        return "eager"
    return DEFAULT


def choose(owner: str, name: Any, options: Mapping[str, Any]) -> tuple[Choice | None, bool]:
    """Return an engine with the options that a user gives with its name, and whether it must not fail: ``strict``.

    Raises
    ------
    MXNetError
        As in `find`; `strict` is no bool, or no engine is named and there are options.
    """
    strict = options.get("strict", False)
    given = tuple([(option, value) for option, value in options.items() if option != "strict"])
    choice = None if name is None else Choice(name, given)
    if choice is not None:
        find(owner, choice)
    elif given:
        raise _unknown(owner, [option for option, _ in given])
    if not isinstance(strict, bool):
        raise MXNetError(f"{owner}: strict must be a bool; received {strict!r}")
    if strict and name is None:
        raise MXNetError(f"{owner}: strict=True must come with a backend; pass backend=... too")
    return choice, strict


def _unknown(owner: str, options: Sequence[str], note: str = "") -> MXNetError:
    return MXNetError(f"{owner}: unknown arguments {', '.join(map(repr, options))}{note}")


def find(owner: str, choice: Any) -> Engine:
    """Return an engine by its name, or by name and options.

    Raises
    ------
    MXNetError
        There is no engine of that name, it cannot run here, or it has no such option.
    """
    name, options = choice if isinstance(choice, Choice) else (choice, ())
    engine = _able(owner, name)
    if not options:
        return engine
    known = engine.options if isinstance(engine, Configurable) else ()
    unknown = [each for each, _ in options if each not in known]
    if unknown or not isinstance(engine, Configurable):
        has = f"has {', '.join(known)}" if known else "has none"
        raise _unknown(owner, unknown, f"; the backend {name!r} {has}")
    return engine.configured(owner, dict(options))


def _able(owner: str, name: Any) -> Engine:
    """Return an engine that can run here; MXNet's own backend for CPUs is the default engine."""
    if name == _MXNETS:
        name = default()
    key = (repr(name), *__path__)
    if key in _found:  # hybridize() asks for each block
        return _found[key]
    if name not in names():
        close = nearest(name, names()) if isinstance(name, str) else ""
        raise MXNetError(f"{owner}: backend must be one of {', '.join(map(repr, names()))}; received {name!r}{close}")
    engine: Engine = importlib.import_module(f"{__name__}.{name}").ENGINE
    packages = getattr(engine, "packages", {})
    missing = [packages[module] for module in packages if importlib.util.find_spec(module) is None]
    if missing:
        line = f"pip install {' '.join(map(shlex.quote, dict.fromkeys(missing)))}"
        raise MXNetError(f"{owner}: the packages of the backend {name!r} must be installed; run {line}")
    obstacle = engine.obstacle()
    if obstacle:
        raise MXNetError(f"{owner}: the backend {name!r} must be able to run here; {obstacle}")
    _found[key] = engine.among(names, find) if isinstance(engine, Choosing) else engine
    return _found[key]

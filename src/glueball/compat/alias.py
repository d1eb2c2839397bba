"""The alias ``mxnet`` for Glueball: ``mxnet.gluon`` is the same module object as ``glueball.gluon``."""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

from ..core import known_names, mxnet_names, stand_ins
from ..core.errors import MXNetError
from .version_checks import CheckFinder

#: The value of ``mxnet.__version__``, which programs check.
VERSION = "1.9.1"

_LIBRARY = __name__.partition(".")[0]
_ALIAS = "mxnet"

#: A folder with a module ``mxnet`` that calls `install_as_mxnet`. A spawned process, unlike a forked one, inherits only
#: ``sys.path`` from this one.
_FOR_SPAWNED = str(Path(__file__).with_name("path"))

#: The attributes that Python's import system sets on a module that it takes to be new.
_WRITTEN = ("__spec__", "__loader__", "__package__", "__path__", "__file__", "__cached__")


def install_as_mxnet() -> None:
    """Make ``import mxnet`` import Glueball, in this process and in those that it starts through multiprocessing.

    ``mxnet`` and every ``mxnet.x.y`` are then the modules of Glueball, and ``mxnet.__version__`` is '1.9.1'. Calling it
    again has no effect. ``python -m glueball script.py`` does it for a whole program. gluoncv, which refuses torch 2,
    goes on with mxnet alone, with a warning.

    Raises
    ------
    MXNetError
        The real mxnet has already been imported.

    Examples
    --------
    >>> import glueball
    >>> glueball.install_as_mxnet()  # doctest: +SKIP
    >>> import mxnet as mx  # doctest: +SKIP
    >>> from mxnet.gluon import nn  # doctest: +SKIP
    >>> nn.Conv2D is glueball.gluon.nn.Conv2D  # doctest: +SKIP
    True
    """
    present = sys.modules.get(_ALIAS)
    if isinstance(present, _Alias):
        return
    if present is not None and not _is_for_spawned(present):
        raise MXNetError(
            f"install_as_mxnet: mxnet must not have been imported yet; received {present!r}; call install_as_mxnet() "
            "before whatever imports it"
        )
    sys.modules[_ALIAS] = _Alias(sys.modules[_LIBRARY])
    _add_stand_ins()
    sys.meta_path[:0] = [_Finder(), _HorovodFinder(), CheckFinder()]
    if _FOR_SPAWNED not in sys.path:
        # before an installed mxnet, but after the program's own folder, which is sys.path[0]
        sys.path.insert(1, _FOR_SPAWNED)


def _add_stand_ins() -> None:
    """Name the stand-ins as MXNet does; found there, they do not become attributes of their packages."""
    aliases = mxnet_names.table()["aliases"].items()
    for path in stand_ins.STAND_INS:
        module = stand_ins.find(_LIBRARY, path)
        if module is not None:
            others = [alias + path.removeprefix(full) for alias, full in aliases if f"{path}.".startswith(f"{full}.")]
            sys.modules.update({f"{_ALIAS}.{name}": module for name in [path, *others]})


def _is_for_spawned(module: ModuleType) -> bool:
    return Path(module.__file__ or "").parent == Path(_FOR_SPAWNED)


class _Alias(ModuleType):
    """The module ``mxnet``: everything is Glueball's, except for its own metadata."""

    def __init__(self, library: ModuleType) -> None:
        super().__init__(_ALIAS, library.__doc__)
        public = {name: value for name, value in vars(library).items() if not name.startswith("_")}
        self.__dict__.update(
            public,
            __version__=VERSION,
            __file__=library.__file__,
            __path__=[],
            __package__=_ALIAS,
            __spec__=ModuleSpec(_ALIAS, None, origin=library.__file__, is_package=True),
            # for names that Glueball creates on first use, or explains
            __getattr__=functools.partial(getattr, library),
            __dir__=functools.partial(dir, library),
        )
        known_names.explain_in(self)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds ``mxnet.x.y``: the module that ``mxnet.x`` has under that name, or else ``glueball.x.y``."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        parent, _, name = fullname.rpartition(".")
        if parent.partition(".")[0] != _ALIAS:
            return None
        within = fullname.removeprefix(f"{_ALIAS}.")
        if not mxnet_names.is_module(within):
            # Never left to other finders: they would find glueball's own files and load them a second time.
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        module = self._attribute(sys.modules[parent], name) or self._submodule(within)
        if module is None:
            raise ModuleNotFoundError(f"No module named {fullname!r}: {known_names.not_yet(within)}", name=fullname)
        return ModuleSpec(fullname, _Loader(module), origin=getattr(module, "__file__", None))

    def _attribute(self, parent: ModuleType, name: str) -> ModuleType | None:
        found = vars(parent).get(name)
        return found if isinstance(found, ModuleType) else None

    def _submodule(self, within: str) -> ModuleType | None:
        real = f"{_LIBRARY}.{mxnet_names.canonical(within)}"
        try:
            if importlib.util.find_spec(real) is None:
                return None
        except ModuleNotFoundError:  # a parent that is a package in MXNet is a plain module here
            return None
        module = importlib.import_module(real)
        known_names.explain_in(module)
        return module


class _HorovodFinder(importlib.abc.MetaPathFinder):
    """Finds ``horovod.mxnet``, also where Horovod is installed: its own one needs MXNet's binaries."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in ("horovod", "horovod.mxnet") or (fullname == "horovod" and PathFinder.find_spec(fullname)):
            return None
        module = importlib.import_module(f"{__package__}.{fullname}")
        return ModuleSpec(fullname, _Loader(module), origin=module.__file__, is_package=fullname == "horovod")


class _Loader(importlib.abc.Loader):
    """Returns an existing module, unchanged."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._before = {name: vars(module)[name] for name in _WRITTEN if name in vars(module)}

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        for name in _WRITTEN:
            vars(module).pop(name, None)
        vars(module).update(self._before)

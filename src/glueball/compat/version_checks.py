"""Checks of torch's version in packages for MXNet, which must not stop a program that uses MXNet alone.

gluoncv works with MXNet or with torch, and raises RuntimeError if it finds a torch of version 2: Glueball's own is one.
It is told, with a warning, that there is no torch that it could use, as if none were installed, and goes on.
The check itself still runs, so that a torch that it accepts is used as before; torch itself is left alone.
"""

from __future__ import annotations

import functools
import importlib.abc
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

#: The functions that check, by module.
CHECKS = {"gluoncv.check": "_require_pytorch_version"}


class CheckFinder(importlib.abc.MetaPathFinder):
    """Finds the modules of `CHECKS` where the other finders do."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that another finder makes, with a loader that replaces the check."""
        if fullname not in CHECKS:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    """Loads a module as its own loader does, and then replaces its check."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__loader__ = module.__spec__.loader = self._loader  # for tools that ask it for the source
        self._loader.exec_module(module)
        name = CHECKS[module.__name__]
        check = getattr(module, name, None)
        if callable(check):
            setattr(module, name, _without_torch(check, module.__name__.partition(".")[0]))


def _without_torch(check: Callable[..., Any], package: str) -> Callable[..., Any]:
    """Return a check that says that there is no torch where the given one refuses the torch there is."""

    @functools.wraps(check)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except RuntimeError as error:
            version = sys.modules["torch"].__version__
            text = (
                f"{package} refuses torch {version}, with which glueball computes; it goes on with mxnet alone, and "
                f"its parts for torch may not work: {error}"
            )
            warnings.warn(text, stacklevel=2)
            raise ImportError(text) from error

    return checked

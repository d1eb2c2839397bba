"""Packages that only some functions need: pip installs them with an extra of Glueball."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import MXNetError


class MissingExtraError(MXNetError, ImportError):
    """A package is not installed that a function needs."""


def required(module: str, extra: str, owner: str) -> ModuleType:
    """Import a module of an optional package, or raise a `MissingExtraError` with the line that installs it.

    Parameters
    ----------
    module
        The module's name, such as ``cv2``.
    extra
        The extra of Glueball that brings it, such as ``image``.
    owner
        The public name that needs it, for the message.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{owner}: needs the package of the module {module!r}, which could not be imported ({error}); "
            f"run pip install 'glueball[{extra}]'"
        ) from error

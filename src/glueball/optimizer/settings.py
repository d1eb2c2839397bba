"""The saved form of an optimizer or a scheduler: its settings and its progress.

Settings are the constructor arguments, by name. Each is stored in the attribute of that name, or in the one that the
class names in `glueball_setting_attributes`; None there means that the argument is not a setting. Progress is the
attributes that `glueball_saved_attributes` lists. If a user's class does not define that list, all its attributes
besides the settings that a file can hold are saved, so that training resumes as if it had never stopped.

Values are what JSON can hold. A setting that JSON cannot hold, such as a function, keeps the program's value.
"""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..core.errors import MXNetError

_INT64 = range(-(2**63), 2**63)
_PLAIN = (bool, int, float, str, type(None))
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def describe(thing: Any) -> dict[str, dict[str, Any]]:
    """Return the settings and the progress of an optimizer or a scheduler, as JSON values."""
    kind, values = type(thing), {name: _as_python(value) for name, value in vars(thing).items()}
    settings = {name: attribute for name, attribute in _settings(kind).items() if attribute is not None}
    progress = _progress(kind)
    if not _lists_progress(kind):
        progress += [name for name in values if _is_free(kind, name)]
    return {
        "settings": {name: values[at] for name, at in settings.items() if at in values and is_plain(values[at])},
        "progress": {at: values[at] for at in progress if at in values and is_plain(values[at])},
    }


def chosen(kind: type, present: Any, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what `describe` would return of an object of a class with these attributes, which are from elsewhere.

    `present` is the object that is to receive them, or None; attributes that it would not accept are left out.
    """
    of = {name: attribute for name, attribute in _settings(kind).items() if attribute in values}
    progress = [
        name for name in values
        if name in _progress(kind)
        or (present is not None and name in vars(present) and _may_be_progress(kind, name, present))
    ]  # fmt: skip
    return {
        "settings": {name: values[str(at)] for name, at in of.items() if is_plain(values[str(at)])},
        "progress": {name: values[name] for name in progress if is_plain(values[name])},
    }


def attributes(owner: str, saved: Mapping[str, Mapping[str, Any]], kind: type, present: Any) -> dict[str, Any]:
    """Return the attributes that restore what `describe` returned.

    Parameters
    ----------
    owner : str
        The owner that error messages name.
    saved : dict
        What `describe` returned; untrusted, since it comes from a file.
    kind : type
        The class of what was saved.
    present : object or None
        The object of this class that receives the attributes. None creates a new object, for which all must be present.

    Raises
    ------
    MXNetError
        The class lacks one of them, or one is missing.
    ValueError
        A value is not one that `describe` returns.
    """
    settings = _settings(kind)
    found: dict[str, Any] = {}
    for name, value in saved["settings"].items():
        attribute = settings.get(name)
        if attribute is None:
            raise _other_version(owner, kind, f"the setting {name!r}")
        found[attribute] = _checked(name, value)
    for name, value in saved["progress"].items():
        if not _may_be_progress(kind, name, present):
            raise _other_version(owner, kind, f"the attribute {name!r}")
        found[name] = _checked(name, value)
    expected = [] if present is not None else [*filter(None, settings.values()), *_progress(kind)]
    for attribute in expected:
        if attribute not in found:
            raise _other_version(owner, kind, f"no {attribute!r}")
    return found


def require_usable(kind: type, found: Mapping[str, Any], present: Any) -> None:
    """Refuse attributes from a file with which the class could not go on.

    Each must be like that of `present`, the object that they are for, if there is one: a number for a number. What the
    library's own classes do not accept as arguments they do not accept from a file.

    Raises
    ------
    ValueError
        A value is not usable.
    """
    before = {} if present is None else vars(present)
    values = {**before, **found}
    if kind.__module__.partition(".")[0] == __name__.partition(".")[0]:
        given = {name: values[at] for name, at in _settings(kind).items() if at is not None and at in found}
        if "warmup_final_lr" in values:  # a scheduler's base_lr moves; this is the one that its constructor was given
            given["base_lr"] = values["warmup_final_lr"]
        before = {**vars(kind(**given)), **before}
    optional = _optional(kind)
    for name, value in found.items():
        if not _is_like(before.get(name), value) and not (value is None and name in optional):
            raise ValueError(f"{name} cannot be {value!r}, since it is {before[name]!r} now")


def _is_like(one: Any, other: Any) -> bool:
    """Return whether a value can stand for another: a number for a number, anything for None."""
    if isinstance(one, numbers.Real):
        return isinstance(other, numbers.Real)
    if isinstance(one, list) and isinstance(other, list):
        return not one or all(_is_like(one[0], value) for value in other)
    return one is None or not is_plain(one) or other is None or type(one) is type(other)


def is_plain(value: Any) -> bool:
    """Return whether a value, or each value of a list, is a number, a string, a bool or None."""
    value = _as_python(value)
    return isinstance(value, _PLAIN) or (isinstance(value, list) and all(isinstance(one, _PLAIN) for one in value))


def _settings(kind: type) -> dict[str, str | None]:
    """Return the constructor arguments of a class and its bases, each with the attribute that stores it."""
    names: dict[str, str | None] = {}
    renamed: dict[str, str | None] = {}
    for base in reversed(kind.__mro__):
        constructor: Callable[..., None] | None = vars(base).get("__init__")
        parameters = [] if constructor is None else list(inspect.signature(constructor).parameters.values())[1:]
        names.update({one.name: one.name for one in parameters if one.kind in _BY_NAME})
        renamed.update(vars(base).get("glueball_setting_attributes", {}))
    return {**names, **renamed}


def _optional(kind: type) -> set[str | None]:
    """Return the attributes of the arguments that are None by default: a rate, where there is a scheduler."""
    settings = _settings(kind)
    parameters = [
        one for base in kind.__mro__ if "__init__" in vars(base)
        for one in inspect.signature(vars(base)["__init__"]).parameters.values()
    ]  # fmt: skip
    return {settings[one.name] for one in parameters if one.default is None and one.name in settings}


def _progress(kind: type) -> list[str]:
    return [name for base in reversed(kind.__mro__) for name in vars(base).get("glueball_saved_attributes", ())]


def _lists_progress(kind: type) -> bool:
    return "glueball_saved_attributes" in vars(kind)


def _may_be_progress(kind: type, name: str, present: Any) -> bool:
    if name in _progress(kind):
        return True
    return not _lists_progress(kind) and _is_free(kind, name) and is_plain(vars(present).get(name))


def _is_free(kind: type, name: str) -> bool:
    """Return whether a name is not that of a setting, of listed progress, or of a method or property."""
    settings = _settings(kind)
    taken = {*settings, *settings.values(), *_progress(kind)}
    return name not in taken and is_plain(getattr(kind, name, None))


def _other_version(owner: str, kind: type, received: str) -> MXNetError:
    return MXNetError(
        f"{owner}: the saved attributes must be those of {kind.__name__}; received {received}; "
        "they were saved by another version of that class"
    )


def _checked(name: str, value: Any) -> Any:
    if not is_plain(value) or not all(map(_fits, value if isinstance(value, list) else [value])):
        raise ValueError(f"{name} cannot be {value!r}")
    return value


def _fits(value: Any) -> bool:
    return not isinstance(value, int) or value in _INT64


def _as_python(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value

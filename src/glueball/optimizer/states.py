"""The states of an optimizer as bytes: a ``.params`` file of arrays, and JSON text that describes them.

    glueball.states         the text, as uint8:
        version             2
        states              [[index, form], ...]; a form is null, "array", or a list of forms (a tuple)
        optimizer           null, or:
            name            the class, in lower case
            settings        the arguments of its constructor, by name; see ``settings.py``
            progress        its other changing attributes, such as counts
            multipliers     {"lr_mult": [[key, value], ...], "wd_mult": ...}
            counts          [[device, [[index, count], ...]], ...]
            scheduler       null, or {"name": class, "settings": {...}, "progress": {...}}
    glueball.checksum       the CRC-32 of the bytes of the text and of the arrays, in order, as int64
    <index>/<path>          the arrays in the order of the forms, such as 0/0 and 0/1 for a pair

MXNet's own form, a pickle, is read and written by ``mxnet_form/``.

Version 1, which is read too, had no progress: its settings were all attributes that JSON can hold, by name.
Nothing in the file is executed: classes are only looked up by name.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from .. import lr_scheduler
from ..core.context import Context
from ..core.dtype import type_name
from ..core.errors import MXNetError
from ..core.overriding import is_ours
from ..ndarray import NDArray
from ..ndarray.sparse.arrays import array_of
from ..ndarray.sparse.base import form_of
from ..serialization import dump_params, load_params
from . import mxnet_form, settings
from .optimizer import Optimizer

_TEXT, _CHECKSUM = "glueball.states", "glueball.checksum"
_OWNER = "optimizer states"
_VERSION = 2


def dump_states(states: dict[Any, Any], optimizer: Optimizer | None, form: str | None = None) -> bytes:
    """Return states, and the settings of their optimizer if given, as bytes; `form` is None or 'mxnet'."""
    if form not in (None, "mxnet"):
        raise MXNetError(f"{_OWNER}: format must be None or 'mxnet'; received {form!r}")
    if form == "mxnet":
        return mxnet_form.dump(states, optimizer)
    arrays: dict[str, Tensor] = {}
    forms = [[_key(index), _describe(state, str(index), arrays)] for index, state in states.items()]
    text = {
        "version": _VERSION,
        "states": forms,
        "optimizer": None if optimizer is None else _describe_optimizer(optimizer),
    }
    encoded = torch.tensor(list(json.dumps(text).encode()), dtype=torch.uint8)
    checksum = torch.tensor([_checksum([encoded, *arrays.values()])])
    file = io.BytesIO()
    dump_params(file, {_TEXT: encoded, _CHECKSUM: checksum, **arrays}, owner=_OWNER)
    return file.getvalue()


def _key(index: Any) -> Any:
    if not isinstance(index, int | str):
        raise MXNetError(f"{_OWNER}: the index of a parameter must be an int or a str; received {index!r}")
    return index


def _describe(state: Any, path: str, arrays: dict[str, Any]) -> Any:
    """Return the form of a state, and add its arrays to `arrays`."""
    if state is None:
        return None
    if isinstance(state, NDArray):
        arrays[path] = form_of(state)
        return "array"
    if isinstance(state, list | tuple):
        return [_describe(part, f"{path}/{number}", arrays) for number, part in enumerate(state)]
    raise MXNetError(f"{_OWNER}: a state must be None, an NDArray or a tuple of these; received {type(state).__name__}")


def _checksum(tensors: Any) -> int:
    found = 0
    for tensor in [part for one in tensors for part in ((one,) if isinstance(one, Tensor) else one.tensors())]:
        found = zlib.crc32(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data, found)
    return found


def _describe_optimizer(optimizer: Optimizer) -> dict[str, Any]:
    scheduler = optimizer.lr_scheduler
    return {
        "name": type(optimizer).__name__.lower(),
        **settings.describe(optimizer),
        "multipliers": {name: list(getattr(optimizer, name).items()) for name in ("lr_mult", "wd_mult")},
        "counts": [[device, list(counts.items())] for device, counts in optimizer._all_index_update_counts.items()],
        "scheduler": scheduler and {"name": type(scheduler).__name__, **settings.describe(scheduler)},
    }


def load_states(data: bytes, optimizer: Optimizer) -> tuple[dict[Any, Any], Callable[[], None]]:
    """Read what `dump_states` wrote.

    Returns
    -------
    states : dict
        The states by index, on the CPU.
    restore : callable
        Sets the optimizer's settings to the saved ones when called; it cannot fail.

    Raises
    ------
    MXNetError
        The bytes are damaged or do not belong to this optimizer. Nothing has been changed.
    """
    if mxnet_form.is_pickle(bytes(data[:1])):
        return _load_mxnets(data, optimizer)
    arrays = load_params(data, _OWNER)
    if not isinstance(arrays, dict) or list(arrays)[:2] != [_TEXT, _CHECKSUM]:
        raise MXNetError(f"{_OWNER}: the file must have been saved by Trainer.save_states; received another file")
    encoded, checksum = arrays.pop(_TEXT), arrays.pop(_CHECKSUM)
    try:
        if checksum.tolist() != [_checksum([encoded, *arrays.values()])]:
            raise ValueError("its checksum differs")
        text = json.loads(encoded.numpy().tobytes())
        if text["version"] not in (1, _VERSION):
            raise MXNetError(f"{_OWNER}: the version must be 1 or 2; received {text['version']!r}; update Glueball")
        values = iter(arrays.values())
        states = {index: _rebuild(form, values) for index, form in text["states"]}
        if next(values, None) is not None:
            raise ValueError("there are more arrays than the text describes")
        restore = _restorer(text["optimizer"], optimizer, _READERS[text["version"]])
    except _DAMAGE as error:
        raise _damaged(error) from error
    return states, restore


_DAMAGE = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, StopIteration, RecursionError, MemoryError,
)  # fmt: skip


def _damaged(error: BaseException) -> MXNetError:
    return MXNetError(f"{_OWNER}: the file is damaged ({type(error).__name__}: {str(error)[:200]})")


def _load_mxnets(data: bytes, optimizer: Optimizer) -> tuple[dict[Any, Any], Callable[[], None]]:
    try:
        states, saved = mxnet_form.load(data, optimizer)
        return {_key(index): state for index, state in states.items()}, _restorer(saved, optimizer, _READERS[2])
    except MXNetError:
        raise
    except _DAMAGE as error:
        raise _damaged(error) from error


def _rebuild(form: Any, arrays: Iterator[Any]) -> Any:
    if form is None:
        return None
    if form == "array":
        return array_of(next(arrays), Context("cpu", 0))
    if isinstance(form, list):
        return tuple([_rebuild(part, arrays) for part in form])
    raise ValueError(f"{form!r} is not a form")


def _restorer(saved: dict[str, Any] | None, optimizer: Optimizer, read: _Reader) -> Callable[[], None]:
    if saved is None:
        return lambda: None
    name = type(optimizer).__name__.lower()
    if saved["name"] != name:
        raise MXNetError(
            f"{_OWNER}: they must be those of {name!r}; received those of {saved['name']!r}; "
            "make the trainer with that optimizer"
        )
    found = read(_OWNER, saved, type(optimizer), optimizer)
    settings.require_usable(type(optimizer), found, optimizer)
    found["lr_scheduler"] = _restore_scheduler(saved["scheduler"], optimizer.lr_scheduler, read)
    for mult in ("lr_mult", "wd_mult"):
        found[mult] = {_key(key): _multiplier(value) for key, value in saved["multipliers"][mult]}
    counts = {
        _count("a device", device): {_key(index): _count("a count", n) for index, n in pairs}
        for device, pairs in saved["counts"]
    }
    found["_all_index_update_counts"] = counts
    found["_index_update_count"] = counts.setdefault(0, {})
    return lambda: vars(optimizer).update(found)


def _multiplier(value: Any) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"a multiplier cannot be {value!r}")
    return float(value)


def _count(what: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(f"{what} cannot be {value!r}")
    return value


def _restore_scheduler(saved: dict[str, Any] | None, present: Any, read: _Reader) -> Any:
    if saved is None:
        return None
    kind: Any = type(present)
    if kind.__name__ != saved["name"]:
        kind = getattr(lr_scheduler, saved["name"]) if saved["name"] in lr_scheduler.__all__ else None
        if kind is None:
            raise MXNetError(
                f"{_OWNER}: they were saved with the scheduler {saved['name']!r}; received a trainer with "
                f"{type(present).__name__}; make the trainer with that scheduler"
            )
    same = present if type(present) is kind else None
    found = read(_OWNER, saved, kind, same)
    settings.require_usable(kind, found, same)
    made = object.__new__(kind)
    vars(made).update({} if same is None else vars(same))
    vars(made).update(found)
    return made


def _attributes_in_version_1(owner: str, saved: dict[str, Any], kind: type, present: Any) -> dict[str, Any]:
    """Return the attributes that a file of version 1 names; those of an optimizer must already exist."""
    for name, value in saved["settings"].items():
        replaced = vars(present)[name] if isinstance(present, Optimizer) else None
        if not (settings.is_plain(replaced) and settings.is_plain(value)):
            raise ValueError(f"{name} cannot be {value!r}")
    return dict(saved["settings"])


#: Returns the attributes of an optimizer or a scheduler: see `settings.attributes`.
_Reader = Callable[[str, dict[str, Any], type, Any], dict[str, Any]]

_READERS: dict[int, _Reader] = {1: _attributes_in_version_1, 2: settings.attributes}


def require_fit(state: Any, optimizer: Optimizer, index: Any, weight: NDArray, name: Any) -> None:
    """Refuse a loaded state whose structure differs from that of a new state of its parameter.

    A program's own `create_state` is not asked: it is called when a state is created, and only then.
    """
    if not (is_ours(optimizer.create_state) and is_ours(optimizer.create_state_multi_precision)):
        return
    made = optimizer.create_state_multi_precision(index, weight)
    if _outline(state) != _outline(made):
        raise MXNetError(
            f"{_OWNER}: the state of parameter {name} must be {_outline(made)}; received {_outline(state)}; "
            "it was saved from another network, or with other optimizer settings"
        )


def _outline(state: Any) -> Any:
    if isinstance(state, NDArray):
        return f"{state.shape} {type_name(state._kind)}"
    return [_outline(part) for part in state] if isinstance(state, list | tuple) else state

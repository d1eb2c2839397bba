"""Files of optimizer states as MXNet writes them: a pickle of the states, and of the optimizer if it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import lr_scheduler
from ...core.context import Context
from ...core.errors import MXNetError
from ...ndarray.sparse.arrays import array_of
from .. import settings
from ..optimizer import Optimizer
from .reader import Global, Machine, Made, leaves
from .values import numpy_of, tensor_from, tensor_of
from .writer import Instance, dumps

_OWNER = "optimizer states"
_ARRAYS = {
    Global("mxnet.ndarray.ndarray", "NDArray"), Global("mxnet.ndarray", "NDArray"),
    Global("mxnet.ndarray.sparse", "RowSparseNDArray"), Global("mxnet.ndarray.sparse", "CSRNDArray"),
}  # fmt: skip
_OPTIMIZERS = ("mxnet.optimizer.optimizer", "mxnet.optimizer.contrib", "mxnet.optimizer")
_SCHEDULERS = "mxnet.lr_scheduler"
#: Attributes that MXNet does not save, or that Glueball's objects alone have.
_NOT_SAVED = {"param_dict"}


def is_pickle(data: bytes) -> bool:
    """Whether bytes begin as a pickle of any protocol does, of a dict or of a tuple."""
    return data[:1] in (b"\x80", b"(", b"}")


# --- reading ----------------------------------------------------------------------------------------------------------


def load(data: bytes, optimizer: Optimizer) -> tuple[dict[Any, Any], dict[str, Any] | None]:
    """Read what MXNet wrote.

    Returns
    -------
    states : dict
        The states by index, on the CPU.
    saved : dict or None
        What the file says of the optimizer, in the form of `glueball.optimizer.states`.

    Raises
    ------
    MXNetError
        The file names what it may not.
    ValueError, IndexError, KeyError, TypeError
        The file is damaged.
    """
    found = Machine(_OWNER, _allowed(optimizer)).run(bytes(data))
    held = None
    if isinstance(found, tuple) and len(found) == 2:
        found, held = found
    if not isinstance(found, dict):
        raise ValueError("it holds no states")
    list(leaves(list(found.values()), most=2 * len(data)))
    return {key: _state(state) for key, state in found.items()}, None if held is None else _saved(held, optimizer)


def _allowed(optimizer: Optimizer) -> set[Global]:
    names = {kind.__name__ for kind in Optimizer.opt_registry.values()}
    own = {(type(one).__module__, type(one).__qualname__) for one in (optimizer, optimizer.lr_scheduler)}
    return {
        *_ARRAYS,
        *[Global(module, name) for module in _OPTIMIZERS for name in names],
        *[Global(_SCHEDULERS, name) for name in lr_scheduler.__all__],
        *[Global(*one) for one in own],  # a program's own classes, which are not made from the file
    }


def _state(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return tuple([_state(part) for part in value])
    if not isinstance(value, Made):
        raise ValueError(f"a state cannot be {type(value).__name__}")
    tensor = tensor_of(value) if value.kind in _ARRAYS else tensor_from(numpy_of(value))
    return array_of(tensor, Context("cpu", 0))


def _saved(held: Any, optimizer: Optimizer) -> dict[str, Any]:
    values = _attributes(held)
    counts = values.get("_all_index_update_counts", {0: values.get("_index_update_count", {})})
    schedule = values.get("lr_scheduler")
    return {
        "name": held.kind.name.lower(),
        **settings.chosen(type(optimizer), optimizer, values),
        "multipliers": {name: _multipliers(values.get(name, {})) for name in ("lr_mult", "wd_mult")},
        "counts": [[device, list(each.items())] for device, each in counts.items()],
        "scheduler": None if schedule is None else _saved_scheduler(schedule, optimizer.lr_scheduler),
    }


def _multipliers(held: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return [(key, _plain(value)) for key, value in held.items()]


def _saved_scheduler(held: Any, present: Any) -> dict[str, Any]:
    values, name = _attributes(held), held.kind.name
    known: Any = getattr(lr_scheduler, name) if name in lr_scheduler.__all__ else type(present)
    return {"name": name, **settings.chosen(known, present if type(present) is known else None, values)}


def _attributes(held: Any) -> dict[str, Any]:
    if not isinstance(held, Made) or not isinstance(held.state, dict):
        raise ValueError("an object has no attributes")
    return {str(name): _plain(value) for name, value in held.state.items()}


def _plain(value: Any) -> Any:
    """Return a number of NumPy as one of Python, and a tuple as a list: settings have these."""
    if isinstance(value, Made) and value.kind.name == "scalar":
        return numpy_of(value).item()
    return list(value) if isinstance(value, tuple) else value


# --- writing ----------------------------------------------------------------------------------------------------------


def dump(states: Mapping[Any, Any], optimizer: Optimizer | None) -> bytes:
    """Return states, and their optimizer if given, as MXNet writes them."""
    if optimizer is None:
        return dumps(dict(states), _OWNER)
    module = "mxnet.optimizer.contrib" if _is_contrib(type(optimizer)) else "mxnet.optimizer.optimizer"
    values = {"allow_np_array": False, **optimizer._glueball_of_mxnet, **_own(optimizer)}
    schedule = values.get("lr_scheduler")
    if schedule is not None:
        values["lr_scheduler"] = _instance(schedule, _SCHEDULERS, _own(schedule))
    return dumps((dict(states), _instance(optimizer, module, values)), _OWNER)


def _own(thing: Any) -> dict[str, Any]:
    return {
        name: value for name, value in vars(thing).items()
        if name not in _NOT_SAVED and not name.startswith("_glueball_")
    }  # fmt: skip


def _instance(thing: Any, module: str, values: dict[str, Any]) -> Instance:
    kind = type(thing)
    own = kind.__module__.partition(".")[0] == __name__.partition(".")[0]
    if not own and "<" in kind.__qualname__:
        raise MXNetError(
            f"{_OWNER}: MXNet's form names the class of an optimizer, which must be at the top of a module; "
            f"received {kind.__qualname__}; define it there"
        )
    return Instance(module if own else kind.__module__, kind.__qualname__, values)


def _is_contrib(kind: type) -> bool:
    return kind.__module__.endswith(".contrib")

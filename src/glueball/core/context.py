"""Where an array lives: cpu(0), cpu(1), gpu(0) ... and the current default."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import torch

from .class_property import ClassPropertyMeta, classproperty
from .doors import door, guard
from .errors import MissingNameError, MXNetError, nearest
from .warning import warn


@guard
class Context(metaclass=ClassPropertyMeta):
    """A device that arrays are created on; also a ``with`` block that changes the default.

    Equal contexts are the same object, so that comparing them in every operator call costs nothing.

    Parameters
    ----------
    device_type : {'cpu', 'gpu', 'cpu_pinned', 'cpu_shared'} or Context
        The kind of device. The three cpu kinds all compute on the host; ``cpu(0)`` and ``cpu(1)`` are separate
        contexts over the same processor, which lets data-parallel programs be tested without a GPU.
    device_id : int, default 0
        Which device of that kind.

    Raises
    ------
    KeyError
        The device type is unknown. A missing GPU is reported only when an array is created on it.

    Examples
    --------
    >>> import glueball as mx
    >>> with mx.Context("cpu", 1):
    ...     print(mx.nd.ones((2,)).context)
    cpu(1)
    """

    devtype2str: ClassVar[dict[int, str]] = {1: "cpu", 2: "gpu", 3: "cpu_pinned", 5: "cpu_shared"}
    devstr2type: ClassVar[dict[str, int]] = {name: number for number, name in devtype2str.items()}
    _interned: ClassVar[dict[tuple[str, int], Context]] = {}

    device_typeid: int
    device_id: int
    #: Where the results of operators on its arrays are: a kind of host memory is for what is copied from it.
    computes_on: Context
    _device: torch.device | None

    def __new__(cls, device_type: str | Context, device_id: int = 0) -> Context:
        """Return the unique context with this type and id."""
        if isinstance(device_type, Context):
            return device_type
        found = cls._interned.get((device_type, device_id))
        if found is None:
            if device_type not in cls.devstr2type:
                known = tuple(cls.devstr2type)
                raise MissingNameError(
                    f"Context: device_type must be one of {', '.join(known)}; received {device_type!r}"
                    f"{nearest(str(device_type), known)}"
                )
            found = cls._create(device_type, cls.devstr2type[device_type], int(device_id))
        return found

    @classmethod
    def _create(cls, device_type: str, device_typeid: int, device_id: int) -> Context:
        context = super().__new__(cls)
        context.device_typeid = device_typeid
        context.device_id = device_id
        context.computes_on = cls("cpu", device_id) if device_type in ("cpu_pinned", "cpu_shared") else context
        context._device = None
        # setdefault, so that two threads asking at once get the same object
        return cls._interned.setdefault((device_type, device_id), context)

    def __reduce__(self) -> tuple[type[Context], tuple[str, int]]:
        return Context, (self.device_type, self.device_id)

    @property
    def device_type(self) -> str:
        """The kind of device: ``'cpu'``, ``'gpu'``, ``'cpu_pinned'`` or ``'cpu_shared'``."""
        return self.devtype2str[self.device_typeid]

    @property
    def device(self) -> torch.device:
        """The torch device behind this context; raises MXNetError if the machine has no such device."""
        if self._device is None:
            self._device = _find_device(self)
        return self._device

    default_ctx = classproperty(lambda cls: _read_default_ctx()).setter(lambda cls, value: _write_default_ctx(value))

    def empty_cache(self) -> None:
        """Return the memory that a GPU's allocator has cached to the driver; does nothing on a CPU."""
        if self.device.type == "cuda":
            with torch.cuda.device(self.device):
                torch.cuda.empty_cache()

    def __enter__(self) -> Context:
        _default.stack.append(self)
        return self

    def __exit__(self, *exception: Any) -> None:
        if len(_default.stack) == 1:
            raise MXNetError(f"{self}: its 'with' block must have been entered; it was not")
        _default.stack.pop()

    def __repr__(self) -> str:
        return f"{self.device_type}({self.device_id})"


def _find_device(context: Context) -> torch.device:
    if context.device_type != "gpu":
        return torch.device("cpu")
    count = num_gpus()
    if not 0 <= context.device_id < count:
        have = f"torch sees {count} CUDA device{'s' * (count != 1)}" if count else "torch sees no CUDA device"
        raise MXNetError(f"{context}: the device must exist on this machine; {have}; use mx.cpu() or another gpu(i)")
    return torch.device("cuda", context.device_id)


class _Default(threading.local):
    def __init__(self) -> None:
        self.stack = [Context("cpu", 0)]


_default = _Default()


def current_context() -> Context:
    """Return the context that new arrays are created on in this thread: ``cpu(0)`` outside any ``with`` block."""
    return _default.stack[-1]


def _read_default_ctx() -> Context:
    """The default context of this thread; `current_context` is its newer name."""
    warn("Context.default_ctx: call mx.current_context() instead", DeprecationWarning)
    return current_context()


def _write_default_ctx(context: Context) -> None:
    warn("Context.default_ctx: write 'with context:' instead", DeprecationWarning)
    if not isinstance(context, Context):
        raise MXNetError(f"Context.default_ctx: it must be a Context; received {context!r}; use mx.cpu()")
    replace_current(context)


def replace_current(context: Context) -> None:
    """Make a context the one that `current_context` returns, until the end of the innermost ``with`` block."""
    _default.stack[-1] = context


@door
def cpu(device_id: int = 0) -> Context:
    """Return a CPU context.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.cpu(1)
    cpu(1)
    """
    return Context("cpu", device_id)


@door
def cpu_pinned(device_id: int = 0) -> Context:
    """Return the context of page-locked host memory, from which copies to a GPU are faster."""
    return Context("cpu_pinned", device_id)


@door
def gpu(device_id: int = 0) -> Context:
    """Return a GPU context. Creating an array on it raises MXNetError if there is no such GPU."""
    return Context("gpu", device_id)


def num_gpus() -> int:
    """Return the number of CUDA devices that torch can use."""
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


@door
def gpu_memory_info(device_id: int = 0) -> tuple[int, int]:
    """Return the free and the total memory of a GPU, in bytes."""
    return torch.cuda.mem_get_info(gpu(device_id).device)

"""A part of a graph that another runtime computes, with the parameters that it was opened with."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.locks import process_lock
from ..interop.onnx.document import Array, Document
from .fused import NotFinite

#: Computes a part; it takes the inputs, contiguous, and returns new tensors.
Session = Callable[[Sequence[Tensor]], tuple[Tensor, ...]]

_opening = process_lock()


@dataclass(frozen=True)
class Part:
    """A part of a graph.

    Attributes
    ----------
    inputs : tuple of Array
        What it takes, in the order of the inputs of `module`.
    is_weight : tuple of bool
        Which of them follow from parameters alone.
    outputs : tuple of Array
        What it returns.
    document : Document
        The part in ONNX.
    name : str
        The names of its first and last nodes.
    """

    inputs: tuple[Array, ...]
    is_weight: tuple[bool, ...]
    outputs: tuple[Array, ...]
    document: Document
    name: str


class Runtime(Protocol):
    """Computes parts of graphs.

    Attributes
    ----------
    name : str
        The name of the engine.
    types : frozenset of torch.dtype
        The types of the arrays that it takes and returns.
    """

    name: str
    types: frozenset[torch.dtype]

    def open(self, part: OpenPart) -> Session:
        """Return a function that computes a part with as many threads as torch has now."""
        ...


@dataclass(frozen=True)
class OpenPart:
    """What a runtime needs to open a part.

    Attributes
    ----------
    name : str
        The name of the part.
    document : Document
        The part in ONNX.
    inputs, outputs : tuple of Array
        What it takes and returns in each run.
    weights : dict of Array to Tensor
        Further inputs, which stay the same.
    """

    name: str
    document: Document
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    weights: dict[Array, Tensor]


class Opened:
    """A part with its weights, which computes new arrays from inputs.

    Numbers that are not finite, in weights or inputs, are not for it: runtimes make other numbers of NaN.

    Parameters
    ----------
    runtime : Runtime
        What computes it.
    part : Part
        The part.
    weights : sequence of Tensor
        The values of its weights, of which copies are kept.

    Raises
    ------
    NotFinite
        A weight is not finite.
    """

    __name__ = "opened_part"

    def __init__(self, runtime: Runtime, part: Part, weights: Sequence[Tensor]) -> None:
        self._runtime = runtime
        # A runtime may read them at any time, also while a program writes to a parameter.
        copies = [each.detach().clone(memory_format=torch.contiguous_format) for each in weights]
        _require_finite(copies)
        used = part.document.used()
        inputs = [array for array, fixed in zip(part.inputs, part.is_weight, strict=True) if not fixed]
        fixed = [array for array, fixed in zip(part.inputs, part.is_weight, strict=True) if fixed]
        self._needed = [number for number, array in enumerate(inputs) if array.name in used]
        pairs = zip(fixed, copies, strict=True)
        self._open_part = OpenPart(
            part.name, part.document, tuple([inputs[number] for number in self._needed]), part.outputs,
            {array: tensor for array, tensor in pairs if array.name in used},
        )  # fmt: skip
        # By process and number of threads: a forked worker has none of the threads of a session.
        self._sessions: dict[tuple[int, int], Session] = {}
        self._session()

    def __call__(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """Compute the part.

        Raises
        ------
        NotFinite
            An input is not finite.
        """
        needed = [inputs[number].contiguous() for number in self._needed]
        _require_finite(needed)
        session = self._session()
        try:
            return session(needed)
        except Exception as error:
            raise self._failure("run", error) from error

    def _session(self) -> Session:
        key = (os.getpid(), torch.get_num_threads())
        session = self._sessions.get(key)
        if session is None:
            with _opening:
                if key not in self._sessions:  # another thread may just have opened it
                    self._sessions[key] = self._opened()
                session = self._sessions[key]
        return session

    def _opened(self) -> Session:
        try:
            return self._runtime.open(self._open_part)
        except Exception as error:
            raise self._failure("compile", error) from error

    def _failure(self, what: str, error: Exception) -> MXNetError:
        reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
        return MXNetError(f"the backend {self._runtime.name!r} must be able to {what} {self._open_part.name}; {reason}")


def _require_finite(tensors: Sequence[Tensor]) -> None:
    """Raise NotFinite unless all numbers are finite, and their sum, which is what is looked at.

    By NumPy, in this thread: torch's threads go on to wait for work on the processors that the runtime needs then.
    """
    with np.errstate(all="ignore"):
        for tensor in tensors:
            if tensor.is_floating_point() and not math.isfinite(tensor.detach().numpy().sum()):
                raise NotFinite


def empty(arrays: Sequence[Array]) -> tuple[Tensor, ...]:
    """Return tensors for results."""
    return tuple([torch.empty(array.shape, dtype=array.type) for array in arrays])

"""How the arrays of an operator written in Python are stored, as its `CustomOpProp` says: asked once for each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from torch import Tensor

from ..core.errors import MXNetError
from ..core.sparse_forms import STORAGE_NUMBERS
from ..core.strangers import call
from ..ndarray.ndarray import GradientWriter
from .custom_op import CustomOpProp

Stypes = tuple[str, ...]


class ForwardStypes(NamedTuple):
    """The storage types of inputs, outputs and states."""

    inputs: Stypes
    outputs: Stypes
    states: Stypes


class BackwardStypes(NamedTuple):
    """The storage types of what `CustomOp.backward` takes and writes."""

    out_grad: Stypes
    in_data: Stypes
    out_data: Stypes
    in_grad: Stypes
    states: Stypes


class Storage:
    """What a user's class says about storage.

    Parameters
    ----------
    prop : CustomOpProp
        The user's object.
    inputs, outputs, states : int
        How many it lists.
    """

    def __init__(self, prop: CustomOpProp, inputs: int, outputs: int, states: int) -> None:
        self._prop, self._counts = prop, (inputs, outputs, states)
        self._remembered: dict[tuple[Any, ...], Any] = {}
        own = type(prop).infer_storage_type_backward is not CustomOpProp.infer_storage_type_backward
        #: Whether the class says how gradients are stored; what `CustomOpProp` says is that all are dense.
        self.knows_gradients = own

    def forward(self, given: Stypes) -> ForwardStypes:
        """Return the storage types for inputs stored like this."""
        return ForwardStypes(*self._asked("infer_storage_type", self._counts, given))

    def backward(self, out_grad: Stypes, forward: ForwardStypes, in_grad: Stypes) -> BackwardStypes:
        """Return the storage types in a gradient; those of gradients are given as far as they are known."""
        inputs, outputs, states = self._counts
        counts = (outputs, inputs, outputs, inputs, states)
        groups = out_grad, forward.inputs, forward.outputs, in_grad, forward.states
        return BackwardStypes(*self._asked("infer_storage_type_backward", counts, *groups))

    @cached_property
    def is_sparse(self) -> bool:
        """Whether arrays or gradients are sparse although all inputs are dense."""
        return not {*self._dense.outputs, *self._dense.states, *self._of_dense.in_grad} <= {"default", "undefined"}

    @cached_property
    def _dense(self) -> ForwardStypes:
        return self.forward(("default",) * self._counts[0])

    @property
    def _of_dense(self) -> BackwardStypes:
        return self.backward(self._dense.outputs, self._dense, ("undefined",) * self._counts[0])

    def check_dense(self) -> None:
        """Refuse sparse gradients of arrays that are dense, and whose gradients are."""
        dense = ("default",) * self._counts[0]
        said = self.backward(self._dense.outputs, self._dense, dense)
        if "row_sparse" in said.in_grad or "csr" in said.in_grad:
            raise MXNetError(
                f"{type(self._prop).__name__}.infer_storage_type_backward: gradients that are 'default' must stay so; "
                f"received {list(said.in_grad)}"
            )

    def makes(self, attributes: Mapping[str, Any]) -> bool:
        """Whether dense inputs are enough for sparse arrays: the fact of that name of `SparseByArrays`."""
        return self.is_sparse

    def gradient_stypes(self, attributes: Mapping[str, Any], stypes: Sequence[str]) -> dict[int, str]:
        """Return the storage types of gradients: the fact of that name of `SparseByArrays`."""
        forward = self.forward(tuple(stypes[: self._counts[0]]))
        found = self.backward(forward.outputs, forward, ("undefined",) * self._counts[0]).in_grad
        return {position: stype for position, stype in enumerate(found) if stype != "undefined"}

    def _asked(self, method: str, counts: Sequence[int], *groups: Stypes) -> Any:
        key = (method, *groups)
        if key not in self._remembered:
            found = call(getattr(self._prop, method), *map(list, groups))
            self._remembered[key] = _read(f"{type(self._prop).__name__}.{method}", found, counts)
        return self._remembered[key]


def _read(owner: str, found: Any, counts: Sequence[int]) -> list[Stypes]:
    short = [*found, []] if isinstance(found, list | tuple) and len(found) == len(counts) - 1 else found
    if not isinstance(short, list | tuple) or [len(group) for group in short] != list(counts):
        raise MXNetError(
            f"{owner}: it must return {len(counts)} lists, of {list(counts)} types; received {found!r:.120}"
        )
    known_later = ("undefined",) if len(counts) > 3 else ()  # gradients that nobody asks for
    for stype in [stype for group in short for stype in group]:
        if stype not in (*STORAGE_NUMBERS, *known_later):
            known = ", ".join(map(repr, STORAGE_NUMBERS))
            raise MXNetError(f"{owner}: a storage type must be one of {known}; received {stype!r}")
    return [tuple(group) for group in short]


def has_sparse_gradient(leaf: Tensor) -> bool:
    """Whether what torch computes for a variable goes to a sparse array."""
    hooks: Mapping[int, Any] = leaf._post_accumulate_grad_hooks or {}
    return any(isinstance(hook, GradientWriter) and hook.gradient.stype != "default" for hook in hooks.values())

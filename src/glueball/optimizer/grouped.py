"""Update many parameters with few kernels: the optimizers of this package work on lists of torch tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..core.dtype import type_name
from ..core.errors import MXNetError, RefusedError
from ..core.mode import mode
from ..core.overriding import is_ours
from ..core.storage import SparseStorage
from ..graph.kernels.room import Room
from ..ndarray import NDArray
from .by_rows import is_sparse, update_by_rows, write_back
from .known import Known
from .optimizer import Optimizer

Tensors = list[Tensor] | tuple[Tensor, ...]  # what torch's foreach functions take and return


_AT_ONCE = 2**20  # numbers: gradients in float32 of more weights would not stay in the cache

_gradients = Room()  # in float32, of the weights that are updated at a time

# What MXNet calls once for each parameter.
_CALLED_FOR_EACH = (
    "update", "update_multi_precision", "_update_impl", "_update_count", "_get_lr", "_get_lrs", "_get_wd", "_get_wds",
)  # fmt: skip


class Group(NamedTuple):
    """The inputs of one update, with a list entry for each parameter. Weights and states are updated in place."""

    weights: list[Tensor]
    gradients: list[Tensor]
    states: list[Any]
    rates: list[float]
    decays: list[float]
    counts: list[int]

    def state(self, position: int | None = None) -> list[Tensor]:
        """Return the tensors of the states, or, if each state is a tuple, those at one position."""
        return [state._data if position is None else state[position]._data for state in self.states]

    def parts(self) -> Iterator[Group]:
        """Yield groups of parameters that have one rate, decay, count and type, as torch's fused steps need them."""
        columns: list[list[Any]] = [self.rates, self.decays, self.counts, [one.dtype for one in self.weights]]
        if self.weights and all([column.count(column[0]) == len(column) for column in columns]):
            yield self
            return
        keys = list(zip(*columns, strict=True))
        for key in dict.fromkeys(keys):
            chosen = [place for place, other in enumerate(keys) if other == key]
            parts: list[Any] = [[column[place] for place in chosen] for column in self]
            yield Group(*parts)


class GroupedOptimizer(Optimizer):
    """An optimizer that can update all parameters at once; a subclass has `create_state` and `_glueball_step`."""

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one weight in place, or several at once if each argument is a list.

        Parameters
        ----------
        index : object or list
            The index of the parameter.
        weight, grad : NDArray or list of NDArray
            The weight, and its gradient of the same shape and type.
        state : object or list
            The result of `create_state`.

        Raises
        ------
        MXNetError
            A gradient does not match its weight; then nothing is updated.
        """
        self._glueball_update(index, weight, grad, state, through_copies=False)

    def _glueball_updates_together(self) -> bool:
        """Whether nothing that a subclass has of its own would miss a call that MXNet makes for each parameter."""
        scheduler = self.lr_scheduler
        return all(is_ours(getattr(self, name, self.update)) for name in _CALLED_FOR_EACH) and (
            scheduler is None or is_ours(type(scheduler).__call__)
        )

    def _glueball_update(
        self, index: Any, weight: Any, grad: Any, state: Any, *, through_copies: bool, known: Known | None = None
    ) -> None:
        """Update one weight, or several if each argument is a list; those with a float32 copy through it, if asked.

        Tensors that are `known` have been checked.
        """
        indices, weights, gradients, states = _as_lists(index, weight, grad, state)
        try:
            targets, sources = _tensors(weights), _tensors(gradients)
        except SparseStorage:
            self._glueball_update_sparse(indices, weights, gradients, states, through_copies)
            return
        if mode.recording or known is None or not known.are(targets, sources):
            self._glueball_check(weights, gradients)
            if known is not None:
                known.remember(targets, sources)
        rates, decays = self._glueball_count(index)
        counts = [self._index_update_count[one] for one in indices]
        group = Group(targets, sources, states, rates, decays, counts)
        if not (through_copies and any(map(self._glueball_uses_copy, weights))):
            self._glueball_step(group)
            return
        uses_copy = list(map(self._glueball_uses_copy, weights))
        for part in _shares(targets, _AT_ONCE):
            columns: list[Any] = [column[part] for column in group]
            self._glueball_step_through_copies(Group(*columns), uses_copy[part])

    def _glueball_step_through_copies(self, group: Group, uses_copy: Sequence[bool]) -> None:
        """Do a step; some weights have a copy in float32, which their state brings along."""
        copied, gradients = [], _in_float32(group.gradients, uses_copy)
        for place, weight in enumerate(group.weights):
            if uses_copy[place]:
                copy, group.states[place] = self._glueball_split(group.states[place])
                copied.append((weight, copy._data))
                group.weights[place] = copy._data
                group.gradients[place] = gradients[place]
        self._glueball_step(group)
        for target, tensor in copied:
            target.copy_(tensor)

    def _glueball_update_sparse(
        self, indices: list[Any], weights: list[Any], gradients: list[Any], states: list[Any], through_copies: bool
    ) -> None:
        """Update weights one by one, some of which are sparse or have a sparse gradient."""
        for index, weight, gradient, state in zip(indices, weights, gradients, states, strict=True):
            if not is_sparse(weight, gradient):
                self._glueball_update(index, weight, gradient, state, through_copies=through_copies)
                continue
            (rate,), (decay,) = self._glueball_count(index)
            count = self._index_update_count[index]
            owner, has_copy = type(self).__name__, through_copies and self._glueball_uses_copy(weight)
            step = self._glueball_step_of_rows if is_sparse(weight) and not has_copy else self._glueball_step

            def update(
                w: NDArray, g: NDArray, s: Any,
                step: Any = step, rate: float = rate, decay: float = decay, count: int = count,
            ) -> None:  # fmt: skip
                step(Group([w._data], [g._data], [s], [rate], [decay], [count]))

            lazily = self._glueball_lazily(weight, has_copy)
            if not has_copy:
                update_by_rows(owner, weight, gradient, state, lazily, update)
                continue
            copy, inner = self._glueball_split(state)
            update_by_rows(owner, copy, gradient.astype("float32"), inner, lazily, update)
            write_back(copy, weight)

    def _glueball_step_of_rows(self, group: Group) -> None:
        """Update what stands for a row_sparse weight without a copy in float32."""
        self._glueball_step(group)

    def _glueball_lazily(self, weight: NDArray, has_copy: bool) -> bool:
        """Whether a row_sparse gradient changes only the rows that it stores; `has_copy` is about the weight."""
        return False

    def _glueball_count(self, index: Any) -> tuple[list[float], list[float]]:
        """Count the updates, and return the rates and decays."""
        self._update_count(index)
        if isinstance(index, list | tuple):
            return self._get_lrs(index), self._get_wds(index)
        return [self._get_lr(index)], [self._get_wd(index)]

    def _glueball_check(self, weights: Sequence[Any], gradients: Sequence[Any]) -> None:
        owner = type(self).__name__
        for weight, gradient in zip(weights, gradients, strict=True):
            if not (isinstance(weight, NDArray) and isinstance(gradient, NDArray)):
                raise RefusedError(
                    f"{owner}: weight and gradient must be NDArrays; received {type(weight).__name__} and "
                    f"{type(gradient).__name__}"
                )
            w, g = weight._data, gradient._data
            if w.shape != g.shape or w.dtype is not g.dtype or w.device != g.device:
                raise MXNetError(
                    f"{owner}: a gradient must have its weight's shape, type and device, {_describe(w)}; "
                    f"received {_describe(g)}"
                )
            if not w.is_floating_point():
                raise MXNetError(f"{owner}: a weight must have a floating-point type; received {_describe(w)}")
            if mode.recording:
                weight._refuse_write_while_recording()

    def _glueball_step(self, group: Group) -> None:
        """Update the weights and states of a group in place; its gradients are not changed."""
        raise NotImplementedError(f"{type(self).__name__}: _step must be implemented by the subclass")

    # --- shared steps ---------------------------------------------------------------------------------------

    def _glueball_rescaled(self, group: Group) -> list[Tensor]:
        """Return the gradients times `rescale_grad`."""
        if self.rescale_grad == 1.0:
            return group.gradients
        return list(torch._foreach_mul(group.gradients, float(self.rescale_grad)))

    def _glueball_clipped(self, tensors: list[Tensor], group: Group) -> list[Tensor]:
        """Return the tensors clipped by `clip_gradient`; the gradients themselves are never changed."""
        if not self.clip_gradient or self.clip_gradient < 0:
            return tensors
        limit = float(self.clip_gradient)
        if tensors is group.gradients:
            tensors = list(torch._foreach_clamp_min(tensors, -limit))
        else:
            torch._foreach_clamp_min_(tensors, -limit)
        torch._foreach_clamp_max_(tensors, limit)
        return tensors

    def _glueball_with_decay(self, tensors: list[Tensor], group: Group) -> list[Tensor]:
        """Return the tensors plus the decay of the weights; the gradients themselves are never changed."""
        if not any(group.decays):
            return tensors
        if tensors is group.gradients:
            return list(torch._foreach_add(tensors, torch._foreach_mul(group.weights, group.decays)))
        add_scaled(tensors, group.weights, group.decays)
        return tensors


def add_scaled(targets: Tensors, tensors: Tensors, factors: Sequence[float]) -> None:
    """Add to each target its tensor times its factor."""
    first = factors[0]
    if any(factor != first for factor in factors):
        torch._foreach_add_(targets, torch._foreach_mul(tensors, factors))
    elif first:
        torch._foreach_add_(targets, tensors, alpha=first)


def in_float32(rate: float) -> tuple[float, float]:
    """Return a decay rate and 1 minus it, rounded to float32 as in MXNet's kernels; 1 - 0.999 shows the difference."""
    rounded = float(np.float32(rate))
    return rounded, 1.0 - rounded


def negative(numbers: Sequence[float]) -> list[float]:
    """Return the negated numbers."""
    return [-number for number in numbers]


def _shares(tensors: Sequence[Tensor], most: int) -> Iterator[slice]:
    """Yield the places of tensors that follow each other and have no more numbers together than `most`, or are one."""
    begin, total = 0, 0
    for place, tensor in enumerate(tensors):
        if place > begin and total + tensor.numel() > most:
            yield slice(begin, place)
            begin, total = place, 0
        total += tensor.numel()
    yield slice(begin, len(tensors))


def _in_float32(gradients: Sequence[Tensor], wanted: Sequence[bool]) -> list[Tensor]:
    """Return the gradients of which that is wanted in float32: on a CPU in memory that the next call uses again."""
    sizes = [
        each.numel() if is_wanted and each.device.type == "cpu" else 0
        for each, is_wanted in zip(gradients, wanted, strict=True)
    ]
    parts = _gradients.of(sum(sizes))[: sum(sizes)].split(sizes)
    return [
        part.view(each.shape).copy_(each) if size else each.float() if is_wanted else each
        for each, part, size, is_wanted in zip(gradients, parts, sizes, wanted, strict=True)
    ]


def _as_lists(index: Any, *others: Any) -> tuple[list[Any], ...]:
    if isinstance(index, list | tuple):
        return (list(index), *[list(other) for other in others])
    return ([index], *[[other] for other in others])


def _tensors(arrays: Sequence[Any]) -> list[Tensor]:
    try:
        return [array._data for array in arrays]
    except AttributeError:
        return []  # what is not an array is refused when it is looked at


def _describe(tensor: Tensor) -> str:
    return f"{tuple(tensor.shape)} {type_name(tensor.dtype)} {tensor.device}"

"""Keeps the states of an optimizer, one for each parameter, and calls it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

from ..core.context import Context
from ..core.doors import door, guard
from ..core.errors import MXNetError
from ..ndarray import NDArray
from .grouped import GroupedOptimizer
from .known import Known
from .optimizer import Optimizer
from .states import dump_states, load_states, require_fit


@guard
class Updater:
    """Calls an optimizer with the states of the parameters.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer.

    Examples
    --------
    >>> import glueball as mx
    >>> update = mx.optimizer.get_updater(mx.optimizer.SGD(learning_rate=0.5, momentum=0.9))
    >>> weight = mx.nd.array([1, 2])
    >>> update(0, mx.nd.array([1, 1]), weight)
    >>> weight.asnumpy().tolist()
    [0.5, 1.5]
    """

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = optimizer
        self.states: dict[Any, Any] = {}
        #: Which states are known to match their parameter and to be on its context; loaded ones are not.
        self.states_synced: dict[Any, bool] = {}
        self.aggregate_updates = optimizer.aggregate_num > 0
        self._glueball_known = Known()

    def __call__(self, index: Any, grad: Any, weight: Any) -> None:
        """Update one parameter, or several if each argument is a list; all on one context.

        Parameters
        ----------
        index : object or list
            The index of the parameter.
        grad, weight : NDArray or list of NDArray
            The gradient, and the weight to update in place.
        """
        if not isinstance(index, list | tuple):
            index, grad, weight = [index], [grad], [weight]
        if not index:
            return
        if weight[0]._is_np:  # optimizers get arrays of mx.nd, in MXNet, too
            weight, grad = [[array.as_nd_ndarray() for array in arrays] for arrays in (weight, grad)]
        optimizer = self.optimizer
        optimizer._set_current_context(weight[0].context.device_id)
        held, synced = self.states, self.states_synced
        states = [held[one] for one in index if one in held and synced[one]]
        if len(states) != len(index):
            for one, w in zip(index, weight, strict=True):
                self._glueball_prepare(one, w)
            states = [held[one] for one in index]
        if _updates_together(optimizer):
            optimizer._glueball_update(
                index, weight, grad, states, through_copies=optimizer.multi_precision, known=self._glueball_known
            )
        elif self.aggregate_updates:
            for part in self._glueball_parts(weight):
                i, w, g = (tuple(column[place] for place in part) for column in (index, weight, grad))
                optimizer.update_multi_precision(i, w, g, [states[place] for place in part])
        else:
            for one, w, g, state in zip(index, weight, grad, states, strict=True):
                optimizer.update_multi_precision(one, w, g, state)

    def _glueball_parts(self, weights: Sequence[NDArray]) -> Iterator[list[int]]:
        """Yield the places of the weights that the optimizer is given at a time."""
        if _updates_together(self.optimizer):
            yield list(range(len(weights)))
        elif self.aggregate_updates:
            yield from _parts(weights, self.optimizer.aggregate_num)
        else:
            yield from ([place] for place in range(len(weights)))

    def _glueball_prepare(self, index: Any, weight: NDArray) -> None:
        if index not in self.states:
            self.states[index] = self.optimizer.create_state_multi_precision(index, weight)
        elif not self.states_synced[index]:
            state = self.sync_state_context(self.states[index], weight.context)
            require_fit(state, self.optimizer, index, weight, index)
            self.states[index] = state
        self.states_synced[index] = True

    def sync_state_context(self, state: Any, context: Context) -> Any:
        """Return a state with its arrays on a context; those already there are not copied."""
        if isinstance(state, NDArray):
            return state.as_in_context(context)
        if isinstance(state, list | tuple):
            return type(state)(self.sync_state_context(part, context) for part in state)
        return state

    def get_states(self, dump_optimizer: bool = False, format: str | None = None) -> bytes:
        """Return the states as bytes that `set_states` reads.

        Parameters
        ----------
        dump_optimizer : bool, default False
            Also write the optimizer's settings, its counts of updates and its scheduler.
        format : {'mxnet'}, optional
            Write MXNet's form, a pickle, which MXNet reads; by default the form of Glueball, which only Glueball reads.

        Differs from MXNet
        ------------------
        The bytes are by default not a pickle, which could run code when a program loads it, but a ``.params`` file of
        arrays and JSON text.
        """
        return dump_states(self.states, self.optimizer if dump_optimizer else None, format)

    def set_states(self, states: bytes) -> None:
        """Load what `get_states` returned, here or in MXNet, including the optimizer's settings if present.

        MXNet's pickle is read as data: nothing that it names is imported or called.

        Raises
        ------
        MXNetError
            The bytes are damaged, in another format, or of another optimizer; nothing is changed.
        """
        found, restore = load_states(states, self.optimizer)
        restore()
        self.states = found
        self.states_synced = dict.fromkeys(found, False)


def _updates_together(optimizer: Optimizer) -> TypeGuard[GroupedOptimizer]:
    return isinstance(optimizer, GroupedOptimizer) and optimizer._glueball_updates_together()


def _parts(weights: Sequence[NDArray], size: int) -> Iterator[list[int]]:
    """Yield the places of at most `size` weights of one type, as MXNet groups them."""
    by_type: dict[Any, list[int]] = {}
    for place, weight in enumerate(weights):
        by_type.setdefault(weight.dtype, []).append(place)
    for places in by_type.values():
        for start in range(0, len(places), size):
            yield places[start : start + size]


@door
def get_updater(optimizer: Optimizer) -> Updater:
    """Return an `Updater` for an optimizer."""
    if not isinstance(optimizer, Optimizer):
        raise MXNetError(
            f"get_updater: optimizer must be an Optimizer; received {type(optimizer).__name__}; "
            "make one with mx.optimizer.create(...)"
        )
    return Updater(optimizer)

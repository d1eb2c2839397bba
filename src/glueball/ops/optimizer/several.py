"""Steps of several weights in one call: what ``multi_sgd_update`` and its sisters have in common.

Their arrays come weight by weight: a weight, its gradient, its states; then those of the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from torch import Tensor

from ...core.errors import MXNetError
from ..facts import MOST
from ..flops import Call
from ..samples import Input
from .common import require_alike

Attributes = Mapping[str, Any]


def facts(
    arrays: Sequence[str],
    flops: int,
    *,
    mixed: bool = False,
    shared: int = 0,
    count: str = "num_weights",
    listed: bool = False,
) -> Any:
    """Return the facts of an operator that does a step with several weights.

    Parameters
    ----------
    arrays : sequence of str
        What each weight has: ``("weight", "grad", "mom")``; those behind the gradient are states.
    flops : int
        The operations for each number of a weight.
    mixed : bool, default False
        The states are float32 whatever the weights are, and so are the shared arrays.
    shared : int, default 0
        How many further arrays follow behind those of all weights.
    count : str, default 'num_weights'
        The attribute that is the number of weights.
    listed : bool, default False
        MXNet's lists for mixed precision name it, among the operators that compute in any type.
    """
    each = len(arrays)

    def types(attributes: Attributes) -> str:
        if not mixed:
            return "T... -> T..."
        places = ["T", "T", *["float32"] * (each - 2)] * attributes[count] + ["float32"] * shared
        return f"{', '.join(places)} -> T..."

    def states(attributes: Attributes) -> list[int]:
        return [number for number in range(each * attributes[count]) if number % each > 1]

    return {
        "variadic_by": count,
        "inputs_by": lambda attributes: each * attributes[count] + shared,
        "states_by": states if each > 2 else None,
        "outputs": lambda attributes: attributes[count],
        "output_names": ("output0",),
        "types": types,
        "from_partial": "nothing",
        "kind": "other",
        "flops": _work(each, flops),
        "precision": MOST if listed else "unlisted",
    }


def _work(each: int, flops: int) -> Callable[[Call], int]:
    return lambda call: flops * sum(map(prod, list(call.inputs.values())[::each]))


def by_weight(
    owner: str, data: Sequence[Tensor], arrays: Sequence[str], number: int, shared: int = 0, *, mixed: bool = False
) -> list[Any]:
    """Return the arrays of each weight; those that do not fit one another are refused."""
    each = len(arrays)
    if number < 1 or len(data) != each * number + shared:
        behind = f" and {shared} more" * bool(shared)
        raise MXNetError(
            f"{owner}: the arrays must be {', '.join(arrays)} of each of the {number} weights{behind}, "
            f"{each * number + shared} in all; received {len(data)}; pass the number of weights as num_..., too"
        )
    parts = [data[place : place + each] for place in range(0, each * number, each)]
    for place, (weight, *others) in enumerate(parts):
        require_alike(owner, [f"{name} {place}" for name in arrays[1:]], weight, others, mixed=mixed)
    return parts


def require_one_each(owner: str, number: int, **settings: Sequence[float] | Tensor) -> None:
    """Refuse settings that do not have one number for each weight."""
    for name, values in settings.items():
        if len(values) != number:
            raise MXNetError(
                f"{owner}: {name} must have one number for each of the {number} weights; received {len(values)}"
            )


def joined(results: Sequence[Any]) -> tuple[Tensor, ...]:
    """Return all new weights, and behind them the new states of each."""
    if isinstance(results[0], Tensor):
        return tuple(results)
    return (*[weight for weight, *_ in results], *[state for _, *states in results for state in states])


def inputs_of(arrays: Sequence[str], kind: str = "float32", *, mixed: bool = False) -> list[Input]:
    """Return the inputs of a sample with two weights; averages of squares are positive."""
    return [
        Input(shape, "float32" if mixed and place > 1 else kind, low=0.1 if name == "var" else -2.0)
        for shape in ((2, 3), (4,))
        for place, name in enumerate(arrays)
    ]

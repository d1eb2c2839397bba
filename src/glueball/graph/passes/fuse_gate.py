"""Applies swish and hard-swish, which networks write out in operators, in the layer before them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from typing import Any

from torch import fx

from ..activations import HARD_SWISH, swish_of
from ..draft import Draft
from ..fused import Activation, FusedLayer
from ..matching import arguments, attributes, is_used_once, operator_name

SAVES_WORK = False

_LONGEST = 3  # calls between a layer and the product


def rewrite(draft: Draft) -> int:
    """Fuse each product of what a layer gives with a function of the same, if no others take anything of it."""
    count = 0
    for product in draft.calls("elemwise_mul", "broadcast_mul"):
        first, second = arguments(product)
        for layer, gate in ((first, second), (second, first)):
            steps = _steps(layer, gate)
            if steps and set(layer.users) == {steps[0], product}:
                count += _fuse(draft, layer, steps, product)
                break
    return count


def _steps(layer: Any, gate: Any) -> list[fx.Node]:
    """Return the calls of operators, in order, that lead from an unfinished layer to its gate; else none."""
    call = layer.target if isinstance(layer, fx.Node) else None
    if not isinstance(call, FusedLayer) or call.activation is not None:
        return []
    steps: list[fx.Node] = []
    while gate is not layer:
        if len(steps) == _LONGEST or not operator_name(gate) or len(arguments(gate)) != 1 or not is_used_once(gate):
            return []
        steps.insert(0, gate)
        (gate,) = arguments(gate)
    return steps


def _fuse(draft: Draft, layer: fx.Node, steps: list[fx.Node], product: fx.Node) -> bool:
    rule = list(map(_described, steps))
    last, activation = product, _activation(rule)
    if activation is None and _is_hard_sigmoid([*rule, *_next(product)]):  # x * clip(x + 3, 0, 6) / 6
        last, activation = next(iter(product.users)), HARD_SWISH
    if activation is None:
        return False
    call: Any = layer.target
    between = [*steps, product] if last is not product else steps
    new = draft.replace(last, call.then(activation), *arguments(layer), source=layer)
    names = [source for node in (layer, *between) for source in node.meta["sources"]]
    new.meta["sources"] = tuple(dict.fromkeys([*names, *new.meta["sources"]]))
    for node in (*reversed(between), layer):
        draft.graph.erase_node(node)
    return True


def _next(product: fx.Node) -> list[tuple[Any, ...]]:
    """Describe the only call that takes a product, if there is one."""
    return [_described(next(iter(product.users)))] if is_used_once(product) else []


def _described(node: fx.Node) -> tuple[Any, ...]:
    """Return the name of an operator, and the attributes that count here."""
    name = operator_name(node)
    wanted = {"clip": ("a_min", "a_max"), "hard_sigmoid": ("alpha", "beta"), "Activation": ("act_type",)}
    names = wanted.get(name, ("scalar",) if name.endswith("_scalar") else ())
    return (name, *[attributes(node)[each] for each in names])


def _activation(rule: Sequence[tuple[Any, ...]]) -> Activation | None:
    """Return the product of x with the function of x that these calls compute."""
    match rule:
        case [("sigmoid",) | ("Activation", "sigmoid")]:
            return swish_of(1)
        case [("_mul_scalar", beta), ("sigmoid",) | ("Activation", "sigmoid")]:
            return swish_of(beta)
    return HARD_SWISH if _is_hard_sigmoid(rule) else None


def _is_hard_sigmoid(rule: Sequence[tuple[Any, ...]]) -> bool:
    """Whether these calls compute clip(x + 3, 0, 6) / 6."""
    match rule:
        case [("hard_sigmoid", alpha, 0.5)]:
            return isclose(alpha, 1 / 6, rel_tol=1e-6)
        case [("_plus_scalar", 3), ("clip", 0, 6), ("_div_scalar", 6)]:
            return True
        case [("_plus_scalar", 3), ("clip", 0, 6), ("_mul_scalar", factor)]:
            return isclose(factor, 1 / 6, rel_tol=1e-6)
    return False

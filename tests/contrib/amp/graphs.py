"""Graphs for the tests of conversion: drawn ones, and what is asked of both libraries."""

from __future__ import annotations

import random
from typing import Any

import glueball as mx

#: Lists under which small graphs have everything: operators of each kind, and one that depends on an attribute.
LISTS = {
    "target_dtype_ops": ["sigmoid"],
    "fp32_ops": ["exp"],
    "conditional_fp32_ops": [("Activation", "act_type", ["softrelu"])],
}


def convert_all(mx, calls):
    """The texts of the converted graphs, casts included, or the class of the error."""
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp")
    answers = []
    for text, options in calls:
        try:
            converted = amp.convert_symbol(mx.sym.load_json(text), **options)
            answers.append(converted.tojson(remove_amp_cast=False))
        except (mx.base.MXNetError, AssertionError) as error:
            answers.append(f"error: {AssertionError.__name__ if isinstance(error, AssertionError) else 'MXNetError'}")
    return answers


def draw(rng: random.Random) -> tuple[str, dict[str, Any]]:
    """A graph of a few operators, and the arguments of `convert_symbol`."""
    sym, pool = mx.sym, [mx.sym.var(name) for name in "abc"[: rng.randint(1, 3)]]
    for number in range(rng.randint(1, 9)):
        pool += list(_drawn(rng, sym, pool[-5:], f"n{number}"))
    graph = sym.Group(rng.sample(pool, min(len(pool), rng.randint(1, 3))))
    options: dict[str, Any] = {"target_dtype": rng.choice(["float16", "bfloat16"]), **LISTS}
    if rng.random() < 0.3:
        options["excluded_sym_names"] = [rng.choice(graph.get_internals().list_outputs()).partition("_")[0]]
    inputs = graph.list_inputs()
    if rng.random() < 0.3 and len(inputs) > 1:
        options["data_names"] = rng.sample(inputs, rng.randint(0, len(inputs) - 1))
    return graph.tojson(), options


def _drawn(rng: random.Random, sym: Any, pool: list[Any], name: str) -> Any:
    a, b, c = [rng.choice(pool) for _ in range(3)]
    return rng.choice([
        lambda: sym.sigmoid(a, name=name),
        lambda: sym.sigmoid(a, name=name),
        lambda: sym.exp(a, name=name),
        lambda: rng.choice([sym.relu, sym.tanh, sym.Flatten, sym.negative])(a, name=name),
        lambda: sym.elemwise_add(a, b, name=name),
        lambda: sym.broadcast_mul(a, b, name=name),
        lambda: sym.Activation(a, act_type="softrelu", name=name),
        lambda: sym.Activation(a, act_type="relu", name=name),
        lambda: sym.Concat(a, b, c, dim=0, name=name),
        lambda: sym.add_n(a, b, name=name),
        lambda: sym.add_n(a, name=name),
        lambda: sym.SliceChannel(a, num_outputs=2, name=name),
        lambda: sym.BatchNorm(a, name=name),
        lambda: sym.var(name),
    ])()  # fmt: skip

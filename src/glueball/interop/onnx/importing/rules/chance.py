"""Random numbers: those of MXNet's generator, which ``mx.random.seed`` starts."""

from __future__ import annotations

from typing import Any

from ..... import symbol as sym
from ..call import Call
from ..registry import rule

_TYPES = {1: "float32", 10: "float16", 11: "float64"}


@rule("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")
def _draw(call: Call) -> Any:
    call.require(call.attribute("seed") is None, "seed must not be given: mx.random.seed says where draws begin")
    is_like = call.node.operator.endswith("Like")
    shape = call.fixed_shape(0) if is_like else tuple(call.attribute("shape"))
    kind = _TYPES.get(call.attribute("dtype", 1), "")
    call.require(kind != "", "dtype must be a real one of MXNet's")
    if "Normal" in call.node.operator:
        drawn: Any = sym.random.normal(
            call.attribute("mean", 0.0), call.attribute("scale", 1.0), shape=shape, dtype=kind
        )
        return drawn
    return sym.random.uniform(call.attribute("low", 0.0), call.attribute("high", 1.0), shape=shape, dtype=kind)

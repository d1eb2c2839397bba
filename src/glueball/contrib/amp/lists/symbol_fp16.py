"""The operators by what mixed precision with float16 does with them."""

from __future__ import annotations

from . import declared

#: They compute in float16.
FP16_FUNCS = declared.names("float16", "low")

#: They compute in the type of their inputs.
FP16_FP32_FUNCS = declared.names("float16", "any")

#: They compute in float32.
FP32_FUNCS = declared.names("float16", "single")

#: They compute in float32 if an attribute has one of some values: operator, attribute, values.
CONDITIONAL_FP32_FUNCS = declared.conditions()

#: They compute in the widest type of their inputs.
WIDEST_TYPE_CASTS = declared.names("float16", "widest")

#: They are losses whose gradient ignores the incoming one.
LOSS_OUTPUT_FUNCTIONS = declared.with_own_gradient()

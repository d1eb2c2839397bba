"""The operators by what mixed precision with bfloat16 does with them."""

from __future__ import annotations

from . import declared

#: They compute in bfloat16.
BF16_FUNCS = declared.names("bfloat16", "low")

#: They compute in the type of their inputs.
BF16_FP32_FUNCS = declared.names("bfloat16", "any")

#: Those that keep their parameters in float32, and the inputs that are parameters; '' is one that is not.
BF16_USE_FP32_PARAMS = dict(declared.single_parameters())

#: They compute in float32.
FP32_FUNCS = declared.names("bfloat16", "single")

#: They compute in float32 if an attribute has one of some values: operator, attribute, values.
CONDITIONAL_FP32_FUNCS = declared.conditions()

#: They compute in the widest type of their inputs.
WIDEST_TYPE_CASTS = declared.names("bfloat16", "widest")

#: They are losses whose gradient ignores the incoming one.
LOSS_OUTPUT_FUNCTIONS = declared.with_own_gradient()

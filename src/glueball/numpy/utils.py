"""The types and constants of ``mx.np``, which are NumPy's."""

from __future__ import annotations

from numpy import bool_, e, finfo, float16, float32, float64, inf, int8, int32, int64, nan, newaxis, pi, uint8

__all__ = [
    "NAN", "NINF", "NZERO", "PINF", "PZERO", "NaN", "bool", "bool_", "e", "finfo", "float16", "float32", "float64",
    "inf", "int8", "int32", "int64", "nan", "newaxis", "pi", "uint8",
]  # fmt: skip

bool = bool
NaN = NAN = nan
PINF, NINF = inf, -inf
PZERO, NZERO = 0.0, -0.0

_STR_2_DTYPE_ = {
    "float16": float16, "float32": float32, "float64": float64, "float": float64, "uint8": uint8, "int8": int8,
    "int32": int32, "int64": int64, "int": int64, "bool": bool_, "bool_": bool_, "None": None,
}  # fmt: skip

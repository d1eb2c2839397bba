"""Names that NumPy had when programs for MXNet were written, and has no longer: ``np.float``, ``np.NaN``.

Such a program would run but for them. ``python -m glueball`` runs it as if it had the NumPy of its time in this
respect, in the process of that program alone; importing Glueball leaves NumPy as it is.
"""

from __future__ import annotations

import sys
from typing import Any


def restore() -> list[str]:
    """Give NumPy those of its former names that it lacks, if it is imported, and return them."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return []
    missing = {name: value for name, value in _former(numpy).items() if name not in vars(numpy)}
    vars(numpy).update(missing)
    return sorted(missing)


def _former(numpy: Any) -> dict[str, Any]:
    infinity, not_a_number = float("inf"), float("nan")
    return {
        # removed in 1.24: names of Python's own types
        "bool": bool, "complex": complex, "float": float, "int": int, "object": object, "str": str, "unicode": str,
        # removed in 2.0
        "Inf": infinity, "Infinity": infinity, "NINF": -infinity, "NZERO": -0.0, "NaN": not_a_number,
        "PINF": infinity, "PZERO": 0.0, "infty": infinity,
        "alltrue": numpy.all, "complex_": numpy.complex128, "cumproduct": numpy.cumprod, "float_": numpy.float64,
        "product": numpy.prod, "round_": numpy.round, "sometrue": numpy.any, "string_": numpy.bytes_,
        "unicode_": numpy.str_,
        "asfarray": lambda a, dtype="float64": numpy.asarray(a, _floating(numpy.dtype(dtype))),
        "asscalar": lambda a: a.item(),
        "msort": lambda a: numpy.sort(a, axis=0),
        # removed later
        "in1d": lambda ar1, ar2, **options: numpy.isin(numpy.ravel(ar1), ar2, **options),
        "row_stack": numpy.vstack,
        "trapz": getattr(numpy, "trapezoid", None),
    }  # fmt: skip


def _floating(kind: Any) -> Any:
    return kind if kind.kind in "fc" else "float64"

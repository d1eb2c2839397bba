"""Compare a value with the expected one: length, shape, dtype, then numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.oracle.outcome import Outcome
from tests.oracle.wire import BFLOAT16

#: Norm-wise relative tolerance, unless a test sets one.
TOLERANCE = {"float16": 2e-3, "bfloat16": 2e-2, "float32": 1e-5, "float64": 1e-10}


def assert_same(ours: Any, theirs: Any, rtol: float | None = None, atol: float = 0.0, *, about: str = "") -> None:
    """Fail with a readable message if two values differ.

    Parameters
    ----------
    ours, theirs
        Arrays, numbers, strings, or lists, tuples and dicts of these; or two `Outcome` objects. Two outcomes are
        the same if both have the same value, or both raised and an ``except`` clause for MXNet's class catches
        Glueball's error.
    rtol, atol
        Floating-point arrays are the same if the Euclidean norm of the difference is at most
        ``atol + rtol * norm(theirs)``. The default ``rtol`` depends on the dtype: see `TOLERANCE`. Everything else
        is compared exactly; NaN and infinity must be at the same positions.
    about
        What is compared, for the message.
    """
    if isinstance(ours, Outcome) and isinstance(theirs, Outcome):
        if ours.failed is not theirs.failed or (theirs.failed and theirs.class_name not in ours.mro):
            _fail(about, f"one failed, or they failed differently:\n  {ours}\n  {theirs}")
        ours, theirs = ours.value, theirs.value
    _compare(ours, theirs, rtol, atol, about or "value")


def succeeded(outcomes: Sequence[Outcome]) -> list[Any]:
    """The values of outcomes, none of which may be an error: two that fail alike would be the same."""
    return [outcome.get() for outcome in outcomes]


def relative_error(ours: Any, theirs: Any) -> float:
    """The norm of the difference divided by the norm of ``theirs``; 0 if both are zero."""
    actual, expected = as_float64(ours), as_float64(theirs)
    difference, size = np.linalg.norm(actual - expected), np.linalg.norm(expected)
    return 0.0 if difference == 0 else float(difference / size) if size else float("inf")


def as_float64(array: Any) -> np.ndarray:
    """The elements of an array as one row, bfloat16 included."""
    array = np.asarray(array)
    if array.dtype == BFLOAT16:
        array = (array.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    return array.astype(np.float64).ravel()


def _compare(ours: Any, theirs: Any, rtol: float | None, atol: float, path: str) -> None:
    if type(ours) is not type(theirs) and not (_is_array(ours) and _is_array(theirs)):
        _fail(path, f"the type is {type(ours).__name__}, not {type(theirs).__name__}: {ours!r} and {theirs!r}")
    if isinstance(theirs, (list, tuple)):
        if len(ours) != len(theirs):
            _fail(path, f"there are {len(ours)} values, not {len(theirs)}: {_brief(ours)} and {_brief(theirs)}")
        for position, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            _compare(one, other, rtol, atol, f"{path}[{position}]")
    elif isinstance(theirs, dict):
        if list(ours) != list(theirs):
            _fail(path, f"the keys are\n  {list(ours)}, not\n  {list(theirs)}")
        for key in theirs:
            _compare(ours[key], theirs[key], rtol, atol, f"{path}[{key!r}]")
    elif _is_array(theirs) or isinstance(theirs, float):
        _compare_arrays(np.asarray(ours), np.asarray(theirs), rtol, atol, path)
    elif ours != theirs:
        _fail(path, f"got\n  {ours!r}, not\n  {theirs!r}")


def _compare_arrays(ours: np.ndarray, theirs: np.ndarray, rtol: float | None, atol: float, path: str) -> None:
    if ours.shape != theirs.shape:
        _fail(path, f"the shape is {ours.shape}, not {theirs.shape}")
    if ours.dtype != theirs.dtype:
        _fail(path, f"the dtype is {ours.dtype}, not {theirs.dtype}")
    name = "bfloat16" if theirs.dtype == BFLOAT16 else theirs.dtype.name
    if name not in TOLERANCE:
        if not np.array_equal(ours, theirs):
            _fail(path, _where(ours.ravel() != theirs.ravel(), ours, theirs))
        return
    actual, expected = as_float64(ours), as_float64(theirs)
    special = ~np.isfinite(expected) | ~np.isfinite(actual)
    unequal = special & ~((actual == expected) | (np.isnan(actual) & np.isnan(expected)))
    if unequal.any():
        _fail(path, "NaN or infinity at another place; " + _where(unequal, actual, expected, theirs.shape))
    actual, expected = np.where(special, 0.0, actual), np.where(special, 0.0, expected)
    allowed = TOLERANCE[name] if rtol is None else rtol
    error, size = np.linalg.norm(actual - expected), np.linalg.norm(expected)
    if error > atol + allowed * size:
        gap = np.abs(actual - expected)
        worst = _where(gap == gap.max(), actual, expected, theirs.shape)
        relative = relative_error(actual, expected)
        text = f"the difference has norm {error:.3g} where {size:.3g} is expected (relative {relative:.3g}"
        _fail(path, f"{text}, allowed {allowed:.3g} and {atol:.3g} absolute); at its largest {worst}")


def _where(wrong: np.ndarray, ours: np.ndarray, theirs: np.ndarray, shape: tuple[int, ...] | None = None) -> str:
    first = int(np.argmax(wrong))
    index = tuple(int(i) for i in np.unravel_index(first, theirs.shape if shape is None else shape))
    values = f"{ours.ravel()[first].item()!r}, not {theirs.ravel()[first].item()!r}"
    return f"{int(np.count_nonzero(wrong))} of {wrong.size} differ, at {index}: {values}"


def _is_array(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic))


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 400 else text[:400] + " ..."


def _fail(path: str, text: str) -> None:
    raise AssertionError(f"{path}: {text}")

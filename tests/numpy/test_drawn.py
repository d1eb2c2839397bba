"""Drawn calls of functions that reduce, search and choose: shapes, axes, types and options, against MXNet."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

from tests.numpy.calls import compare
from tests.oracle.client import Oracle

_KINDS = ["float32", "float64", "int32", "int64", "uint8"]


class _Drawn:
    """Arrays with drawn shapes, and expressions about them.

    Parameters
    ----------
    seed : int
        What is drawn follows from it.
    """

    def __init__(self, seed: int) -> None:
        self.rng = onp.random.default_rng(seed)
        self.arrays: dict[str, onp.ndarray[Any, Any]] = {}
        self.texts: list[str] = []

    def number(self, low: int, high: int) -> int:
        """Draw from [low, high)."""
        return int(self.rng.integers(low, high))

    def one_of(self, *choices: Any) -> Any:
        """Draw one of several."""
        return choices[self.number(0, len(choices))]

    def shape(self, least: int = 0, longest: int = 4) -> tuple[int, ...]:
        """Draw a shape with this many axes at least."""
        return tuple(self.number(1, longest) for _ in range(self.number(least, 5)))

    def array(self, shape: tuple[int, ...], kind: str, distinct: bool = False) -> str:
        """Add an array and return its name; few of its elements are equal, or many."""
        count = int(onp.prod(shape))
        if distinct:
            values = self.rng.permutation(count).reshape(shape)
        else:
            values = self.rng.integers(0 if kind == "uint8" else -3, 4, shape)
        name = f"a{len(self.arrays)}"
        self.arrays[name] = (values / 2 if kind.startswith("float") else values).astype(kind)
        return name

    def check(self, oracle: Oracle, gradient: bool = True, rtol: float | None = None) -> None:
        """Compare all expressions."""
        compare(oracle, self.texts, gradient=gradient, rtol=rtol, **self.arrays)


def _broadcasting(drawn: _Drawn, shape: tuple[int, ...]) -> tuple[int, ...]:
    shorter = shape[drawn.number(0, len(shape) + 1) :]
    return tuple(drawn.one_of(1, length) for length in shorter)


def test_choices(oracle: Oracle) -> None:
    drawn = _Drawn(1)
    for _ in range(40):
        shape = drawn.shape()
        kind = drawn.one_of("float32", "float64")
        condition = drawn.array(_broadcasting(drawn, shape), drawn.one_of("float32", "int32", "bool"))
        x, y = (drawn.array(_broadcasting(drawn, shape), kind) for _ in range(2))
        drawn.texts.append(f"np.where({condition}, {x}, {y})")
    drawn.check(oracle)


@pytest.mark.parametrize("name", ["argmax", "argmin", "argsort", "sort"])
def test_order(oracle: Oracle, name: str) -> None:
    drawn = _Drawn(2)
    for _ in range(40):
        shape = drawn.shape(1)
        array = drawn.array(shape, drawn.one_of(*_KINDS), distinct=name == "argsort")
        axis = drawn.one_of(None, drawn.number(-len(shape), len(shape)))
        drawn.texts.append(f"np.{name}({array}, axis={axis})")
    drawn.check(oracle, gradient=False)


def test_percentiles(oracle: Oracle) -> None:
    drawn = _Drawn(3)
    for _ in range(60):
        shape = drawn.shape(1)
        array = drawn.array(shape, drawn.one_of(*_KINDS))
        axes = tuple(sorted(drawn.rng.permutation(len(shape))[: drawn.number(0, len(shape) + 1)].tolist()))
        axis = drawn.one_of(None, axes, drawn.number(-len(shape), len(shape)))
        q = drawn.one_of(drawn.number(0, 101), "v * 20", "s", "np.array([0, 12.5, 50, 100])")
        kind = drawn.one_of("linear", "lower", "higher", "midpoint", "nearest")
        keepdims = drawn.one_of(True, False)
        drawn.texts.append(f"np.percentile({array}, {q}, {axis}, interpolation='{kind}', keepdims={keepdims})")
    drawn.check(oracle, gradient=False, rtol=2e-6)


@pytest.mark.parametrize("name", ["std", "var"])
def test_spreads(oracle: Oracle, name: str) -> None:
    drawn = _Drawn(4)
    for _ in range(40):
        shape = drawn.shape(1, longest=5)
        array = drawn.array(shape, drawn.one_of("float32", "float64"))
        axes = tuple(sorted(drawn.rng.permutation(len(shape))[: drawn.number(0, len(shape) + 1)].tolist()))
        drawn.texts.append(f"np.{name}({array}, {axes}, keepdims={drawn.one_of(True, False)})")
    drawn.check(oracle, gradient=False)


def test_averages(oracle: Oracle) -> None:
    drawn = _Drawn(5)
    for _ in range(40):
        shape = drawn.shape(1)
        array = drawn.array(shape, "float32")
        axis = drawn.number(-len(shape), len(shape))
        weights = drawn.array(drawn.one_of(shape, (shape[axis],)), "float32")
        if shape[axis] > 1:  # the gradient of the only weight is 0, up to rounding
            drawn.texts.append(f"np.average({array}, {axis}, abs({weights}) + 1)")
    drawn.check(oracle)


def test_unique(oracle: Oracle) -> None:
    drawn = _Drawn(6)
    for _ in range(40):
        shape = drawn.shape(1)
        array = drawn.array(shape, drawn.one_of(*_KINDS))
        axis = drawn.one_of(None, drawn.number(-len(shape), len(shape)))
        flags = ", ".join(f"return_{each}={drawn.one_of(True, False)}" for each in ("index", "inverse", "counts"))
        drawn.texts.append(f"np.unique({array}, axis={axis}, {flags})")
    drawn.check(oracle, gradient=False)


def test_differences_and_sums_up_to_each(oracle: Oracle) -> None:
    drawn = _Drawn(7)
    for _ in range(40):
        shape = drawn.shape(1)
        array = drawn.array(shape, "float32")
        axis = drawn.number(0, len(shape))
        if shape[axis] > 1:
            drawn.texts.append(
                f"np.diff({array}, {drawn.number(0, shape[axis])}, {axis - drawn.one_of(0, len(shape))})"
            )
        drawn.texts.append(f"np.cumsum({array}, {axis})")
    drawn.check(oracle)


def test_taking(oracle: Oracle) -> None:
    drawn = _Drawn(8)
    for _ in range(40):
        shape = drawn.shape(1)
        array = drawn.array(shape, "float32")
        indices = drawn.array(drawn.shape(), drawn.one_of("int32", "int64", "uint8"))
        axis = drawn.one_of(None, drawn.number(-len(shape), len(shape)))
        drawn.texts.append(f"np.take({array}, {indices}, {axis}, '{drawn.one_of('clip', 'wrap')}')")
    drawn.check(oracle)


def test_counts(oracle: Oracle) -> None:
    drawn = _Drawn(9)
    for _ in range(20):
        length = drawn.number(1, 9)
        array = drawn.array((length,), drawn.one_of("int32", "int64", "uint8"))
        weights = drawn.one_of("None", drawn.array((length,), drawn.one_of("float32", "int32", "float64")))
        drawn.texts.append(f"np.bincount(abs({array}), {weights}, {drawn.number(0, 6)})")
        values = drawn.array(drawn.shape(), "float32")
        drawn.texts.append(
            f"np.histogram({values}, {drawn.number(1, 6)}, ({-drawn.number(0, 3)}, {drawn.number(1, 3)}.5))"
        )
        drawn.texts.append(f"np.nonzero({values})")
    drawn.check(oracle, gradient=False)

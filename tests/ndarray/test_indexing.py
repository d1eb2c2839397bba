"""Reading and writing parts of an array: as NumPy does, and as MXNet does."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd
ELLIPSIS = ...


def counted(shape: tuple[int, ...]) -> np.ndarray:
    """An array in which each element is its own flat index."""
    return np.arange(int(np.prod(shape)), dtype=np.float32).reshape(shape)


shapes = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


def slices(length: int) -> st.SearchStrategy[slice]:
    edge = st.none() | st.integers(-length - 2, length + 2)
    return st.builds(slice, edge, edge, st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3]))


@st.composite
def basic_keys(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """Ints, slices, None and an ellipsis, for some of the axes."""
    count = draw(st.integers(0, len(shape)))
    ellipsis = draw(st.none() | st.integers(0, count))
    parts: list[Any] = []
    for place in range(count):
        axis = place if ellipsis is None or place < ellipsis else len(shape) - count + place
        parts.append(draw(st.integers(-shape[axis], shape[axis] - 1) | slices(shape[axis])))
    if ellipsis is not None:
        parts.insert(ellipsis, ELLIPSIS)
    for place in draw(st.lists(st.integers(0, len(parts)), max_size=2)):
        parts.insert(place, None)
    return parts[0] if len(parts) == 1 and draw(st.booleans()) else tuple(parts)


@st.composite
def advanced_keys(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """At least one array of indices, with ints, slices and None."""
    count = draw(st.integers(1, len(shape)))
    where = draw(st.integers(0, count - 1))
    common = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple))
    parts: list[Any] = []
    for axis in range(count):
        places = st.integers(-shape[axis], shape[axis] - 1)
        kind = "array" if axis == where else draw(st.sampled_from(["array", "int", "slice", "all"]))
        if kind == "array":
            part_shape = draw(st.sampled_from([common, common[1:] or common, (1,)]))
            size = int(np.prod(part_shape))
            part = np.array(draw(st.lists(places, min_size=size, max_size=size))).reshape(part_shape)
            parts.append(draw(st.sampled_from([part, part.tolist(), part.astype(np.int32)])))
        else:
            parts.append({"int": places, "slice": slices(shape[axis]), "all": st.just(slice(None))}[kind])
            parts[-1] = draw(parts[-1])
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return tuple(parts)


@st.composite
def shapes_and_keys(draw: st.DrawFn, keys: Callable[[tuple[int, ...]], Any]) -> tuple[tuple[int, ...], Any]:
    shape = draw(shapes)
    return shape, draw(keys(shape))


any_key = shapes_and_keys(basic_keys) | shapes_and_keys(advanced_keys)


def at_least_1d(values: Any) -> np.ndarray:
    """MXNet's classic arrays have no scalars."""
    values = np.asarray(values)
    return values if values.ndim else values.reshape(1)


@given(any_key)
def test_read_as_numpy(shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    values = counted(shape)
    assert_same(nd.array(values)[key].asnumpy(), at_least_1d(values[key]))


@given(shapes_and_keys(basic_keys))
def test_one_piece_of_memory_is_a_view(shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    array = nd.array(counted(shape))
    part = array[key]
    part[:] = -1
    expected = counted(shape)
    if expected[key].size and at_least_1d(expected[key]).flags.c_contiguous:
        expected[key] = -1
    assert_same(array.asnumpy(), expected)


@given(shapes_and_keys(advanced_keys))
def test_arrays_of_indices_give_a_copy(shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    array = nd.array(counted(shape))
    array[key][:] = -1
    assert_same(array.asnumpy(), counted(shape))


@given(any_key, st.sampled_from(["number", "array", "one row", "list", "torch", "NDArray"]))
def test_write_as_numpy(shape_and_key: tuple[tuple[int, ...], Any], kind: str) -> None:
    shape, key = shape_and_key
    expected = counted(shape)
    values: Any = -1.0 - np.arange(expected[key].size, dtype=np.float32).reshape(expected[key].shape)
    if isinstance(key, tuple) and any(isinstance(part, (list, np.ndarray)) for part in key):
        values = values[..., :1] if values.ndim and values.shape[-1] else values
        values = np.full_like(values, -7.0)  # which of two values for one place stays is not defined
    if kind == "number" or not np.size(values):
        values = -5.0
    elif kind == "one row" and values.ndim:
        values = values[:1]
    expected[key] = values
    array = nd.array(counted(shape))
    array[key] = _as(kind, values)
    assert_same(array.asnumpy(), expected)


def _as(kind: str, values: Any) -> Any:
    import torch

    if kind in ("number", "array", "one row") or not isinstance(values, np.ndarray):
        return values
    return {
        "list": lambda: values.tolist(),
        "torch": lambda: torch.tensor(values),
        "NDArray": lambda: nd.array(values),
    }[kind]()


@settings(max_examples=25)
@given(shapes_and_keys(basic_keys))
def test_gradient_of_a_part(shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    array = nd.array(counted(shape))
    array.attach_grad()
    with mx.autograd.record():
        part = array[key] * 3
    part.backward()
    expected = np.zeros(shape, np.float32)
    expected[key] = 3
    assert_same(array.grad.asnumpy(), expected)


def many(mx: Any, cases: list[tuple[tuple[int, ...], Any, Any]]) -> list[Any]:
    """For each (shape, key, value) the part, what a write through it does, and what an assignment does."""

    def attempt(function: Any) -> Any:
        try:
            return function()
        except Exception as error:
            kinds = [kind for kind in (IndexError, ValueError, TypeError) if isinstance(error, kind)]
            return [*kinds, type(error)][0].__name__  # ours is an MXNetError too

    def through(array: Any, key: Any) -> Any:
        part = array[key]
        part[:] = -1
        return array

    def assigned(array: Any, key: Any, value: Any) -> Any:
        array[key] = value
        return array

    results = []
    for shape, key, value in cases:
        fresh = [mx.nd.array(np.arange(int(np.prod(shape))).reshape(shape)) for _ in range(3)]
        results.append(
            [
                attempt(lambda a=fresh[0], k=key: a[k]),
                attempt(lambda a=fresh[1], k=key: through(a, k)),
                attempt(lambda a=fresh[2], k=key, v=value: assigned(a, k, v)),
            ]
        )
    return results


SHAPE = (4, 3)
WIDE = (2, 3, 4)
KEYS = [
    (SHAPE, 0), (SHAPE, -1), (SHAPE, True), (SHAPE, (1, 2)), (SHAPE, (0, slice(0, 2))), (SHAPE, slice(1, 3)),
    (SHAPE, (slice(None), 0)), (SHAPE, slice(None, None, 2)), (SHAPE, slice(None, None, -1)), (SHAPE, slice(2, 1, -1)),
    (SHAPE, (slice(1, 2), slice(0, 2))), (SHAPE, slice(0, 4, 4)), (SHAPE, (0, slice(0, 3, 3))), (SHAPE, slice(9, 12)),
    (SHAPE, slice(1, 1)), (SHAPE, ()), (SHAPE, ELLIPSIS), (SHAPE, (ELLIPSIS, 0)), (SHAPE, (0, ELLIPSIS)),
    (SHAPE, None), (SHAPE, (slice(None), None)), (SHAPE, (None, 0)), (SHAPE, [0, 2]), (SHAPE, np.array([0, 2])),
    (SHAPE, ((0, 1), (1, 2))), (SHAPE, ((0, 1),)), (SHAPE, ([0, 1], [1, 2])), (SHAPE, ([0, 1], 1)),
    (SHAPE, ([0, 1], slice(1, None))), (SHAPE, (slice(None, None, -1), [0, 1])), (SHAPE, [True, False, True, False]),
    (SHAPE, np.array([0.7, 1.2])), (SHAPE, [[0, 1], [2, 3]]),
    (WIDE, (1, slice(None), slice(0, 2))), (WIDE, (1, 1, slice(0, 2))), (WIDE, (slice(0, 1), 1, slice(0, 2))),
    (WIDE, ([0, 1], slice(None), [0, 1])), (WIDE, (0, slice(None), [0, 1])), (WIDE, (slice(None), [0, 1], 0)),
    (WIDE, (ELLIPSIS, [0, 1])), ((4, 1), (slice(None), slice(None, None, -1))),
    # and what is refused
    (SHAPE, 4), (SHAPE, -5), (SHAPE, (0, 3)), (SHAPE, (0, 0, 0)), (SHAPE, (ELLIPSIS, ELLIPSIS)), (SHAPE, 0.0),
    (SHAPE, "a"), (SHAPE, slice(None, None, 0)), (SHAPE, slice(0, 1.5)), (WIDE, ([0, 1, 1], [0, 1])), (SHAPE, {0}),
]  # fmt: skip


def test_as_mxnet(oracle: Oracle) -> None:
    # MXNet's assignment through x[True] writes everything, where reading takes row 1; ours refuses it.
    cases = [(shape, key, 5) for shape, key in KEYS]
    ours, theirs = oracle.both(many, cases)
    for (shape, key, _), one, other in zip(cases, ours.get(), theirs.get(), strict=True):
        if key is True:
            one, other = one[:2], other[:2]
        assert_same(one, other, about=f"shape {shape}, key {key!r}")


@settings(max_examples=60)
@given(any_key)
def test_random_keys_as_mxnet(oracle: Oracle, shape_and_key: tuple[tuple[int, ...], Any]) -> None:
    shape, key = shape_and_key
    assume(_is_safe_in_mxnet(shape, key))
    assume(counted(shape)[key].size)  # MXNet's other functions fail on an empty array
    assert_same(*oracle.both(many, [(shape, key, 5)]))


def _is_safe_in_mxnet(shape: tuple[int, ...], key: Any) -> bool:
    """Whether MXNet does what NumPy does.

    It cannot read a view made by a number and a slice that begins before the first element. With arrays of indices, an
    assignment through a negative number destroys other memory, and None inserts its axis in another place.
    """
    parts = key if isinstance(key, tuple) else (key,)
    slices = [part for part in parts if isinstance(part, slice)]
    if len(parts) > 1 and any(part.start is not None and part.start < -min(shape) for part in slices):
        return False
    if not any(isinstance(part, (list, np.ndarray)) for part in parts):
        return True
    numbers = [part for part in parts if not isinstance(part, slice) and part is not ELLIPSIS]
    return not any(part is None or np.min(part) < 0 for part in numbers)


def assign(mx: Any, key: Any, value: Any, dtype: str = "float32") -> Any:
    array = mx.nd.array(np.arange(12).reshape(4, 3), dtype=dtype)
    if isinstance(value, tuple) and value[0] == NDARRAY:
        value = mx.nd.array(value[1], dtype=value[1].dtype)
    array[key] = value
    return array


WHOLE = slice(None)
NDARRAY = "NDArray"
VALUES = [
    (0, [7, 8, 9]), (0, (NDARRAY, np.array([7.0, 8, 9]))), (0, np.array([[7, 8, 9]])), (0, [7, 8]),
    (0, (NDARRAY, np.array([7.0, 8]))), (0, (NDARRAY, np.ones((2, 1)))), (0, "a"), (0, 1 + 2j), (0, True),
    (0, np.float64(7)), (0, np.array(7)), (0, (7, 8, 9)), (WHOLE, (NDARRAY, np.ones((4, 3), np.float32))),
    (WHOLE, (NDARRAY, np.ones((4, 1)))), (WHOLE, (NDARRAY, np.ones(3))), (WHOLE, (NDARRAY, np.ones((2, 3)))),
    (WHOLE, (NDARRAY, np.ones((1, 4, 3)))), (WHOLE, (NDARRAY, np.ones(12))), (WHOLE, (NDARRAY, np.ones((3, 4)))),
    (WHOLE, (NDARRAY, np.ones((4, 3), np.int32))), (WHOLE, np.ones((1, 1, 4, 3))), (WHOLE, [[1, 2, 3]] * 4),
    ((0, 1), [5]), ((0, 1), (NDARRAY, np.array([[5.0]]))), ((0, 1), [5, 6]), ((WHOLE, 1), [1, 2, 3, 4]),
    ((WHOLE, 1), np.ones((4, 1))), ((WHOLE, slice(1, 2)), [1, 2, 3, 4]), ((WHOLE, None, 0), np.ones((4, 1))),
    ((slice(None, None, -2), slice(None, None, -1)), np.arange(6.0).reshape(2, 3)), ((slice(3, 0, -2), 0), [1, 2]),
    ([0, 2], [1, 2, 3]), ([0, 2], np.array([[1], [4]])), (([0, 1], [1, 2]), [5, 6, 7]), ((WHOLE, [0, 1]), [5, 6]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), VALUES)
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_values_as_mxnet(oracle: Oracle, key: Any, value: Any, dtype: str) -> None:
    assert_same(*oracle.both(assign, key, value, dtype))


@pytest.mark.parametrize(
    ("value", "dtype"), [(7.9, "int32"), (-7.9, "int32"), (-1, "uint8"), (300, "uint8"), (2**40 + 1, "int64")]
)
def test_numbers_are_converted_as_mxnet_converts_them(oracle: Oracle, value: float, dtype: str) -> None:
    assert_same(*oracle.both(assign, 0, value, dtype))


def test_a_bool_array_selects() -> None:
    array = nd.array(counted(SHAPE))
    rows = nd.array([1, 0, 1, 0], dtype="bool")
    assert_same(array[rows].asnumpy(), counted(SHAPE)[[0, 2]])
    array[(array > 5).astype("bool")] = 0
    assert array.sum().asscalar() == 15


@pytest.mark.parametrize("key", [[0, 9], [0, -9], np.array([4])])
def test_indices_out_of_bounds(key: Any) -> None:
    array = nd.array(counted(SHAPE))
    with pytest.raises(IndexError, match="out of bounds"):
        array[key]
    with pytest.raises(IndexError, match="out of bounds"):
        array[key] = 1
    assert_same(array.asnumpy(), counted(SHAPE))


def test_a_bool_cannot_be_an_index_to_write_to() -> None:
    with pytest.raises(ValueError, match="a bool cannot be an index to write to"):
        nd.zeros((2, 2))[True] = 1


def test_overlapping_memory() -> None:
    array = nd.arange(6)
    array[1:] = array[:-1]
    assert array.asnumpy().tolist() == [0, 0, 1, 2, 3, 4]
    array[::-1] = array
    assert array.asnumpy().tolist() == [4, 3, 2, 1, 0, 0]


def test_read_only_and_backward_numpy_values() -> None:
    values = np.arange(3.0)
    values.flags.writeable = False
    array = nd.zeros((2, 3))
    array[0] = values
    array[1] = values[::-1]
    assert array.asnumpy().tolist() == [[0, 1, 2], [2, 1, 0]]


def test_an_array_that_is_not_in_one_piece() -> None:
    import torch

    memory = torch.arange(12.0).reshape(3, 4)
    array = nd.from_torch(memory.T)
    expected = counted((3, 4)).T
    assert_same(array[1:3].asnumpy(), expected[1:3])
    array[1] = -1
    array[::-1, [0, 1]] = counted((4, 2))
    expected[1] = -1
    expected[::-1, [0, 1]] = counted((4, 2))
    assert_same(array.asnumpy(), expected)
    assert_same(memory.numpy(), expected.T)
    array[:, 0][:] = 100  # MXNet's rule for a column: a copy
    assert_same(array.asnumpy(), expected)
    array[2][:] = 100  # and for a row: a view
    assert memory[:, 2].tolist() == [100, 100, 100]


def test_recorded_value_cannot_go_into_a_part(oracle: Oracle) -> None:
    def attempt(mx: Any) -> Any:
        x, y = mx.nd.ones((2, 3)), mx.nd.zeros((2, 3))
        x.attach_grad()
        with mx.autograd.record():
            y[0] = x[0]

    assert_same(*oracle.both(attempt))
    with pytest.raises(mx.MXNetError, match="cannot be assigned to a part"):
        attempt(mx)


def test_whole_assignment_is_recorded(oracle: Oracle) -> None:
    def attempt(mx: Any) -> Any:
        x, y, z = mx.nd.ones((2, 3)), mx.nd.zeros((2, 3)), mx.nd.zeros((2, 3))
        x.attach_grad()
        with mx.autograd.record():
            y[:] = x * 2
            z[:] = x.sum(axis=1, keepdims=True)
            total = y * z
        total.backward()
        return x.grad

    assert_same(*oracle.both(attempt))


def test_bool_arrays_that_do_not_fit() -> None:
    array = nd.zeros((4, 3))
    three = nd.array([1, 0, 1], dtype="bool")
    with pytest.raises(IndexError, match=r"must have the shape of what it selects from, \(4,\); received \(3,\)"):
        array[three]
    with pytest.raises(ValueError, match=r"must broadcast; received shapes \(2,\), \(3,\)"):
        array[:, three][nd.array([1, 0, 1, 0], dtype="bool"), [0, 1, 0]]
    assert array[..., three].shape == (4, 2)
    assert array[nd.array([0, 0, 0, 0], dtype="bool")].shape == (0, 3)


#: Masks made from arrays of any shape, with `x` as NumPy or ours; `a & b` is written as MXNet allows it.
MASKS = {
    "==": lambda nd, x: x == 0,
    "<": lambda nd, x: x < 3,
    "of two arrays": lambda nd, x: x >= x[::-1],
    "product": lambda nd, x: (x > 1) * (x < 5),
    "product in place": lambda nd, x: operator.imul(x > 1, x < 5),
    "a part": lambda nd, x: (x == 0)[:],
    "not": lambda nd, x: nd.logical_not(x),
    "and": lambda nd, x: nd.logical_and(x > 1, x < 5),
    "or": lambda nd, x: nd.logical_or(x > 4, x == 0),
    "xor": lambda nd, x: nd.logical_xor(x > 1, x < 5),
    "of bools": lambda nd, x: (x == 0).astype("bool"),
}


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("name", MASKS)
def test_a_comparison_is_a_mask(name: str, dtype: str) -> None:
    """As in NumPy; MXNet takes its 0s and 1s for positions, and writes to places that nobody named."""
    values = np.array([[0, 2], [3, 0], [5, 6]], dtype)
    array = nd.array(values, dtype=dtype)
    ours, mask = MASKS[name](nd, array), MASKS[name](np, values)
    assert array[ours].asnumpy().tolist() == values[mask].tolist()
    array[ours] = 9
    values[mask] = 9
    assert array.asnumpy().tolist() == values.tolist()


def test_a_mask_of_rows_and_beside_other_indices() -> None:
    values = counted((3, 2))
    array, rows = nd.array(values), nd.array([1, 0, 1]) == 1
    array[rows] = nd.array([[7, 8]])
    assert array.asnumpy().tolist() == [[7, 8], [2, 3], [7, 8]]
    array[rows, 1] = -1
    assert array.asnumpy().tolist() == [[7, -1], [2, 3], [7, -1]]
    assert array[:, nd.array([0, 5]) > 1].asnumpy().tolist() == [[-1], [3], [-1]]


def test_positions_stay_positions() -> None:
    """A table of two rows is read by 0 and 1: the type is converted, or the numbers have been computed with."""
    table, labels = nd.array([[1, 2], [3, 4]]), nd.array([5, 0, 5])
    with pytest.raises(IndexError, match=r"mask must have the shape .* \(2,\); received \(3,\); .*astype\('int32'\)"):
        table[labels > 0]
    for rows in ((labels > 0).astype("int32"), (labels > 0) + 0, nd.array([1, 0, 1])):
        assert table[rows].asnumpy().tolist() == [[3, 4], [1, 2], [3, 4]]
    whole = (nd.array([1, 0], dtype="int32") == 1).astype("int32")
    assert table[whole].asnumpy().tolist() == [[3, 4], [1, 2]]
    written = labels > 0
    written[:] = nd.array([1, 0, 1])
    assert table[written].shape == (3, 2)


def test_a_mask_while_recording() -> None:
    x = nd.array([1, 2, 3])
    x.attach_grad()
    with mx.autograd.record():
        y = x[x > 1] * 2
    y.backward()
    assert x.grad.asnumpy().tolist() == [0, 2, 2]


def _without_axes(mx):
    with mx.util.np_shape(True):
        x = mx.nd.ones((3,)).sum().reshape(())
        found = [x.shape, x[:].shape, x[:].asnumpy()]
        x[:] = 5
        found.append(x.asnumpy())
        x[:] = x * 2
        return [*found, x.asnumpy(), x.shape]


def test_everything_of_an_array_without_axes(oracle):
    mine, theirs = oracle.both(_without_axes)
    assert_same(mine.get(), theirs.get())

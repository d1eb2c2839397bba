"""Pooling: ONNX's windows are laid out so that there are as many as MXNet has."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from ....ops.nn.window import channels_first, channels_last
from ..call import Call, Unsupported, rule
from ..document import NUMPY, Array
from ..lengths import varies
from .layout import first, last


class _Windows:
    """The windows of a call, one number for each spatial axis: `before` and `after` are what ONNX must pad."""

    def __init__(self, call: Call, is_last: bool) -> None:
        self.spatial = channels_first(call.data.shape, is_last)[2:]
        self.lengths = channels_first(call.shape, is_last)[2:]
        rank = len(self.spatial)
        whole = call["global_pool"]
        self.kernel = self.spatial if whole else call["kernel"]
        self.stride = (1,) * rank if whole else call["stride"][:rank] or (1,) * rank
        self.before = (0,) * rank if whole else call["pad"][:rank] or (0,) * rank
        axes = zip(self.lengths, self.stride, self.kernel, self.spatial, self.before, strict=True)
        #: How far the last window reaches beyond the data; less than 0 where it ends inside.
        self.beyond = tuple([(count - 1) * s + k - n - p for count, s, k, n, p in axes])
        #: Whether the last windows end within padding as wide as that before, however long the data are.
        self.even = call.attributes.get("pooling_convention") == "valid" and any(map(varies, self.spatial))
        self.after = self.before if self.even else tuple([max(0, each) for each in self.beyond])

    @property
    def fits(self) -> bool:
        """Whether ONNX can pad that much: less than a window."""
        pads = zip(self.before, self.after, self.kernel, strict=True)
        return all(before < k and after < k for before, after, k in pads)

    @property
    def overhangs(self) -> bool:
        """Whether a window ends beyond the padding."""
        return not self.even and any(beyond > before for beyond, before in zip(self.beyond, self.before, strict=True))

    def sizes(self, include_pad: bool) -> np.ndarray:
        """Return how many points of each window lie inside the padded data, or inside the data; at least 1."""
        sizes = np.ones((), np.float32)
        for n, k, s, p, count in zip(self.spatial, self.kernel, self.stride, self.before, self.lengths, strict=True):
            edge = p if include_pad else 0
            begins = np.arange(count) * s - p
            ends = np.minimum(begins + k, n + edge)
            sizes = sizes[..., None] * np.maximum(ends - np.maximum(begins, -edge), 1).astype(np.float32)
        return sizes


@rule("Pooling_v1", runtimes=False)
def _pooling_v1(call: Call) -> str:
    """Divide by the size of a whole window, however much of it lies within."""
    later = replace(call, attributes={**call.attributes, "layout": None, "count_include_pad": True})
    if call["pool_type"] == "max" and any(call["pad"]):
        raise Unsupported("a maximum with the zeros around the data")
    if call["pool_type"] != "avg" or call["global_pool"]:
        return _pooling(later)
    return call.add("Div", _total(later, call.data, _Windows(later, False)), call.number(prod(call["kernel"])))


@rule("Pooling")
def _pooling(call: Call) -> str:
    is_last, kind = channels_last(call["layout"]), call["pool_type"]
    data, windows = first(call, call.data, is_last), _Windows(call, is_last)
    if kind == "max":
        result = _maximum(call, data, windows)
    elif kind == "avg":
        result = _average(call, data, windows, call["count_include_pad"] is not False)
    elif kind == "sum":
        result = _total(call, data, windows)
    else:
        result = _norm(call, data, windows, call["p_value"])
    return last(call, result, len(call.data.shape), is_last)


def _maximum(call: Call, data: Array | str, windows: _Windows) -> str:
    if call["global_pool"]:
        return call.add("GlobalMaxPool", data)
    return _slide(call, "MaxPool", data, windows, float(np.finfo(NUMPY[call.data.type]).min))


def _slide(call: Call, kind: str, data: Array | str, windows: _Windows, value: float = 0.0, **options: int) -> str:
    pads = (*windows.before, *windows.after)
    if not windows.fits:
        widths = call.integers((0, 0, *windows.before, 0, 0, *windows.after))
        data, pads = call.add("Pad", data, widths, call.number(value)), (0,) * len(pads)
    return call.add(kind, data, kernel_shape=windows.kernel, strides=windows.stride, pads=pads, **options)


def _average(call: Call, data: Array | str, windows: _Windows, include_pad: bool) -> str:
    if call["global_pool"]:
        return call.add("GlobalAveragePool", data)
    include_pad = include_pad and any(windows.before)
    if not windows.fits or (include_pad and windows.overhangs):
        sizes = call.document.constant(windows.sizes(include_pad).astype(NUMPY[call.data.type]))
        return call.add("Div", _total(call, data, windows), sizes)
    return _slide(call, "AveragePool", data, windows, count_include_pad=int(include_pad))


def _total(call: Call, data: Array | str, windows: _Windows) -> str:
    if call["global_pool"]:
        return call.reduce("ReduceSum", data, range(2, len(call.data.shape)))
    mean = _slide(call, "AveragePool", data, windows, count_include_pad=1)
    return call.add("Mul", mean, call.number(prod(windows.kernel)))


def _norm(call: Call, data: Array | str, windows: _Windows, p: int | None) -> str:
    if p == 1:
        return _total(call, data, windows)
    squares = call.add("Mul", data, data)
    if p == 2:
        return call.add("Sqrt", _total(call, squares, windows))
    return call.add("Pow", _total(call, call.add("Mul", squares, data), windows), call.number(1 / 3))


@rule("_contrib_AdaptiveAvgPooling2D")
def _adaptive_pooling(call: Call) -> str:
    image, result = call.data.shape[2:], call.shape[2:]
    if result == (1, 1):
        return call.add("GlobalAveragePool", call.data)
    if not any(n % count for n, count in zip(image, result, strict=True)):
        window = [n // count for n, count in zip(image, result, strict=True)]
        return call.add("AveragePool", call.data, kernel_shape=window, strides=window)
    rows, columns = [
        call.document.constant(_averages(n, count).astype(NUMPY[call.data.type]))
        for n, count in zip(image, result, strict=True)
    ]
    return call.add("MatMul", call.add("MatMul", rows, call.data), call.transpose(columns, (1, 0)))


def _averages(length: int, count: int) -> np.ndarray:
    """Return the weights of each point in each of the windows, which are of several sizes and may overlap."""
    matrix = np.zeros((count, length))
    for number in range(count):
        begin, end = number * length // count, -(-(number + 1) * length // count)
        matrix[number, begin:end] = 1 / (end - begin)
    return matrix

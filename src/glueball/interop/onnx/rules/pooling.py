"""Pooling: ONNX's windows are laid out so that there are as many as MXNet has."""

from __future__ import annotations

from math import prod

import numpy as np

from ....ops.nn.window import channels_first, channels_last
from ..call import Call, Unsupported, rule
from ..document import Array
from .layout import first, last


class _Windows:
    """The windows of a call, one number for each spatial axis: `before` and `after` are what ONNX must pad."""

    def __init__(self, call: Call, is_last: bool) -> None:
        self.spatial = channels_first(call.data.shape, is_last)[2:]
        self.lengths = channels_first(call.shape, is_last)[2:]
        rank = len(self.spatial)
        whole = call["global_pool"]
        self.kernel = self.spatial if whole else call["kernel"]
        self.stride = (1,) * rank if whole else call["stride"] or (1,) * rank
        self.before = (0,) * rank if whole else call["pad"][:rank] or (0,) * rank
        axes = zip(self.lengths, self.stride, self.kernel, self.spatial, self.before, strict=True)
        #: How far the last window reaches beyond the data; less than 0 where it ends inside.
        self.beyond = tuple([(count - 1) * s + k - n - p for count, s, k, n, p in axes])
        self.after = tuple([max(0, each) for each in self.beyond])

    @property
    def fits(self) -> bool:
        """Whether ONNX can pad that much: less than a window."""
        pads = zip(self.before, self.after, self.kernel, strict=True)
        return all(before < k and after < k for before, after, k in pads)

    @property
    def overhangs(self) -> bool:
        """Whether a window ends beyond the padding."""
        return any(beyond > before for beyond, before in zip(self.beyond, self.before, strict=True))

    def sizes(self, include_pad: bool) -> np.ndarray:
        """Return how many points of each window lie inside the padded data, or inside the data; at least 1."""
        sizes = np.ones((), np.float32)
        for n, k, s, p, count in zip(self.spatial, self.kernel, self.stride, self.before, self.lengths, strict=True):
            edge = p if include_pad else 0
            begins = np.arange(count) * s - p
            ends = np.minimum(begins + k, n + edge)
            sizes = sizes[..., None] * np.maximum(ends - np.maximum(begins, -edge), 1).astype(np.float32)
        return sizes


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
    return _slide(call, "MaxPool", data, windows, float(np.finfo(np.float32).min))


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
        sizes = call.document.constant(windows.sizes(include_pad))
        return call.add("Div", _total(call, data, windows), sizes)
    return _slide(call, "AveragePool", data, windows, count_include_pad=int(include_pad))


def _total(call: Call, data: Array | str, windows: _Windows) -> str:
    mean = _slide(call, "AveragePool", data, windows, count_include_pad=1)
    return call.add("Mul", mean, call.number(prod(windows.kernel)))


def _norm(call: Call, data: Array | str, windows: _Windows, p: int | None) -> str:
    if p == 1:
        return _total(call, data, windows)
    if p != 2:
        raise Unsupported("p_value of 3")
    return call.add("Sqrt", _total(call, call.add("Mul", data, data), windows))


@rule("_contrib_AdaptiveAvgPooling2D")
def _adaptive_pooling(call: Call) -> str:
    image, result = call.data.shape[2:], call.shape[2:]
    if any(n % count for n, count in zip(image, result, strict=True)):
        raise Unsupported("windows of several sizes")
    window = [n // count for n, count in zip(image, result, strict=True)]
    return call.add("AveragePool", call.data, kernel_shape=window, strides=window)

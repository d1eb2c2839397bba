"""A plain NumPy implementation of pooling in any number of dimensions, for what MXNet's CPU build gets wrong."""

from __future__ import annotations

import itertools
import math

import numpy as np


def pool(data, kernel, stride, pad, pool_type="max", convention="valid", include_pad=True, p_value=2, head=None):
    """Pool (N, C, ...) data in float64; with a head gradient also return the gradient of the data.

    A window starts at i * stride - pad. Its points outside the data are ignored, except that those up to `pad` beyond
    the ends count in the divisor of the mean, if `include_pad`.
    """
    spatial = data.shape[2:]
    axes = list(zip(spatial, kernel, stride, pad, strict=True))
    if convention == "same":
        lengths = [math.ceil(n / s) for n, _, s, _ in axes]
    else:
        divide = math.ceil if convention == "full" else math.floor
        lengths = [divide((n + 2 * p - k) / s) + 1 for n, k, s, p in axes]
    result = np.zeros((*data.shape[:2], *lengths))
    gradient = np.zeros(data.shape)
    for sample, channel in np.ndindex(*data.shape[:2]):
        image = data[sample, channel].astype(np.float64)
        for place in itertools.product(*map(range, lengths)):
            begins = [i * s - p for i, (_, _, s, p) in zip(place, axes, strict=True)]
            inside = tuple(
                slice(max(b, 0), max(min(b + k, n), 0)) for b, (n, k, _, _) in zip(begins, axes, strict=True)
            )
            size = math.prod(
                max(min(b + k, n + p if include_pad else n) - (b if include_pad else max(b, 0)), 1)
                for b, (n, k, _, p) in zip(begins, axes, strict=True)
            )
            where = (sample, channel, *place)
            value, slope = _reduce(image[inside], pool_type, size, p_value, np.finfo(data.dtype).min)
            result[where] = value
            if head is not None:
                gradient[(sample, channel, *inside)] += slope * head[where]
    return result if head is None else (result, gradient)


def _reduce(window, pool_type, size, p_value, lowest):
    """Return the number that a window is reduced to, and its derivative with respect to each point of the window."""
    slope = np.zeros(window.shape)
    if window.size == 0:
        return (lowest if pool_type == "max" else 0.0), slope
    if pool_type == "max":
        slope[np.unravel_index(np.argmax(window), window.shape)] = 1
        return window.max(), slope
    if pool_type == "avg":
        return window.sum() / size, slope + 1 / size
    if pool_type == "sum":
        return window.sum(), slope + 1
    total = (window**p_value).sum()
    root = np.sign(total) * abs(total) ** (1 / p_value)
    return root, slope if total == 0 else window ** (p_value - 1) * abs(root) ** (1 - p_value)

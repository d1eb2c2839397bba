"""Pictures with the boxes of their labels drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.blame import short
from ..core.extras import required
from ..core.opencv import checked_text, opencv
from ..ndarray import NDArray
from .create_augmenter import MEAN, STD, statistic

_OWNER = "ImageDetIter.draw_next"
_FONT_SCALE = 0.5
_INDENT = 5  # pixels between a box and what is written into it
_WHITE = (255, 255, 255)


def drawn(
    picture: np.ndarray, label: np.ndarray, *, color: Sequence[float] | None, thickness: int, mean: Any, std: Any,
    clip: bool, wait: int | None, window: str, names: Mapping[int, str],
) -> np.ndarray:  # fmt: skip
    """Return a picture with its boxes, blue first; see `ImageDetIter.draw_next`."""
    cv2 = required("cv2", "image", _OWNER)
    mean, std = _array("mean", mean, MEAN), _array("std", std, STD)
    if std is not None:
        picture = picture * std
    if mean is not None:
        picture = picture + mean
    if clip:
        picture = np.clip(picture, 0, 255)
    image = np.ascontiguousarray(picture[..., ::-1]).astype(np.uint8)
    height, width = image.shape[:2]
    for row in label:
        left, top, right, bottom = (int(edge) for edge in row[1:5] * (width, height, width, height))
        line = [float(part) for part in (np.random.rand(3) * 255 if color is None else color[::-1])]
        received = f"{short(color)} and {short(thickness)}"
        with opencv(f"{_OWNER}: color must be up to 4 numbers, and thickness an int; received {received}"):
            cv2.rectangle(image, (left, top), (right, bottom), line, thickness)
        if int(row[0]) in names:
            text = checked_text(_OWNER, "each name in id2labels", names[int(row[0])])
            font = cv2.FONT_HERSHEY_SIMPLEX
            text_height = cv2.getTextSize(text, font, _FONT_SCALE, 2)[0][1]
            cv2.putText(image, text, (left + _INDENT, top + text_height + _INDENT), font, _FONT_SCALE, _WHITE, 2)
    if wait is not None:
        with opencv(
            f"{_OWNER}: waitKey must be None where OpenCV has no windows; received {short(wait)}; look at what is "
            "yielded, or install opencv-python in place of opencv-python-headless"
        ):
            cv2.imshow(checked_text(_OWNER, "window_name", window), image)
            cv2.waitKey(wait)
    return image


def _array(name: str, given: Any, usual: Sequence[float]) -> Any:
    found = statistic(_OWNER, name, given, np.array(usual))
    return found.asnumpy() if isinstance(found, NDArray) else found

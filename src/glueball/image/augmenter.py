"""The base class of augmenters, and augmenters made of others."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.doors import guard
from ..core.errors import MissingMethodError
from ..ndarray import NDArray


def plain(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with lists in the place of arrays, so that JSON can hold them."""
    arrays = {name: value.asnumpy() if isinstance(value, NDArray) else value for name, value in settings.items()}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in arrays.items()}


@guard
class Augmenter:
    """The base class of augmenters: objects that are called with a picture and return another one.

    A picture is an NDArray (height, width, channels).

    Parameters
    ----------
    **kwargs
        The settings, which `dumps` writes.

    Examples
    --------
    >>> import glueball as mx
    >>> class Darker(mx.image.Augmenter):
    ...     def __call__(self, src):
    ...         return src // 2
    >>> Darker(by=2).dumps()
    '["darker", {"by": 2}]'
    """

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = plain(kwargs)

    def dumps(self) -> Any:
        """Return the lower-case name of the class and the settings as JSON.

        Returns
        -------
        str
            Of an augmenter made of others a list: its name, and a list of what theirs return.
        """
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src: NDArray) -> NDArray:
        """Return a changed picture; a subclass implements it."""
        raise MissingMethodError(f"{type(self).__name__}: a subclass of Augmenter must define __call__(self, src)")


class SequentialAug(Augmenter):
    """Augmenters that run one after another.

    Parameters
    ----------
    ts : list of Augmenter
        The augmenters.

    Examples
    --------
    >>> import glueball as mx
    >>> both = mx.image.SequentialAug([mx.image.ResizeAug(20), mx.image.CenterCropAug((16, 16))])
    >>> both(mx.nd.zeros((40, 30, 3), dtype="uint8")).shape
    (16, 16, 3)
    """

    def __init__(self, ts: Sequence[Augmenter]) -> None:
        super().__init__()
        self.ts = ts

    def dumps(self) -> list[Any]:
        return [type(self).__name__.lower(), [each.dumps() for each in self.ts]]

    def __call__(self, src: NDArray) -> NDArray:
        for each in self.ts:
            src = each(src)
        return src


class RandomOrderAug(Augmenter):
    """Augmenters that run in random order, drawn from Python's `random`; the list itself is shuffled, as in MXNet.

    Parameters
    ----------
    ts : list of Augmenter
        The augmenters.

    Examples
    --------
    >>> import glueball as mx
    >>> jitter = mx.image.RandomOrderAug([mx.image.BrightnessJitterAug(0.1), mx.image.ContrastJitterAug(0.1)])
    >>> jitter(mx.nd.ones((4, 3, 3))).shape
    (4, 3, 3)
    """

    def __init__(self, ts: list[Augmenter]) -> None:
        super().__init__()
        self.ts = ts

    def dumps(self) -> list[Any]:
        return [type(self).__name__.lower(), [each.dumps() for each in self.ts]]

    def __call__(self, src: NDArray) -> NDArray:
        random.shuffle(self.ts)
        for each in self.ts:
            src = each(src)
        return src

"""Augmenters for detection: they change a picture and the boxes in it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.doors import guard
from ..core.errors import InvalidTypeError, InvalidValueError, MissingMethodError
from ..ndarray import NDArray
from .augmenter import Augmenter, plain

#: A picture and its label.
Pair = tuple[NDArray, np.ndarray]


@guard
class DetAugmenter:
    """The base class of augmenters for detection: called with a picture and a label, they return both.

    A label is a numpy.ndarray with a row for each object: its class, and the left, upper, right and lower edge of its
    box, from 0 to 1; more numbers may follow.

    Parameters
    ----------
    **kwargs
        The settings, which `dumps` writes.

    Examples
    --------
    >>> import glueball as mx
    >>> class Darker(mx.image.DetAugmenter):
    ...     def __call__(self, src, label):
    ...         return src // 2, label
    >>> Darker(by=2).dumps()
    '["darker", {"by": 2}]'
    """

    def __init__(self, **kwargs: Any) -> None:
        self._kwargs = plain(kwargs)

    def dumps(self) -> Any:
        """Return the lower-case name of the class and the settings as JSON; see `Augmenter.dumps`."""
        return json.dumps([type(self).__name__.lower(), self._kwargs])

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        """Return a changed picture and its label; a subclass implements it."""
        raise MissingMethodError(
            f"{type(self).__name__}: a subclass of DetAugmenter must define __call__(self, src, label)"
        )


class DetBorrowAug(DetAugmenter):
    """An `Augmenter` that moves nothing, such as one of colors, for use in detection.

    Parameters
    ----------
    augmenter : Augmenter
        The augmenter.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.DetBorrowAug(mx.image.CastAug()).dumps()
    ['detborrowaug', '["castaug", {"type": "float32"}]']
    """

    def __init__(self, augmenter: Augmenter) -> None:
        if not isinstance(augmenter, Augmenter):
            raise InvalidTypeError(f"DetBorrowAug: augmenter must be an Augmenter; received {augmenter!r}")
        super().__init__(augmenter=augmenter.dumps())
        self.augmenter = augmenter

    def dumps(self) -> list[Any]:
        return [type(self).__name__.lower(), self.augmenter.dumps()]

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        return self.augmenter(src), label


class DetRandomSelectAug(DetAugmenter):
    """One of several augmenters, chosen at random, or none.

    Random numbers come from Python's `random`; the list itself is shuffled, as in MXNet.

    Parameters
    ----------
    aug_list : list of DetAugmenter
        The augmenters.
    skip_prob : float, default 0
        The probability of none.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.image.DetRandomSelectAug([mx.image.DetHorizontalFlipAug(1)], skip_prob=0.2).skip_prob
    0.2
    """

    def __init__(self, aug_list: Sequence[DetAugmenter] | DetAugmenter, skip_prob: float = 0) -> None:
        super().__init__(skip_prob=skip_prob)
        chosen = list(aug_list) if isinstance(aug_list, list | tuple) else [aug_list]
        for each in chosen:
            if not isinstance(each, DetAugmenter):
                raise InvalidValueError(f"DetRandomSelectAug: aug_list must hold DetAugmenters; received {each!r}")
        self.aug_list: list[Any] = chosen
        self.skip_prob: float = skip_prob if chosen else 1

    def dumps(self) -> list[Any]:
        return [type(self).__name__.lower(), [each.dumps() for each in self.aug_list]]

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        if random.random() < self.skip_prob:
            return src, label
        random.shuffle(self.aug_list)
        return self.aug_list[0](src, label)  # type: ignore[no-any-return]


class DetHorizontalFlipAug(DetAugmenter):
    """Exchanges left and right of a picture and of its boxes, with a given probability. The label is changed in place.

    Parameters
    ----------
    p : float
        The probability.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> flip = mx.image.DetHorizontalFlipAug(1)
    >>> flip(mx.nd.ones((4, 4, 3)), np.array([[0, 0.25, 0.1, 0.5, 0.9]]))[1].tolist()
    [[0.0, 0.5, 0.1, 0.75, 0.9]]
    """

    def __init__(self, p: float) -> None:
        super().__init__(p=p)
        self.p = p

    def __call__(self, src: NDArray, label: np.ndarray) -> Pair:
        if random.random() < self.p:
            src = nd.flip(src, axis=1)
            self._flip_label(label)
        return src, label

    def _flip_label(self, label: np.ndarray) -> None:
        """Exchange left and right of boxes, in place."""
        label[:, (1, 3)] = 1.0 - label[:, (3, 1)]

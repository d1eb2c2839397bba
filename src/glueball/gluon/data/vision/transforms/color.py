"""Transforms that change the colors of pictures at random."""

from __future__ import annotations

from typing import Any

from ....core.hybrid_block import HybridBlock

__all__ = [
    "RandomBrightness", "RandomColorJitter", "RandomContrast", "RandomHue", "RandomLighting", "RandomSaturation",
]  # fmt: skip


class RandomBrightness(HybridBlock):
    """Multiply all pixels by a random factor.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    brightness : float
        The factor is drawn from ``max(0, 1 - brightness)`` to ``1 + brightness``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomBrightness(0.4)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, brightness: float) -> None:
        super().__init__()
        self._args = (max(0, 1 - brightness), 1 + brightness)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_brightness(x, *self._args)


class RandomContrast(HybridBlock):
    """Draw all pixels away from, or towards, the mean gray of the image, by a random factor.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    contrast : float
        The factor is drawn from ``max(0, 1 - contrast)`` to ``1 + contrast``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomContrast(0.4)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, contrast: float) -> None:
        super().__init__()
        self._args = (max(0, 1 - contrast), 1 + contrast)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_contrast(x, *self._args)


class RandomSaturation(HybridBlock):
    """Draw all pixels away from, or towards, their own gray, by a random factor.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    saturation : float
        The factor is drawn from ``max(0, 1 - saturation)`` to ``1 + saturation``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomSaturation(0.4)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, saturation: float) -> None:
        super().__init__()
        self._args = (max(0, 1 - saturation), 1 + saturation)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_saturation(x, *self._args)


class RandomHue(HybridBlock):
    """Turn the colors of all pixels by a random angle.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    hue : float
        The factor is drawn from ``max(0, 1 - hue)`` to ``1 + hue``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomHue(0.4)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, hue: float) -> None:
        super().__init__()
        self._args = (max(0, 1 - hue), 1 + hue)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_hue(x, *self._args)


class RandomColorJitter(HybridBlock):
    """Change brightness, contrast, saturation and hue at random, in random order.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    brightness, contrast, saturation, hue : float, default 0
        How much; as in the transforms of one of them.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomColorJitter(0.4, 0.4, 0.4)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, brightness: float = 0, contrast: float = 0, saturation: float = 0, hue: float = 0) -> None:
        super().__init__()
        self._args = (brightness, contrast, saturation, hue)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_color_jitter(x, *self._args)


class RandomLighting(HybridBlock):
    """Add noise along the main colors of ImageNet's pictures, as AlexNet was trained.

    The input is an image with channels last: (height, width, channels).

    Parameters
    ----------
    alpha : float
        The standard deviation of the noise.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomLighting(0.1)(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def __init__(self, alpha: float) -> None:
        super().__init__()
        self._alpha = alpha

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_lighting(x, self._alpha)

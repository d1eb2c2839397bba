"""Colors of images: nd.image.random_brightness, random_contrast, random_saturation, random_hue, and lighting.

They take one image with channels last, 1 or 3 of them. The arithmetic is float32, a result of integers loses its
fraction, and uint8 is kept within 0 to 255, as in MXNet: bit for bit the same. Their gradient is MXNet's, which is that
of a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..attrs import AtLeast
from ..declare import Rng, cases, operator
from ..draw import Source, draw
from ..gradient import as_of_a_copy
from ..samples import Input, exactly, refused, sample

Factor = Annotated[float, AtLeast(0)]

# The axes along which the colors of natural images vary, times how much they do (AlexNet's, of ImageNet).
_AXES = np.array([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])
_SPREAD = np.array([55.46, 4.794, 1.148])
# Which of (high, low, falling, rising) red, green and blue are, in each of the six sectors of the color circle.
_SECTORS = ((0, 3, 1), (2, 0, 1), (1, 0, 3), (1, 2, 0), (3, 1, 0), (0, 1, 2))
_SMALLEST = float(np.finfo(np.float32).eps)


def _check(owner: str, data: Tensor) -> None:
    if data.dim() != 3 or data.shape[2] not in (1, 3):
        raise MXNetError(
            f"{owner}: data must be one image (height, width, channels) with 1 or 3 channels; "
            f"received shape {tuple(data.shape)}"
        )
    if data.dtype == torch.bool:
        raise MXNetError(f"{owner}: data must hold numbers; received bool; cast it")


def _rounded(pixels: Tensor, dtype: torch.dtype) -> Tensor:
    """Return pixels in the type of an image."""
    if dtype is torch.uint8:
        pixels = pixels.clamp(0, 255)
    if dtype.is_floating_point:
        return pixels.to(dtype)
    return converted(converted(pixels, torch.int64), dtype)  # so that values out of range wrap around


def _in_half(pixels: Tensor, dtype: torch.dtype) -> Tensor:
    return pixels.to(dtype).float() if dtype is torch.float16 else pixels


def _weights(like: Tensor) -> Tensor:
    """How much red, green and blue count in gray."""
    return torch.tensor([0.299, 0.587, 0.114], dtype=torch.float32, device=like.device)


def _sum_in_order(terms: Tensor) -> Tensor:
    """Add up all terms one by one, as MXNet does: another order rounds otherwise."""
    if terms.is_cpu:
        return torch.tensor(np.add.accumulate(terms.numpy().ravel())[-1])
    return terms.sum()


def _brighter(data: Tensor, factor: Tensor) -> Tensor:
    return _rounded(data.float() * factor, data.dtype)


def _contrasted(data: Tensor, factor: Tensor) -> Tensor:
    pixels = data.float()
    gray = pixels if data.shape[2] == 1 else _in_half(pixels * _weights(pixels), data.dtype)
    if data.is_meta:
        return torch.empty_like(data)
    mean = _sum_in_order(gray) / (data.shape[0] * data.shape[1])
    return _rounded(_in_half(pixels * factor, data.dtype) + (1 - factor) * mean, data.dtype)


def _saturated(data: Tensor, factor: Tensor) -> Tensor:
    if data.shape[2] == 1:
        return data.clone()
    pixels = data.float()
    # As in MXNet, where blue alone is what the colors are mixed with.
    gray = _in_half(pixels[..., 2:] * _weights(pixels)[2], data.dtype)
    mixed = _in_half(pixels * factor, data.dtype) + _in_half(gray * (1 - factor), data.dtype)
    return _rounded(mixed, data.dtype)


def _turned(data: Tensor, turn: Tensor) -> Tensor:
    """Turn the hue by a part of the color circle: by way of hue, lightness and saturation, in float32."""
    if data.shape[2] == 1:
        return data.clone()
    scaled = data.float() / 255
    red, green, blue = scaled.unbind(-1)
    high, low = scaled.amax(-1), scaled.amin(-1)
    spread, lightness = high - low, (high + low) * 0.5
    colored = spread > _SMALLEST
    spread = torch.where(colored, spread, 1)
    saturation = torch.where(lightness < 0.5, spread / (high + low), spread / (2 - high - low))
    unit = torch.full_like(spread, 60) / spread
    hue = torch.where(
        high == red, (green - blue) * unit,
        torch.where(high == green, (blue - red) * unit + 120, (red - green) * unit + 240),
    )  # fmt: skip
    hue = torch.where(hue < 0, hue + 360, hue) + turn.float() * 360
    hue = hue * (1 / 60)
    hue = hue - 6 * torch.floor(hue / 6)
    upper = torch.where(lightness <= 0.5, lightness * (1 + saturation), lightness + saturation - lightness * saturation)
    lower = 2 * lightness - upper
    sector = hue.floor().clamp(0, 5)
    rest = hue - sector
    levels = torch.stack([upper, lower, lower + (upper - lower) * (1 - rest), lower + (upper - lower) * rest], -1)
    chosen = torch.tensor(_SECTORS, device=data.device)[sector.long()]
    turned = torch.where(colored[..., None], levels.gather(-1, chosen), lightness[..., None])
    return _rounded(turned * 255, data.dtype)


def _lit(data: Tensor, alpha: Tensor) -> Tensor:
    if data.shape[2] == 1:
        return data.clone()
    axes = torch.tensor(_AXES * _SPREAD, dtype=torch.float32, device=data.device) * alpha
    shift = axes[:, 0] + axes[:, 1] + axes[:, 2]
    return _rounded(data.float() + shift, data.dtype)


def _drawn(rng: Source, data: Tensor, low: float, high: float) -> Tensor:
    low, high = sorted((low, high))
    return draw(rng, "uniform", (), torch.float32, data.device, low, high)


_RANDOM = """{summary}

The image has shape (H, W, C), with 1 or 3 channels. Integers lose fractions, and uint8 stays within 0 to 255.{note}

Parameters
----------
data : NDArray
    The image.
min_factor : float
    The smallest factor.
max_factor : float
    The largest factor; the factor is drawn uniformly between the two.
"""

_PIXELS = (0, 1, 2, 3, 127, 128, 200, 254, 255, 51, 10, 77)
_BAD = [
    refused("data must be one image .*; received shape", (2, 2, 2, 3), min_factor=1, max_factor=1),
    refused("data must be one image .*; received shape", (2, 2, 2), min_factor=1, max_factor=1),
    refused("min_factor must be a number of at least 0", (2, 2, 3), min_factor=-0.5, max_factor=1),
    refused("must hold numbers; received bool", Input((2, 2, 3), "bool", low=0), min_factor=1, max_factor=1),
]


def _declare_random(name: str, change: Callable[[Tensor, Tensor], Tensor], summary: str, note: str = "") -> None:
    owner = f"_image_random_{name}"

    @operator(
        owner, elementwise=True, from_outputs="nothing", reads_values=name == "contrast", aliases=[f"_npx_{owner}"]
    )
    def random(data: Tensor, *, min_factor: Factor, max_factor: Factor, rng: Rng) -> Tensor:
        _check(owner, data)
        factor = _drawn(rng, data, min_factor, max_factor)
        return as_of_a_copy(change(data.detach(), factor), data)

    random.__name__ = owner
    random.__doc__ = _RANDOM.format(summary=summary, note=note)
    # MXNet keeps some steps of float64 in double precision, though not the result.
    kinds = {"uint8": 0, "int32": 0, "float32": 0, "float64": 1e-6, "float16": 1e-3}
    grays = () if name == "hue" else ("uint8",)  # whose hue MXNet takes from memory that it did not write
    cases(
        owner,
        samples=lambda: [
            *[
                sample(exactly(*_PIXELS, shape=(2, 2, 3), dtype=kind), min_factor=factor, max_factor=factor,
                       derivative=False, gradient=kind == "float32", rtol=rtol)
                for kind, rtol in kinds.items() for factor in (0.37, 1.2)
            ],
            *[sample(exactly(*_PIXELS, shape=(3, 4, 1), dtype=kind), min_factor=0.4, max_factor=0.4, gradient=False)
              for kind in grays],
            sample((2, 2, 3), min_factor=0.5, max_factor=1.5, gradient=False, judge="statistics"),
        ],
        refusals=lambda: _BAD,
    )  # fmt: skip


_declare_random("brightness", _brighter, "Multiply an image by a random factor.")
_declare_random("contrast", _contrasted, "Mix an image with its mean gray: it keeps a random factor of its contrast.")
_declare_random(
    "saturation", _saturated, "Mix an image with gray: it keeps a random factor of its colors.",
    " As in MXNet,\nthe gray is that of blue alone; an image of one channel comes back as it is.",
)  # fmt: skip
_declare_random(
    "hue", _turned, "Turn the hue of an image by a random part of the color circle.",
    "\n\nDiffers from MXNet: an image of one channel comes back as it is, where MXNet returns memory as it finds it.",
)  # fmt: skip


@operator(
    "_image_random_color_jitter",
    npx="_image_random_color_jitter",
    reads_values=True,
    elementwise=True,
    from_outputs="nothing",
)
def random_color_jitter(
    data: Tensor, *, brightness: float, contrast: float, saturation: float, hue: float, rng: Rng
) -> Tensor:
    """Change brightness, contrast, saturation and hue of an image by random amounts, in random order.

    The image has shape (H, W, C), with 1 or 3 channels. Factors are drawn uniformly from 1 - amount to 1 + amount, the
    turn of the hue from -amount to amount of the color circle. What has an amount of 0 is left alone.

    Differs from MXNet: without any change the image comes back as it is, where MXNet returns memory as it finds it.

    Parameters
    ----------
    data : NDArray
        The image.
    brightness, contrast, saturation, hue : float
        The amounts.
    """
    owner = "_image_random_color_jitter"
    _check(owner, data)
    amounts = ((_brighter, 1, brightness), (_contrasted, 1, contrast), (_saturated, 1, saturation), (_turned, 0, hue))
    factors = [_drawn(rng, data, middle - amount, middle + amount) for _, middle, amount in amounts]
    if data.is_meta:
        return torch.empty_like(data)
    order = draw(rng, "permutation", (len(amounts),), torch.int64, data.device)
    result = data.detach().clone()
    for number in order.tolist():
        change, _, amount = amounts[number]
        if amount > 0:
            result = change(result, factors[number])
    return as_of_a_copy(result, data)


cases(
    "_image_random_color_jitter",
    samples=lambda: [
        sample(Input((4, 4, 3), kind, low=0, high=99), brightness=0.1, contrast=0.2, saturation=0.1, hue=0.1,
               gradient=False, judge="statistics")
        for kind in ("uint8", "float32")
    ],
    refusals=lambda: [
        refused("data must be one image", (2, 2, 2, 3), brightness=1, contrast=1, saturation=1, hue=1),
        refused("brightness must be given", (2, 2, 3)),
    ],
)  # fmt: skip


@operator(
    "_image_adjust_lighting",
    npx="_image_adjust_lighting",
    elementwise=True,
    aliases=["_npx__image_adjust_lighting"],
    from_outputs="nothing",
)
def adjust_lighting(data: Tensor, *, alpha: tuple[float, ...]) -> Tensor:
    """Shift the colors of an image along the axes on which those of natural images vary.

    The image has shape (H, W, C), with 1 or 3 channels, and pixels of 0 to 255. Differs from MXNet: an image of one
    channel comes back as it is, where MXNet returns memory as it finds it.

    Parameters
    ----------
    data : NDArray
        The image.
    alpha : tuple of float
        How far along each of the three axes.
    """
    _check("_image_adjust_lighting", data)
    if len(alpha) != 3:
        raise MXNetError(f"_image_adjust_lighting: alpha must have 3 elements; received {len(alpha)}")
    along = torch.tensor(alpha, dtype=torch.float32, device=data.device)
    return as_of_a_copy(_lit(data.detach(), along), data)


cases(
    "_image_adjust_lighting",
    samples=lambda: [
        sample(exactly(*_PIXELS, shape=(2, 2, 3), dtype=kind), alpha=(0.1, -1.2, 0.3), derivative=False,
               gradient=kind == "float32", rtol=1e-3 if kind == "float16" else 0)
        for kind in ("uint8", "int32", "float32", "float64", "float16")
    ],
    refusals=lambda: [
        refused("data must be one image", (2, 2, 2, 3), alpha=(0, 0, 0)),
        refused("alpha must have 3 elements; received 2", (2, 2, 3), alpha=(0, 0)),
    ],
)  # fmt: skip


@operator(
    "_image_random_lighting",
    npx="_image_random_lighting",
    elementwise=True,
    aliases=["_npx__image_random_lighting"],
    from_outputs="nothing",
)
def random_lighting(data: Tensor, *, alpha_std: float = 0.05, rng: Rng) -> Tensor:
    """Shift the colors of an image by random amounts along the axes of `adjust_lighting`.

    Parameters
    ----------
    data : NDArray
        The image: (H, W, C), with 1 or 3 channels, and pixels of 0 to 255.
    alpha_std : float, default 0.05
        The standard deviation of the amounts, which are normal.
    """
    _check("_image_random_lighting", data)
    alpha = draw(rng, "normal", (3,), torch.float32, data.device, 0.0, abs(alpha_std))
    return as_of_a_copy(_lit(data.detach(), alpha), data)


cases(
    "_image_random_lighting",
    samples=lambda: [
        sample(exactly(*_PIXELS, shape=(2, 2, 3), dtype="uint8"), alpha_std=0.0, gradient=False),
        sample((2, 2, 3), alpha_std=0.5, gradient=False, judge="statistics"),
    ],
    refusals=lambda: [refused("data must be one image", (2, 2, 2, 3))],
)

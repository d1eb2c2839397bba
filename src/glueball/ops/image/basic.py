"""nd.image.to_tensor, nd.image.normalize, and mirroring."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..declare import Rng, cases, operator
from ..draw import draw
from ..samples import Input, refused, sample

_PIXELS = Input((2, 4, 3), dtype="uint8", low=0, high=256)


@operator(
    "_image_to_tensor",
    npx="_image_to_tensor",
    names_inputs=True,
    from_partial="nothing",
    types="S -> float32",
    kind="other",
    flops=1,
)
def to_tensor(data: Tensor) -> Tensor:
    """Convert images with channels last to float32 arrays with channels first, divided by 255.

    An image of height x width x channels, or a batch of them, with pixels of 0 to 255 in any dtype becomes an
    array of channels x height x width with values of 0 to 1.
    """
    if data.dim() not in (3, 4):
        raise MXNetError(
            "_image_to_tensor: data must have 3 or 4 dimensions (height, width, channels, or a batch of "
            f"that); received shape {tuple(data.shape)}"
        )
    if data.dtype == torch.bool:
        raise MXNetError("_image_to_tensor: data must hold numbers; received bool; cast it")
    channels_first = data.movedim(-1, -3).contiguous()
    return (channels_first / 255).float()


cases(
    "_image_to_tensor",
    samples=lambda: [
        sample(_PIXELS, gradient=False),
        sample(Input((2, 3, 5, 1), dtype="int32", low=-300, high=300), gradient=False),
        sample(Input((3, 2, 4), dtype="float32", high=255.0), gradient=False),  # MXNet's gradient fails on the shape
        sample(Input((3, 2, 4), dtype="float16", high=255.0), gradient=False),
    ],
    refusals=lambda: [
        refused("_image_to_tensor: data must have 3 or 4 dimensions .*; received shape", (4, 3)),
        refused("_image_to_tensor: data must hold numbers; received bool", Input((2, 2, 3), dtype="bool", low=0)),
    ],
)


@operator(
    "_image_normalize",
    npx="_image_normalize",
    names_inputs=True,
    elementwise=True,
    aliases=["_npx__image_normalize"],
    from_outputs="nothing",
)
def normalize(
    data: Tensor,
    *,
    mean: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0),
    std: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0),
) -> Tensor:
    """Subtract a mean from each channel and divide by a standard deviation.

    The channels come first, 1 or 3 of them, in one image or in a batch. Integers keep their dtype and lose fractions.

    Parameters
    ----------
    data : NDArray
        (C, H, W) or (N, C, H, W).
    mean : float or tuple of float
        One number for all channels, or one for each.
    std : float or tuple of float
        One number for all channels, or one for each.
    """
    if data.dim() not in (3, 4):
        raise MXNetError(
            "_image_normalize: data must have 3 or 4 dimensions (channels, height, width, or a batch of "
            f"that); received shape {tuple(data.shape)}"
        )
    if data.dtype == torch.bool:
        raise MXNetError("_image_normalize: data must hold numbers; received bool; cast it")
    channels = data.shape[-3]
    if channels not in (1, 3):
        raise MXNetError(f"_image_normalize: data must have 1 or 3 channels; received {channels}")
    values = data if data.is_floating_point() else data.float()
    shift = _for_channels(mean, "mean", channels, values)
    scale = _for_channels(std, "std", channels, values)
    normalized = (values - shift) / scale
    # through int64, so that values out of range wrap around as in MXNet
    return normalized if data.is_floating_point() else converted(converted(normalized, torch.int64), data.dtype)


cases(
    "_image_normalize",
    samples=lambda: [
        sample((3, 2, 4), mean=(0.5, 0.1, -0.3), std=(0.2, 2.0, 1.0)),
        sample((2, 3, 2, 2), mean=(0.5,), std=(0.2, 2.0, 1.0)),
        sample((1, 3, 3), mean=0.5, std=0.25),
        sample(Input((3, 2, 2), dtype="float64"), mean=(1, 2, 3), std=4),
        sample(Input((3, 2, 2), dtype="uint8", low=0, high=256), mean=(0.5,), std=(0.25,), gradient=False),
        sample(Input((3, 2, 2), dtype="int32", low=-9, high=9), mean=(0.5,), std=(0.25,), gradient=False),
    ],
    refusals=lambda: [
        refused("_image_normalize: data must have 3 or 4 dimensions .*; received shape", (3, 2), mean=0, std=1),
        refused("_image_normalize: data must have 1 or 3 channels; received 2", (2, 3, 3), mean=0, std=1),
        refused("_image_normalize: mean must have 1 or 3 elements; received 4", (3, 2, 2)),
        refused("_image_normalize: std must have 1 element; received 3", (1, 2, 2), mean=0, std=(1, 2, 3)),
        refused("data must hold numbers; received bool", Input((3, 2, 2), dtype="bool", low=0), mean=0, std=1),
    ],
)


def _for_channels(numbers: tuple[float, ...], name: str, channels: int, like: Tensor) -> Tensor | float:
    if len(numbers) not in (1, channels):
        wanted = "1 element" if channels == 1 else f"1 or {channels} elements"
        raise MXNetError(f"_image_normalize: {name} must have {wanted}; received {len(numbers)}")
    if len(numbers) == 1:
        return numbers[0]
    return torch.tensor(numbers, dtype=like.dtype, device=like.device).reshape(-1, 1, 1)


def _mirrored(owner: str, data: Tensor, axis: int) -> Tensor:
    if data.dim() != 3:
        raise MXNetError(
            f"{owner}: data must have 3 dimensions (height, width, channels); received shape {tuple(data.shape)}"
        )
    if data.dtype == torch.bool:
        raise MXNetError(f"{owner}: data must hold numbers; received bool; cast it")
    return data.flip(axis)


_MIRROR = """{summary}.

Differs from MXNet: an image of an odd {length}, and a gradient, are mirrored too; MXNet returns other pixels.

Parameters
----------
data : NDArray
    (H, W, C), an image with channels last.

Returns
-------
NDArray
    An array of the shape and type of `data`.
"""


def _declare_mirror(direction: str, axis: int, length: str) -> None:
    sides = direction.replace("_", " and ")
    even = [sample(Input((4, 4, 3), dtype=kind, low=0, high=100), gradient=False) for kind in ("uint8", "float32")]
    bad = [
        refused("data must have 3 dimensions .*; received shape", (2, 2, 2, 2)),
        refused("data must hold numbers; received bool", Input((2, 2, 3), dtype="bool", low=0)),
    ]

    name = f"_image_flip_{direction}"

    @operator(name, elementwise=True, from_outputs="nothing", aliases=[f"_npx_{name}"], kind="shape", flops=0)
    def flip(data: Tensor) -> Tensor:
        return _mirrored(name, data, axis)

    flip.__name__ = name
    flip.__doc__ = _MIRROR.format(summary=f"Exchange {sides} of an image", length=length)
    odd = sample((3, 3, 2), judge="numpy")
    cases(name, samples=lambda: [*even, odd], refusals=lambda: bad)

    random_name = f"_image_random_flip_{direction}"

    @operator(
        random_name, elementwise=True, from_outputs="nothing", aliases=[f"_npx_{random_name}"], kind="shape", flops=0
    )
    def random_flip(data: Tensor, *, rng: Rng) -> Tensor:
        mirrored = _mirrored(random_name, data, axis)
        chosen = draw(rng, "bernoulli", (1,), torch.float32, data.device, 0.5)
        return torch.where(chosen > 0, mirrored, data)

    random_flip.__name__ = random_name
    random_flip.__doc__ = _MIRROR.format(summary=f"Exchange {sides} of an image, with probability 1/2", length=length)
    cases(
        random_name,
        samples=lambda: [sample(Input((2, 4, 3), dtype="uint8", low=0, high=100), gradient=False, judge="statistics")],
        refusals=lambda: bad,
    )


_declare_mirror("left_right", 1, "width")
_declare_mirror("top_bottom", 0, "height")

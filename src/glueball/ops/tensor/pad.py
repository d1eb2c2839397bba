"""Pad: values added around images."""

from __future__ import annotations

from typing import Literal

import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import check_float
from ..declare import cases, operator
from ..samples import Input, refused, sample

_TORCH_MODES = {"constant": "constant", "edge": "replicate", "reflect": "reflect"}


@operator(
    "Pad",
    names_gradients=True,
    computed_anew=True,
    aliases=["pad"],
    method="pad",
    from_outputs="nothing",
    kind="shape",
    flops=0,
    output_names=("output",),
)
def pad(
    data: Tensor,
    *,
    mode: Literal["constant", "edge", "reflect"],
    pad_width: Shape,
    constant_value: float = 0.0,
) -> Tensor:
    """Add values around images, on the axes after batch and channel.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W) or (N, C, D, H, W), of a floating-point type.
    mode : {'constant', 'edge', 'reflect'}
        What to add: `constant_value`; the nearest element; the mirror image without the edge itself.
    pad_width : tuple of int
        For each axis, the number of elements added before it and after it, the first four 0:
        (0, 0, 0, 0, top, bottom, left, right).
    constant_value : float, default 0
        The value for ``'constant'``.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.array([[[[1, 2, 3]]]])
    >>> nd.pad(x, mode="reflect", pad_width=(0, 0, 0, 0, 0, 0, 2, 1)).asnumpy().ravel().tolist()
    [3.0, 2.0, 1.0, 2.0, 3.0, 2.0]
    """
    _check(data, mode, pad_width)
    widths: list[int] = []  # torch names the axes from the last one
    for axis in range(data.dim() - 1, 1, -1):
        widths += pad_width[2 * axis : 2 * axis + 2]
    value = constant_value if mode == "constant" else None
    return F.pad(data, widths, _TORCH_MODES[mode], value)


cases(
    "Pad",
    samples=lambda: [
        sample((2, 3, 3, 4), mode="constant", pad_width=(0, 0, 0, 0, 1, 2, 0, 3), constant_value=1.5),
        sample((2, 3, 3, 4), mode="edge", pad_width=(0, 0, 0, 0, 1, 5, 2, 0)),
        sample((2, 3, 3, 4), mode="reflect", pad_width=(0, 0, 0, 0, 1, 2, 3, 0)),
        sample((1, 2, 2, 3, 4), mode="constant", pad_width=(0, 0, 0, 0, 1, 0, 1, 2, 0, 1)),
        sample((1, 2, 2, 3, 4), mode="edge", pad_width=(0, 0, 0, 0, 1, 0, 1, 2, 0, 3)),
        sample((1, 2, 2, 3, 4), mode="reflect", pad_width=(0, 0, 0, 0, 1, 1, 1, 2, 0, 3)),
    ],
    refusals=lambda: [
        refused("mode must be given", (1, 1, 3, 3), pad_width=(0,) * 8),
        refused("mode must be one of", (1, 1, 3, 3), mode="symmetric", pad_width=(0,) * 8),
        refused("4 or 5 axes", (1, 3, 3), mode="edge", pad_width=(0,) * 6),
        refused("two widths per axis", (1, 1, 3, 3), mode="edge", pad_width=(0,) * 6),
        refused("first two axes", (1, 1, 3, 3), mode="edge", pad_width=(0, 0, 1, 0, 0, 0, 0, 0)),
        refused("at least 0", (1, 1, 3, 3), mode="constant", pad_width=(0, 0, 0, 0, -1, 0, 0, 0)),
        refused("smaller than", (1, 1, 3, 3), mode="reflect", pad_width=(0, 0, 0, 0, 3, 0, 0, 0)),
        refused("floating-point", Input((1, 1, 3, 3), "int32"), mode="edge", pad_width=(0,) * 8),
    ],
)


def _check(data: Tensor, mode: str, pad_width: Shape) -> None:
    shape = tuple(data.shape)
    if len(shape) not in (4, 5):
        raise MXNetError(f"Pad: data must have 4 or 5 axes, (N, C, ...); received {shape}")
    if len(pad_width) != 2 * len(shape):
        raise MXNetError(f"Pad: pad_width must be two widths per axis, {2 * len(shape)}; received {pad_width}")
    if any(pad_width[:4]):
        raise MXNetError(f"Pad: pad_width must be 0 on the first two axes; received {pad_width}")
    if min(pad_width) < 0:
        raise MXNetError(f"Pad: pad_width must be at least 0; received {pad_width}; crop with slice(...)")
    if mode == "reflect" and any(width >= shape[place // 2] for place, width in enumerate(pad_width) if width):
        raise MXNetError(
            f"Pad: for 'reflect' pad_width must be smaller than the axis; received {pad_width} for {shape}"
        )
    check_float("Pad", data)

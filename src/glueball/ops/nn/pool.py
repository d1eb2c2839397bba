"""Pooling in one, two and three dimensions: the maximum, mean, sum or p-norm of a window that slides over an image."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..captions import compact, sizes
from ..checks import not_float
from ..declare import cases, operator
from ..flops import Call
from ..kept import kept
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from .window import channels_last, check_window, to_channels_first, to_channels_last

PoolLayout = Literal["NCW", "NCHW", "NCDHW", "NWC", "NHWC", "NDHWC"] | None
Convention = Literal["valid", "full", "same"]
PoolType = Literal["max", "avg", "sum", "lp"]

_MAXIMUM: dict[int, Callable[..., Tensor]] = {2: F.max_pool2d, 3: F.max_pool3d}
_AVERAGE: dict[int, Callable[..., Tensor]] = {2: F.avg_pool2d, 3: F.avg_pool3d}


@dataclass(frozen=True)
class _Windows:
    """Where the windows lie, checked once per shape of the data. A row is treated as an image of height 1.

    Attributes
    ----------
    spatial, kernel, stride, pad
        One number for each of the 2 or 3 spatial axes.
    lengths
        The output lengths.
    amounts
        What `torch.nn.functional.pad` must add so that each window lies inside; None if torch's own padding gives the
        same windows. A negative amount removes points that no window reaches.
    ceil
        Whether torch must be told to round lengths up.
    """

    spatial: Shape
    kernel: Shape
    stride: Shape
    pad: Shape
    lengths: Shape
    amounts: Shape | None
    ceil: bool

    @property
    def overhang(self) -> bool:
        """Whether a window ends beyond the padded data."""
        axes = zip(self.spatial, self.kernel, self.stride, self.pad, self.lengths, strict=True)
        return any((length - 1) * s + k > n + 2 * p for n, k, s, p, length in axes)

    def sizes(self, data: Tensor, include_pad: bool) -> Tensor:
        """Return the number of points of each window inside the padded data, or inside the data; at least 1."""
        sizes = torch.ones((), dtype=data.dtype, device=data.device)
        for n, k, s, p, length in zip(self.spatial, self.kernel, self.stride, self.pad, self.lengths, strict=True):
            edge = p if include_pad else 0
            begins = torch.arange(length, device=data.device) * s - p
            ends = (begins + k).clamp(max=n + edge)
            sizes = sizes.unsqueeze(-1) * (ends - begins.clamp(min=-edge)).clamp(min=1).to(data.dtype)
        return sizes


@lru_cache(maxsize=1024)
def _plan(shape: Shape, kernel: Shape, stride: Shape, pad: Shape, convention: Convention) -> _Windows:
    """Check the windows against data of this shape, channels first, and lay them out."""
    stride, pad = along(kernel, stride), along(kernel, pad) if convention != "same" else pad
    check_padding(shape, kernel, stride, pad, convention)
    rank = len(kernel)
    spatial, stride, pad = shape[2:], stride or (1,) * rank, along(kernel, pad) or (0,) * rank
    if rank == 1:
        spatial, kernel, stride, pad = (1, *spatial), (1, *kernel), (1, *stride), (0, *pad)
    axes = list(zip(spatial, kernel, stride, pad, strict=True))
    if convention == "same":
        lengths = tuple(-(-n // s) for n, _, s, _ in axes)
    elif convention == "full":
        lengths = tuple(-(-(n + 2 * p - k) // s) + 1 for n, k, s, p in axes)
    else:
        lengths = tuple((n + 2 * p - k) // s + 1 for n, k, s, p in axes)
    # torch pads by half a kernel at most, and drops windows that begin beyond the data; in 3-D no window of its average
    # may be longer than the data without the padding.
    agrees = convention != "same" and all(
        2 * p <= k and (length - 1) * s < n + p and (rank < 3 or k <= n)
        for length, (n, k, s, p) in zip(lengths, axes, strict=True)
    )
    amounts: tuple[int, ...] = ()
    for length, (n, k, s, p) in zip(lengths, axes, strict=True):
        amounts = (p, (length - 1) * s + k - n - p, *amounts)
    return _Windows(spatial, kernel, stride, pad, lengths, None if agrees else amounts, convention == "full")


def along(kernel: Shape, numbers: Shape) -> Shape:
    """Return as many of the numbers as the kernel has: MXNet ignores those of `stride` and `pad` beyond them."""
    return numbers[: len(kernel)]


def check_padding(shape: Shape, kernel: Shape, stride: Shape, pad: Shape, convention: Convention) -> None:
    """Refuse windows that do not fit data of this shape, channels first."""
    owner = "Pooling"
    check_window(owner, shape, kernel, None, stride=stride, pad=() if convention == "same" else pad)
    if convention == "same":
        if len(kernel) != 1:
            raise MXNetError(f"{owner}: pooling_convention 'same' must have a kernel of 1 number; received {kernel}")
        if any(pad):
            raise MXNetError(f"{owner}: pad must be left out with pooling_convention 'same'; received {pad}")
        return
    pads = pad or (0,) * len(kernel)
    if any(p >= k for p, k in zip(pads, kernel, strict=True)):
        raise MXNetError(f"{owner}: pad must be smaller than kernel {kernel}; received {pad}")
    padded = tuple(n + 2 * p for n, p in zip(shape[2:], pads, strict=True))
    if any(k > n for k, n in zip(kernel, padded, strict=True)):
        raise MXNetError(f"{owner}: kernel must not be larger than the padded data {padded}; received {kernel}")


def _maximum(data: Tensor, windows: _Windows) -> Tensor:
    pool = _MAXIMUM[len(windows.kernel)]
    if windows.amounts is None:
        return pool(data, windows.kernel, windows.stride, windows.pad, ceil_mode=windows.ceil)
    padded = F.pad(data, windows.amounts, value=torch.finfo(data.dtype).min)
    return pool(padded, windows.kernel, windows.stride)


def _average(data: Tensor, windows: _Windows, include_pad: bool) -> Tensor:
    include_pad = include_pad and any(windows.pad)  # without padding the points to count are the same
    # torch's compiler differentiates wrongly where padding counts and a window ends beyond it (pytorch#198119).
    if windows.amounts is not None or (include_pad and windows.overhang):
        return _total(data, windows) / windows.sizes(data, include_pad)
    return _in_wider_type(
        data, windows.kernel, windows.stride, windows.pad, ceil_mode=windows.ceil, count_include_pad=include_pad
    )


def _total(data: Tensor, windows: _Windows) -> Tensor:
    if windows.amounts is not None:
        return _in_wider_type(F.pad(data, windows.amounts), windows.kernel, windows.stride, divisor_override=1)
    return _in_wider_type(data, windows.kernel, windows.stride, windows.pad, ceil_mode=windows.ceil, divisor_override=1)


def _in_wider_type(data: Tensor, *window: Shape, **options: Any) -> Tensor:
    """Average, in float32 where torch has no 16-bit kernel: in 3-D on the CPU."""
    average = _AVERAGE[len(window[0])]
    if data.requires_grad:
        data = kept(data)
    if data.dim() == 5 and data.element_size() == 2:
        return average(data.float(), *window, **options).to(data.dtype)
    return average(data, *window, **options)


def _norm(data: Tensor, windows: _Windows, p: int | None) -> Tensor:
    """Return the p-th root of the sum of p-th powers, with its sign for odd p; the gradient is 0 where the sum is 0."""
    if p == 1:
        return _total(data, windows)
    if p not in (2, 3):
        raise MXNetError(f"Pooling: p_value must be 1, 2 or 3 for pool_type='lp'; received {p}")
    total = _total(data**p, windows)
    zero = total == 0
    safe = total.masked_fill(zero, 1.0)
    root = safe.sqrt() if p == 2 else safe.sign() * safe.abs() ** (1 / 3)
    return root.masked_fill(zero, 0.0)


def _hidden_outputs(attributes: Mapping[str, Any]) -> int:
    """Count the positions of the maxima, which MXNet's fast path for channels first keeps if `kernel` is given."""
    first = bool(attributes["kernel"]) and not channels_last(attributes["layout"])
    return 1 if attributes["pool_type"] == "max" and first else 0


def _output_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    shape, last = shapes[0], channels_last(attributes["layout"])
    if not shape or len(shape) < 3:
        return None
    batch, channels, *spatial = (shape[0], shape[-1], *shape[1:-1]) if last else shape
    lengths: Sequence[int] = [1] * len(spatial)
    if not attributes["global_pool"]:
        names = ("kernel", "stride", "pad", "pooling_convention")
        try:
            windows = _plan((batch, channels, *spatial), *[attributes[name] for name in names])
        except MXNetError:
            return None
        lengths = windows.lengths[-len(spatial) :]
    return [(batch, *lengths, channels) if last else (batch, channels, *lengths)]


def _caption(attributes: Mapping[str, Any]) -> str:
    kind, stride = attributes["pool_type"], attributes["stride"]
    if attributes["global_pool"]:
        return f"global {kind}"
    return f"{kind} {sizes(attributes['kernel'])}" + (f", /{compact(stride)}" if stride else "")


def pooling_flops(call: Call) -> int:
    """Count the operations of a pooling."""
    if call.attributes["global_pool"]:
        return prod(call.inputs["data"])
    kernel: Shape = call.attributes["kernel"]
    return prod(call.output) * prod(kernel)


@operator(
    "Pooling",
    npx="pooling",
    output_names=("output",),
    hidden_outputs=_hidden_outputs,
    infer_outputs=_output_shape,
    from_outputs="nothing",
    kind="pooling",
    flops=pooling_flops,
    caption=_caption,
    precision="any",
)
def pooling(
    data: Tensor,
    *,
    kernel: Shape = (),
    pool_type: PoolType = "max",
    global_pool: bool = False,
    cudnn_off: bool = False,
    pooling_convention: Convention = "valid",
    stride: Shape = (),
    pad: Shape = (),
    p_value: int | None = None,
    count_include_pad: bool | None = None,
    layout: PoolLayout = None,
) -> Tensor:
    """Reduce each window of an image to one number, separately for each channel.

    Parameters
    ----------
    data : NDArray
        (N, C, W), (N, C, H, W) or (N, C, D, H, W), or with the channels last as `layout` says.
    kernel : tuple of int
        The window's lengths; their number decides between 1-D, 2-D and 3-D.
    pool_type : {'max', 'avg', 'sum', 'lp'}, default 'max'
        What is computed over a window; 'lp' is the `p_value`-th root of the sum of `p_value`-th powers.
    global_pool : bool, default False
        One window over everything; `kernel`, `stride` and `pad` are then ignored.
    pooling_convention : {'valid', 'full', 'same'}, default 'valid'
        The output length along each axis. 'valid': floor((n + 2 pad - kernel) / stride) + 1. 'full': the same with
        ceil, so that no point is left out. 'same': ceil(n / stride), in 1-D and without `pad`.
    stride : tuple of int, default all 1
        The step between windows.
    pad : tuple of int, default all 0
        How far windows extend beyond either end, less than `kernel`. Numbers of `stride` and `pad` beyond those of the
        kernel are ignored.
    p_value : {1, 2, 3}, optional
        Required for 'lp'.
    count_include_pad : bool, default True
        Whether the mean counts padding as zeros, up to `pad` beyond the ends.
    layout : {None, 'NCW', 'NCHW', 'NCDHW', 'NWC', 'NHWC', 'NDHWC'}
        The order of the axes; None means channels first.
    cudnn_off
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray
        In the layout of the data. A window that contains only padding gives 0, or the lowest number of the type for
        'max'.

    Raises
    ------
    MXNetError
        Shapes or lengths do not fit; the message names the rule.

    Differs from MXNet
    ------------------
    With 'full' in 3-D, MXNet's CPU build reads memory that was never written; and for float32 it
    misplaces the gradients of a maximum that was recorded in prediction mode. Here both are right.
    The maximum of a window with NaN is NaN.
    """
    last = channels_last(layout)
    if layout is not None and len(layout) != data.dim():
        check_window("Pooling", tuple(data.shape), kernel or (1,) * (data.dim() - 2), layout)
    if not data.is_floating_point():
        raise not_float("Pooling", data)
    if last:
        data = to_channels_first(data)
    if global_pool:
        kernel, stride, pad, pooling_convention = tuple(data.shape[2:]), (), (), "valid"
    # A compiler traces the plan once, and warns about a cache.
    plan = _plan.__wrapped__ if torch.compiler.is_compiling() else _plan
    windows = plan(data.shape, kernel, stride, pad, pooling_convention)
    row = data.dim() == 3
    if row:
        data = data.unsqueeze(2)
    if pool_type == "max":
        result = _maximum(data, windows)
    elif pool_type == "avg":
        result = _average(data, windows, count_include_pad is not False)
    elif pool_type == "sum":
        result = _total(data, windows)
    else:
        result = _norm(data, windows, p_value)
    if row:
        result = result.squeeze(2)
    return to_channels_last(result) if last else result


cases(
    "Pooling",
    samples=lambda: [
        sample(Input((2, 3, 7), distinct=True), training=True, kernel=(3,), stride=(2,)),
        sample(Input((2, 3, 7, 8), distinct=True), training=True, kernel=(3, 2), stride=(2, 1), pad=(1, 0)),
        sample(Input((2, 3, 7, 8), distinct=True), training=True, kernel=(2, 3), stride=(2, 2),
               pooling_convention="full"),
        sample(Input((1, 2, 5, 6, 4), distinct=True), training=True, kernel=(2, 2, 2), stride=(1, 2, 1)),
        sample(Input((2, 3, 4, 5), distinct=True), training=True, global_pool=True),
        sample((2, 3, 7), kernel=(3,), pool_type="avg", pad=(1,)),
        sample((2, 3, 7, 8), kernel=(3, 2), pool_type="avg", stride=(2, 2), pad=(1, 1)),
        sample((2, 3, 7, 8), kernel=(3, 2), pool_type="avg", stride=(2, 2), pad=(1, 1), count_include_pad=False),
        sample((2, 3, 6, 8), kernel=(3, 3), pool_type="avg", stride=(2, 2), pad=(1, 1), pooling_convention="full"),
        sample((1, 2, 5, 6, 4), kernel=(3, 2, 2), pool_type="avg", pad=(1, 1, 0)),
        sample((1, 2, 2, 6, 4), kernel=(3, 2, 2), pool_type="avg", pad=(1, 1, 0)),
        sample((2, 3, 4, 5), pool_type="avg", global_pool=True, kernel=(2, 2)),
        sample((2, 3, 7, 8), kernel=(3, 2), pool_type="sum", stride=(2, 2), pad=(2, 1)),
        sample((2, 3, 7, 8), kernel=(3, 2), pool_type="lp", p_value=1),
        sample((2, 3, 7, 8), kernel=(3, 2), pool_type="lp", p_value=2, stride=(2, 2), pad=(1, 1)),
        sample(Input((2, 3, 7, 8), low=0.1), kernel=(3, 2), pool_type="lp", p_value=3),
        sample(Input((2, 3, 7, 8), "float64", distinct=True), training=True, kernel=(3, 3), stride=(3, 3), pad=(2, 2)),
        sample(Input((1, 2, 6, 6), "float64", distinct=True), training=True, kernel=(2, 2), stride=(3, 3), pad=(1, 1),
               pooling_convention="full"),
        sample(Input((1, 2, 7), distinct=True), training=True, kernel=(3,), stride=(2,), pad=(1,)),
        sample(Input((1, 2, 5, 5), distinct=True), training=True, kernel=(2, 2), stride=(3, 3), pad=(1, 1),
               pooling_convention="full", derivative=False),
        sample(Input((1, 2, 5, 5), "float64"), kernel=(2, 2), stride=(3, 3), pad=(1, 1), pool_type="avg",
               pooling_convention="full", count_include_pad=False),
        sample(Input((2, 3, 7), "float64"), kernel=(3,), stride=(2,), pool_type="avg", pooling_convention="same",
               pad=(0, 0, 0)),
        sample(Input((2, 7, 3), distinct=True), training=True, kernel=(3,), stride=(2,), layout="NWC"),
        sample((2, 7, 8, 3), kernel=(3, 2), pool_type="avg", layout="NHWC"),
        sample(Input((2, 3, 7, 8, 6), distinct=True), training=True, kernel=(3, 3, 3), stride=(2, 2, 2),
               pooling_convention="full", judge="numpy"),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (3, 7, 8), kernel=(3, 3)),
        refused("kernel must have 1, 2 or 3", (1, 3, 7, 8)),
        refused("kernel must be 2 ints", (1, 3, 7, 8), kernel=(0, 3)),
        refused("stride must be 2 ints", (1, 3, 7, 8), kernel=(3, 3), stride=(1,)),
        refused("pad must be smaller", (1, 3, 7, 8), kernel=(3, 3), pad=(3, 3)),
        refused("kernel must not be larger", (1, 3, 7, 8), kernel=(9, 3)),
        refused("kernel must not be larger", (1, 3, 7, 8), kernel=(9, 3), stride=(9, 9), pooling_convention="full"),
        refused("layout must have 4 letters", (1, 3, 7, 8), kernel=(3, 3), layout="NCW"),
        refused("'same' must have", (1, 3, 7, 8), kernel=(3, 3), pooling_convention="same"),
        refused("pad must be left out", (1, 3, 7), kernel=(3,), pad=(1,), pooling_convention="same"),
        refused("p_value must be", (1, 3, 7, 8), kernel=(3, 3), pool_type="lp"),
        refused("floating-point", Input((1, 3, 7, 8), "int32"), kernel=(3, 3)),
    ],
)  # fmt: skip

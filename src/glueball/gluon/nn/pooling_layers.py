"""Pooling layers: one N-dimensional layer has all the logic."""

from __future__ import annotations

from typing import Any, ClassVar

from ...core.arguments import checked
from ..core.hybrid_block import HybridBlock
from .arguments import layout_of, per_axis

__all__ = [
    "AvgPool1D", "AvgPool2D", "AvgPool3D", "GlobalAvgPool1D", "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool1D",
    "GlobalMaxPool2D", "GlobalMaxPool3D", "MaxPool1D", "MaxPool2D", "MaxPool3D",
]  # fmt: skip

_LAYOUTS = {1: ("NCW", "NWC"), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


class _Pooling(HybridBlock):
    """Pooling along `_rank` spatial axes; the public subclasses document its arguments."""

    _glueball_rank: ClassVar[int]
    _glueball_pool_type: ClassVar[str]

    def __init__(
        self, pool_size: Any, strides: Any, padding: Any, ceil_mode: bool, layout: str, global_pool: bool = False,
        count_include_pad: bool | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        owner, rank = type(self).__name__, self._glueball_rank
        kernel = per_axis(owner, "pool_size", pool_size, rank, error=AssertionError)
        self._kwargs: dict[str, Any] = {
            "kernel": kernel,
            "stride": kernel if strides is None else per_axis(owner, "strides", strides, rank, or_more=True),
            "pad": per_axis(owner, "padding", padding, rank, least=0, or_more=True),
            "global_pool": global_pool,
            "pool_type": self._glueball_pool_type,
            "layout": layout_of(owner, layout, _LAYOUTS[rank]),
            "pooling_convention": "full" if ceil_mode else "valid",
        }
        if count_include_pad is not None:
            self._kwargs["count_include_pad"] = count_include_pad
        super().__init__(**kwargs)

    def _alias(self) -> str:
        return "pool"

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.Pooling(x, name="fwd", **self._kwargs)

    def __repr__(self) -> str:
        kwargs = self._kwargs
        return (
            f"{type(self).__name__}(size={kwargs['kernel']}, stride={kwargs['stride']}, padding={kwargs['pad']}, "
            f"ceil_mode={kwargs['pooling_convention'] == 'full'}, global_pool={kwargs['global_pool']}, "
            f"pool_type={kwargs['pool_type']}, layout={kwargs['layout']})"
        )


class MaxPool1D(_Pooling):
    """1-D max pooling; arguments as in `MaxPool2D`.

    Inputs and outputs
    ------------------
    (N, C, W) to (N, C, W'), or (N, W, C) to (N, W', C) with ``layout='NWC'``; the length as in `MaxPool2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.MaxPool1D()(nd.array([[[1, 3, 5, 7]]])).asnumpy().tolist()
    [[[3.0, 7.0]]]
    """

    _glueball_rank, _glueball_pool_type = 1, "max"

    @checked
    def __init__(
        self, pool_size: Any = 2, strides: Any = None, padding: Any = 0, layout: str = "NCW", ceil_mode: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, **kwargs)


class MaxPool2D(_Pooling):
    """2-D max pooling: the largest value in each window of an image.

    Parameters
    ----------
    pool_size : int or tuple of 2 ints, default (2, 2)
        Height and width of the window, in pixels.
    strides : int or tuple of 2 ints, optional
        The step of the window; default: `pool_size`.
    padding : int or tuple of 2 ints, default 0
        Number of rows and columns added on each side of the image; padding is never the maximum.
    layout : {'NCHW', 'NHWC'}
        The order of the axes.
    ceil_mode : bool, default False
        Include a last window that is only partly inside the image.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, C, H', W'), where n' = floor((n + 2 padding - pool_size) / strides) + 1, with ceil in place of
    floor for ``ceil_mode=True``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.MaxPool2D(3, strides=2, padding=1)(nd.ones((1, 2, 8, 8))).shape
    (1, 2, 4, 4)
    """

    _glueball_rank, _glueball_pool_type = 2, "max"

    @checked
    def __init__(
        self, pool_size: Any = (2, 2), strides: Any = None, padding: Any = 0, layout: str = "NCHW",
        ceil_mode: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, **kwargs)


class MaxPool3D(_Pooling):
    """3-D max pooling; arguments as in `MaxPool2D`, with three ints.

    Inputs and outputs
    ------------------
    (N, C, D, H, W) to (N, C, D', H', W'); the lengths as in `MaxPool2D`.

    Differs from MXNet
    ------------------
    With ``ceil_mode=True`` MXNet's CPU build reads memory outside the array; the values here are correct.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.MaxPool3D()(nd.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 2, 2, 2)
    """

    _glueball_rank, _glueball_pool_type = 3, "max"

    @checked
    def __init__(
        self, pool_size: Any = (2, 2, 2), strides: Any = None, padding: Any = 0, ceil_mode: bool = False,
        layout: str = "NCDHW", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, **kwargs)


class AvgPool1D(_Pooling):
    """1-D average pooling; arguments as in `AvgPool2D`.

    Inputs and outputs
    ------------------
    (N, C, W) to (N, C, W'); the length as in `MaxPool2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.AvgPool1D()(nd.array([[[1, 3, 5, 7]]])).asnumpy().tolist()
    [[[2.0, 6.0]]]
    """

    _glueball_rank, _glueball_pool_type = 1, "avg"

    @checked
    def __init__(
        self, pool_size: Any = 2, strides: Any = None, padding: Any = 0, layout: str = "NCW", ceil_mode: bool = False,
        count_include_pad: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, count_include_pad=count_include_pad, **kwargs)


class AvgPool2D(_Pooling):
    """2-D average pooling: the mean of each window of an image.

    Parameters
    ----------
    pool_size, strides, padding, ceil_mode, layout
        As in `MaxPool2D`; padding is with zeros.
    count_include_pad : bool, default True
        Divide by the size of the window; False divides by the number of image pixels in it.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, C, H', W'); the lengths as in `MaxPool2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.AvgPool2D()(nd.array([[[[1, 3], [5, 7]]]])).asnumpy().tolist()
    [[[[4.0]]]]
    """

    _glueball_rank, _glueball_pool_type = 2, "avg"

    @checked
    def __init__(
        self, pool_size: Any = (2, 2), strides: Any = None, padding: Any = 0, ceil_mode: bool = False,
        layout: str = "NCHW", count_include_pad: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, count_include_pad=count_include_pad, **kwargs)


class AvgPool3D(_Pooling):
    """3-D average pooling; arguments as in `AvgPool2D`, with three ints.

    Inputs and outputs
    ------------------
    (N, C, D, H, W) to (N, C, D', H', W'); the lengths as in `MaxPool2D`.

    Differs from MXNet
    ------------------
    With ``ceil_mode=True`` MXNet's CPU build reads memory outside the array; the values here are correct.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.AvgPool3D()(nd.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 2, 2, 2)
    """

    _glueball_rank, _glueball_pool_type = 3, "avg"

    @checked
    def __init__(
        self, pool_size: Any = (2, 2, 2), strides: Any = None, padding: Any = 0, ceil_mode: bool = False,
        layout: str = "NCDHW", count_include_pad: bool = True, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(pool_size, strides, padding, ceil_mode, layout, count_include_pad=count_include_pad, **kwargs)


class _GlobalPooling(_Pooling):
    """Pooling over all spatial axes."""

    def __init__(self, layout: str, **kwargs: Any) -> None:
        super().__init__(1, None, 0, True, layout, global_pool=True, **kwargs)


class GlobalMaxPool1D(_GlobalPooling):
    """Global max pooling: (N, C, W) to (N, C, 1).

    Parameters
    ----------
    layout : {'NCW', 'NWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalMaxPool1D()(nd.array([[[1, 3, 5, 7]]])).asnumpy().tolist()
    [[[7.0]]]
    """

    _glueball_rank, _glueball_pool_type = 1, "max"

    def __init__(self, layout: str = "NCW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)


class GlobalMaxPool2D(_GlobalPooling):
    """Global max pooling: (N, C, H, W) to (N, C, 1, 1).

    Parameters
    ----------
    layout : {'NCHW', 'NHWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalMaxPool2D()(nd.array([[[[1, 3], [5, 7]]]])).asnumpy().tolist()
    [[[[7.0]]]]
    """

    _glueball_rank, _glueball_pool_type = 2, "max"

    def __init__(self, layout: str = "NCHW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)


class GlobalMaxPool3D(_GlobalPooling):
    """Global max pooling: (N, C, D, H, W) to (N, C, 1, 1, 1).

    Parameters
    ----------
    layout : {'NCDHW', 'NDHWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalMaxPool3D()(nd.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 1, 1, 1)
    """

    _glueball_rank, _glueball_pool_type = 3, "max"

    def __init__(self, layout: str = "NCDHW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)


class GlobalAvgPool1D(_GlobalPooling):
    """Global average pooling: (N, C, W) to (N, C, 1).

    Parameters
    ----------
    layout : {'NCW', 'NWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalAvgPool1D()(nd.array([[[1, 3, 5, 7]]])).asnumpy().tolist()
    [[[4.0]]]
    """

    _glueball_rank, _glueball_pool_type = 1, "avg"

    def __init__(self, layout: str = "NCW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)


class GlobalAvgPool2D(_GlobalPooling):
    """Global average pooling: (N, C, H, W) to (N, C, 1, 1).

    Parameters
    ----------
    layout : {'NCHW', 'NHWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalAvgPool2D()(nd.array([[[[1, 3], [5, 7]]]])).asnumpy().tolist()
    [[[[4.0]]]]
    """

    _glueball_rank, _glueball_pool_type = 2, "avg"

    def __init__(self, layout: str = "NCHW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)


class GlobalAvgPool3D(_GlobalPooling):
    """Global average pooling: (N, C, D, H, W) to (N, C, 1, 1, 1).

    Parameters
    ----------
    layout : {'NCDHW', 'NDHWC'}
        The order of the axes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.GlobalAvgPool3D()(nd.ones((1, 2, 4, 4, 4))).shape
    (1, 2, 1, 1, 1)
    """

    _glueball_rank, _glueball_pool_type = 3, "avg"

    def __init__(self, layout: str = "NCDHW", **kwargs: Any) -> None:
        super().__init__(layout, **kwargs)

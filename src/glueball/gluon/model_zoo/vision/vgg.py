"""VGG (Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ....core.errors import RefusedError
from ....initializer import Xavier
from ... import nn
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier, check_choice

__all__ = ["VGG", "get_vgg", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19", "vgg19_bn"]

_FILTERS = [64, 128, 256, 512, 512]

#: Number of convolutions in each of the five stages, by the number of layers with weights.
_STAGES = {11: [1, 1, 2, 2, 2], 13: [2, 2, 2, 2, 2], 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]}


class VGG(Classifier):
    """Stages of 3 x 3 convolutions, each followed by 2 x 2 pooling, then three dense layers (arXiv:1409.1556).

    Parameters
    ----------
    layers : list of int
        Number of convolutions per stage.
    filters : list of int
        Number of channels of the convolutions per stage.
    classes : int, default 1000
        Number of classes.
    batch_norm : bool, default False
        Normalize after each convolution.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, 224, 224); class scores of shape (N, classes). The first call fixes height and width, which
    must be at least 32 for five stages.

    Raises
    ------
    MXNetError
        `layers` and `filters` differ in length.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.VGG([1, 1], [4, 8], classes=10)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 8, 8))).shape
    (2, 10)
    """

    def __init__(
        self,
        layers: Sequence[int],
        filters: Sequence[int],
        classes: int = 1000,
        batch_norm: bool = False,
        **kwargs: Any,
    ) -> None:
        if len(layers) != len(filters):
            raise RefusedError(
                f"VGG: layers and filters must have the same length; received {layers!r} and {filters!r}"
            )
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            for count, channels in zip(layers, filters, strict=True):
                for _ in range(count):
                    self.features.add(*_convolution(channels, batch_norm))
                self.features.add(nn.MaxPool2D(strides=2))
            for _ in range(2):
                self.features.add(_dense(4096, activation="relu"), nn.Dropout(rate=0.5))
            self.output = _dense(classes)


def _convolution(channels: int, batch_norm: bool) -> list[Any]:
    start = Xavier(rnd_type="gaussian", factor_type="out", magnitude=2)
    convolution = nn.Conv2D(channels, kernel_size=3, padding=1, weight_initializer=start)
    return [convolution, *([nn.BatchNorm()] if batch_norm else []), nn.Activation("relu")]


def _dense(units: int, **kwargs: Any) -> nn.Dense:
    return nn.Dense(units, weight_initializer="normal", **kwargs)


@door
def get_vgg(
    num_layers: int,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> VGG:
    """Create a VGG by depth (arXiv:1409.1556).

    Parameters
    ----------
    num_layers : {11, 13, 16, 19}
        Number of layers with weights.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `VGG`: ``classes``, ``batch_norm``, ``prefix``, ``params``.

    Raises
    ------
    MXNetError
        There is no VGG with that depth.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> len(vision.get_vgg(11, batch_norm=True).features)
    33
    """
    check_choice("get_vgg", "num_layers", num_layers, _STAGES)
    name = f"vgg{num_layers}{'_bn' if kwargs.get('batch_norm') else ''}"
    return load_pretrained(VGG(_STAGES[num_layers], _FILTERS, **kwargs), name, pretrained, ctx, root)


@door
def vgg11(**kwargs: Any) -> VGG:
    """Create a VGG with 11 layers; the arguments are those of `get_vgg`."""
    return get_vgg(11, **kwargs)


@door
def vgg13(**kwargs: Any) -> VGG:
    """Create a VGG with 13 layers; the arguments are those of `get_vgg`."""
    return get_vgg(13, **kwargs)


@door
def vgg16(**kwargs: Any) -> VGG:
    """Create a VGG with 16 layers; the arguments are those of `get_vgg`."""
    return get_vgg(16, **kwargs)


@door
def vgg19(**kwargs: Any) -> VGG:
    """Create a VGG with 19 layers; the arguments are those of `get_vgg`."""
    return get_vgg(19, **kwargs)


@door
def vgg11_bn(**kwargs: Any) -> VGG:
    """Create a VGG with 11 layers and batch normalization; the arguments are those of `get_vgg`."""
    return get_vgg(11, **{**kwargs, "batch_norm": True})


@door
def vgg13_bn(**kwargs: Any) -> VGG:
    """Create a VGG with 13 layers and batch normalization; the arguments are those of `get_vgg`."""
    return get_vgg(13, **{**kwargs, "batch_norm": True})


@door
def vgg16_bn(**kwargs: Any) -> VGG:
    """Create a VGG with 16 layers and batch normalization; the arguments are those of `get_vgg`."""
    return get_vgg(16, **{**kwargs, "batch_norm": True})


@door
def vgg19_bn(**kwargs: Any) -> VGG:
    """Create a VGG with 19 layers and batch normalization; the arguments are those of `get_vgg`."""
    return get_vgg(19, **{**kwargs, "batch_norm": True})

"""DenseNet (Huang et al., "Densely connected convolutional networks", arXiv:1608.06993)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ... import nn
from ...contrib.nn import HybridConcurrent, Identity
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier, check_choice

__all__ = ["DenseNet", "densenet121", "densenet161", "densenet169", "densenet201", "get_densenet"]

#: Channels after the first convolution, channels that each layer adds, layers of each dense block; by depth.
_DEPTHS = {
    121: (64, 32, [6, 12, 24, 16]),
    161: (96, 48, [6, 12, 36, 24]),
    169: (64, 32, [6, 12, 32, 32]),
    201: (64, 32, [6, 12, 48, 32]),
}


class DenseNet(Classifier):
    """Dense blocks, in which each layer takes all previous outputs, with pooling between them (arXiv:1608.06993).

    Parameters
    ----------
    num_init_features : int
        Number of output channels of the first convolution.
    growth_rate : int
        Number of channels that each layer of a dense block adds.
    block_config : list of int
        Number of layers in each dense block.
    bn_size : int, default 4
        The 1 x 1 convolution of a layer has `bn_size` * `growth_rate` output channels.
    dropout : float, default 0
        The dropout rate on the output of each layer.
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, 224, 224); class scores of shape (N, classes).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.DenseNet(8, 4, [2, 3], classes=10)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 56, 56))).shape
    (2, 10)
    """

    def __init__(
        self, num_init_features: int, growth_rate: int, block_config: Sequence[int], bn_size: int = 4,
        dropout: float = 0, classes: int = 1000, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(
                nn.Conv2D(num_init_features, 7, strides=2, padding=3, use_bias=False),
                nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(3, 2, padding=1),
            )  # fmt: skip
            channels = num_init_features
            for stage, layers in enumerate(block_config, 1):
                if stage > 1:
                    channels //= 2
                    self.features.add(_transition(channels))
                self.features.add(_dense_block(stage, layers, growth_rate, bn_size, dropout))
                channels += layers * growth_rate
            self.features.add(nn.BatchNorm(), nn.Activation("relu"), nn.AvgPool2D(7), nn.Flatten())
            self.output = nn.Dense(classes)


def _dense_block(stage: int, layers: int, growth_rate: int, bn_size: int, dropout: float) -> nn.HybridSequential:
    block = nn.HybridSequential(prefix=f"stage{stage}_")
    with block.name_scope():
        for _ in range(layers):
            block.add(_dense_layer(growth_rate, bn_size, dropout))
    return block


def _dense_layer(growth_rate: int, bn_size: int, dropout: float) -> HybridConcurrent:
    """Concatenate `growth_rate` new channels to the input."""
    new = _normalized_convolution(bn_size * growth_rate, 1)
    new.add(*_normalized_convolution(growth_rate, 3, padding=1))
    if dropout:
        new.add(nn.Dropout(dropout))
    layer = HybridConcurrent(axis=1, prefix="")
    layer.add(Identity(), new)
    return layer


def _transition(channels: int) -> nn.HybridSequential:
    """Fewer channels, and half the height and width."""
    layers = _normalized_convolution(channels, 1)
    layers.add(nn.AvgPool2D(2, 2))
    return layers


def _normalized_convolution(channels: int, kernel: int, padding: int = 0) -> nn.HybridSequential:
    layers = nn.HybridSequential(prefix="")
    convolution = nn.Conv2D(channels, kernel, padding=padding, use_bias=False)
    layers.add(nn.BatchNorm(), nn.Activation("relu"), convolution)
    return layers


@door
def get_densenet(
    num_layers: int,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> DenseNet:
    """Create a DenseNet by its depth (arXiv:1608.06993).

    Parameters
    ----------
    num_layers : {121, 161, 169, 201}
        Number of layers with weights.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `DenseNet`: ``bn_size``, ``dropout``, ``classes``, ``prefix``, ``params``.

    Raises
    ------
    MXNetError
        There is no DenseNet with that depth.
    """
    check_choice("get_densenet", "num_layers", num_layers, _DEPTHS)
    return load_pretrained(DenseNet(*_DEPTHS[num_layers], **kwargs), f"densenet{num_layers}", pretrained, ctx, root)


@door
def densenet121(**kwargs: Any) -> DenseNet:
    """Create a DenseNet with 121 layers; the arguments are those of `get_densenet`."""
    return get_densenet(121, **kwargs)


@door
def densenet161(**kwargs: Any) -> DenseNet:
    """Create a DenseNet with 161 layers; the arguments are those of `get_densenet`."""
    return get_densenet(161, **kwargs)


@door
def densenet169(**kwargs: Any) -> DenseNet:
    """Create a DenseNet with 169 layers; the arguments are those of `get_densenet`."""
    return get_densenet(169, **kwargs)


@door
def densenet201(**kwargs: Any) -> DenseNet:
    """Create a DenseNet with 201 layers; the arguments are those of `get_densenet`."""
    return get_densenet(201, **kwargs)

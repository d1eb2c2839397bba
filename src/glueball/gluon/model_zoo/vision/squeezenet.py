"""SqueezeNet (Iandola et al., "AlexNet-level accuracy with 50x fewer parameters", arXiv:1602.07360)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ... import nn
from ...contrib.nn import HybridConcurrent
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier, check_choice

__all__ = ["SqueezeNet", "get_squeezenet", "squeezenet1_0", "squeezenet1_1"]

#: By version: channels and kernel size of the first convolution; then groups of fire modules by their squeezed
#: channels, with a pooling layer before each group.
_VERSIONS: dict[str, tuple[int, int, list[list[int]]]] = {
    "1.0": (96, 7, [[16, 16, 32], [32, 48, 48, 64], [64]]),
    "1.1": (64, 3, [[16, 16], [32, 32], [48, 48, 64, 64]]),
}


class SqueezeNet(Classifier):
    """Fire modules, which squeeze to few channels and expand again, and no dense layer (arXiv:1602.07360).

    Parameters
    ----------
    version : {'1.0', '1.1'}
        The network of the paper, or the authors' later one with 2.4 times less computation.
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, 224, 224); class scores of shape (N, classes), none of them negative.

    Raises
    ------
    MXNetError
        The version is unknown.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> vision.SqueezeNet("1.1").features[0]
    Conv2D(None -> 64, kernel_size=(3, 3), stride=(2, 2))
    """

    def __init__(self, version: str, classes: int = 1000, **kwargs: Any) -> None:
        check_choice("SqueezeNet", "version", version, _VERSIONS)
        channels, kernel, groups = _VERSIONS[version]
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(nn.Conv2D(channels, kernel, strides=2), nn.Activation("relu"))
            for group in groups:
                self.features.add(nn.MaxPool2D(3, 2, ceil_mode=True), *(_fire_module(squeezed) for squeezed in group))
            self.features.add(nn.Dropout(0.5))
            self.output = _convolution(classes, 1)
            self.output.add(nn.AvgPool2D(13), nn.Flatten())


def _fire_module(squeezed: int) -> nn.HybridSequential:
    """Squeeze to few channels, then expand to eight times as many, half with 1 x 1 and half with 3 x 3 kernels."""
    module = nn.HybridSequential(prefix="")
    module.add(_convolution(squeezed, 1))
    expanded = HybridConcurrent(axis=1, prefix="")
    expanded.add(_convolution(4 * squeezed, 1), _convolution(4 * squeezed, 3, padding=1))
    module.add(expanded)
    return module


def _convolution(channels: int, kernel: int, padding: int = 0) -> nn.HybridSequential:
    layers = nn.HybridSequential(prefix="")
    layers.add(nn.Conv2D(channels, kernel, padding=padding), nn.Activation("relu"))
    return layers


@door
def get_squeezenet(
    version: str,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> SqueezeNet:
    """Create a SqueezeNet by version (arXiv:1602.07360).

    Parameters
    ----------
    version : {'1.0', '1.1'}
        The network of the paper, or the authors' later one with 2.4 times less computation.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `SqueezeNet`: ``classes``, ``prefix``, ``params``.

    Raises
    ------
    MXNetError
        The version is unknown.
    """
    return load_pretrained(SqueezeNet(version, **kwargs), f"squeezenet{version}", pretrained, ctx, root)


@door
def squeezenet1_0(**kwargs: Any) -> SqueezeNet:
    """Create a SqueezeNet 1.0; the arguments are those of `get_squeezenet`."""
    return get_squeezenet("1.0", **kwargs)


@door
def squeezenet1_1(**kwargs: Any) -> SqueezeNet:
    """Create a SqueezeNet 1.1, with 2.4 times less computation; the arguments are those of `get_squeezenet`."""
    return get_squeezenet("1.1", **kwargs)

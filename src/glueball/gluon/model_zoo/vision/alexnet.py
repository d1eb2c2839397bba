"""AlexNet (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv:1404.5997)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ... import nn
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier

__all__ = ["AlexNet", "alexnet"]

#: Channels, kernel size, stride and padding of each convolution, and whether a pooling layer follows.
_CONVOLUTIONS = [(64, 11, 4, 2, True), (192, 5, 1, 2, True), (384, 3, 1, 1, False), (256, 3, 1, 1, False),
                 (256, 3, 1, 1, True)]  # fmt: skip


class AlexNet(Classifier):
    """AlexNet as in arXiv:1404.5997: five convolutions and three dense layers, 61 million parameters.

    Parameters
    ----------
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, 224, 224); class scores of shape (N, classes). The first call fixes height and width, which
    must be at least 63.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> vision.AlexNet(classes=10).output
    Dense(None -> 10, linear)
    """

    def __init__(self, classes: int = 1000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            for channels, kernel, stride, padding, pooled in _CONVOLUTIONS:
                self.features.add(nn.Conv2D(channels, kernel, stride, padding, activation="relu"))
                if pooled:
                    self.features.add(nn.MaxPool2D(3, 2))
            self.features.add(nn.Flatten())
            for _ in range(2):
                self.features.add(nn.Dense(4096, activation="relu"), nn.Dropout(0.5))
            self.output = nn.Dense(classes)


@door
def alexnet(
    pretrained: bool = False, ctx: Context | Sequence[Context] = CPU, root: str = ROOT, **kwargs: Any
) -> AlexNet:
    """Create an AlexNet (arXiv:1404.5997).

    Parameters
    ----------
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `AlexNet`.
    """
    return load_pretrained(AlexNet(**kwargs), "alexnet", pretrained, ctx, root)

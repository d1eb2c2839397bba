"""Inception v3 (Szegedy et al., "Rethinking the inception architecture for computer vision", arXiv:1512.00567)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ... import nn
from ...contrib.nn import HybridConcurrent
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier

__all__ = ["Inception3", "inception_v3"]

#: Channels and kernel size; then stride and padding, unless they are 1 and 0.
_Convolution = tuple[int, int | tuple[int, int]] | tuple[int, int | tuple[int, int], int, int | tuple[int, int]]
#: "average" or "halve", a pooling layer; a convolution; or a list of branches to end in.
_Step = str | _Convolution | list[Any]
_Branch = list[_Step]


def _row(channels: int, width: int = 7) -> _Convolution:
    return channels, (1, width), 1, (0, width // 2)


def _column(channels: int, height: int = 7) -> _Convolution:
    return channels, (height, 1), 1, (height // 2, 0)


def _module_a(pooled: int) -> list[_Branch]:
    """Branches with 5 x 5 kernels and with two 3 x 3 kernels."""
    return [
        [(64, 1)],
        [(48, 1), (64, 5, 1, 2)],
        [(64, 1), (96, 3, 1, 1), (96, 3, 1, 1)],
        ["average", (pooled, 1)],
    ]


def _module_c(channels: int) -> list[_Branch]:
    """Branches with 7 x 7 kernels, each factorized into a row and a column."""
    return [
        [(192, 1)],
        [(channels, 1), _row(channels), _column(192)],
        [(channels, 1), _column(channels), _row(channels), _column(channels), _row(192)],
        ["average", (192, 1)],
    ]


def _module_e() -> list[_Branch]:
    """Branches that end in a row and a column in parallel."""
    ends = [[_row(384, 3)], [_column(384, 3)]]
    return [
        [(320, 1)],
        [(384, 1), ends],
        [(448, 1), (384, 3, 1, 1), ends],
        ["average", (192, 1)],
    ]


_STEM: _Branch = [(32, 3, 2, 0), (32, 3), (64, 3, 1, 1), "halve", (80, 1), (192, 3), "halve"]

_MODULES: dict[str, list[_Branch]] = {
    "A1_": _module_a(32),
    "A2_": _module_a(64),
    "A3_": _module_a(64),
    "B_": [[(384, 3, 2, 0)], [(64, 1), (96, 3, 1, 1), (96, 3, 2, 0)], ["halve"]],
    "C1_": _module_c(128),
    "C2_": _module_c(160),
    "C3_": _module_c(160),
    "C4_": _module_c(192),
    "D_": [[(192, 1), (320, 3, 2, 0)], [(192, 1), _row(192), _column(192), (192, 3, 2, 0)], ["halve"]],
    "E1_": _module_e(),
    "E2_": _module_e(),
}


class Inception3(Classifier):
    """Inception v3: modules of parallel branches with several kernel sizes (arXiv:1512.00567).

    Parameters
    ----------
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, 299, 299), larger than those of the other networks; class scores of shape (N, classes).

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> vision.Inception3(classes=10, prefix="net_").features[7].prefix
    'net_A1_'
    """

    def __init__(self, classes: int = 1000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(*map(_layer, _STEM))
            for prefix, branches in _MODULES.items():
                self.features.add(_side_by_side(branches, prefix))
            self.features.add(nn.AvgPool2D(8), nn.Dropout(0.5))
            self.output = nn.Dense(classes)


def _side_by_side(branches: list[_Branch], prefix: str = "") -> HybridConcurrent:
    module = HybridConcurrent(axis=1, prefix=prefix)
    with module.name_scope():
        module.add(*map(_branch, branches))
    return module


def _branch(steps: _Branch) -> nn.HybridSequential:
    branch = nn.HybridSequential(prefix="")
    if not isinstance(steps[-1], list):
        branch.add(*map(_layer, steps))
        return branch
    # The layers before a fork are one child and the fork is another; parameter names in files depend on this.
    branch.add(_branch(steps[:-1]), _side_by_side(steps[-1]))
    return branch


def _layer(step: _Step) -> Any:
    if isinstance(step, str):
        return nn.AvgPool2D(3, 1, padding=1) if step == "average" else nn.MaxPool2D(3, 2)
    channels, kernel, stride, padding = (*step, 1, 0) if len(step) == 2 else step
    layers = nn.HybridSequential(prefix="")
    convolution = nn.Conv2D(channels, kernel, stride, padding, use_bias=False)
    layers.add(convolution, nn.BatchNorm(epsilon=0.001), nn.Activation("relu"))
    return layers


@door
def inception_v3(
    pretrained: bool = False, ctx: Context | Sequence[Context] = CPU, root: str = ROOT, **kwargs: Any
) -> Inception3:
    """Create an Inception v3 (arXiv:1512.00567).

    Parameters
    ----------
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `Inception3`.
    """
    return load_pretrained(Inception3(**kwargs), "inceptionv3", pretrained, ctx, root)

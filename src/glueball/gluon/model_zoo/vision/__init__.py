"""``gluon.model_zoo.vision``: networks for image classification.

Each takes a batch of images, (N, 3, H, W), and returns one score per class, (N, classes). H and W are 224 for most
networks, 299 for Inception. They start with random weights, or with those that MXNet published (``pretrained=True``),
if the file is available.

>>> from glueball.gluon.model_zoo import vision
>>> net = vision.resnet18_v1(classes=10)
>>> net = vision.get_model("resnet18_v1", classes=10)   # the same, by name
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....core.doors import door
from ....core.errors import MXNetError, nearest
from .alexnet import AlexNet, alexnet
from .classifier import Classifier as _Classifier
from .densenet import DenseNet, densenet121, densenet161, densenet169, densenet201
from .inception import Inception3, inception_v3
from .mobilenet import (
    MobileNet,
    MobileNetV2,
    get_mobilenet,
    get_mobilenet_v2,
    mobilenet0_5,
    mobilenet0_25,
    mobilenet0_75,
    mobilenet1_0,
    mobilenet_v2_0_5,
    mobilenet_v2_0_25,
    mobilenet_v2_0_75,
    mobilenet_v2_1_0,
)  # fmt: skip
from .resnet import (
    BasicBlockV1,
    BasicBlockV2,
    BottleneckV1,
    BottleneckV2,
    ResNetV1,
    ResNetV2,
    get_resnet,
    resnet18_v1,
    resnet18_v2,
    resnet34_v1,
    resnet34_v2,
    resnet50_v1,
    resnet50_v2,
    resnet101_v1,
    resnet101_v2,
    resnet152_v1,
    resnet152_v2,
)  # fmt: skip
from .squeezenet import SqueezeNet, squeezenet1_0, squeezenet1_1
from .vgg import VGG, get_vgg, vgg11, vgg11_bn, vgg13, vgg13_bn, vgg16, vgg16_bn, vgg19, vgg19_bn

__all__ = [
    "VGG", "AlexNet", "BasicBlockV1", "BasicBlockV2", "BottleneckV1", "BottleneckV2", "DenseNet", "Inception3",
    "MobileNet", "MobileNetV2", "ResNetV1", "ResNetV2", "SqueezeNet", "alexnet", "densenet121", "densenet161",
    "densenet169", "densenet201", "get_mobilenet", "get_mobilenet_v2", "get_model", "get_resnet", "get_vgg",
    "inception_v3", "mobilenet0_5", "mobilenet0_25", "mobilenet0_75", "mobilenet1_0", "mobilenet_v2_0_5",
    "mobilenet_v2_0_25", "mobilenet_v2_0_75", "mobilenet_v2_1_0", "resnet18_v1", "resnet18_v2", "resnet34_v1",
    "resnet34_v2", "resnet50_v1", "resnet50_v2", "resnet101_v1", "resnet101_v2", "resnet152_v1", "resnet152_v2",
    "squeezenet1_0", "squeezenet1_1", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19",
    "vgg19_bn",
]  # fmt: skip

_BY_NAME: dict[str, Callable[..., _Classifier]] = {
    "alexnet": alexnet,
    "densenet121": densenet121,
    "densenet161": densenet161,
    "densenet169": densenet169,
    "densenet201": densenet201,
    "inceptionv3": inception_v3,
    "mobilenet0.25": mobilenet0_25,
    "mobilenet0.5": mobilenet0_5,
    "mobilenet0.75": mobilenet0_75,
    "mobilenet1.0": mobilenet1_0,
    "mobilenetv2_0.25": mobilenet_v2_0_25,
    "mobilenetv2_0.5": mobilenet_v2_0_5,
    "mobilenetv2_0.75": mobilenet_v2_0_75,
    "mobilenetv2_1.0": mobilenet_v2_1_0,
    "resnet18_v1": resnet18_v1,
    "resnet34_v1": resnet34_v1,
    "resnet50_v1": resnet50_v1,
    "resnet101_v1": resnet101_v1,
    "resnet152_v1": resnet152_v1,
    "resnet18_v2": resnet18_v2,
    "resnet34_v2": resnet34_v2,
    "resnet50_v2": resnet50_v2,
    "resnet101_v2": resnet101_v2,
    "resnet152_v2": resnet152_v2,
    "squeezenet1.0": squeezenet1_0,
    "squeezenet1.1": squeezenet1_1,
    "vgg11": vgg11,
    "vgg11_bn": vgg11_bn,
    "vgg13": vgg13,
    "vgg13_bn": vgg13_bn,
    "vgg16": vgg16,
    "vgg16_bn": vgg16_bn,
    "vgg19": vgg19,
    "vgg19_bn": vgg19_bn,
}


@door
def get_model(name: str, **kwargs: Any) -> _Classifier:
    """Create a network by name.

    Parameters
    ----------
    name : str
        The name, case-insensitive; the message about an unknown one lists them all.
    **kwargs
        The arguments of that network's function: ``pretrained``, ``ctx``, ``root``, ``classes``, ...

    Returns
    -------
    HybridBlock
        A network with the attributes ``features`` and ``output``.

    Raises
    ------
    ValueError
        There is no network with that name.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.get_model("mobilenet0.25", classes=10, prefix="net_")
    >>> len(net.collect_params())
    137
    """
    if not isinstance(name, str):
        raise MXNetError(f"get_model: name must be a str; received {name!r}")
    if name.lower() not in _BY_NAME:
        close = nearest(name.lower(), tuple(_BY_NAME)) or "; there is none like it"
        raise ValueError(f"get_model: name must be one of {', '.join(_BY_NAME)}; received {name!r}{close}")
    return _BY_NAME[name.lower()](**kwargs)

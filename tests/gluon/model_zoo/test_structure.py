"""The 34 networks of the model zoo: names, shapes, order, reprs and initial values, against MXNet."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.gluon.model_zoo import vision
from tests.comparison import assert_same
from tests.golden import model_zoo

DIGESTS = json.loads((Path(model_zoo.__file__).parent / "model_zoo.json").read_text(encoding="utf-8"))


@functools.cache
def _ours(name):
    return model_zoo.describe(mx, name)


@pytest.mark.parametrize("name", model_zoo.NAMES)
def test_network_is_mxnets(oracle, name):
    assert_same(_ours(name), oracle.run(model_zoo.describe, name))


@pytest.mark.parametrize("name", model_zoo.NAMES)
def test_network_is_the_golden_one(name):
    assert model_zoo.digest(_ours(name)) == DIGESTS[name]


def test_these_are_all():
    assert list(DIGESTS) == model_zoo.NAMES
    assert len(DIGESTS) == 34


def variant(mx, function, arguments):
    """A network with custom arguments, whose values may be names in `vision`."""
    vision = mx.gluon.model_zoo.vision
    arguments = {key: getattr(vision, str(value), value) for key, value in arguments.items()}
    net = getattr(vision, function)(**arguments)
    parameters = net.collect_params()
    return [repr(net), net.name, {key: value.shape for key, value in parameters.items()},
            {key: value.name for key, value in net._collect_params_with_prefix().items()}]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("resnet18_v1", {"prefix": "net_", "classes": 7, "thumbnail": True}),
        ("resnet18_v2", {"prefix": "", "thumbnail": True}),
        ("resnet50_v1", {"thumbnail": True}),
        ("get_resnet", {"version": 2, "num_layers": 50, "classes": 3}),
        ("ResNetV1", {"block": "BottleneckV1", "layers": [2, 1], "channels": [8, 8, 16], "classes": 3}),
        ("ResNetV2", {"block": "BasicBlockV2", "layers": [0, 2, 0], "channels": [8, 4, 4, 6], "thumbnail": True}),
        ("ResNetV1", {"block": "BasicBlockV1", "layers": [], "channels": [8]}),
        ("BasicBlockV1", {"channels": 8, "stride": 2, "downsample": True, "in_channels": 4, "prefix": "block_"}),
        ("BasicBlockV2", {"channels": 8, "stride": 2, "downsample": True}),
        ("BottleneckV1", {"channels": 8, "stride": 2, "downsample": True, "in_channels": 4}),
        ("BottleneckV2", {"channels": 8, "stride": 1, "in_channels": 8, "prefix": ""}),
        ("VGG", {"layers": [1, 2], "filters": [4, 6], "classes": 5, "batch_norm": True, "prefix": "net_"}),
        ("get_vgg", {"num_layers": 11, "batch_norm": True, "classes": 5}),
        ("vgg16_bn", {"batch_norm": False, "classes": 2}),
        ("DenseNet", {"num_init_features": 8, "growth_rate": 3, "block_config": [2, 1, 3], "dropout": 0.2}),
        ("DenseNet", {"num_init_features": 8, "growth_rate": 3, "block_config": [2], "bn_size": 2, "prefix": ""}),
        ("densenet121", {"dropout": 0.3, "bn_size": 2, "prefix": "net_"}),
        ("SqueezeNet", {"version": "1.0", "classes": 5, "prefix": "net_"}),
        ("inception_v3", {"classes": 5, "prefix": ""}),
        ("alexnet", {"classes": 5, "prefix": "net_"}),
        ("MobileNet", {"multiplier": 0.3, "classes": 5}),
        ("get_mobilenet", {"multiplier": 1, "classes": 5, "prefix": "net_"}),
        ("get_mobilenet_v2", {"multiplier": 1.4, "classes": 5}),
        ("MobileNetV2", {"multiplier": 0.5, "prefix": ""}),
        ("get_model", {"name": "ResNet18_V1", "classes": 3}),
    ],
    ids=str,
)
def test_variants(oracle, function, arguments):
    assert_same(*oracle.both(variant, function, arguments))


@pytest.mark.parametrize(
    "code",
    [
        "get_model('resnet19_v1')",
        "get_model('mobilenet1_0')",
        "get_resnet(3, 18)",
        "get_resnet(1, 20)",
        "get_vgg(12)",
        "vgg.get_vgg('11')",
        "densenet.get_densenet(120)",
        "squeezenet.get_squeezenet('1.2')",
        "SqueezeNet(1.0)",
        "VGG([1], [2, 3])",
        "ResNetV1(BasicBlockV1, [1], [8])",
        "ResNetV2(BasicBlockV2, [1, 1], [8, 8])",
        "resnet18_v1(clases=3)",
        "get_mobilenet(0)",
    ],
)
def test_refusals_are_of_the_same_class(oracle, code):
    text = f"v = mx.gluon.model_zoo.vision\nreturn eval({code!r}, dict(vars(v))) and None"
    ours, theirs = oracle.both(text)
    assert_same(ours, theirs)
    assert ours.failed


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: vision.get_model("resnet18_v3"),
            "get_model: name must be one of alexnet, .*'resnet18_v3'; did you mean",
        ),
        (lambda: vision.get_model("zzz"), "received 'zzz'"),
        (lambda: vision.get_model(18), "get_model: name must be a str; received 18"),
        (lambda: vision.get_resnet(1, 20), "get_resnet: num_layers must be one of 18, 34, 50, 101, 152; received 20"),
        (lambda: vision.get_vgg(12), "get_vgg: num_layers must be one of 11, 13, 16, 19; received 12"),
        (lambda: vision.SqueezeNet(1.1), "SqueezeNet: version must be one of '1.0', '1.1'; received 1.1"),
        (lambda: vision.VGG([1], []), r"VGG: layers and filters must have the same length; received \[1\] and \[\]"),
        (lambda: vision.ResNetV1(vision.BasicBlockV1, [1], [8]), r"ResNetV1: channels must have one element more"),
    ],
)
def test_messages(call, message):
    with pytest.raises((MXNetError, ValueError), match=f"^.*{message}"):
        call()


def signatures(mx):
    import inspect

    vision = mx.gluon.model_zoo.vision
    found = {}
    for name, value in vars(vision).items():
        if not name.startswith("_") and (inspect.isfunction(value) or inspect.isclass(value)):
            function = value.__init__ if inspect.isclass(value) else value
            found[name] = [
                (parameter.name, str(parameter.kind), repr(parameter.default))
                for parameter in inspect.signature(function).parameters.values()
            ]
    imported = ("Any", "Callable", "MXNetError", "door", "nearest")
    return {name: found[name] for name in sorted(found) if name not in imported}


def test_names_and_signatures(oracle):
    ours, theirs = (outcome.get() for outcome in oracle.both(signatures))
    assert list(ours) == list(theirs) == sorted(vision.__all__)
    for name, parameters in theirs.items():
        assert_same(ours[name], parameters, about=name)


def functions_of_submodules(mx):
    import inspect

    v = mx.gluon.model_zoo.vision
    found = [v.densenet.get_densenet, v.squeezenet.get_squeezenet, v.mobilenet.LinearBottleneck, v.mobilenet.RELU6]
    return [list(inspect.signature(function).parameters) for function in found]


def test_submodules(oracle):
    assert_same(*oracle.both(functions_of_submodules))

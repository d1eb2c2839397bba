"""What programs import from the modules of the zoo under a private name."""

from __future__ import annotations

from glueball.gluon.model_zoo.vision.resnet import _conv3x3


def test_the_convolution_of_residual_blocks():
    layer = _conv3x3(4, 2, 3)
    assert (layer._kwargs["kernel"], layer._kwargs["stride"], layer.weight.shape) == ((3, 3), (2, 2), (4, 3, 3, 3))

"""Inspects the library as programs that support several of its versions do."""

import importlib
import sys

import mxnet
import mxnet as mx
import mxnet.gluon.nn as layers
from mxnet.base import MXNetError, numeric_types, string_types
from mxnet.gluon.block import Block, HybridBlock
from mxnet.gluon.data.vision import transforms
from mxnet.gluon.model_zoo import vision
from mxnet.gluon.nn import Conv2D
from mxnet.gluon.parameter import Parameter, ParameterDict
from mxnet.initializer import Initializer, Xavier
from mxnet.lr_scheduler import FactorScheduler
from mxnet.ndarray import NDArray, array
from mxnet.optimizer import SGD, Optimizer

print(mx.__version__, mx is mxnet, mx.__name__, sys.modules["mxnet"] is mx, importlib.import_module("mxnet") is mx)
print(tuple(int(part) for part in mx.__version__.split(".")) >= (1, 6, 0))
print(
    layers.Conv2D is Conv2D is mx.gluon.nn.Conv2D, mx.sym is mx.symbol, mx.nd is mx.ndarray, mx.init is mx.initializer
)
print(issubclass(Conv2D, HybridBlock), issubclass(HybridBlock, Block), issubclass(SGD, Optimizer))
print(issubclass(Xavier, Initializer), mx.MXNetError is MXNetError, mx.mod is mx.module, mx.viz is mx.visualization)
print(array([1]).__class__ is NDArray, mx.cpu() == mx.Context("cpu", 0), mx.context.current_context())
print(isinstance(1.5, numeric_types), isinstance("a", string_types), FactorScheduler(2, 0.5, base_lr=1)(5))
print(callable(vision.resnet18_v1), transforms.ToTensor.__name__, Parameter.__name__, ParameterDict.__name__)
print(
    mx.is_np_array(), mx.util.is_np_shape(), mx.test_utils.default_context(), "CUDA" in mx.runtime.Features()
)
print(importlib.util.find_spec("mxnet").name, hasattr(mx, "nothing"), hasattr(mx.nd, "Nothing"))
try:
    import mxnet.nothing
except ImportError as error:
    print(type(error).__name__, error.name)
try:
    from mxnet.gluon import nothing
except ImportError as error:
    print(type(error).__name__)
mx.random.seed(3)
mx.nd.random.uniform(shape=(2,)).wait_to_read()
mx.test_utils.assert_almost_equal(mx.nd.ones(3), mx.nd.ones(3))

"""Functions and methods of arrays and symbols, in the forms that programs use."""
# mypy: disallow-untyped-defs, disallow-untyped-calls, disallow-incomplete-defs, warn-return-any

import numpy as np

import glueball as mx
from glueball import nd, sym
from glueball.ndarray import NDArray
from glueball.symbol import Symbol


def normalized(data: NDArray, epsilon: float = 1e-5) -> NDArray:
    centered = data - data.mean(axis=(2, 3), keepdims=True)
    return centered / (centered.square().mean(axis=(2, 3), keepdims=True) + epsilon).sqrt()


def network(data: Symbol, classes: int = 10) -> Symbol:
    body = sym.Convolution(data, kernel=(3, 3), num_filter=4, pad=(1, 1), name="conv")
    body = sym.BatchNorm(body, fix_gamma=False, name="norm")
    body = sym.Activation(body, act_type="relu", attr={"__lr_mult__": "2"})
    body = sym.Pooling(body, global_pool=True, pool_type="avg", kernel=(1, 1))
    return sym.FullyConnected(sym.flatten(body * 2 + 1), num_hidden=classes, name="fc")


x = nd.array(np.ones((1, 2, 4, 4)), dtype=np.float32)
weight = nd.random.normal(0, 0.1, shape=(3, 2, 3, 3))
out = nd.zeros((1, 3, 2, 2))
nd.Convolution(x, weight, kernel=(3, 3), num_filter=3, no_bias=True, out=out)
nd.Pooling(data=x, kernel=[2, 2], stride=(2, 2), pool_type="max")
nd.concat(x, x, x, dim=1).reshape((0, -1)).slice_axis(axis=1, begin=0, end=None)
nd.one_hot(nd.array([0, 2], dtype="int32"), 3, dtype="float16").astype(np.float64)
nd.clip(x, 0, 1).transpose((0, 2, 3, 1)).expand_dims(0).squeeze()
nd.linalg.gemm2(nd.eye(2), nd.ones((2, 2)), transpose_b=True, alpha=2)
nd.contrib.box_iou(nd.ones((1, 4)), nd.ones((1, 4)), format="corner")
nd.where(x > 0, x, -x).max().asscalar()
nd.maximum(nd.add(x, 1), 0.5 * nd.power(2, x)).asnumpy(), nd.add(1, 2) + 0.5
nd.add_n(x, x).norm(ord=2, axis=1)
nd.topk(x, k=1, axis=1).asnumpy()
nd.BatchNorm(x, nd.ones(2), nd.zeros(2), nd.zeros(2), nd.ones(2), fix_gamma=False).shape
[part.shape for part in nd.split(x, num_outputs=2, axis=1)]
normalized(2 - abs(x) ** 2 % 3).copyto(mx.cpu()).wait_to_read()
x[0, :, 1:3] = np.float32(3) * x[0, :, 1:3]
flags = [bool(part.sum() > 0) for part in x]
nd.save("arrays.params", {"x": x, "flags": nd.array(flags)})
nd.load("arrays.params")
nd.waitall()

net = network(sym.var("data", shape=(0, 2, 4, 4)))
arguments, outputs, states = net.infer_shape(data=(1, 2, 4, 4))
inner = net.get_internals()["conv_output"]
group = sym.Group([net, sym.BlockGrad(inner)])
executor = group.simple_bind(mx.cpu(), data=(1, 2, 4, 4))
executor.forward(is_train=False, data=x)[0].asnumpy()
sym.random.uniform(shape=(2, 3)).eval()[0].shape
(-inner * 2 > 1).list_arguments(), sym.load_json(net.tojson()).attr("name"), net.name

"""The interface before Gluon: a symbol, an executor and Module.fit."""

import mxnet as mx
import numpy as np

data = mx.sym.Variable("data")
fc1 = mx.sym.FullyConnected(data, num_hidden=6, name="fc1")
act1 = mx.symbol.Activation(fc1, act_type="tanh", name="act1")
fc2 = mx.sym.FullyConnected(act1, num_hidden=2, name="fc2")
net = mx.sym.SoftmaxOutput(fc2, name="softmax")
print(net.list_arguments(), net.list_outputs(), net.get_internals().list_outputs()[-3:])
print(net.infer_shape(data=(4, 3)))

random = np.random.RandomState(0)
x = random.rand(40, 3).astype("float32")
y = (x.sum(axis=1) > 1.5).astype("float32")
train = mx.io.NDArrayIter(x, y, batch_size=8, shuffle=False, label_name="softmax_label")

weights = {
    name: mx.nd.array(np.sin(np.arange(np.prod(shape)) * 3.0).reshape(shape))
    for name, shape in zip(net.list_arguments(), net.infer_shape(data=(8, 3))[0])
    if name not in ("data", "softmax_label")
}
model = mx.mod.Module(net, context=mx.cpu(), data_names=["data"], label_names=["softmax_label"])
model.fit(
    train,
    num_epoch=30,
    arg_params=weights,
    optimizer="sgd",
    optimizer_params={"learning_rate": 0.5},
    eval_metric="acc",
    batch_end_callback=mx.callback.Speedometer(8, 100),
)
print(dict(model.score(train, mx.metric.create(["acc", "ce"]))).keys())
train.reset()
print("accuracy %.3f" % model.score(train, "acc")[0][1], model.predict(train).shape)
arguments, states = model.get_params()
for name in sorted(arguments):
    print(name, arguments[name].shape, np.round(arguments[name].asnumpy().ravel()[:3], 3))

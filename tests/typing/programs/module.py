"""Module, with an iterator and callbacks."""

import logging

import numpy as np

import glueball as mx

logging.disable()
data = mx.sym.var("data")
hidden = mx.sym.Activation(mx.sym.FullyConnected(data, num_hidden=8, name="fc1"), act_type="tanh")
net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(hidden, num_hidden=2, name="fc2"), name="softmax")

numbers = np.random.RandomState(0).rand(32, 4).astype("float32")
train_iter = mx.io.NDArrayIter(numbers, (numbers.sum(axis=1) > 2).astype("float32"), batch_size=8, shuffle=True)

module = mx.mod.Module(net, data_names=["data"], label_names=["softmax_label"], context=mx.cpu())
module.fit(
    train_iter,
    eval_metric="acc",
    optimizer="adam",
    optimizer_params={"learning_rate": 0.01},
    initializer=mx.init.Xavier(),
    batch_end_callback=mx.callback.Speedometer(8, 100),
    num_epoch=1,
)
train_iter.reset()
for name, value in module.score(train_iter, mx.metric.Accuracy()):
    print(name, value)
for batch in train_iter:
    module.forward(batch, is_train=True)
    module.backward()
    module.update()
arguments, states = module.get_params()
print(arguments["fc1_weight"].shape, len(states), module.get_outputs()[0].asnumpy().shape)

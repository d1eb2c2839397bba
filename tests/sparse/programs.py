"""Programs after those of MXNet's example/sparse: a linear classifier and a factorization machine, on LibSVM files."""

from __future__ import annotations


def linear(mx, path, width, optimizer, epochs):
    """Train a linear classifier with Module; return the losses, and the weight."""
    x = mx.symbol.Variable("data", stype="csr")
    weight = mx.symbol.Variable("weight", shape=(width, 2), init=mx.init.Constant(0.01), stype="row_sparse")
    bias = mx.symbol.Variable("bias", shape=(2,))
    pred = mx.symbol.broadcast_add(mx.symbol.sparse.dot(x, weight), bias)
    model = mx.symbol.SoftmaxOutput(data=pred, label=mx.symbol.Variable("softmax_label"), multi_output=True, name="out")
    rows = {"weight": mx.nd.arange(0, width, dtype="int64")}
    return _trained(mx, model, path, width, optimizer, epochs, ["weight"], rows, "nll_loss")


def factorization_machine(mx, path, width, optimizer, epochs):
    """Train a factorization machine with Module; return the losses, and the factors."""
    init = mx.init.Constant(0.01)
    x = mx.symbol.Variable("data", stype="csr")
    v = mx.symbol.Variable("v", shape=(width, 4), stype="row_sparse", init=init)
    w = mx.symbol.Variable("w", shape=(width, 1), stype="row_sparse", init=init)
    w_bias = mx.symbol.Variable("w_bias", shape=(1,), init=mx.init.Zero(), lr_mult=1.0, wd_mult=0.0)
    w1 = mx.symbol.broadcast_add(mx.symbol.dot(x, w), w_bias)
    v_s = mx.symbol._internal._square_sum(data=v, axis=1, keepdims=True)
    bd_sum = mx.sym.dot(mx.symbol.square(data=x), v_s)
    w2_squared = 0.5 * mx.symbol.square(data=mx.symbol.dot(x, v))
    sum1 = mx.symbol.sum(data=mx.symbol.Concat(w1, w2_squared, dim=1), axis=1, keepdims=True)
    model = mx.sym.elemwise_add(sum1, 0.5 * mx.symbol.negative(bd_sum))
    model = mx.symbol.LogisticRegressionOutput(data=model, label=mx.symbol.Variable("softmax_label"))
    rows = {name: mx.nd.arange(0, width, dtype="int64") for name in ("v", "w")}
    return _trained(mx, model, path, width, optimizer, epochs, ["v", "w"], rows, "mse")


def _trained(mx, model, path, width, optimizer, epochs, names, all_rows, metric):
    name, options = optimizer
    data = mx.io.LibSVMIter(data_libsvm=path, data_shape=(width,), batch_size=20)
    module = mx.mod.Module(symbol=model, data_names=["data"], label_names=["softmax_label"])
    module.bind(data_shapes=data.provide_data, label_shapes=data.provide_label)
    module.init_params()
    module.init_optimizer(optimizer=mx.optimizer.create(name, rescale_grad=1 / 20, **options))
    measure, losses = mx.metric.create(metric), []
    for _ in range(epochs):
        data.reset()
        measure.reset()
        for batch in data:
            module.prepare(batch, sparse_row_id_fn=lambda one: {each: one.data[0].indices for each in names})
            module.forward_backward(batch)
            module.update()
            module.update_metric(measure, batch.label)
        losses.append(float(measure.get()[1]))
    module.prepare(None, sparse_row_id_fn=lambda one: all_rows)
    found, _ = module.get_params()
    return losses, [(found[each].stype, found[each].asnumpy()) for each in names]


def gluon_embedding(mx, words, optimizer, steps, layer):
    """Train an embedding with rows of gradients; return the losses, the gradient's rows and the weight."""
    name, options = optimizer
    if layer == "SparseEmbedding":
        net = mx.gluon.contrib.nn.SparseEmbedding(50, 4, weight_initializer=mx.init.Constant(0.5))
    else:
        net = mx.gluon.nn.Embedding(50, 4, sparse_grad=True, weight_initializer=mx.init.Constant(0.5))
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), name, options)
    losses = []
    for step in range(steps):
        with mx.autograd.record():
            found = net(mx.nd.array(words[step % len(words)]))
            loss = ((found - mx.nd.arange(4)) ** 2).mean()
        loss.backward()
        trainer.step(1)
        losses.append(float(loss.asscalar()))
    weight = net.weight.row_sparse_data(mx.nd.arange(50)) if layer == "SparseEmbedding" else net.weight.data()
    return losses, net.weight.grad().indices, weight


def gluon_linear(mx, columns, targets, width, optimizer, steps):
    """Train a row_sparse parameter of a Block on csr batches."""
    name, options = optimizer

    class Linear(mx.gluon.Block):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.weight = self.params.get(
                    "weight", shape=(width, 1), init=mx.init.Constant(0.1), stype="row_sparse", grad_stype="row_sparse"
                )
                self.bias = self.params.get("bias", shape=(1,), init="zeros")

        def forward(self, x):
            return mx.nd.dot(x, self.weight.row_sparse_data(x.indices)) + self.bias.data()

    net = Linear()
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), name, options)
    losses, loss_of = [], mx.gluon.loss.L2Loss()
    for step in range(steps):
        row = columns[step % len(columns)]
        x = mx.nd.sparse.csr_matrix(([1.0 + each % 3 for each in row], row, [0, len(row)]), shape=(1, width))
        with mx.autograd.record():
            loss = loss_of(net(x), mx.nd.array([[targets[step % len(columns)]]]))
        loss.backward()
        trainer.step(1)
        losses.append(float(loss.asscalar()))
    return losses, net.weight.row_sparse_data(mx.nd.arange(width))

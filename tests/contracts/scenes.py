"""Programs that use subclasses of MXNet's classes as training and prediction do; run by both libraries.

Each returns the calls of all methods of one class, as `recording` lists them, with a str where a new part begins.
"""

import numpy as np

from tests.contracts.recording import counting, look_up


def train_block(mx, path, names, hybridize):
    """A network with a layer, a loss and a trainer; initialized, called, trained, saved, loaded and converted."""
    import os
    import tempfile

    calls = []
    optimizers = path if path.startswith("optimizer.") and path != "optimizer.Updater" else "optimizer.SGD"
    classes = {
        "gluon.HybridBlock": None,
        "gluon.Block": None,
        "gluon.nn.Dense": None,
        "gluon.Parameter": None,
        "gluon.Trainer": None,
        optimizers: None,
        "gluon.loss.L2Loss": None,
        "gluon.nn.HybridSequential": None,
        "optimizer.Updater": None,
    }
    for one in classes:
        classes[one] = counting(mx, one, names, calls) if one == path else look_up(mx, one)
    network = _network(mx, classes)
    calls.append("initialize")
    network.initialize(mx.init.One())
    if hybridize:
        calls.append("hybridize")
        network.hybridize()
    x, target = mx.nd.ones((3, 4)), mx.nd.zeros((3, 2))
    for part in ("first call", "second call"):
        calls.append(part)
        network(x)
    calls.append("trainer")
    loss, trainer = (
        classes["gluon.loss.L2Loss"](),
        classes["gluon.Trainer"](network.collect_params(), classes[optimizers](learning_rate=0.125, wd=0.5)),
    )
    if path == "optimizer.Updater":
        trainer._updaters = [classes[path](trainer.optimizer)]
    for _ in range(2):
        calls.append("forward")
        with mx.autograd.record():
            error = loss(network(x), target)
        calls.append("backward")
        error.backward()
        calls.append("step")
        trainer.step(3)
    folder = tempfile.mkdtemp()
    calls.append("save")
    network.save_parameters(os.path.join(folder, "net.params"))
    calls.append("load")
    network.load_parameters(os.path.join(folder, "net.params"))
    calls.append("export")
    if hybridize and isinstance(network, mx.gluon.HybridBlock):
        network.export(os.path.join(folder, "net"))
    calls.append("zero_grad, reset_ctx, cast")
    network.collect_params().zero_grad()
    network.collect_params().reset_ctx(mx.cpu(0))
    network.cast("float64")
    calls.append("apply")
    network.apply(lambda block: None)
    return calls


def _network(mx, classes):
    """A Block or HybridBlock with a layer of its own, one in a container, and a parameter."""
    hybrid = classes["gluon.HybridBlock"]
    if classes["gluon.Block"] is not mx.gluon.Block:
        hybrid = classes["gluon.Block"]

    class Net(hybrid):
        def __init__(self):
            super().__init__(prefix="net_")
            with self.name_scope():
                self.dense = classes["gluon.nn.Dense"](2)
                self.body = classes["gluon.nn.HybridSequential"](prefix="body_")
                self.body.add(mx.gluon.nn.Dense(2, in_units=2), mx.gluon.nn.Activation("relu"))
            self.scale = classes["gluon.Parameter"]("net_scale", shape=(1, 2), init=mx.init.One())
            self.params._params["net_scale"] = self.scale

        def hybrid_forward(self, F, x, scale):
            return F.broadcast_mul(self.body(self.dense(x)), scale)

    if hybrid is classes["gluon.Block"]:
        Net.forward = lambda self, x: self.hybrid_forward(mx.nd, x, self.scale.data())
    return Net()


def measure(mx, path, names):
    """A metric: updated with arrays and by name, read and reset."""
    calls = []
    metric = counting(mx, path, names, calls)()
    label, output = mx.nd.array([0, 1, 1]), mx.nd.array([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]])
    if path in ("metric.MAE", "metric.MSE", "metric.Loss", "metric.PearsonCorrelation"):
        output = mx.nd.array([0.5, 0.25, 1])
    calls.append("update")
    metric.update([label], [output])
    calls.append("update_dict")
    metric.update_dict({"label": label}, {"output": output})
    calls.append("get")
    metric.get(), metric.get_name_value(), metric.get_config(), metric.get_global()
    calls.append("reset")
    metric.reset(), metric.reset_local()
    calls.append("text")
    str(metric)
    composite = mx.metric.CompositeEvalMetric([metric])
    calls.append("in a composite metric")
    composite.update([label], [output])
    composite.get(), composite.reset()
    return calls


def initialize(mx, path, names, arguments):
    """An initializer: of a network, of arrays by name, as text."""
    import warnings

    calls = []
    init = counting(mx, path, names, calls)(*arguments)
    network = mx.gluon.nn.HybridSequential(prefix="")
    network.add(
        mx.gluon.nn.Conv2D(2, 3, in_channels=1, prefix="conv_"), mx.gluon.nn.InstanceNorm(in_channels=2, prefix="norm_")
    )
    calls.append("network")
    network.initialize(init)
    for name in ("a_weight", "a_bias", "a_gamma", "a_beta", "a_min", "a_max", "bias_quantize"):
        calls.append(name)
        init(mx.init.InitDesc(name), mx.nd.zeros((4, 4)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            init(name if name != "bias_quantize" else "x_moving_mean", mx.nd.zeros((4, 4)))
    calls.append("text")
    init.dumps()
    return calls


def schedule(mx, path, names, arguments, optimizer):
    """A scheduler, in training with an optimizer."""
    calls = []
    scheduler = counting(mx, path, names, calls)(**arguments)
    network = mx.gluon.nn.Dense(2, in_units=2)
    network.initialize()
    trainer = mx.gluon.Trainer(network.collect_params(), optimizer, {"lr_scheduler": scheduler, "learning_rate": 0.5})
    for _ in range(3):
        with mx.autograd.record():
            loss = network(mx.nd.ones((1, 2)))
        loss.backward()
        calls.append("step")
        trainer.step(1)
    calls.append("rate")
    trainer.learning_rate  # noqa: B018
    return calls


def load_data(mx, path, names, workers):
    """A dataset, a sampler or a loader, in one epoch."""
    calls = []
    values = np.arange(10, dtype="float32").reshape(5, 2)
    kinds = {
        "gluon.data.ArrayDataset": None,
        "gluon.data.SimpleDataset": None,
        "gluon.data.SequentialSampler": None,
        "gluon.data.RandomSampler": None,
        "gluon.data.BatchSampler": None,
        "gluon.data.DataLoader": None,
    }
    for one in kinds:
        kinds[one] = counting(mx, one, names, calls) if one == path else look_up(mx, one)
    dataset = kinds["gluon.data.ArrayDataset"](values, np.arange(5))
    if path == "gluon.data.SimpleDataset":
        dataset = kinds[path](list(values))
    sampler = kinds["gluon.data.RandomSampler" if "Random" in path else "gluon.data.SequentialSampler"](5)
    calls.append("loader")
    loader = kinds["gluon.data.DataLoader"](
        dataset,
        batch_sampler=kinds["gluon.data.BatchSampler"](sampler, 2, "keep"),
        num_workers=workers,
        thread_pool=True,
    )
    calls.append("length")
    len(loader)
    for _ in range(2):
        calls.append("epoch")
        list(loader)
    if path.endswith("Dataset"):
        calls.append("changed")
        changed = (
            dataset.transform_first(lambda x: x) if path.endswith("ArrayDataset") else dataset.transform(lambda x: x)
        )
        len(changed), changed[1]
        dataset.shard(2, 0), dataset.take(3), dataset.sample(mx.gluon.data.SequentialSampler(2))
    return calls


def fit_module(mx, path, names):
    """A Module with an iterator: fitted for two epochs, scored, used for prediction, saved and loaded."""
    import os
    import tempfile

    calls = []
    classes = {
        "module.Module": None,
        "io.NDArrayIter": None,
        "optimizer.SGD": None,
        "metric.Accuracy": None,
        "init.Uniform": None,
    }
    for one in classes:
        classes[one] = counting(mx, one, names, calls) if one == path else look_up(mx, one)
    data = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    module = classes["module.Module"](mx.sym.SoftmaxOutput(data, name="softmax"))
    batches = classes["io.NDArrayIter"](np.ones((4, 3), "float32"), np.ones(4, "float32"), 2)
    calls.append("fit")
    module.fit(
        batches,
        num_epoch=2,
        eval_data=batches,
        optimizer=classes["optimizer.SGD"](learning_rate=0.125, rescale_grad=0.5),
        eval_metric=classes["metric.Accuracy"](),
        initializer=classes["init.Uniform"](),
    )
    calls.append("score")
    module.score(batches, "acc")
    calls.append("predict")
    batches.reset()
    module.predict(batches)
    prefix = os.path.join(tempfile.mkdtemp(), "net")
    calls.append("save")
    module.save_checkpoint(prefix, 1)
    calls.append("load")
    again = classes["module.Module"].load(prefix, 1)
    again.bind([("data", (2, 3))], [("softmax_label", (2,))], for_training=False)
    calls.append("forward")
    again.forward(mx.io.DataBatch([mx.nd.ones((2, 3))]), is_train=False)
    again.get_outputs()
    return calls


def fit_chain(mx, path, names):
    """A SequentialModule with a loss in Python at its end: fitted, scored, used for prediction, its parameters set."""
    calls = []
    classes = {"module.SequentialModule": None, "module.PythonLossModule": None, "module.Module": None}
    for one in classes:
        classes[one] = counting(mx, one, names, calls) if one == path else look_up(mx, one)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    loss = classes["module.PythonLossModule"](grad_func=lambda scores, labels: scores)
    chain = classes["module.SequentialModule"]()
    chain.add(classes["module.Module"](net, label_names=None)).add(loss, take_labels=True, auto_wiring=True)
    batches = mx.io.NDArrayIter(np.ones((4, 3), "float32"), np.ones(4, "float32"), 2)
    calls.append("fit")
    chain.fit(batches, num_epoch=2, eval_data=batches, optimizer_params={"learning_rate": 0.125})
    calls.append("score")
    chain.score(batches, "acc")
    calls.append("predict")
    batches.reset()
    chain.predict(batches)
    calls.append("parameters")
    chain.set_params(*chain.get_params())
    calls.append("forward")
    batches.reset()
    chain.forward(next(iter(batches)), is_train=False)
    return calls


def fit_feed_forward(mx, path, names):
    """A FeedForward: trained on arrays and on an iterator, scored, used for prediction, saved and loaded."""
    import os
    import tempfile
    import warnings

    calls = []
    warnings.simplefilter("ignore", DeprecationWarning)
    kind = counting(mx, path, names, calls)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    model = kind(mx.sym.SoftmaxOutput(net, name="softmax"), num_epoch=2, learning_rate=0.125)
    data, labels = np.ones((4, 3), "float32"), np.ones(4, "float32")
    calls.append("fit")
    model.fit(data, labels, eval_data=(data, labels))
    calls.append("fit an iterator")
    batches = mx.io.NDArrayIter(data, labels, 2)
    model.fit(batches)
    calls.append("predict")
    model.predict(data)
    model.predict(batches)
    calls.append("score")
    model.score(batches)
    calls.append("save")
    prefix = os.path.join(tempfile.mkdtemp(), "net")
    model.save(prefix)
    kind.load(prefix, 2)
    return calls

"""Recurrent layers that are drawn, and what they compute, for Glueball and MXNet alike."""

from __future__ import annotations

import numpy as np


def drawn(seed, count):
    """Descriptions of layers and of calls of them: plain dicts."""
    rng = np.random.RandomState(seed)
    return [_drawn(rng, rng.randint(2**31)) for _ in range(count)]


def _drawn(rng, seed):
    kind = ["RNN", "LSTM", "GRU"][rng.randint(3)]
    settings = {
        "hidden_size": int(rng.randint(1, 7)), "num_layers": int(rng.randint(1, 4)),
        "layout": ["TNC", "NTC"][rng.randint(2)], "bidirectional": bool(rng.randint(2)),
        "input_size": int(rng.randint(2)) * 3, "dtype": ["float32", "float32", "float64"][rng.randint(3)],
    }  # fmt: skip
    if kind == "RNN":
        settings["activation"] = ["relu", "tanh"][rng.randint(2)]
        if settings["dtype"] == "float64":  # MXNet's gradient of a layer in the middle is not that of the function
            settings["num_layers"] = min(settings["num_layers"], 2)
    # MXNet's CPU build has projections without gradients only.
    projected = kind == "LSTM" and rng.randint(4) == 0
    if projected:
        settings["projection_size"] = int(rng.randint(1, 5))
    call = {
        "shape": [int(rng.randint(1, 6)), int(rng.randint(1, 4)), 3], "states": ["none", "given"][rng.randint(2)],
        "hybridized": bool(rng.randint(2)), "gradient": not projected, "inside": bool(rng.randint(2)),
    }  # fmt: skip
    return {"kind": kind, "settings": settings, "call": call, "seed": int(seed)}


def fill(mx, net, seed):
    """Give each parameter values by its place, whatever the layer is called."""
    rng = np.random.RandomState(seed)
    for parameter in net.collect_params().values():
        values = rng.uniform(-0.7, 0.7, parameter.shape)
        parameter.set_data(mx.nd.array(values, dtype=parameter.dtype))


def make(mx, description):
    """A layer, alone or inside a network that reads its states, too."""
    layer = getattr(mx.gluon.rnn, description["kind"])(prefix="layer_", **description["settings"])
    if not description["call"]["inside"]:
        return layer, layer

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="net_")
            self.layer = layer

        def hybrid_forward(self, F, x, *states):
            if not states:
                return self.layer(F.tanh(x)) * 2
            out, last = self.layer(F.tanh(x), list(states))
            return [out * 2] + [F.sin(each) for each in last]

    return Net(), layer


def computed(mx, description):
    """Outputs, last states, and the gradients of inputs and parameters."""
    call, dtype = description["call"], description["settings"]["dtype"]
    rng = np.random.RandomState(description["seed"])
    net, layer = make(mx, description)
    net.initialize()
    steps, batch, features = call["shape"]
    shape = (steps, batch, features) if description["settings"]["layout"] == "TNC" else (batch, steps, features)
    inputs = [mx.nd.array(rng.uniform(-1, 1, shape), dtype=dtype)]
    if call["states"] == "given":
        for info in layer.state_info(batch):
            inputs.append(mx.nd.array(rng.uniform(-1, 1, info["shape"]), dtype=info["dtype"]))
    arguments = inputs if call["inside"] or len(inputs) == 1 else [inputs[0], inputs[1:]]
    net(*arguments)
    fill(mx, net, description["seed"])
    if call["hybridized"]:
        net.hybridize()
    if not call["gradient"]:
        return flat(net(*arguments))
    for each in inputs:
        each.attach_grad()
    with mx.autograd.record():
        outputs = flat(net(*arguments))
        loss = sum((each * each).sum() for each in outputs)
    loss.backward()
    parameters = [parameter.grad() for parameter in net.collect_params().values()]
    return outputs + [each.grad for each in inputs] + parameters


def flat(value):
    """All arrays in nested lists and tuples."""
    return [each for item in value for each in flat(item)] if isinstance(value, (list, tuple)) else [value]


def all_computed(mx, descriptions):
    """What each of the layers computes."""
    return [computed(mx, each) for each in descriptions]

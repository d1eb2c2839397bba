"""Drawn cells and how they are unrolled: descriptions that both libraries build from."""

from __future__ import annotations

from random import Random
from typing import Any

BASIC = ("RNNCell", "LSTMCell", "GRUCell", "LSTMPCell")
ACTIVATIONS = ("tanh", "relu", "sigmoid", "softsign", "softrelu")


def draw_cell(random: Random, size: int, depth: int = 0) -> dict[str, Any]:
    """A cell for inputs of a size. Its outputs have ``cell["size"]``."""
    if depth < 2 and random.random() < 0.4:
        return _draw_composed(random, size, depth)
    kind = random.choice(BASIC)
    hidden, projected = random.randint(1, 4), random.randint(1, 3)
    options: dict[str, Any] = {"input_size": random.choice([0, size])}
    if kind == "RNNCell":
        options["activation"] = random.choice(ACTIVATIONS)
    if kind == "LSTMCell":
        options |= {"activation": random.choice(ACTIVATIONS), "recurrent_activation": random.choice(ACTIVATIONS)}
    sizes = [hidden, projected] if kind == "LSTMPCell" else [hidden]
    return {"kind": kind, "sizes": sizes, "options": options, "size": sizes[-1], "cells": []}


def _draw_composed(random: Random, size: int, depth: int) -> dict[str, Any]:
    kind = random.choice(["Sequential", "Sequential", "Bidirectional", "Residual", "Zoneout", "Dropout", "Vardrop"])
    if kind == "Dropout":
        return {"kind": "Dropout", "rate": random.choice([0.0, 0.3]), "size": size, "cells": []}
    if kind == "Residual":
        hidden = {"kind": random.choice(BASIC[:3]), "sizes": [size], "options": {}, "size": size, "cells": []}
        return {"kind": kind, "cells": [hidden], "size": size}
    if kind == "Bidirectional":
        cells = [draw_cell(random, size, 2) for _ in range(2)]
        return {"kind": kind, "cells": cells, "size": sum(cell["size"] for cell in cells)}
    if kind == "Sequential":
        cells: list[dict[str, Any]] = []
        for _ in range(random.randint(1, 3)):
            cells.append(draw_cell(random, size, depth + 1))
            size = cells[-1]["size"]
        # What is inside of a stack can be traced: a HybridSequentialRNNCell takes nothing else.
        stacks = ["HybridSequentialRNNCell"] if depth else ["SequentialRNNCell", "HybridSequentialRNNCell"]
        return {"kind": random.choice(stacks), "cells": cells, "size": size}
    cell = draw_cell(random, size, 2)
    rates = [random.choice([0.0, 0.3]) for _ in range(3)]
    return {"kind": kind, "cells": [cell], "rates": rates, "size": cell["size"]}


def draw_case(seed: int) -> dict[str, Any]:
    """A cell, a sequence, and how it is unrolled."""
    random = Random(seed)
    size = random.randint(1, 4)
    cell = draw_cell(random, size)
    length = random.randint(1, 4)
    return {
        "cell": cell, "size": size, "length": length, "batch": random.randint(1, 3), "seed": seed,
        "layout": random.choice(["NTC", "TNC"]), "merge": random.choice([None, True, False]),
        "valid": random.random() < 0.4, "list": random.random() < 0.4, "begin": random.random() < 0.4,
        "hybrid": random.random() < 0.3,
    }  # fmt: skip


def build_cell(mx, cell):
    """The cell of a description."""
    rnn, contrib = mx.gluon.rnn, mx.gluon.contrib.rnn
    kind = cell["kind"]
    inner = cell["cells"]
    if kind in ("SequentialRNNCell", "HybridSequentialRNNCell"):
        stack = getattr(rnn, kind)()
        with stack.name_scope():
            for each in inner:
                stack.add(build_cell(mx, each))
        return stack
    if kind == "Dropout":
        return rnn.DropoutCell(cell["rate"])
    if kind == "Residual":
        return rnn.ResidualCell(build_cell(mx, inner[0]))
    if kind == "Bidirectional":
        return rnn.BidirectionalCell(build_cell(mx, inner[0]), build_cell(mx, inner[1]))
    if kind == "Zoneout":
        return rnn.ZoneoutCell(build_cell(mx, inner[0]), *cell["rates"][:2])
    if kind == "Vardrop":
        return contrib.VariationalDropoutCell(build_cell(mx, inner[0]), *cell["rates"])
    return getattr(contrib if kind == "LSTMPCell" else rnn, kind)(*cell["sizes"], **cell["options"])


def unrolled(mx, case):
    """Outputs, states and gradients of an unrolled cell, and the names of what it has."""
    import numpy as np

    values = np.random.RandomState(case["seed"])
    cell = build_cell(mx, case["cell"])
    length, batch = case["length"], case["batch"]
    shape = (batch, length) if case["layout"] == "NTC" else (length, batch)
    whole = mx.nd.array(values.uniform(-1, 1, (*shape, case["size"])))
    whole.attach_grad()
    axis = case["layout"].index("T")
    valid = mx.nd.array(values.randint(1, length + 1, (batch,))) if case["valid"] else None
    begin = None
    if case["begin"]:
        infos = cell.state_info(batch)
        begin = [mx.nd.array(values.uniform(-1, 1, info["shape"])) for info in infos]
    cell.initialize()
    if case["hybrid"]:
        cell.hybridize()

    def run():
        inputs = whole
        if case["list"]:
            inputs = [mx.nd.slice_axis(whole, axis, n, n + 1).squeeze(axis=axis) for n in range(length)]
        return cell.unroll(length, inputs, begin, case["layout"], case["merge"], valid)

    run()  # the shapes are known now
    parameters = cell.collect_params()
    for parameter in parameters.values():
        parameter.set_data(mx.nd.array(values.uniform(-1, 1, parameter.shape)))
    with mx.autograd.record(train_mode=False):
        outputs, states = run()
        heads = (outputs if isinstance(outputs, list) else [outputs]) + states
        loss = sum((head * head).sum() for head in heads)
    loss.backward()
    return {
        "outputs": outputs, "states": states, "input gradient": whole.grad,
        "gradients": {name: parameter.grad() for name, parameter in parameters.items()},
        "text": repr(cell), "prefix": cell.prefix, "info": cell.state_info(3),
        "keys": sorted(cell._collect_params_with_prefix()),
    }  # fmt: skip


def graph_of(mx, case):
    """The graph of the same unrolled over symbols."""
    cell = build_cell(mx, case["cell"])
    inputs = mx.sym.var("x")
    if case["list"]:
        inputs = [mx.sym.var("x" + str(number)) for number in range(case["length"])]
    begin = cell.begin_state(func=mx.sym.var) if case["begin"] else None
    valid = mx.sym.var("valid") if case["valid"] else None
    outputs, states = cell.unroll(case["length"], inputs, begin, case["layout"], case["merge"], valid)
    return mx.sym.Group((outputs if isinstance(outputs, list) else [outputs]) + states).tojson()

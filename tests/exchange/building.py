"""Build, run and export the networks that `drawing` describes, in either library."""

from __future__ import annotations

import numpy as np


def build_block(mx, description, made):
    """Build the block of a description; `made` collects the layers whose parameters others may share."""
    if description["kind"] == "layer":
        return _build_layer(mx, description, made)
    if description["kind"] == "sequence":
        sequence = mx.gluon.nn.HybridSequential(prefix=description["prefix"])
        if description["scope"]:
            with sequence.name_scope():
                sequence.add(*[build_block(mx, child, made) for child in description["children"]])
        else:
            sequence.add(*[build_block(mx, child, made) for child in description["children"]])
        return sequence
    return _build_graph(mx, description, made)


def _build_layer(mx, description, made):
    options = dict(description["options"])
    shared = options.pop("shared", None)
    if shared is not None:
        options["params"] = made[shared].params
    layer = getattr(mx.gluon.nn, description["name"])(**options)
    if description["counts"]:
        made.append(layer)
    return layer


def _build_graph(mx, description, made):
    class Graph(mx.gluon.HybridBlock):
        def __init__(self, **kwargs):
            super(Graph, self).__init__(**kwargs)  # noqa: UP008  (defined in a function that MXNet's side runs)
            if description["scope"]:
                with self.name_scope():
                    self._add()
            else:
                self._add()

        def _add(self):
            self.parts = [build_block(mx, child, made) for child in description["children"]]
            self.register()
            for name, shape in description["parameters"]:
                # The name has the whole shape: blocks with the same prefix would otherwise share mismatched parameters.
                own = f"own{'x'.join(map(str, shape))}_{name}"
                setattr(self, name, self.params.get(own, shape=shape))

        def register(self):
            for number, part in enumerate(self.parts):
                self.register_child(part, f"part{number}")

        def hybrid_forward(self, F, *arguments, **values):
            bind(values, description["inputs"], arguments)
            for what, target, *rest in description["steps"]:
                bind(values, target, run_step(F, self.parts, values, what, rest))
            return look_up(values, description["outputs"])

    return Graph(prefix=description["prefix"])


def run_step(F, parts, values, what, rest):
    """Run one step of a graph; the kinds of steps are the names compared with here."""
    import operator

    if what == "child":
        return parts[rest[0]](*look_up(values, rest[1]))
    if what == "F":
        return getattr(F, rest[0])(*look_up(values, rest[1]), **rest[2])
    if what == "method":
        return getattr(values[rest[1]], rest[0])(*rest[2], **rest[3])
    if what == "optional":
        return values[rest[0]] * 2 if values[rest[1]] is None else values[rest[0]] + values[rest[1]]
    if what == "negative":
        return -values[rest[0]]
    signs = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "**": "pow", ">": "gt", "<=": "le"}
    left, right = [values.get(operand, operand) for operand in rest[1:]]
    return getattr(operator, signs[rest[0]])(left, right)


def bind(values, names, results):
    """Assign names in nested lists to results with the same nesting."""
    if isinstance(names, list):
        for name, result in zip(names, results, strict=True):
            bind(values, name, result)
    else:
        values[names] = results


def look_up(values, names):
    """The values of names in nested lists; None stays None."""
    if isinstance(names, list):
        return [look_up(values, name) for name in names]
    return None if names is None else values[names]


def flatten(structure):
    """The leaves of nested lists, without None."""
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in flatten(part)]
    return [] if structure is None else [structure]


def outline(structure):
    """Nested lists with every array replaced by its shape."""
    if isinstance(structure, (list, tuple)):
        return [outline(part) for part in structure]
    return None if structure is None else tuple(structure.shape)


def observe_network(mx, description, path):
    """The results of a network: imperative, as a graph, and after export to `path` and import."""
    network = build_block(mx, description["block"], [])
    network.initialize()
    network.cast(description["dtype"])
    arguments = make_arguments(mx, description)
    # MXNet's static graphs crash on networks that its dynamic graphs can run.
    options = description["hybridize"] if mx.__name__ == "glueball" else {}
    phases = ["graph", "arrays"] if description["graph first"] else ["arrays", "graph"]
    seen = {}
    for phase in phases:
        network.hybridize(phase == "graph", **options)
        network(*arguments)  # infers the shapes of deferred parameters
        fill_parameters(mx, network)
        seen[phase] = observe(mx, network, arguments, description)
        if phase == "graph":
            fill_parameters(mx, network)
            network.export(path)
    names = input_names(arguments)
    imported = mx.gluon.SymbolBlock.imports(path + "-symbol.json", names, path + "-0000.params")
    seen["imported"] = observe(mx, imported, flatten(arguments), description)
    seen["outline"] = outline(network(*arguments))
    return seen


def import_network(mx, description, path):
    """The results of a network exported to `path`, forward and backward."""
    arguments = flatten(make_arguments(mx, description))
    network = mx.gluon.SymbolBlock.imports(path + "-symbol.json", input_names(arguments), path + "-0000.params")
    return observe(mx, network, arguments, description)


def input_names(arguments):
    """The names that HybridBlock.export gives the inputs."""
    return _data_names(len(flatten(arguments)))


def _data_names(count):
    return ["data"] if count == 1 else [f"data{number}" for number in range(count)]


def make_arguments(mx, description):
    """Arrays for the arguments of a network, the same in every call."""
    random = np.random.RandomState(11)
    arrays = [
        None if shape is None else mx.nd.array(random.uniform(-1, 1, shape), dtype=description["dtype"])
        for shape in description["shapes"]
    ]
    return [arrays[0], arrays[1:]] if description["nested"] else arrays


def fill_parameters(mx, network):
    """Set every parameter to values that depend on its position."""
    for place, (name, parameter) in enumerate(network.collect_params().items()):
        low, high = (0.5, 1.5) if name.endswith(("running_var", "gamma")) else (-0.6, 0.6)
        values = np.random.RandomState(place).uniform(low, high, parameter.shape)
        parameter.set_data(mx.nd.array(values, dtype=parameter.dtype))
        parameter.zero_grad()


def observe(mx, network, arguments, description):
    """Outputs, gradients of inputs and parameters by name, and the states that training changed."""
    parameters = network.collect_params()
    predicted = flatten(network(*arguments))
    arrays = flatten(arguments)
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record(train_mode=description["train"]):
        outputs = flatten(network(*arguments))
    random = np.random.RandomState(13)
    heads = [mx.nd.array(random.uniform(-1, 1, output.shape), dtype=output.dtype) for output in outputs]
    mx.autograd.backward(outputs, heads, train_mode=description["train"])
    return {  # asnumpy: MXNet raises asynchronous errors here, which must not reach the next network
        "predicted": [array.asnumpy() for array in predicted],
        "outputs": [array.asnumpy() for array in outputs],
        "gradients": [array.grad.asnumpy() for array in arrays],
        "parameters": {name: p.grad().asnumpy() for name, p in sorted(parameters.items()) if p.grad_req != "null"},
        "states": {name: p.data().asnumpy() for name, p in sorted(parameters.items()) if "running" in name},
    }


def trace_network(mx, description):
    """The graph, as text, of a network that cannot be run."""
    network = build_block(mx, description["block"], [])
    shapes = [shape for shape in description["shapes"] if shape is not None]
    names = iter(_data_names(len(shapes)))
    symbols = [None if shape is None else mx.sym.var(next(names)) for shape in description["shapes"]]
    outputs = network(*([symbols[0], symbols[1:]] if description["nested"] else symbols))
    return mx.sym.Group(flatten(outputs)).tojson()

"""Builds graph files field by field, independently of the writer."""

from __future__ import annotations

import json

VARIABLES = ("x", "w", "b")


def node(op, name, inputs=(), **fields):
    """A node as a dict; inputs are tuples of two or three numbers."""
    return {"op": op, "name": name, "inputs": [list(entry) for entry in inputs], **fields}


def variable(name, **fields):
    """A variable node."""
    return node("null", name, **fields)


def document(nodes, heads=None, version=None, **fields):
    """A whole file as a dict; the output is that of the last node, unless `heads` says another."""
    result = {
        "nodes": nodes,
        "arg_nodes": [number for number, one in enumerate(nodes) if one["op"] == "null"],
        "heads": [[len(nodes) - 1, 0, 0]] if heads is None else heads,
    }
    if version is not None:
        result["attrs"] = {"mxnet_version": ["int", version]}
    return {**result, **fields}


def text(nodes, heads=None, version=None, **fields):
    """A whole file as text."""
    return json.dumps(document(nodes, heads, version, **fields))


def dense(version=None, names=VARIABLES, **fields):
    """One FullyConnected on three variables; `fields` are those of its node."""
    inputs = [(number, 0) for number in range(len(names))]
    return text([*map(variable, names), node("FullyConnected", "fc", inputs, **fields)], version=version)


def batch_norm(version, count, **fields):
    """A BatchNorm on the first `count` of its five inputs."""
    names = ("x", "bn_gamma", "bn_beta", "bn_moving_mean", "bn_moving_var")[:count]
    inputs = [(number, 0) for number in range(count)]
    return text([*map(variable, names), node("BatchNorm", "bn", inputs, **fields)], version=version)


def one_input(op, version=None, **attributes):
    """An operator of the oldest layout with its first input only."""
    single = node(op, "n", [(0, 0)], param=attributes, backward_source_id=-1)
    return text([variable("x"), single], [[1, 0]], version)


def without_versions(content):
    """A file as nested lists, without the third numbers: they count updates of states, and upgrades lose count."""
    fields = json.loads(content, strict=False)
    for one in fields["nodes"]:
        one["inputs"] = [entry[:2] for entry in one["inputs"]]
    fields["heads"] = [entry[:2] for entry in fields["heads"]]
    return fields


#: Files of older versions of MXNet, and odd ones that it reads.
LEGACY = {
    "1.x attrs": dense(10301, attrs={"num_hidden": "3"}),
    "0.9 attr": dense(905, attr={"num_hidden": "3", "lr_mult": "2"}),
    "0.8 param": dense(None, param={"num_hidden": "3"}, backward_source_id=-1),
    "0.8 param and attr": dense(None, param={"num_hidden": "3"}, attr={"lr_mult": "2"}, backward_source_id=-1),
    "all three": dense(None, attrs={"num_hidden": "3"}, param={"num_hidden": "4"}, attr={"num_hidden": "5"}),
    "short names": dense(
        10900,
        attr={
            "num_hidden": "3",
            "__foo__": "2",
            "ctx_group": "a",
            "weight_lr_mult": "4",
            "bias_wd_mult": "7",
            "data_force_mirroring": "True",
            "force_mirroring": "1",
            "mirror_stage": "1",
            "wd_mult": "9",
        },
    ),
    "short and long name": dense(None, attr={"num_hidden": "3", "lr_mult": "3", "__lr_mult__": "4"}),
    "short names of a variable": text(
        [variable("x", attr={"lr_mult": "2", "foo": "1", "weight_lr_mult": "2"}), node("relu", "r", [(0, 0)])]
    ),
    "names that 1.9.1 wrote": text(
        [variable("x", attrs={"lr_mult": "2"}), node("relu", "r", [(0, 0, 0)], attrs={"lr_mult": "2"})], version=10901
    ),
    "an operator without attributes takes any": text(
        [variable("x"), node("relu", "r", [(0, 0)], attr={"x_lr_mult": "3", "data_lr_mult": "2"})]
    ),
    "variable with two learning rates": text(
        [
            variable("x"),
            variable("w", attr={"lr_mult": "7"}),
            variable("b"),
            node("FullyConnected", "fc", [(0, 0), (1, 0), (2, 0)], attr={"num_hidden": "3", "weight_lr_mult": "2"}),
        ]
    ),
    "BatchNorm without states": batch_norm(None, 3),
    "BatchNorm on data alone": batch_norm(800, 1, attr={"eps": "0.1", "lr_mult": "2", "__foo__": "3"}),
    "BatchNorm with states": batch_norm(899, 5),
    "BatchNorm of 1.0": batch_norm(10000, 5),
    "BatchNorm of 1.9.1": batch_norm(10901, 5),
    "argmax of 0.9.4": one_input("argmax", 904, axis="-1"),
    "argmax of 0.9.5": one_input("argmax", 905, axis="-1"),
    "argmin of 0.8": one_input("argmin", axis="-1"),
    "sum of 0.8": one_input("sum", axis="-1"),
    "Softmax": one_input("Softmax"),
    "SoftmaxOutput": one_input("SoftmaxOutput"),
    "no_bias": one_input("FullyConnected", num_hidden="3", no_bias="True"),
    "Convolution": one_input("Convolution", kernel="(3,3)", num_filter="2"),
    "long integers": one_input("Convolution", kernel="(3L, 3L)", num_filter="2", stride="(1L,1L)"),
    "Deconvolution": one_input("Deconvolution", kernel="(3,3)", num_filter="2"),
    "prelu": one_input("LeakyReLU", act_type="prelu"),
    "LeakyReLU": one_input("LeakyReLU"),
    "Embedding": one_input("Embedding", input_dim="2", output_dim="3"),
    "InstanceNorm": one_input("InstanceNorm"),
    "_Plus": one_input("_Plus"),
    "_PlusScalar": one_input("_PlusScalar", scalar="1"),
    "crop": one_input("crop", begin="(0,)", end="(1,)"),
    "dot": one_input("dot"),
    "ElementWiseSum": text([variable("x"), node("ElementWiseSum", "n", [(0, 0), (0, 0)], param={"num_args": "2"})]),
    "SliceChannel": one_input("SliceChannel", num_outputs="2"),
    "Pooling": one_input("Pooling", kernel="(3, 3)", pool_type="max", pooling_convention="full"),
    "a version to come": dense(20000, attrs={"num_hidden": "3"}),
    "users before inputs": text([node("relu", "r", [(1, 0, 0)]), variable("x")], [[0, 0, 0]], 10901),
    "a node that nobody needs": text(
        [variable("x"), node("relu", "r", [(0, 0, 0)]), node("relu", "unused", [(0, 0, 0)])], [[1, 0, 0]], 10901
    ),
    "one name twice": text([variable("x"), node("relu", "x", [(0, 0, 0)])], version=10901),
    "one output twice": text([variable("x"), node("relu", "r", [(0, 0)])], [[1, 0], [0, 0], [1, 0]], 10901),
    "a row pointer that is wrong": text(
        [variable("x"), node("relu", "r", [(0, 0)])], version=10901, node_row_ptr=[0, 5, 7]
    ),
}

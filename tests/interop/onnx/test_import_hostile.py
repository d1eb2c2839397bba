"""Files of ONNX that lie: each is refused with an MXNetError, in bounded memory and without touching other files."""

from __future__ import annotations

import itertools
import os
import resource

import numpy as np
import pytest

import glueball as mx

onnx = pytest.importorskip("onnx")
helper, FLOAT, INT = onnx.helper, onnx.TensorProto.FLOAT, onnx.TensorProto.INT64


def tensor(name, dims, raw=b"", kind=FLOAT):
    """A tensor that may say anything of its lengths."""
    return onnx.TensorProto(name=name, dims=dims, data_type=kind, raw_data=raw)


def outside(name, dims, location, **facts):
    """A tensor whose numbers are in another file."""
    found = onnx.TensorProto(name=name, dims=dims, data_type=FLOAT, data_location=onnx.TensorProto.EXTERNAL)
    for key, value in {"location": location, **facts}.items():
        found.external_data.add(key=key, value=str(value))
    return found


def written(folder, nodes, constants=(), inputs=("x",), outputs=("y",), said=()):
    """Write a file; nothing in it is checked."""
    values = [[helper.make_tensor_value_info(name, FLOAT, (2,)) for name in side] for side in (inputs, outputs, said)]
    graph = helper.make_graph(nodes, "graph", *values[:2], initializer=constants, value_info=values[2])
    path = folder / "model.onnx"
    path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())
    return str(path)


def add(one="x", other="w", result="y"):
    return helper.make_node("Add", [one, other], [result])


def ints(name, *values):
    return onnx.numpy_helper.from_array(np.array(values, np.int64), name)


@pytest.mark.parametrize(
    "constant",
    [
        tensor("w", (2,), bytes(4)), tensor("w", (2,), bytes(400)), tensor("w", (2**40,), bytes(8)),
        tensor("w", (2**62, 4), bytes(8)), tensor("w", (-2,), bytes(8)), tensor("w", (2,), bytes(8), 99),
    ],
    ids=["short", "long", "huge", "overflowing", "negative", "type"],
)  # fmt: skip
def test_a_tensor_must_have_the_numbers_that_it_says(tmp_path, constant):
    with pytest.raises(mx.MXNetError, match="import_model"):
        mx.contrib.onnx.import_model(written(tmp_path, [add()], [constant]))


@pytest.mark.parametrize(
    "facts",
    [
        {"location": "../secret"}, {"location": "/etc/passwd"}, {"location": "link"}, {"location": "missing"},
        {"location": "near", "offset": 4}, {"location": "near", "offset": -4}, {"location": "near", "length": 4000},
        {"location": "near", "offset": "x"}, {"location": "."}, {},
    ],
)  # fmt: skip
def test_other_files_must_be_in_the_folder_and_hold_the_numbers(tmp_path, facts):
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    (folder / "near").write_bytes(bytes(8))
    os.symlink(tmp_path / "secret", folder / "link")
    constant = outside("w", (2,), **({"location": ""} | facts))
    with pytest.raises(mx.MXNetError, match="import_model"):
        mx.contrib.onnx.import_model(written(folder, [add()], [constant]))


def test_other_files_in_the_folder_are_read(tmp_path):
    (tmp_path / "near").write_bytes(np.array([0, 1, 2], np.float32).tobytes())
    path = written(tmp_path, [add()], [outside("w", (2,), "near", offset=4, length=8)])
    assert mx.contrib.onnx.import_model(path)[1]["w"].asnumpy().tolist() == [1, 2]


@pytest.mark.parametrize(
    ("nodes", "constants"),
    [
        ([add("y", "x")], []), ([add("x", "a", "b"), add("x", "b", "a"), add("a", "b")], []), ([add()], []),
        ([add("x", "x"), add("x", "x")], []), ([add("x", "x", "z")], []),
        ([add()], [tensor("w", (2,), bytes(8)), tensor("w", (3,), bytes(12))]),
        ([helper.make_node("Add", ["x"], ["y"])], []), ([helper.make_node("Conv", ["x", "x"], ["y"], pads=[1])], []),
        ([helper.make_node("Concat", ["x", "x"], ["y"], axis=7)], []),
    ],
    ids=["itself", "circle", "missing", "twice", "no_output", "two_tensors", "few_inputs", "attributes", "axis"],
)  # fmt: skip
def test_a_graph_must_hold_together(tmp_path, nodes, constants):
    with pytest.raises(mx.MXNetError):
        mx.contrib.onnx.import_to_gluon(written(tmp_path, nodes, constants), mx.cpu())(mx.nd.ones((2,)))


HUGE = {
    "filled": [helper.make_node("ConstantOfShape", ["n"], ["w"])],
    "expanded": [helper.make_node("Expand", ["one", "n"], ["w"])],
    "tiled": [helper.make_node("Tile", ["one", "n"], ["w"])],
    "counted": [
        helper.make_node("Squeeze", ["n"], ["m"]), helper.make_node("Range", ["zero", "m", "unit"], ["v"]),
        helper.make_node("Cast", ["v"], ["w"], to=FLOAT),
    ],
    "laid_along": [
        helper.make_node("ConstantOfShape", ["half"], ["a"]), helper.make_node("Reshape", ["a", "column"], ["b"]),
        helper.make_node("Mul", ["a", "b"], ["w"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_a_short_file_does_not_ask_for_all_memory(tmp_path, name):
    """The file says that the result is small, too: the size must follow from what would be computed."""
    constants = [ints("n", 2**36), ints("one", 1), ints("half", 2**20), ints("column", -1, 1)]
    for key, value in (("zero", 0), ("unit", 1)):
        constants.append(onnx.numpy_helper.from_array(np.array(value, np.int64), key))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = written(tmp_path, [*HUGE[name], add()], constants, said=("w",))
    with pytest.raises(mx.MXNetError):
        mx.contrib.onnx.import_to_gluon(path, mx.cpu())(mx.nd.ones((2,)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2**20  # KiB


def test_what_is_no_file_of_onnx(tmp_path):
    path = tmp_path / "model.onnx"
    for content in (b"", b"\x08\x07", b"not onnx", bytes(range(256)) * 64, b"\x3a\xff\xff\xff\xff\x07"):
        path.write_bytes(content)
        with pytest.raises(mx.MXNetError, match="import_model"):
            mx.contrib.onnx.import_model(str(path))
    for missing in (tmp_path / "absent.onnx", tmp_path):
        with pytest.raises(mx.MXNetError, match="import_model"):
            mx.contrib.onnx.import_model(str(missing))


def test_a_long_chain_of_nodes_is_read(tmp_path):
    count = 3000
    names = ["x", *[f"v{number}" for number in range(count - 1)], "y"]
    nodes = [helper.make_node("Relu", [one], [other]) for one, other in itertools.pairwise(names)]
    symbol, _, _ = mx.contrib.onnx.import_model(written(tmp_path, nodes))
    assert len(symbol.get_internals().list_outputs()) == count + 1


def test_all_nodes_without_a_counterpart_are_named(tmp_path):
    nodes = [
        helper.make_node("STFT", ["x", "x"], ["a"], name="first"),
        helper.make_node("Unique", ["x"], ["b"], name="second"),
        add("x", "x"),
    ]  # fmt: skip
    with pytest.raises(mx.MXNetError, match=r"(?s)STFT.*first.*Unique.*second"):
        mx.contrib.onnx.import_model(written(tmp_path, nodes, outputs=("a", "b", "y")))


def functions(count, calls_itself=False):
    """Functions each of which calls the one before it twice."""
    found = []
    for number in range(count):
        called = number if calls_itself else number - 1
        name, domain = ("Relu", "") if called < 0 else (f"f{called}", "own")
        nodes = [
            helper.make_node(name, ["x"], ["z"], domain=domain),
            helper.make_node(name, ["z"], ["y"], domain=domain),
        ]
        imports = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
        found.append(helper.make_function("own", f"f{number}", ["x"], ["y"], nodes, imports))
    return found


@pytest.mark.parametrize(("found", "says"), [(functions(40), "nodes when all"), (functions(1, True), "itself")])
def test_functions_do_not_become_more_nodes_than_there_is_memory_for(tmp_path, found, says):
    path = written(tmp_path, [helper.make_node(f"f{len(found) - 1}", ["x"], ["y"], domain="own")])
    model = onnx.load(path)
    model.functions.extend(found)
    model.opset_import.append(helper.make_opsetid("own", 1))
    onnx.save(model, path)
    with pytest.raises(mx.MXNetError, match=f"import_model.*({says}|must be a file of ONNX)"):
        mx.contrib.onnx.import_model(path)


@pytest.mark.parametrize(
    ("name", "more"), [("EyeLike", {}), ("NonZero", {}), ("Trilu", {}), ("GatherElements", {"axis": 0})]
)
def test_lengths_that_are_a_lie_do_not_fill_the_memory(tmp_path, name, more):
    values = [helper.make_tensor_value_info(each, FLOAT if each == "x" else INT, (2**20, 2**20)) for each in "xi"]
    node = helper.make_node(name, ["x", "i"] if more else ["x"], ["y"], **more)
    result = helper.make_tensor_value_info("y", INT if name == "NonZero" else FLOAT, (2, 2))
    graph = helper.make_graph([node], "graph", values, [result])
    path = tmp_path / "model.onnx"
    path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())
    with pytest.raises(mx.MXNetError, match=name):
        mx.contrib.onnx.import_model(str(path))

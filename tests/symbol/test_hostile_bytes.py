"""Damaged graph files, and generated ones: an MXNetError, or a graph that can be used; never anything else."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import glueball as mx
from glueball import sym
from tests.symbol.graph_files import LEGACY, document, node, variable, without_versions

# Small, and with every part: attributes, states, several outputs, the oldest keys.
NEW = json.dumps(
    document(
        [
            variable("x", attrs={"__shape__": "(1, 2)"}),
            node("SliceChannel", "s", [(0, 0, 0)], attrs={"num_outputs": "2", "axis": "1"}),
            node("elemwise_add", "a", [(1, 0, 0), (1, 1, 0)]),
        ],
        [[2, 0, 0], [1, 1, 0]],
        10901,
        node_row_ptr=[0, 1, 3, 4],
    )
)
OLD = json.dumps(
    document([variable("x"), node("BatchNorm", "b", [(0, 0)], param={"eps": "1"}, attr={"lr_mult": "2"})], [[1, 0]])
)
FILES = {"new": NEW, "old": OLD}
VALUES = b'\n "\\1[,}\xff'


def use(symbol):
    """Everything that looks at a whole graph; what it lists is returned."""
    text = symbol.tojson()
    again = sym.load_json(text)
    assert again.tojson() == text
    lists = (symbol.list_arguments(), symbol.list_outputs(), symbol.list_auxiliary_states(), symbol.attr_dict())
    assert lists == (again.list_arguments(), again.list_outputs(), again.list_auxiliary_states(), again.attr_dict())
    assert len(lists[1]) == len(symbol)
    return text


def load(path, content):
    """What a file with these bytes gives: the text of its graph, or None where it is refused."""
    path.write_bytes(content)
    try:
        symbol = sym.load(path)
    except mx.MXNetError as error:
        assert str(error).startswith(str(path))
        assert len(str(error)) < 2000
        return None
    return use(symbol)


@pytest.mark.parametrize("name", FILES)
def test_every_truncation_is_refused(name, tmp_path):
    content = FILES[name].encode()
    assert load(tmp_path / "net.json", content)
    for length in range(len(content)):
        assert load(tmp_path / "net.json", content[:length]) is None, length


def every_change(content):
    """Every file that differs from this one by one byte, which is one of VALUES or has its lowest bit changed."""
    for position, byte in enumerate(content):
        for value in {*VALUES, byte ^ 1} - {byte}:
            yield content[:position] + bytes([value]) + content[position + 1 :]


def outcomes(mx, contents):
    """What MXNet makes of many texts; None where it refuses one."""
    results = []
    for content in contents:
        try:
            results.append(mx.sym.load_json(content).tojson())
        except mx.MXNetError:
            results.append(None)
    return results


@pytest.fixture(scope="module", params=FILES)
def changes(request, tmp_path_factory):
    """Every changed file, with what was read from it."""
    path = tmp_path_factory.mktemp("hostile") / "net.json"
    return {raw: load(path, raw) for raw in every_change(FILES[request.param].encode())}


def test_every_changed_byte_is_refused_or_gives_a_graph(changes):
    refused = list(changes.values()).count(None)
    assert 30 < refused < len(changes) - 30  # names, attributes and white space may change


def test_every_changed_byte_is_refused_or_read_as_mxnet_reads_it(changes, oracle):
    read = {raw: text for raw, text in changes.items() if text is not None}
    theirs = outcomes_of(oracle, [raw.decode() for raw in read])
    for (raw, ours), other in zip(read.items(), theirs, strict=True):
        if other is None:  # it knows fewer escape sequences than JSON, and no line ends in texts
            assert b"\\" in raw or b"\n" in raw, raw
        else:
            assert without_versions(ours) == without_versions(other), raw


def outcomes_of(oracle, contents):
    return oracle.run(outcomes, contents)


# --- generated --------------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(st.integers(-2, 6), st.integers(), st.floats(), st.booleans(), st.none())
TEXTS = st.one_of(st.sampled_from(["x", "null", "relu", "(1, 2)", "None", "3", "__a__", ""]), st.text(max_size=6))
ANYTHING = st.recursive(
    NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OPERATORS = ["null", "relu", "FullyConnected", "Concat", "SliceChannel", "BatchNorm", "LeakyReLU", "argmax", "_foreach"]
KEYS = ["num_hidden", "num_args", "num_outputs", "axis", "act_type", "lr_mult", "weight_lr_mult", "no_bias", "__a__"]
TABLES = st.dictionaries(
    st.sampled_from(KEYS), st.sampled_from(["1", "2", "-1", "prelu", "True", "9" * 20]), max_size=3
)
ENTRIES = st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=3), max_size=5)
NODES = st.fixed_dictionaries(
    {"op": st.sampled_from(OPERATORS), "name": st.sampled_from("abc"), "inputs": ENTRIES},
    optional={"attrs": TABLES, "attr": TABLES, "param": TABLES, "backward_source_id": st.just(-1)},
)


def mostly(good, field):
    return st.one_of(good, good, good, good, field)


GRAPHS = st.fixed_dictionaries(
    {
        "nodes": st.lists(mostly(NODES, ANYTHING), max_size=5),
        "arg_nodes": mostly(st.just([]), ANYTHING),
        "heads": mostly(ENTRIES, ANYTHING),
    },
    optional={
        "attrs": mostly(st.sampled_from([{"mxnet_version": ["int", n]} for n in (800, 903, 905, 10901)]), ANYTHING),
        "node_row_ptr": ANYTHING,
    },
)
SETTINGS = settings(max_examples=250, derandomize=True, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(GRAPHS | ANYTHING)
def test_generated_files_are_refused_or_give_a_graph(content):
    text = json.dumps(content)
    try:
        symbol = sym.load_json(text)
    except mx.MXNetError as error:
        assert len(str(error)) < 2000
    else:
        use(symbol)


@st.composite
def good_graphs(draw):
    """Files without a mistake: chains and joins of a few operators, in any order of nodes."""
    count = draw(st.integers(1, 12))
    nodes = [variable("v0")]
    for number in range(1, count):
        before = st.integers(0, number - 1)
        kind = draw(st.sampled_from(["null", "relu", "elemwise_add", "Concat"]))
        width = {"null": 0, "relu": 1, "elemwise_add": 2, "Concat": draw(st.integers(1, 4))}[kind]
        fields = {"attrs": {"num_args": str(width)}} if kind == "Concat" else {}
        nodes.append(node(kind, f"v{number}", [(draw(before), 0, 0) for _ in range(width)], **fields))
    order = draw(st.permutations(range(count)))
    place = {number: position for position, number in enumerate(order)}
    for one in nodes:
        one["inputs"] = [[place[entry[0]], 0, 0] for entry in one["inputs"]]
    heads = draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=4))
    return document([nodes[number] for number in order], [[head, 0, 0] for head in heads], 10901)


@SETTINGS
@given(good_graphs())
def test_good_files_are_read_whatever_the_order_of_their_nodes(content):
    symbol = sym.load_json(json.dumps(content))
    use(symbol)
    heads = [content["nodes"][number] for number, *_ in content["heads"]]
    suffix = [one["name"] if one["op"] == "null" else f"{one['name']}_output" for one in heads]
    assert symbol.list_outputs() == suffix
    written = {one["name"]: one for one in json.loads(symbol.tojson())["nodes"]}
    names = [one["name"] for one in json.loads(symbol.tojson())["nodes"]]
    for one in content["nodes"]:
        if one["name"] in written:
            inputs = [names[entry[0]] for entry in written[one["name"]]["inputs"]]
            assert inputs == [content["nodes"][entry[0]]["name"] for entry in one["inputs"]]


def test_generated_good_files_are_read_as_mxnet_reads_them(oracle):
    contents: list[str] = []

    @settings(SETTINGS, max_examples=200)
    @given(good_graphs())
    def collect(content):
        contents.append(json.dumps(content))

    collect()
    assert [sym.load_json(content).tojson() for content in contents] == outcomes_of(oracle, contents)


def test_memory_is_bounded_by_the_size_of_the_file(tmp_path):
    """For all damaged files, the memory used stays below a few hundred times their few hundred bytes."""
    contents = [raw for raw in every_change(NEW.encode())][::7]
    contents += [text.encode() for text in LEGACY.values()]
    load(tmp_path / "net.json", NEW.encode())
    tracemalloc.start()
    try:
        for content in contents:
            load(tmp_path / "net.json", content)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()

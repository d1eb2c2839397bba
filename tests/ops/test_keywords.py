"""Keywords that are no attributes of an operator: hidden ones, and those of operators that have none."""

from __future__ import annotations

import warnings

import pytest

import glueball as mx
from glueball.ops import keywords, registry
from tests.comparison import assert_same

WITHOUT_ATTRIBUTES = sorted(operator.name for operator in registry if not operator.attributes)

#: Those in which MXNet looks for attributes although there are none.
HAVE_A_PARSER = {"_linalg_potrf", "_linalg_potri", "_npi_cholesky"}


def _imperative(mx, call, given):
    a = mx.nd.array([[1.0, 2.0], [3.0, 4.0]])
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = eval(call, {"mx": mx, "a": a, "given": given})
    return [(each.shape, str(each.dtype)) for each in (found if isinstance(found, list) else [found])]


#: A call of every way in which an nd function is made.
CALLS = [
    "mx.nd.sum(a, **given)", "a.sum(**given)", "mx.nd.concat(a, a, **given)", "mx.nd.add_n(a, a, **given)",
    "mx.nd.FullyConnected(a, a, num_hidden=2, no_bias=True, **given)", "mx.nd.zeros(shape=(2,), **given)",
    "mx.nd.ones((2,), **given)", "mx.nd.eye(3, **given)", "mx.nd.random.uniform(shape=(2,), **given)",
    "mx.nd.random.randint(0, 3, shape=(2,), **given)", "mx.nd.random_normal(shape=(2,), **given)",
    "mx.nd.random.multinomial(mx.nd.array([0.5, 0.5]), **given)", "mx.nd.random.shuffle(a, **given)",
    "mx.nd.zeros_like(a, **given)", "a.relu(**given)", "mx.nd.broadcast_maximum(a, a, **given)",
    "mx.nd.contrib.box_nms(mx.nd.ones((1, 2, 6)), **given)", "mx.nd.full((2,), 3, **given)",
    "mx.nd.arange(3, **given)", "mx.nd.batch_dot(mx.nd.ones((1, 2, 2)), mx.nd.ones((1, 2, 2)), **given)",
]  # fmt: skip


@pytest.mark.parametrize("given", [{"__layout__": "NC"}, {"__a__": 3}, {"_____": None}, {"____": 1}, {"a__": 1}])
@pytest.mark.parametrize("call", CALLS)
def test_hidden_keywords(oracle, call, given):
    assert_same(*oracle.both(_imperative, call, given))


@pytest.mark.parametrize("given", [{"dtype": "float32"}, {"nothing": 3}])
@pytest.mark.parametrize("call", [call for call in CALLS if "zeros(" not in call and "random" not in call])
def test_keywords_of_operators_without_attributes(oracle, call, given):
    assert_same(*oracle.both(_imperative, call, given))


def _graph(mx, call, given):
    import json
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        symbol = eval(call, {"mx": mx, "a": mx.sym.var("a"), "given": given})
    nodes = [(node["op"], node["name"], node.get("attrs")) for node in json.loads(symbol.tojson())["nodes"]]
    again = mx.sym.load_json(symbol.tojson())
    return [(op, name, sorted((attrs or {}).items())) for op, name, attrs in nodes], again.list_arguments()


@pytest.mark.parametrize("given", [{"__layout__": "NC"}, {"dtype": "float32"}, {"axis": (1, 2)}, {"nothing": None}])
@pytest.mark.parametrize(
    "call",
    [
        "mx.sym.zeros_like(a, name='n', **given)", "mx.sym.broadcast_maximum(a, a, name='n', **given)",
        "a.relu(name='n', **given)", "mx.sym.zeros_like(a, name='n', attr={k: str(v) for k, v in given.items()})",
        "mx.sym.batch_dot(a, a, name='n', **given)", "mx.sym.add_n(a, a, name='n', **given)",
    ],
)  # fmt: skip
def test_keywords_in_graphs(oracle, call, given):
    assert_same(*oracle.both(_graph, call, given))


def test_every_operator_without_attributes_ignores_keywords(oracle):
    """MXNet's have no parser of attributes, so that it is a kind and not a list."""
    table = oracle.run(_without_parameters, WITHOUT_ATTRIBUTES)
    assert len(WITHOUT_ATTRIBUTES) > 90
    assert {name for name, refused in table.items() if refused} == HAVE_A_PARSER


def _without_parameters(mx, names):
    """Whether MXNet refuses a keyword when it makes a node of an operator, by name."""
    refused = {}
    for name in names:
        spaces = [
            ("_contrib_", mx.sym.contrib), ("_image_", mx.sym.image), ("_linalg_", mx.sym.linalg),
            ("_sparse_", mx.sym.sparse), ("_npi_", mx.sym.np._internal), ("_np_", mx.sym.np), ("_npx_", mx.sym.npx),
        ]  # fmt: skip
        function = next((getattr(s, name[len(p) :], None) for p, s in spaces if name.startswith(p)), None)
        function = function or getattr(mx.sym.op, name, None) or getattr(mx.sym._internal, name)
        try:
            function(nothing="x")
            refused[name] = False
        except mx.base.MXNetError as error:
            refused[name] = "Cannot find argument" in str(error)
    return refused


def test_they_have_no_effect_and_that_is_said_once(monkeypatch):
    monkeypatch.setattr(keywords, "_warned", set())
    a = mx.nd.ones((2,))
    with pytest.warns(UserWarning, match=r"^zeros_like: it has no attributes, so that dtype= has no effect") as caught:
        found = mx.nd.zeros_like(a, dtype="float64")
    assert found.dtype == a.dtype
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mx.nd.zeros_like(a, dtype="float64")
        mx.nd.zeros_like(a, __layout__="NC")
    with pytest.warns(UserWarning, match="axis= has no effect") as caught:
        mx.sym.zeros_like(mx.sym.var("a"), axis=1)
    assert caught[0].filename == __file__


def test_others_are_still_refused():
    with pytest.raises(mx.MXNetError, match="a keyword must be one of"):
        mx.nd.sum(mx.nd.ones((2,)), axes=1)


def _array_as_type(mx, call):
    kind = mx.nd.array([1], dtype="int32")
    return str(eval(call, {"mx": mx, "a": mx.nd.array([1.5]), "kind": kind}).dtype)


@pytest.mark.parametrize(
    "call",
    ["a.astype(kind)", "mx.nd.array([1.5], dtype=kind)", "a.astype(kind.asnumpy())", "a.astype(kind.dtype)"],
)
def test_an_array_stands_for_its_type(oracle, call):
    assert_same(*oracle.both(_array_as_type, call))

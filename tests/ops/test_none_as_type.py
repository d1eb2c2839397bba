"""``dtype=None``: to functions of operators it is float64, as to NumPy; those that make arrays have their own word.

A program that hands on an argument of its own, with None as the default, meets this.
"""

from __future__ import annotations

import pytest

# In each text, `a` has numbers, `b` positions, `w` rows for them, and `p` probabilities: arrays, or symbols of float32.
CALLS = {
    "of arrays": [
        "Cast(a, dtype=None)", "cast(a, dtype=None)", "argsort(a, dtype=None)",
        "cumsum(a, dtype=None)", "softmax(a, dtype=None)", "log_softmax(a, dtype=None)", "softmin(a, dtype=None)",
        "topk(a, dtype=None)", "one_hot(b, depth=3, dtype=None)", "norm(a, out_dtype=None)",
        "Embedding(b, w, input_dim=3, output_dim=2, dtype=None)",
        "contrib.SparseEmbedding(b, w, input_dim=3, output_dim=2, dtype=None)",
        "sample_multinomial(p, dtype=None)", "random.multinomial(p, dtype=None)",
    ],
    "methods": [
        "astype(None)", "argsort(dtype=None)", "topk(dtype=None)", "one_hot(3, dtype=None)", "softmax(dtype=None)",
        "log_softmax(dtype=None)",
    ],
    "of nothing": [
        "zeros((2,), dtype=None)", "ones((2,), dtype=None)", "arange(3, dtype=None)", "linspace(0, 1, 3, dtype=None)",
        "eye(2, dtype=None)", "full((2,), 3, dtype=None)", "_internal._zeros(shape=(2,), dtype=None)",
        "_internal._ones(shape=(2,), dtype=None)", "_internal._full(shape=(2,), value=1, dtype=None)",
        "_internal._arange(start=0, stop=3, dtype=None)", "_internal._eye(N=2, dtype=None)",
        "_internal._linspace(start=0, stop=1, num=3, dtype=None)", "random.randn(2, dtype=None)",
        "random.randint(0, 5, shape=(2,), dtype=None)", "random_randint(0, 5, shape=(2,), dtype=None)",
    ],
    "of nd": [
        "empty((2,), dtype=None)", "array([1, 2], dtype=None)", "array(np.arange(3), dtype=None)",
        "sparse.csr_matrix(np.eye(2), dtype=None)", "sparse.row_sparse_array(np.eye(2), dtype=None)",
        "sparse.zeros('csr', (2, 2), dtype=None)", "sparse.empty('csr', (2, 2), dtype=None)",
    ],
}  # fmt: skip
ONE = ("exponential", "poisson")
TWO = ("gamma", "generalized_negative_binomial", "normal", "uniform")
for name in (*ONE, *TWO, "negative_binomial"):
    numbers = "k=3, p=0.4, " if name == "negative_binomial" else ""
    arrays = "p" if name in ONE else "p, p"
    CALLS["of nothing"] += [f"{door}{name}({numbers}shape=(2,), dtype=None)" for door in ("random_", "random.")]
    CALLS["of arrays"] += [f"{door}{name}({arrays}, dtype=None)" for door in ("sample_", "random.")]


def of_nd(mx, text):
    """The type of an array."""
    import numpy as np

    nd = mx.nd
    known = {"np": np, "a": nd.array([[1, 2]]), "b": nd.array([0, 1]), "w": nd.ones((3, 2)), "p": nd.array([0.5, 0.5])}
    result = eval(text, {"nd": nd, **known})
    return np.dtype(result.dtype).name, result.asnumpy().dtype.name


def of_sym(mx, text):
    """The attribute in the graph, and the types that follow."""
    import numpy as np

    symbol = eval(text, {"sym": mx.sym, **{name: mx.sym.var(name) for name in "abwp"}})
    node = symbol.attr_dict().get(symbol.name, {})
    given = {name: "float32" for name in symbol.list_arguments()}
    types = symbol.infer_type(**given)
    return node.get("dtype"), [[np.dtype(kind).name for kind in group] for group in types]


PARAMETRIZED = [
    *[("nd", f"nd.{text}") for group in ("of arrays", "of nothing", "of nd") for text in CALLS[group]],
    *[("nd", f"a.{text}") for text in CALLS["methods"]],
    *[("sym", f"sym.{text}") for group in ("of arrays", "of nothing") for text in CALLS[group]],
    *[("sym", f"a.{text}") for text in CALLS["methods"]],
    ("sym", "sym.amp_cast(a, dtype=None)"),
    ("nd", "nd.random.normal(p, p, dtype=None, out=nd.ones(2, dtype='float64'))"),
]


@pytest.mark.parametrize(("kind", "text"), PARAMETRIZED, ids=[" ".join(each) for each in PARAMETRIZED])
def test_none_is_what_it_is_in_mxnet(oracle, kind, text):
    ours, theirs = oracle.both({"nd": of_nd, "sym": of_sym}[kind], text)
    assert ours.failed == theirs.failed, f"{ours}, but MXNet: {theirs}"
    if not theirs.failed:
        assert ours.get() == theirs.get()


def test_most_of_these_calls_work(oracle):
    answers = [oracle.theirs(of_nd if kind == "nd" else of_sym, text) for kind, text in PARAMETRIZED]
    assert sum(answer.failed for answer in answers) < len(answers) / 8


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
@pytest.mark.parametrize("given", [{}, {"x": "float32"}, {"x": "float16"}])
def test_the_types_around_a_softmax(oracle, name, given):
    def types(mx, name, given):
        import numpy as np

        found = getattr(mx.sym, name)(mx.sym.var("x"), dtype="float64").infer_type(**given)
        return [[np.dtype(kind).name for kind in group] for group in found]

    ours, theirs = oracle.both(types, name, given)
    assert ours.get() == theirs.get()

"""Types are taken in every form in which MXNet takes them."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same

#: Python's types, NumPy's, and NumPy's words for them.
FORMS = """
"half", "single", "double", "float", "int", "long", "bool", "e", "f", "d", "b", "B", "i", "l", "?",
"f2", "f4", "f8", "i1", "u1", "i4", "i8", "<f4", "=f8", "|u1", "intc", "intp", "int_", "byte", "ubyte", "bool_",
"bool8", "int0",
float, int, bool, np.float16, np.float32, np.float64, np.uint8, np.int8, np.int32, np.int64, np.bool_,
np.dtype("float64"), np.dtype("int8"), np.str_("float64"), np.str_("half")
"""

PLACES = {
    "nd.zeros": "nd.zeros((2,), dtype=form).dtype",
    "nd.array": "nd.array([1, 2], dtype=form)",
    "nd.full": "nd.full((2,), 3, dtype=form)",
    "nd.arange": "nd.arange(3, dtype=form)",
    "nd.astype": "nd.array([1.5]).astype(form)",
    "nd.cast": "nd.cast(nd.array([1.5]), dtype=form)",
    "nd.one_hot": "nd.one_hot(nd.array([1]), 2, dtype=form)",
    "nd.topk": "nd.topk(nd.array([1, 3, 2]), k=2, dtype=form)",
    "nd.argsort": "nd.argsort(nd.array([1, 3, 2]), dtype=form)",
    "nd.random": "nd.random.uniform(shape=(2,), dtype=form).dtype",
    "sym.var": "sym.var('x', dtype=form).attr('__dtype__')",
    "sym.cast": "sym.cast(sym.var('x'), dtype=form).attr('dtype')",
    "sym.zeros": "sym.zeros((2,), dtype=form).attr('dtype')",
    "sym.topk": "sym.topk(sym.var('x'), dtype=form).attr('dtype')",
    "infer_type": "(sym.var('x') * 2).infer_type(x=form)",
    "simple_bind": "(sym.var('x') * 2).simple_bind(mx.cpu(), x=(2,), type_dict={'x': form}).arg_dict['x'].dtype",
    "Parameter": "made(gluon.Parameter('w', shape=(2,), dtype=form)).data().dtype",
    "Block.cast": "cast(gluon.nn.Dense(2, in_units=2), form).weight.data().dtype",
    "BatchNorm.cast": "cast(gluon.nn.BatchNorm(in_channels=2), form).gamma.data().dtype",
    "Embedding": "made(gluon.nn.Embedding(2, 3, dtype=form)).weight.data().dtype",
    "DataDesc": "str(mx.io.DataDesc('x', (2,), form).dtype)",
}


def of_all_forms(mx, forms, place):
    import numpy as np

    def made(thing):
        thing.initialize()
        return thing

    def cast(block, form):
        block.cast(form)
        return made(block)

    names = {"mx": mx, "np": np, "nd": mx.nd, "sym": mx.sym, "gluon": mx.gluon, "made": made, "cast": cast}
    results = []
    for form in eval(f"[{forms}]", names):
        try:
            results.append(str(eval(place, {**names, "form": form})))
        except Exception:
            results.append("refused")
    return results


@pytest.mark.parametrize("place", PLACES)
def test_every_form_of_a_type(oracle, place):
    ours, theirs = oracle.both(of_all_forms, FORMS, PLACES[place])
    known = [str(each).replace("numpy.bool_", "numpy.bool") for each in theirs.get()]
    assert len(known) - known.count("refused") >= 10
    # MXNet lacks some operators for bool.
    assert_same(
        [mine for mine, each in zip(ours.get(), known, strict=True) if each != "refused"],
        [each for each in known if each != "refused"],
    )


def test_long_long_is_int64(oracle):
    """But for infer_type, where MXNet compares NumPy's types themselves."""
    assert_same(*oracle.both("[nd.zeros((2,), dtype=word) for word in ('longlong', 'q', np.longlong)]"))


@pytest.mark.parametrize("text", ["f3", "halff", "", "f4,f4", "i2", "(2,)f4", "u4"])
def test_other_words_are_refused(text):
    with pytest.raises(TypeError, match="dtype must be one of float32"):
        mx.nd.zeros((2,), dtype=text)


def test_a_graph_file_has_the_names_of_mxnet():
    assert '"dtype": "float16"' in mx.sym.cast(mx.sym.var("x"), "half").tojson()


@pytest.mark.parametrize(
    "call", ["nd.topk(x, dtype='foo')", "nd.argsort(x, dtype=complex)", "sym.topk(s, dtype='foo')"]
)
def test_other_words_are_refused_where_few_types_fit(oracle, call):
    program = f"(lambda x, s: {call})(nd.array([1, 2]), sym.var('s'))"
    ours, theirs = oracle.both(program)
    assert_same(ours, theirs)

"""The lists of operators by what mixed precision does with them, against MXNet 1.9.1's."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.contrib import amp
from glueball.ops import registry

_LISTS = [
    "list_conditional_fp32_ops", "list_fp32_ops", "list_loss_output_functions", "list_lp16_fp32_ops", "list_lp16_ops",
    "list_lp16_use_fp32_params", "list_widest_type_cast",
]  # fmt: skip
_KINDS = ["float16", "bfloat16"]


def all_lists(mx, lists, kinds):
    """All lists, by name and by type, which only MXNet does not take as text."""
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp")
    types = [kind if kind == "float16" else amp.amp.bfloat16 for kind in kinds]
    return {name: [getattr(amp, name)(one) for one in types] for name in lists}


@pytest.fixture(scope="module")
def theirs(oracle):
    return oracle.run(all_lists, _LISTS, _KINDS)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("name", _LISTS)
def test_lists_are_mxnets(theirs, name, kind):
    """As far as Glueball has the operators; an operator has one precision, whichever of its names is used."""
    found, expected = getattr(amp, name)(kind), theirs[name][_KINDS.index(kind)]
    if name == "list_conditional_fp32_ops":
        assert sorted(found) == sorted(map(tuple, expected))
    elif name == "list_lp16_use_fp32_params":
        assert found == (expected and {key: value for key, value in expected.items() if key in registry})
    else:
        known = {each for each in expected if each in registry}
        # MXNet has these aliases in other lists than their operators.
        elsewhere = {"_add"} | {each for each in known | set(found) if each.startswith("_sparse_")}
        assert set(found) - elsewhere == known - elsewhere
        assert len(found) == len(set(found))


@pytest.mark.parametrize("name", _LISTS)
def test_a_type_is_text_or_a_type(name):
    function = getattr(amp, name)
    assert function("bfloat16") == function(amp.amp.bfloat16) == function(mx.nd.ones(1, dtype="bfloat16").dtype)
    assert function("float16") == function(mx.nd.ones(1, dtype="float16").dtype)
    with pytest.raises(AssertionError, match=f"^{name}: target_dtype must be 'float16' or 'bfloat16'; received 'int8'"):
        function("int8")


def test_a_program_edits_the_lists(monkeypatch):
    monkeypatch.setattr(amp.lists.symbol_fp16, "FP16_FUNCS", ["sigmoid"])
    monkeypatch.setattr(amp.lists.symbol_fp16, "FP16_FP32_FUNCS", ["Convolution", "FullyConnected", "Deconvolution"])
    graph = amp.convert_symbol(
        mx.sym.sigmoid(mx.sym.FullyConnected(mx.sym.var("x"), num_hidden=1, name="fc"), name="s")
    )
    casts = [name for name in graph.get_internals().list_outputs() if "amp_cast" in name]
    assert casts == ["fc_output_amp_cast_float16_output", "s_0_amp_cast_float32_output"]


def test_names_are_mxnets(oracle):
    def names(mx):
        from importlib import import_module

        amp = import_module(f"{mx.__name__}.contrib.amp")
        return sorted(amp.amp.__all__), amp.amp.LossScaler.__name__, [amp.lists.symbol_fp16.FP16_FUNCS[0]]

    ours, theirs = oracle.both(names)
    assert ours.get() == theirs.get()
    assert set(amp.amp.__all__) < set(dir(amp))


def signatures(mx, names):
    """The parameters of functions, with their defaults as text."""
    import inspect
    from importlib import import_module

    amp = import_module(f"{mx.__name__}.contrib.amp.amp")
    found = {name: inspect.signature(getattr(amp, name)).parameters for name in names}
    return {name: [(one.name, str(one.default)) for one in each.values()] for name, each in found.items()}


def test_signatures_are_mxnets(oracle):
    ours, theirs = oracle.both(signatures, [*amp.amp.__all__, "convert_bucketing_module"])
    assert ours.get() == theirs.get()

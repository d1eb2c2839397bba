"""Every sample of every operator that can be said in torch's Python: what is written computes what it does."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.interop.torch import check_python, export_python
from glueball.interop.torch.code.call import RULES
from glueball.ops import registry
from tests.ops.cases import CASES, naming
from tests.oracle.operator_call import find_operator

# Looked through as if its functions were those of arrays.
_SYMBOLS = SimpleNamespace(nd=mx.sym, ndarray=mx.symbol, __name__="glueball")
_SAID = [each for each in registry if each.name in RULES]


def test_there_is_no_rule_without_an_operator():
    assert set(RULES) == {operator.name for operator in _SAID}


@pytest.mark.parametrize("operator", _SAID, ids=lambda each: each.name)
def test_samples_are_computed_as_by_the_operator(operator, tmp_path):
    written = 0
    for case in CASES[operator]:
        if case.sample.judge == "statistics":
            continue
        symbols = [None if array is None else mx.sym.var(f"x{number}") for number, array in enumerate(case.arrays)]
        symbol = find_operator(_SYMBOLS, operator.name)(*symbols, **case.sample.attributes)
        given = {f"x{n}": mx.nd.array(each, dtype=each.dtype) for n, each in enumerate(case.arrays) if each is not None}
        if not given:  # a network has an input
            symbol, given = mx.sym.Group([symbol, mx.sym.var("x0")]), {"x0": mx.nd.ones((1,))}
        data, rest = {"x0": given.pop("x0")}, given
        with naming(case):
            try:
                export_python(tmp_path / "net.py", symbol, data, rest)
            except MXNetError as error:
                assert "these have none" in str(error)
                continue
            is_half = any(np.dtype(each.dtype) == np.float16 for each in data.values())
            assert check_python(tmp_path / "net.py", symbol, data, rest) <= (1e-2 if is_half else 2e-5)
        written += 1
    assert written

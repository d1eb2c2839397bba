"""MXNet's three readers agree on what MXNet itself exported, and report files that do not match."""

from __future__ import annotations

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.oracle.outcome import OracleError
from tests.oracle.readers import read_with_c_predict, read_with_module, read_with_symbol_block

WAYS = [read_with_symbol_block, read_with_module, read_with_c_predict]
DATA = np.random.RandomState(3).uniform(-1, 1, (2, 3, 8, 8)).astype(np.float32)


def export_a_network(mx, path, data):
    """A network with auxiliary states; returns its output."""
    network = mx.gluon.nn.HybridSequential()
    network.add(mx.gluon.nn.Conv2D(4, 3, activation="relu"), mx.gluon.nn.BatchNorm(), mx.gluon.nn.Dense(5))
    network.initialize(mx.init.Xavier())
    network.hybridize()
    for _ in range(3):
        with mx.autograd.record():
            network(mx.nd.array(data))
    output = network(mx.nd.array(data))
    network.export(path)
    return output


def export_two_outputs(mx, path):
    """A graph with two inputs and two outputs."""
    left, right = mx.sym.var("left"), mx.sym.var("right")
    factor = mx.sym.var("factor", shape=(1,))
    mx.sym.Group([mx.sym.broadcast_mul(left, factor), mx.sym.concat(left, right, dim=1)]).save(f"{path}-symbol.json")
    mx.nd.save(f"{path}-0000.params", {"arg:factor": mx.nd.array([3.0])})


@pytest.fixture
def exported(oracle, tmp_path):
    path = str(tmp_path / "network")
    return f"{path}-symbol.json", f"{path}-0000.params", oracle.run(export_a_network, path, DATA)


@pytest.mark.parametrize("way", WAYS)
def test_it_computes_what_the_network_did(oracle, exported, way):
    symbol_file, parameter_file, expected = exported
    assert np.ptp(expected) > 0.1
    assert_same(oracle.run(way, symbol_file, parameter_file, {"data": DATA}), [expected])


@pytest.mark.parametrize("way", WAYS)
def test_it_reads_several_inputs_and_outputs(oracle, tmp_path, way):
    path = str(tmp_path / "pair")
    oracle.run(export_two_outputs, path)
    left, right = np.float32([[1, 2]]), np.float32([[3, 4, 5]])
    outputs = oracle.run(way, f"{path}-symbol.json", f"{path}-0000.params", {"left": left, "right": right})
    assert_same(outputs, [left * 3, np.concatenate([left, right], axis=1)])


# The C API has no such check: it computes with whatever is in memory.
@pytest.mark.parametrize("way", [read_with_symbol_block, read_with_module])
def test_a_parameter_that_is_missing_is_an_error(oracle, exported, tmp_path, way):
    symbol_file, parameter_file, _ = exported
    path = str(tmp_path / "less.params")
    oracle.run("d = nd.load(a); del d['arg:dense0_bias']; nd.save(b, d)", a=parameter_file, b=path)
    with pytest.raises(OracleError, match="dense0_bias"):
        oracle.run(way, symbol_file, path, {"data": DATA})


@pytest.mark.parametrize("way", WAYS)
def test_an_input_that_does_not_fit_is_an_error(oracle, exported, way):
    symbol_file, parameter_file, _ = exported
    with pytest.raises(OracleError, match="kernel size exceed input"):
        oracle.run(way, symbol_file, parameter_file, {"data": DATA[:, :, :2]})

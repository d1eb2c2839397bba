"""The oracle itself: what can be sent to the other process and back, and what happens when it fails."""

from __future__ import annotations

import signal
import sys
from collections import OrderedDict

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.oracle import wire
from tests.oracle.client import (
    Oracle,
    OracleCrash,
    OracleMisuse,
    OracleTimeout,
    OracleUnavailable,
)
from tests.oracle.operator_call import OperatorCall
from tests.oracle.outcome import OracleError
from tests.oracle.program import NotPortable

DTYPES = ["float16", "float32", "float64", "uint8", "int8", "int32", "int64", "bool"]
OFFSET = 10


def shifted(mx, array):
    return mx.nd.array(array, dtype=array.dtype) + OFFSET


def shifted_twice(mx, array, *, extra: NoSuchClass = 0):  # noqa: F821  (annotations must not be looked up)
    return {"sum": [shifted(mx, array) + shifted(mx, array)], "extra": np.float32(extra)}


def broken(mx):
    raise KeyError(mx.__version__)


def test_it_is_mxnet_191(oracle):
    assert oracle.versions["mxnet"] == "1.9.1"
    assert oracle.run("mx.__version__") == "1.9.1"


def test_subgraph_fusion_is_off_and_one_thread_runs(oracle):
    read = "import os; return os.environ['MXNET_SUBGRAPH_BACKEND'], os.environ['OMP_NUM_THREADS']"
    assert oracle.run(read) == ("NONE", "1")


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_of_every_dtype_cross_both_ways(oracle, dtype):
    array = np.array([[0, 1, 5], [2, 1, 0]]).astype(dtype)
    assert_same(oracle.run("nd.array(array, dtype=array.dtype)", array=array), array)


def test_bfloat16_crosses_as_mxnet_shows_it(oracle):
    array = np.array([0x3F80, 0x4020], np.uint16).view(wire.BFLOAT16)
    back = oracle.run(
        "nd.array(array, dtype=array.dtype), nd.array(array, dtype=array.dtype).astype('float32')",
        array=array,
    )
    assert_same(back, (array, np.array([1.0, 2.5], np.float32)))


def test_what_numpy_and_python_have_crosses_unchanged(oracle):
    values = [
        np.float32(1.5),
        np.bool_(True),
        np.dtype("int32"),
        np.float32,
        np.bool_,
        np.zeros((0, 3), np.int8),
        np.array(7),
        np.array(["a", "bc"]),
        OrderedDict([("b", 1), ("a", (2, [3.5, None]))]),
        {1, 2},
        frozenset("a"),
        slice(1, None, 2),
        ...,
        float,
        b"\x00",
        2**70,
        1j,
        "ä",
    ]
    back = oracle.run("values", values=values)
    for one, other in zip(back, values, strict=True):
        assert_same(one, other)


def test_arrays_from_the_oracle_can_be_written_to(oracle):
    array = oracle.run("nd.zeros((2,))")
    array[0] = 1
    assert array[0] == 1


def test_a_function_takes_its_helpers_and_constants_along(oracle):
    theirs = oracle.run(shifted_twice, np.float32([1, 2]), extra=3)
    assert_same(theirs, {"sum": [np.float32([22, 24])], "extra": np.float32(3)})


def test_an_error_comes_back_with_class_and_message(oracle):
    with pytest.raises(OracleError, match="mxnet raised MXNetError") as caught:
        oracle.run("nd.ones((2, 3)) + nd.ones((4, 5))")
    assert caught.value.class_name == "MXNetError"
    assert caught.value.mro[:3] == ("MXNetError", "RuntimeError", "Exception")
    assert "shape" in caught.value.message


def test_the_traceback_names_the_line_of_the_test_file(oracle):
    outcome = oracle.theirs(broken)
    assert (outcome.class_name, outcome.message) == ("KeyError", "'1.9.1'")
    assert f'{__file__}", line {broken.__code__.co_firstlineno + 1}' in outcome.traceback


def test_an_error_that_mxnet_finds_late_does_not_meet_the_next_request(oracle):
    late = oracle.theirs("nd.linalg.potrf(-nd.ones((2, 2)))")
    assert late.class_name == "MXNetError"
    assert_same(oracle.run("nd.waitall()"), None)


def test_every_request_counts_names_from_zero(oracle):
    assert [oracle.run("nn.Dense(2).name") for _ in range(2)] == ["dense0", "dense0"]


def test_what_was_printed_is_kept(oracle):
    outcome = oracle.theirs("import os; print('from Python'); os.write(1, b'from C'); return 1")
    assert (outcome.value, outcome.printed) == (1, "from Python\n")


def test_the_same_code_runs_on_both_libraries(oracle):
    array = np.float32([1, 2])
    for code, names in [
        ("nd.array(a) / 2", {"a": array}),
        ("return [nd.array(a) * 3, a.tolist()]", {"a": array}),
    ]:
        ours, theirs = oracle.both(code, **names)
        assert (ours.library, theirs.library) == ("glueball", "mxnet")
        assert_same(ours, theirs)
    assert_same(*oracle.both(shifted, array))
    assert_same(*oracle.both("nd.ones((2, 3)) + nd.ones((4, 5))"))
    assert_same(*oracle.both("[nn.Dense(2).name, nn.Dense(2).name]"))


def test_both_sides_get_their_own_copy_of_the_arguments(oracle):
    array = np.zeros(2)
    ours, theirs = oracle.both("a += 1; return a", a=array)
    assert_same(ours.get(), np.ones(2))
    assert_same(theirs.get(), np.ones(2))
    assert_same(array, np.zeros(2))


def test_operator_calls_give_outputs_gradients_and_changed_inputs(oracle):
    data, weight = np.float32([[1, 2]]), np.float32([[3, 4]])
    four = np.arange(4, dtype=np.float32).reshape(2, 2)
    ones = np.ones(2, np.float32)
    no_bias = {"num_hidden": 1, "no_bias": True}
    calls = [
        OperatorCall("FullyConnected", [data, weight], no_bias, [np.float32([[2]])]),
        OperatorCall("FullyConnected", [data, weight, None], no_bias),
        OperatorCall("_plus_scalar", [data], {"scalar": 2.0}),
        OperatorCall("_contrib_box_nms", [np.ones((1, 6), np.float32)]),
        OperatorCall("_linalg_gemm2", [data, weight], {"transpose_b": True}),
        OperatorCall("FullyConnected", [data, np.ones((1, 3), np.float32)], no_bias),
        OperatorCall("BatchNorm", [four * 2, ones, ones, ones * 0, ones], {}, [four], train=True),
        OperatorCall("NoSuchOperator", [data]),
    ]
    product, forward, plus, boxes, gemm, wrong, norm, missing = oracle.operators(calls)
    assert_same(product.get().outputs, [np.float32([[11]])])
    assert_same(product.get().gradients, [np.float32([[6, 8]]), np.float32([[2, 4]])])
    assert_same(forward.get().outputs, product.get().outputs)
    assert forward.get().gradients == []
    assert_same(plus.get().outputs, [np.float32([[3, 4]])])
    assert boxes.get().outputs[0].shape == (1, 6)
    assert_same(gemm.get().outputs, product.get().outputs)
    assert wrong.class_name == "MXNetError"
    assert sorted(norm.get().changed) == [3, 4]
    assert missing.class_name == "AttributeError"


def test_inputs_are_read_when_the_call_has_ended(oracle):
    """In its backward pass, MXNet's Deconvolution puts its weight into another order for a while."""
    data, weight = np.ones((2, 16, 8, 8), np.float32), np.arange(2304, dtype=np.float32).reshape(16, 16, 3, 3)
    head = np.ones((2, 16, 10, 10), np.float32)
    kernel = {"kernel": (3, 3), "num_filter": 16, "no_bias": True}
    calls = [OperatorCall("Deconvolution", [data, weight], kernel, [head])] * 20
    assert [outcome.get().changed for outcome in oracle.operators(calls)] == [{}] * 20


def test_a_crash_is_reported_and_the_next_request_works(oracle_python):
    with Oracle(oracle_python) as oracle:
        with pytest.raises(OracleCrash, match=f"exit status -{signal.SIGKILL.value}; its last output:\nfarewell"):
            oracle.run("import os, sys; sys.stderr.write('farewell'); sys.stderr.flush(); os.kill(os.getpid(), 9)")
        assert oracle.run("1 + 1") == 2


def test_a_hang_is_ended_and_the_next_request_works(oracle_python):
    with Oracle(oracle_python) as oracle:
        oracle.start()
        oracle.timeout = 0.5
        with pytest.raises(OracleTimeout, match=r"within 0\.5 seconds"):
            oracle.run("import time; time.sleep(60)")
        oracle.timeout = 60
        assert oracle.run("1 + 1") == 2


def test_a_python_without_mxnet_is_unavailable():
    with Oracle(sys.executable) as oracle, pytest.raises(OracleUnavailable, match="mxnet"):
        oracle.run("1")
    with Oracle("/no/such/python") as oracle, pytest.raises(OracleUnavailable, match="cannot be started"):
        oracle.run("1")


def test_what_cannot_cross_is_refused(oracle):
    with pytest.raises(wire.NotPlain, match=r"received builtins\.object"):
        oracle.run("1", value=object())
    with pytest.raises(OracleMisuse, match=r"received mxnet\.gluon\.nn\.basic_layers\.Dense"):
        oracle.run("nn.Dense(1)")
    with pytest.raises(wire.NotPlain, match="dtype object"):
        oracle.run("1", value=np.array([None]))
    with pytest.raises(SyntaxError, match="invalid syntax"):
        oracle.run("1 +")
    assert oracle.run("1") == 1


def test_functions_that_need_their_surroundings_are_refused(oracle):
    enclosed = 1

    def closure(mx):
        return enclosed

    def module(mx):
        return sys.version

    with pytest.raises(NotPortable, match=r"variables of an enclosing function \(enclosed\)"):
        oracle.run(closure)
    with pytest.raises(NotPortable, match="global name sys; import it inside"):
        oracle.run(module)
    with pytest.raises(NotPortable, match="received <lambda>"):
        oracle.run(lambda mx: 1)
    with pytest.raises(NotPortable, match="named np"):
        oracle.run("np", np=1)
    with pytest.raises(OracleMisuse, match="must be named"):
        oracle.run("1", 2)


# What the comparison accepts and rejects.

SAME = [
    (np.float32([1, 2]), np.float32([1, 2.00001])),
    (np.float64([np.nan, np.inf, 1]), np.float64([np.nan, np.inf, 1])),
    (np.float32([]), np.float32([])),
    ({"a": [1, "b", None]}, {"a": [1, "b", None]}),
    (0.1 + 0.2, 0.3),
    (np.uint16([0x3F80]).view(wire.BFLOAT16), np.uint16([0x3F81]).view(wire.BFLOAT16)),
]
DIFFERENT = [
    (
        np.float32([1, 2]),
        np.float32([1, 2.001]),
        r"value: the difference has norm .* at \(1,\): 2.0, not 2.00",
    ),
    (np.float32([[1, 2]]), np.float32([1, 2]), r"the shape is \(1, 2\), not \(2,\)"),
    (np.float32([1, 2]), np.float64([1, 2]), "the dtype is float32, not float64"),
    (
        np.float32([1, np.nan]),
        np.float32([np.nan, 1]),
        r"another place; 2 of 2 differ, at \(0,\): 1.0, not nan",
    ),
    (np.float32([np.inf]), np.float32([-np.inf]), "inf, not -inf"),
    (np.int32([1, 2]), np.int32([1, 3]), r"1 of 2 differ, at \(1,\)"),
    (np.float32([1e-9]), np.float32([0]), "the difference has norm 1e-09"),
    ([1, 2], [1], r"there are 2 values, not 1: \[1, 2\]"),
    ([1], (1,), "the type is list, not tuple"),
    ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, r"value\['a'\]\[1\]\['b'\]: got\n  2, not"),
    ({"a": 1}, {"b": 1}, "the keys are"),
    (1, True, "the type is int, not bool"),
    ("dense0", "dense1", "'dense0', not\n  'dense1'"),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME)
def test_the_comparison_accepts_equal_values(ours, theirs):
    assert_same(ours, theirs)


@pytest.mark.parametrize(("ours", "theirs", "message"), DIFFERENT)
def test_the_comparison_names_the_difference(ours, theirs, message):
    with pytest.raises(AssertionError, match=message):
        assert_same(ours, theirs)


def test_the_comparison_tells_an_error_from_a_value(oracle):
    value, error, other = oracle.theirs("1"), oracle.theirs("1 / 0"), oracle.theirs("[][1]")
    assert_same(error, error)
    for one, two in [(value, error), (error, value), (error, other)]:
        with pytest.raises(AssertionError, match="ZeroDivisionError"):
            assert_same(one, two)

"""mx.test_utils: what tests are made of gives what MXNet's gives, and passes and fails where MXNet's does."""

from __future__ import annotations

import bz2
import os
import zipfile

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same, succeeded
from tests.errors import class_of

VALUES = [
    "list(tu.default_rtols().items())", "list(tu.default_atols().items())", "list(tu.default_numeric_eps().items())",
    "tu.get_rtol(), tu.get_atol(), tu.get_etol(), tu.get_rtol(0.5), tu.get_atol(0.5), tu.get_etol(0.5)",
    "tu.get_rtol(None, np.dtype('float16')), tu.get_atol(None, np.dtype('int32'))",
    "[tu.get_tols(np.zeros(2, a), np.zeros(2, b), None, None) for a in types for b in types]",
    "tu.get_tols(np.zeros(2, 'f'), nd.zeros(2, dtype='float16'), None, 0.5)",
    "tu.get_tols(np.zeros(2, 'bool'), np.zeros(2, 'int32'), {np.dtype('bool'): 0.5, np.dtype('int32'): 0.25}, None)",
    "tu.get_tolerance(np.zeros(2, 'f'), None, tu.default_rtols())",
    "tu.get_tolerance(np.zeros(2, 'f'), 0.25, tu.default_rtols())",
    "str(tu.effective_dtype(nd.zeros(2, dtype='float16'))), str(tu.effective_dtype(np.zeros(2)))",
    "tu.random_arrays((3,))", "tu.random_arrays((2, 3), (2,))", "tu.random_arrays(())",
    "tu.random_uniform_arrays((2,), (3,), low=1, high=2)", "tu.random_uniform_arrays((2,), dtype='float64')",
    "tu.rand_ndarray((2, 3)), tu.rand_ndarray((2,), dtype='float16', ctx=mx.cpu(1))",
    "str(tu.rand_ndarray((2,), ctx=mx.cpu(1)).context)",
    "tu.rand_shape_2d(), tu.rand_shape_3d(2, 3, 4), [int(n) for n in tu.rand_shape_nd(4)]",
    "[tu.rand_shape_2d(1, 1, allow_zero_size=True) for _ in range(9)]",
    "[int(n) for _ in range(9) for n in tu.rand_coord_2d(1, 3, 5, 9)]",
    "tu.random_sample([1, 2, 3, 4, 5], 3)",
    "tu.np_reduce(ones, (0, 2), True, np.sum), tu.np_reduce(ones, 1, False, np.sum)",
    "tu.np_reduce(ones, None, True, np.max), tu.np_reduce(ones, (), False, np.sum)",
    "tu.collapse_sum_like(ones, (3, 1)), tu.collapse_sum_like(ones, (2, 3, 4)), tu.collapse_sum_like(ones, (1, 3, 4))",
    "tu.assign_each(np.array([1.0, 2]), lambda x: x * 2), tu.assign_each(np.array([1.0]), None)",
    "tu.assign_each2(np.array([1.0, 2]), np.array([3.0, 4]), lambda x, y: x * y)",
    "tu.create_2d_tensor(2, 3), tu.create_2d_tensor(2, 2, dtype='float32'), tu.create_vector(3)",
    "tu.get_identity_mat(2), tu.get_identity_mat_batch(3)",
    "tu.locationError(left, right, (1, 0), ('x', 'y')), tu.locationError(left, right, (0, 1), 'xy', maxError=True)",
    "tu.gen_buckets_probs_with_ppf(lambda p: 4 * p - 2, 4)",
    "[p for p in tu.chi_square_check(uniform, [(0, .3), (.3, 1)], [.3, .7], nsamples=1000)][1:]",
    "float(tu.chi_square_check(uniform, [(0, .3), (.3, 1)], [.3, .7], nsamples=1000)[0])",
    "[float(p) for p in tu.verify_generator(integers, [0, 1, 2], [1 / 3] * 3, 999, 3)]",
    "[bool(tu.mean_check(normal, mu, 1, 400)) for mu in (-.2, -.1, 0, .1, .2)]",
    "[bool(tu.var_check(normal, s, 400)) for s in (.8, .9, 1, 1.1, 1.2)]",
    "[tu.same_symbol_structure(x + 1, other) for other in (y + 1, y * 1, x + y, y - 1)]",
    "tu.simple_forward(x * y, x=left, y=right), tu.simple_forward(mx.sym.Group([x * y, x - y]), x=left, y=right)",
    "tu.has_tvm_ops(), tu.is_op_runnable(), tu.is_cd_run(), tu.is_aarch64_run(), tu.default_context() == mx.cpu()",
    "tu.numeric_grad((x * y).bind(mx.cpu(), args), {'x': left, 'y': right}, eps=2**-9)",
    "tu.check_symbolic_forward(x * y, [left, right], [left * right])[0]",
    "tu.check_symbolic_forward(x * y, {'x': left, 'y': right}, [left * right], dtype=np.float64)[0]",
    "tu.check_symbolic_backward(x * y, [left, right], [left], [left * right, left * left])",
    "tu.check_symbolic_backward(x * y, [left, right], [nd.array(left)], {'x': left * right}, grad_req='add')",
    "tu.check_symbolic_backward(x * y, [left, right], [left], [left * right, left], grad_req=['write', 'null'])",
    "tu.check_symbolic_backward(mx.sym.MakeLoss(x * y), [left, right], None, {'x': right, 'y': left})",
    "sorted((name, value.dtype.__name__) for name, value in tu.check_consistency(dense, entries).items())",
    "sorted(tu.check_consistency(dense, entries, scale=2, use_uniform=True, grad_req='null'))",
    "sorted(tu.check_consistency(mx.sym.BatchNorm(x, name='bn', fix_gamma=False), entries))",
    "tu.check_speed(x * y, N=2, x=(2, 3), y=(2, 3)) > 0",
    "tu.check_speed(x * y, {'x': left, 'y': right}, N=2, typ='forward') > 0",
    "[each.next().data[0] for each in [tu.DummyIter(batches)] for _ in range(3)]",
    "[(each.batch_size, str(each.provide_data)) for each in [tu.DummyIter(batches)]]",
]  # fmt: skip

PASSES = [
    "tu.assert_almost_equal_ignore_nan(np.array([1, np.nan]), np.array([1.0, 2]))",
    "tu.assert_almost_equal_ignore_nan(np.array([1, np.nan]), np.array([2.0, 2]))",
    "tu.assert_almost_equal_with_err(np.array([1, 2.0]), np.array([1, 3.0]), etol=0.5)",
    "tu.assert_almost_equal_with_err(np.array([1, 2.0]), np.array([1, 3.0]), etol=0.4)",
    "tu.assert_almost_equal_with_err(np.array([1, 2.0]), np.array([1, 3.0]))",
    "tu.assert_almost_equal(np.array([1, 2.0]), np.array([1, 2.1]), atol={np.dtype('float64'): 0.2})",
    "tu.assert_allclose(np.ones(2), np.ones(2) + 1e-8)", "tu.assert_allclose(np.ones(2), np.ones(2) + 1e-6)",
    "tu.assert_allclose(np.array([np.nan]), np.array([np.nan]))",
    "tu.assert_exception(lambda: 1 / 0, ZeroDivisionError)", "tu.assert_exception(lambda: 1, ZeroDivisionError)",
    "tu.assert_exception(lambda x: {}[x], KeyError, 3)", "tu.checkShapes(np.zeros(2), np.zeros(2))",
    "tu.checkShapes(np.zeros(2), np.zeros(3))", "tu.collapse_sum_like(ones, (2,))",
    "tu.collapse_sum_like(ones, (1,) * 4)",
    "tu.compare_ndarray_tuple((nd.ones(2), (nd.ones(2), None)), (nd.ones(2), (nd.ones(2), None)))",
    "tu.compare_ndarray_tuple((nd.ones(2), (nd.ones(2), None)), (nd.ones(2), (nd.zeros(2), None)))",
    "tu.rand_ndarray((2,), 'other')", "tu.retry(0)", "tu.gen_buckets_probs_with_ppf(lambda p: p, 0)",
    "tu.chi_square_check(lambda n: np.zeros(n), [0.1], [0.5, 0.5], nsamples=10)",
    "tu.verify_generator(uniform, [(0, 0.5), (0.5, 1)], [0.1, 0.9], nsamples=1000)",
    "tu.check_symbolic_forward(x * y, [left, right], [left * right * 1.01])",
    "tu.check_symbolic_forward(x * y, {'x': left}, [left])", "tu.check_symbolic_forward(x * y, [left], [left])",
    "tu.check_symbolic_forward(x * y, {'x': left, 'y': left, 'z': left}, [left])",
    "tu.check_symbolic_forward(x * y, [left, right], [left * right], dtype='int32')",
    "tu.check_symbolic_backward(x * y, [left, right], [left], [left * right * 1.01, left * left])",
    "tu.check_symbolic_backward(x * y, [left, right], left, [left * right, left * left])",
    "tu.check_numeric_gradient(x * y, [left, right])",
    "tu.check_numeric_gradient(mx.sym.BlockGrad(x) * y, [left, right])",
    "tu.check_numeric_gradient(mx.sym.BlockGrad(x) * y, [left, right], grad_nodes=['y'])",
    "tu.check_numeric_gradient(x * y, [left, right], grad_nodes={'x': 'add', 'y': 'null'})",
    "tu.check_numeric_gradient(x * y, [left, right], dtype=np.float64, numeric_eps=1e-4, rtol=1e-6, atol=1e-6)",
    "tu.check_numeric_gradient(x * y, [left, right], grad_nodes='x')",
    "tu.check_numeric_gradient(x * y, [left, right], dtype='int32')",
    "tu.check_numeric_gradient(norm, [left, left[0], right[0]], [left[0]] * 2, numeric_eps=.01, rtol=.1, atol=.1)",
    "tu.check_numeric_gradient(norm, [left, left[0], right[0]], {'bn_moving_mean': left[0]})",
    "tu.check_consistency(dense, entries[:1])",
    "tu.check_consistency([mx.sym.relu(x, name='a'), mx.sym.relu(x, name='b')], [dict(ctx=mx.cpu(), x=(2,))] * 2)",
    "tu.check_consistency([mx.sym.relu(x, name='a'), mx.sym.tanh(x, name='a')], [dict(ctx=mx.cpu(), x=(2,))] * 2)",
    "tu.check_speed(x * y, N=2, x=(2, 3), y=(2, 3), typ='other')",
    "tu.compare_optimizer(mx.optimizer.SGD(momentum=0.9), mx.optimizer.SGD(momentum=0.9), (3, 4), 'float32')",
    "tu.compare_optimizer(mx.optimizer.SGD(), mx.optimizer.SGD(learning_rate=0.5), (3, 4), 'float32')",
    "tu.compare_optimizer(mx.optimizer.Adam(), mx.optimizer.Adam(beta1=0.5), (3,), 'float32', rtol=1, atol=1)",
    "tu.compare_optimizer(mx.optimizer.SGD(), mx.optimizer.SGD(), [(3, 4), (2,)], 'float32', ntensors=2)",
]  # fmt: skip


def computed(mx, code, seed):
    import numpy as np

    np.random.seed(seed)
    left, right = np.array([[1.0, 2, 3], [4, 5, 7]]), np.array([[3.0, 1, 2], [6, 4, 5]])
    x, y = mx.sym.var("x"), mx.sym.var("y")
    names = {
        "mx": mx, "nd": mx.nd, "np": np, "tu": mx.test_utils,
        "types": ["float16", "float32", "float64", "int8", "bool"],
        "ones": np.ones((2, 3, 4)), "left": left, "right": right, "x": x, "y": y,
        "args": {"x": mx.nd.array(left), "y": mx.nd.array(right)},
        "norm": mx.sym.BatchNorm(x, name="bn", fix_gamma=False),
        "dense": mx.sym.FullyConnected(x, num_hidden=2, name="fc"),
        "entries": [{"ctx": mx.cpu(), "x": (2, 3), "type_dict": {"x": kind}} for kind in ("float64", "float32")],
        "uniform": lambda n: np.random.uniform(size=n), "normal": lambda n: np.random.normal(size=n),
        "integers": lambda n: mx.nd.array(np.random.randint(0, 3, n)),
        "batches": mx.io.NDArrayIter(mx.nd.ones((4, 2)), mx.nd.ones(4), 2),
    }  # fmt: skip
    return eval(code, names)


def passed(mx, code):
    try:
        computed(mx, code, 3)
    except Exception as error:
        return class_of(error)
    return "passed"


@pytest.mark.parametrize("code", VALUES)
def test_values(oracle, code):
    assert_same(*succeeded(oracle.both(computed, code, 5)), rtol=1e-5)


@pytest.mark.parametrize("code", PASSES)
def test_what_passes(oracle, code):
    assert_same(*succeeded(oracle.both(passed, code)))


def test_both_outcomes_are_there():
    outcomes = [passed(mx, code) for code in PASSES]
    assert outcomes.count("passed") > 10 and outcomes.count("AssertionError") > 15 and "ValueError" in outcomes


def test_random_matrices():
    np.random.seed(1)
    tu = mx.test_utils
    for make in (tu.new_matrix_with_real_eigvals_2d, tu.new_sym_matrix_with_real_eigvals_2d):
        values = np.linalg.eigvals(make(5))
        assert np.isreal(values).all() and np.diff(np.sort(values.real)).min() > 0.4
    square = tu.new_orthonormal_matrix_2d(4)
    assert np.allclose(square @ square.T, np.identity(4))
    found = tu.new_sym_matrix_with_real_eigvals_nd((2, 3, 3))
    assert found.shape == (2, 3, 3) and np.allclose(found, found.transpose(0, 2, 1))
    assert not np.allclose(found[0], found[1])
    assert tu.new_matrix_with_real_eigvals_nd((3, 1, 2, 2)).shape == (3, 1, 2, 2)


def test_arrays_that_share_memory():
    x = mx.nd.arange(4)
    assert mx.test_utils.same_array(x, x.reshape((4,))) and mx.test_utils.same_array(x[1:3], x[1:3])
    assert not mx.test_utils.same_array(x, x.copy()) and not mx.test_utils.same_array(x[:2], x[2:])


def _drawn(mx, code):
    import numpy

    numpy.random.seed(3)
    found = eval(f"mx.test_utils.{code}", {"mx": mx})
    found = found[0] if isinstance(found, tuple) else found
    return found.stype, found, found.dtype.__name__


@pytest.mark.parametrize(
    "code",
    [
        "rand_ndarray((4, 3), 'csr')", "rand_ndarray((4, 3), 'row_sparse', density=0.7)",
        "rand_sparse_ndarray((4, 3), 'csr', density=0.5)", "rand_sparse_ndarray((4, 3), 'row_sparse', dtype='float64')",
        "rand_sparse_ndarray((4, 3), 'row_sparse', density=0)", "rand_sparse_ndarray((4, 3), 'coo')",
        "create_sparse_array((4, 3), 'row_sparse', data_init=0.5, rsp_indices=[2, 1])",
        "create_sparse_array((4, 3), 'csr', data_init=0.5, density=0.3)", "create_sparse_array_zd((4, 3), 'csr', 0.0)",
        "rand_sparse_ndarray((4, 3), 'row_sparse', density=0.9, modifier_func=lambda x: x + 1)",
    ],
)  # fmt: skip
def test_sparse_arrays_are_drawn_as_mxnets(oracle, code):
    assert_same(*oracle.both(_drawn, code))


def test_sparse_gradients_are_refused():
    with pytest.raises(MXNetError, match="must be 'default', which is dense; received 'csr'"):
        mx.test_utils.compare_optimizer(mx.optimizer.SGD(), mx.optimizer.SGD(), (2,), "float32", g_stype="csr")
    with pytest.raises(MXNetError, match="the gradient of x must be 'default'"):
        mx.test_utils.check_numeric_gradient(mx.sym.relu(mx.sym.var("x")), [np.ones(2)], grad_stype_dict={"x": "csr"})


def surrounded(mx):
    import os

    tu, seen = mx.test_utils, []
    os.environ["GLUEBALL_TEST_B"] = "before"
    with tu.environment("GLUEBALL_TEST_A", "1"):
        seen.append(tu.getenv("GLUEBALL_TEST_A"))
        try:
            with tu.environment({"GLUEBALL_TEST_A": None, "GLUEBALL_TEST_B": "2"}):
                seen.append((tu.getenv("GLUEBALL_TEST_A"), tu.getenv("GLUEBALL_TEST_B")))
                raise KeyError
        except KeyError:
            seen.append((tu.getenv("GLUEBALL_TEST_A"), tu.getenv("GLUEBALL_TEST_B")))
    seen.append(tu.getenv("GLUEBALL_TEST_A"))
    tries = []

    @tu.retry(3)
    def flaky(last, error):
        tries.append(1)
        if len(tries) < last:
            raise error

    flaky(3, AssertionError)
    seen.append(len(tries))
    for last, error in ((9, AssertionError), (9, KeyError)):
        tries.clear()
        try:
            flaky(last, error)
        except (AssertionError, KeyError) as raised:
            seen.append((len(tries), type(raised).__name__))
    before = tu.default_context()
    tu.set_default_context(mx.cpu(1))
    seen.append((str(mx.nd.ones(1).context), str(tu.default_context()), str(mx.current_context())))
    tu.set_default_context(before)
    return seen


def test_surroundings(oracle):
    assert_same(*succeeded(oracle.both(surrounded)))


def test_what_surroundings_cannot_be():
    for given in ((), ("A",), ("A", "1", "2")):
        with pytest.raises(AssertionError, match="a name and a value, or with a dict"):
            mx.test_utils.environment(*given)
    with pytest.raises(MXNetError, match="ctx must be a Context; received 'cpu'"):
        mx.test_utils.set_default_context("cpu")


def test_standard_error_is_thrown_away(capfd):
    with mx.test_utils.discard_stderr():
        os.write(2, b"nobody")
    os.write(2, b"somebody")
    assert capfd.readouterr().err == "somebody"


@pytest.mark.parametrize("test_grad", [True, False])
def test_hybridized_or_not(test_grad):
    class Two(mx.gluon.nn.HybridSequential):
        def __init__(self, prefix):
            super().__init__(prefix=prefix)
            self.add(mx.gluon.nn.Dense(3, activation="tanh"), mx.gluon.nn.Dense(2))

    x = mx.nd.random.uniform(shape=(4, 5))
    mx.test_utils.check_gluon_hybridize_consistency(Two, [x], test_grad=test_grad)
    double = lambda prefix: mx.gluon.nn.HybridLambda(lambda F, x: x * 2, prefix=prefix)  # noqa: E731
    mx.test_utils.check_gluon_hybridize_consistency(double, [x], lambda x: 2 * x, test_grad)
    with pytest.raises(AssertionError, match="must be equal within"):
        mx.test_utils.check_gluon_hybridize_consistency(double, [x], lambda x: 3 * x, test_grad)


def test_what_differs_is_printed(capsys):
    graphs = [mx.sym.relu(mx.sym.var("x"), name="a"), mx.sym.tanh(mx.sym.var("x"), name="a")]
    mx.test_utils.check_consistency(graphs, [{"ctx": mx.cpu(), "x": (2,)}] * 2, raise_on_err=False)
    assert "Predict: a_output of entry 1 differs" in capsys.readouterr().out


def test_archives(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "there.zip", "w") as archive:
        archive.writestr("inside.txt", "here")
    (tmp_path / "there.bz2").write_bytes(bz2.compress(b"here"))
    folder = str(tmp_path)

    def copied(url, fname, dirname):
        (tmp_path / fname).write_bytes((tmp_path / url).read_bytes())

    monkeypatch.setattr("glueball.test_utils.fetch.download", copied)
    mx.test_utils.get_zip_data(folder, "there.zip", "again.zip")
    assert (tmp_path / "inside.txt").read_text() == "here"
    mx.test_utils.get_bz2_data(folder, "plain", "there.bz2", "again.bz2")
    assert (tmp_path / "plain").read_bytes() == b"here" and not (tmp_path / "again.bz2").exists()
    mx.test_utils.get_zip_data(folder, "nowhere", "again.zip")
    mx.test_utils.get_bz2_data(folder, "plain", "nowhere", "x")
    with pytest.raises(MXNetError, match="must be a zip archive"):
        mx.test_utils.get_zip_data(folder, "there.bz2", "bad.zip")
    with pytest.raises(MXNetError, match="must be a file of bzip2"):
        mx.test_utils.get_bz2_data(folder, "bad", "there.zip", "bad.bz2")
    assert not (tmp_path / "bad").exists()


def test_data_sets_are_not_downloaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MXNetError, match=r"get_cifar10: the file data.cifar.train.rec must exist"):
        mx.test_utils.get_cifar10()
    with pytest.raises(MXNetError, match=r"get_mnist_pkl: the file data.mnist.pkl.gz must exist"):
        mx.test_utils.get_mnist_pkl()
    (tmp_path / "data" / "cifar").mkdir(parents=True)
    for name in ("mnist.pkl.gz", "cifar/train.rec", "cifar/test.rec", "cifar/train.lst", "cifar/test.lst"):
        (tmp_path / "data" / name).touch()
    assert mx.test_utils.get_cifar10() is None and mx.test_utils.get_mnist_pkl() is None


@pytest.mark.parametrize("count", [0, 2**31, 10**30])
def test_numbers_of_buckets(count):
    with pytest.raises(mx.MXNetError, match=f"nbuckets must be from 1 to {2**28}; received {count}"):
        mx.test_utils.gen_buckets_probs_with_ppf(lambda p: p, count)

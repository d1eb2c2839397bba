"""Arrays of ``mx.np`` in files: the bytes of MXNet, both ways; what is refused; MXNet's modules of ``mx.np``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def written(mx: Any, folder: str, name: str) -> list[bytes]:
    """The bytes of files that npx.save writes."""
    np, results = mx.np, []
    with mx.util.np_shape(True), mx.util.np_array(True):
        x = np.array([[1, 2], [3, 4]])
        for number, data in enumerate(
            [x, [x, np.array(2.5)], {"w": x, "s": np.array(3)}, np.zeros((0, 2)), x > 2, [np.array([1], dtype="int64")]]
        ):
            path = f"{folder}/{name}-{number}"
            mx.npx.save(path, data)
            with open(path, "rb") as file:
                results.append(file.read())
    return results


def read(mx: Any, folder: str, name: str) -> list[Any]:
    """What npx.load reads from those files."""
    results = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for number in range(6):
            found = mx.npx.load(f"{folder}/{name}-{number}")
            arrays = found if isinstance(found, list) else list(found.values())
            results.append([type(arrays[0]).__name__, list(found) if isinstance(found, dict) else [], arrays])
    return results


def test_files_both_ways(oracle: Oracle, tmp_path: Path) -> None:
    ours, theirs = written(mx, str(tmp_path), "ours"), oracle.run(written, str(tmp_path), "theirs")
    assert ours == theirs
    assert_same(oracle.run(read, str(tmp_path), "ours"), read_here(tmp_path, "theirs"), about="what each reads")


def read_here(tmp_path: Path, name: str) -> Any:
    return [[kind, names, [each.asnumpy() for each in arrays]] for kind, names, arrays in read(mx, str(tmp_path), name)]


def test_parameters_have_the_version_that_mxnet_reads(oracle: Oracle, tmp_path: Path) -> None:
    path = str(tmp_path / "net.params")
    with mx.util.np_shape(True), mx.util.np_array(True):
        net = mx.gluon.nn.Dense(2, in_units=3)
        net.initialize()
        net.save_parameters(path)

    def loaded(mx: Any, path: str) -> Any:
        with mx.util.np_shape(True), mx.util.np_array(True):
            net = mx.gluon.nn.Dense(2, in_units=3)
            net.load_parameters(path)
            return net.weight.data().asnumpy()

    assert (oracle.run(loaded, path) == net.weight.data().asnumpy()).all()


@pytest.mark.parametrize(
    ("data", "kind"),
    [("(x, x)", ValueError), ("mx.nd.ones((2,))", ValueError), ("[x, 3]", TypeError), ("{'w': 3}", TypeError)],
)
def test_what_save_refuses(tmp_path: Path, data: str, kind: type[Exception]) -> None:
    x = mx.np.array([1])
    with pytest.raises(kind, match=r"npx\.save: arr must"):
        mx.npx.save(str(tmp_path / "x"), eval(data, {"mx": mx, "x": x}))


def test_what_load_refuses() -> None:
    with pytest.raises(TypeError, match=r"npx\.load: file must be a path; received 3"):
        mx.npx.load(3)
    with pytest.raises(mx.MXNetError):
        mx.npx.load("/no/such/file")


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("numpy.multiarray", ["ndarray", "array", "exp", "from_numpy"]), ("numpy.linalg", ["norm", "qr"]),
        ("numpy.random", ["uniform"]), ("numpy.fallback", ["interp", "nansum"]), ("numpy.fallback_linalg", ["qr"]),
        ("numpy.utils", ["pi", "_STR_2_DTYPE_"]), ("numpy.stride_tricks", ["broadcast_arrays"]),
        ("numpy.io", ["genfromtxt"]), ("numpy.function_base", ["meshgrid"]), ("numpy.arrayprint", ["set_printoptions"]),
        ("numpy_extension.random", ["bernoulli", "seed"]), ("numpy_extension.image", ["to_tensor", "imresize"]),
        ("numpy_extension.utils", ["save", "load"]), ("ndarray.numpy.linalg", ["norm"]),
        ("ndarray.numpy.random", ["uniform"]), ("ndarray.numpy_extension.random", ["bernoulli"]),
        ("symbol.numpy.random", ["uniform"]), ("symbol.numpy.linalg", ["svd"]),
        ("symbol.numpy_extension.image", ["to_tensor"]),
    ],
)  # fmt: skip
def test_modules_that_programs_import(module: str, names: list[str]) -> None:
    found = importlib.import_module(f"glueball.{module}")
    assert [name for name in names if not hasattr(found, name)] == []
    with pytest.raises(AttributeError):
        found.no_such_name  # noqa: B018


def test_dtypes_by_name(oracle: Oracle) -> None:
    def names(mx: Any) -> Any:
        found = mx.np.utils._STR_2_DTYPE_
        return {name: getattr(kind, "__name__", None) for name, kind in found.items()}

    ours, theirs = [each.get() for each in oracle.both(names)]
    one_type = {"bool_", "bool"}  # NumPy has given its own bool that name
    assert ours.keys() == theirs.keys()
    assert {name: kind for name, kind in ours.items() if kind not in one_type} == {
        name: kind for name, kind in theirs.items() if kind not in one_type
    }


def test_public_names(oracle: Oracle) -> None:
    """Everything public of MXNet's modules is there, but for what they import for their own use."""

    def names(mx: Any) -> Any:
        modules = {
            "np": mx.np, "npx": mx.npx, "np.linalg": mx.np.linalg, "np.random": mx.np.random,
            "npx.random": mx.npx.random, "npx.image": mx.npx.image, "sym.np": mx.sym.np, "sym.npx": mx.sym.npx,
            "nd.np": mx.nd.np, "nd.npx": mx.nd.npx, "sym.np.linalg": mx.sym.np.linalg,
            "sym.np.random": mx.sym.np.random, "nd.np.random": mx.nd.np.random, "nd.np.linalg": mx.nd.np.linalg,
        }  # fmt: skip
        return {name: sorted(each for each in dir(module) if each[0] != "_") for name, module in modules.items()}

    own_use = {
        "check_call", "with_metaclass", "ctypes", "threading", "warnings", "Number", "cv2", "io", "is_np_array",
        "json", "logging", "nd", "np", "numeric_types", "os", "random", "recordio", "sys", "current_context", "NDArray",
    }  # fmt: skip
    own_use |= {"empty_like", "resize", "unravel_index"}  # of symbols, MXNet has them as operators written in Python
    ours, theirs = [each.get() for each in oracle.both(names)]
    missing = {path: sorted({*found} - {*ours[path]} - own_use) for path, found in theirs.items()}
    assert {path: found for path, found in missing.items() if found} == {}

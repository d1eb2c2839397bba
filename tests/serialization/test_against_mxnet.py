"""Files cross between here and real MXNet 1.9.1, in both directions."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from glueball.core.errors import MXNetError
from glueball.serialization import dump_params, read_params, write_params
from tests.serialization import files

NUMPY_DTYPES = ["float32", "float64", "float16", "uint8", "int32", "int8", "int64", "bool"]
SHAPES = [(1,), (3,), (2, 3), (1, 2, 3, 4), (2, 1, 1, 1, 1, 2)]


def values():
    generator = np.random.default_rng(0)
    return {
        f"{dtype}_{'x'.join(map(str, shape))}": (generator.random(shape) * 5).astype(dtype)
        for dtype in NUMPY_DTYPES
        for shape in SHAPES
    }


def bits(tensor):
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes()


def test_mxnet_reads_ours(oracle, tmp_path):
    path = str(tmp_path / "ours.params")
    expected = values()
    write_params(path, {name: torch.from_numpy(value) for name, value in expected.items()})
    theirs = oracle.run("return nd.load(path)", path=path)
    assert list(theirs) == list(expected)
    for name, value in expected.items():
        assert theirs[name].shape == value.shape
        assert theirs[name].dtype == value.dtype
        np.testing.assert_array_equal(theirs[name], value)


def test_we_read_mxnets_and_write_the_same_bytes(oracle, tmp_path):
    path = str(tmp_path / "theirs.params")
    source = """
        nd.save(path, {name: nd.array(value, dtype=value.dtype) for name, value in values.items()})
        return None
    """
    oracle.run(source, path=path, values=values())
    loaded = read_params(path)
    assert list(loaded) == list(values())
    for name, value in values().items():
        assert loaded[name].shape == value.shape
        assert loaded[name].numpy().dtype == value.dtype
        np.testing.assert_array_equal(loaded[name].numpy(), value)
    again = tmp_path / "again.params"
    write_params(again, loaded)
    assert again.read_bytes() == (tmp_path / "theirs.params").read_bytes()


def test_lists_empty_files_and_contexts(oracle, tmp_path):
    path = str(tmp_path / "f.params")
    write_params(path, [torch.arange(3.0), torch.ones(1)])
    assert [value.tolist() for value in oracle.run("return nd.load(path)", path=path)] == [[0, 1, 2], [1]]
    write_params(path, {})
    assert oracle.run("return nd.load(path)", path=path) == []
    oracle.run("nd.save(path, [nd.array([2.0], ctx=mx.cpu(1))])", path=path)
    with open(tmp_path / "ours.params", "wb") as file:
        dump_params(file, [torch.tensor([2.0])], contexts=[(1, 1)])
    assert (tmp_path / "ours.params").read_bytes() == (tmp_path / "f.params").read_bytes()


def test_bfloat16_both_ways(oracle, tmp_path):
    ours, theirs = str(tmp_path / "ours.params"), str(tmp_path / "theirs.params")
    tensor = torch.tensor([1.5, -2, float("inf")], dtype=torch.bfloat16)
    write_params(ours, [tensor])
    source = "a = nd.load(ours); nd.save(theirs, a); return nd.amp_cast(a[0], dtype='float32')"
    np.testing.assert_array_equal(oracle.run(source, ours=ours, theirs=theirs), [1.5, -2, np.inf])
    (back,) = read_params(theirs)
    assert back.dtype == torch.bfloat16
    assert bits(back) == bits(tensor)


def test_zero_size_arrays_are_read_in_the_default_mode(oracle, tmp_path):
    path = str(tmp_path / "f.params")
    write_params(path, [torch.empty(0, 3), torch.ones(1)])
    assert [value.shape for value in oracle.run("return nd.load(path)", path=path)] == [(0, 3), (1,)]


def test_scalars_both_ways_within_np_shape(oracle, tmp_path):
    ours, theirs = str(tmp_path / "ours.params"), str(tmp_path / "theirs.params")
    write_params(ours, [torch.tensor(4.0), torch.empty(0, 2), torch.ones(2)])
    source = """
        with mx.util.np_shape(True):
            values = nd.load(ours)
            nd.save(theirs, values)
            return [value.asnumpy() for value in values]
    """
    assert [value.shape for value in oracle.run(source, ours=ours, theirs=theirs)] == [(), (0, 2), (2,)]
    assert (tmp_path / "theirs.params").read_bytes() == (tmp_path / "ours.params").read_bytes()


@pytest.mark.parametrize("version", [None, files.V1])
@pytest.mark.parametrize("shape", [(), (2,), (2, 3), (0, 2)])
def test_old_layouts_mean_the_same_to_mxnet(oracle, tmp_path, version, shape):
    data = np.arange(np.prod(shape, dtype=int), dtype="float32")
    path = tmp_path / "old.params"
    path.write_bytes(files.listing([files.record(shape, 0, data.tobytes(), version=version)], [b"a"]))
    theirs = oracle.run("return nd.load(path)", path=str(path))["a"]
    ours = read_params(path)["a"].numpy()
    assert ours.shape == theirs.shape == shape
    np.testing.assert_array_equal(ours, theirs)


# What MXNet refuses, we refuse too.
BAD = {
    "magic": files.listing([files.record((1,), 0, bytes(4))], magic=0x113),
    "names": files.listing([files.record((1,), 0, bytes(4))] * 2, [b"a"]),
    "flag 8": files.listing([files.record((1,), 8, bytes(4))]),
    "flag 11": files.listing([files.record((1,), 11, bytes(8))]),
    "storage": files.listing([files.record((1,), 0, bytes(4), storage=9)]),
    "negative": files.listing([files.record((-2,), 0, bytes(4))]),
    "version": files.listing([files.record((1,), 0, bytes(4), version=0xF993FACB)]),
    "cut": files.listing([files.record((1,), 0, bytes(4))])[:-8],
    "empty": b"",
}


@pytest.mark.parametrize("case", BAD)
def test_what_mxnet_refuses_we_refuse(oracle, tmp_path, case):
    path = tmp_path / "bad.params"
    path.write_bytes(BAD[case])
    theirs = oracle.theirs("return nd.load(path)", path=str(path))
    assert theirs.class_name == "MXNetError"
    with pytest.raises(MXNetError):
        read_params(path)

"""gluon.utils: splitting, clipping, hook handles, downloads from a local server."""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
import http.server
import pickle
import threading
from collections import OrderedDict

import numpy as np
import pytest

import glueball as mx
from glueball.gluon import utils
from tests.comparison import assert_same

# --- splitting ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["nd.arange(24).reshape", "np.arange(24.0).reshape"])
@pytest.mark.parametrize("slices", [1, 2, 3, 4, 5, 8])
@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("even", [True, False])
def test_split_data(oracle, kind, slices, axis, even):
    if axis and (kind.startswith("np") or slices > 4):  # MXNet accepts no NumPy array there, and makes no empty part
        data = np.arange(24, dtype="float32").reshape(6, 4)
        given = data if kind.startswith("np") else mx.nd.array(data)
        parts = utils.split_data(given, slices, axis, even_split=False)
        found = [part if isinstance(part, np.ndarray) else part.asnumpy() for part in parts]
        assert_same(found, np.array_split(data, slices, axis))
        return
    code = f"gluon.utils.split_data({kind}((6, 4)), slices, axis, even_split=even)"
    assert_same(*oracle.both(code, slices=slices, axis=axis, even=even))


def test_parts_along_the_first_axis_are_views(oracle):
    code = """
        x = nd.ones((4, 2))
        gluon.utils.split_data(x, 2)[0][:] = 5
        gluon.utils.split_data(x, 2, batch_axis=1)[0][:] = 7
        return x
    """
    assert_same(*oracle.both(code))


def test_split_data_refuses_what_cannot_be_cut(oracle):
    for arguments in ("2, batch_axis=3", "2, batch_axis=1.0", "0"):
        assert_same(*oracle.both(f"gluon.utils.split_data(nd.ones((6, 4)), {arguments})"))
    with pytest.raises(IndexError, match=r"batch_axis must be an axis of shape \(6, 4\); received 3"):
        utils.split_data(mx.nd.ones((6, 4)), 2, batch_axis=3)
    with pytest.raises(ValueError, match=r"axis 0 of shape \(5, 4\) must be a multiple .*num_slice=2; .*even_split"):
        utils.split_data(mx.nd.ones((5, 4)), 2)
    with pytest.raises(mx.MXNetError, match="num_slice must be a positive int; received 0"):
        utils.split_data(mx.nd.ones((6, 4)), 0)


@pytest.mark.parametrize(
    "data", ["nd.arange(4).reshape((4, 1))", "np.arange(4.0).reshape(4, 1)", "[[1], [2], [3], [4]]",
             "nd.ones((4, 2), dtype='int32')"],
)  # fmt: skip
@pytest.mark.parametrize("devices", [[0], [1], [0, 1], [1, 0], [0, 1, 2]])
@pytest.mark.parametrize("even", [True, False])
def test_split_and_load(oracle, data, devices, even):
    code = f"""
        parts = gluon.utils.split_and_load({data}, [mx.cpu(device) for device in devices], even_split=even)
        return parts, [str(part.context) for part in parts]
    """
    assert_same(*oracle.both(code, devices=devices, even=even))


def test_split_and_load_on_one_context_returns_the_array_itself():
    data = mx.nd.ones((3,))
    assert utils.split_and_load(data, [mx.cpu()])[0] is data
    for wrong in (mx.cpu(), []):
        with pytest.raises(TypeError, match="ctx_list must be a list of one or more contexts; received"):
            utils.split_and_load(data, wrong)


def test_gradients_flow_through_the_parts():
    data = mx.nd.ones((4, 2))
    data.attach_grad()
    with mx.autograd.record():
        parts = utils.split_and_load(data, [mx.cpu(0), mx.cpu(1)], batch_axis=1)
        loss = parts[0].sum() * 2 + (parts[1] * 3).sum().as_in_context(mx.cpu(0))
    loss.backward()
    assert data.grad.asnumpy().tolist() == [[2, 3]] * 4


# --- clipping -----------------------------------------------------------------------------------------------


def clipped(mx, arrays, limit, check):
    import warnings

    arrays = [mx.nd.array(array, ctx=mx.cpu(number % 2)) for number, array in enumerate(arrays)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        norm = mx.gluon.utils.clip_global_norm(arrays, limit, check)
    return norm, arrays, [warning.category.__name__ for warning in caught]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "arrays",
    [
        [np.ones(3), np.full((2, 2), 2.0)],
        [np.ones(3) * 1e-3],
        [np.full((2, 3), 1e10)],
        [np.ones(3), [float("nan")]],
        [np.ones(3), [float("inf"), 1]],
        [np.zeros(3)],
    ],
    ids=["large", "small", "huge", "nan", "inf", "zero"],
)
def test_clip_global_norm(oracle, arrays, check):
    assert_same(*oracle.both(clipped, arrays, 1.5, check))


def test_types_can_be_mixed():
    arrays = [mx.nd.full((2,), 3, dtype="float16"), mx.nd.full((2,), 4, dtype="float64")]
    assert utils.clip_global_norm(arrays, 1) == pytest.approx(50**0.5)
    assert [array.dtype for array in arrays] == [np.float16, np.float64]
    assert np.linalg.norm(np.concatenate([array.asnumpy() for array in arrays])) == pytest.approx(1, rel=1e-3)


def test_no_arrays_and_recorded_ones_are_refused(oracle):
    assert_same(*oracle.both("gluon.utils.clip_global_norm([], 1)"))
    code = """
        x = nd.ones((2,))
        x.attach_grad()
        with autograd.record():
            y = x * 2
            gluon.utils.clip_global_norm([y], 1)
    """
    assert_same(*oracle.both(code))


# --- handles of hooks ---------------------------------------------------------------------------------------


def hooked(mx):
    calls = []

    def hook(*arguments):
        calls.append(len(arguments))

    layer = mx.gluon.nn.Activation("relu")
    first, second = layer.register_forward_hook(hook), layer.register_forward_hook(hook)
    with layer.register_forward_pre_hook(hook) as third:
        layer(mx.nd.ones((1,)))
    layer(mx.nd.ones((1,)))
    first.detach()
    layer(mx.nd.ones((1,)))
    second.detach()
    third.detach()
    return calls


def test_hooks_of_a_block(oracle):
    assert_same(*oracle.both(hooked))


def test_a_handle_is_attached_once_and_detached_as_often_as_one_likes():
    hooks, handle = OrderedDict(other=1), utils.HookHandle()
    with pytest.raises(TypeError, match="the handle must have been attached; call attach"):
        handle.detach()
    handle.attach(hooks, print)
    with pytest.raises(mx.MXNetError, match="a handle can be attached only once"):
        handle.attach(hooks, print)
    for _ in range(2):
        handle.detach()
        assert hooks == {"other": 1}


def test_a_handle_keeps_nothing_alive_and_is_pickled_with_its_hooks():
    hooks, handle = OrderedDict(), utils.HookHandle()
    handle.attach(hooks, print)
    for again, other in (pickle.loads(pickle.dumps((hooks, handle))), copy.deepcopy((hooks, handle))):
        assert list(again.values()) == [print]
        other.detach()
        assert not again
    del hooks, again
    gc.collect()
    handle.detach()
    pickle.loads(pickle.dumps(handle)).detach()


# --- shapes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [None, (), (0,), (1, 0), (2, 3), (-1, 2)])
def test_shape_is_known(oracle, shape):
    assert_same(*oracle.both("gluon.utils.shape_is_known(shape)", shape=shape))


# --- downloads ----------------------------------------------------------------------------------------------


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a directory; fails once for names that begin with ``flaky``, and truncates ``cut``."""

    seen: set[str] = set()  # noqa: RUF012

    def do_GET(self):
        if self.path.startswith("/flaky") and self.path not in self.seen:
            self.seen.add(self.path)
            self.send_error(503)
        elif self.path.startswith("/cut"):
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"only this")
        else:
            super().do_GET()

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    directory = tmp_path_factory.mktemp("served")
    for name in ("x.bin", "flaky.bin"):
        (directory / name).write_bytes(b"hello")
    handler = functools.partial(_Handler, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


HELLO = hashlib.sha1(b"hello").hexdigest()


def test_check_sha1(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    assert utils.check_sha1(str(path), HELLO)
    assert not utils.check_sha1(str(path), HELLO.upper())
    assert not utils.check_sha1(str(path), "")


def test_replace_file(tmp_path):
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "old").write_bytes(b"old")
    utils.replace_file(str(tmp_path / "new"), str(tmp_path / "old"))
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_bytes() == b"new"


def test_download_finds_its_place(server, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert utils.download(f"{server}/x.bin?a=/b") == "x.bin"
    assert (tmp_path / "x.bin").read_bytes() == b"hello"
    assert utils.download(f"{server}/x.bin", str(tmp_path)) == str(tmp_path / "x.bin")
    assert utils.download(f"{server}/x.bin", "a/b/c.bin") == "a/b/c.bin"
    assert (tmp_path / "a" / "b" / "c.bin").read_bytes() == b"hello"
    assert capsys.readouterr().out.count("Downloading") == 2


def test_download_keeps_a_good_file_and_fetches_a_bad_one(server, tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"mine")
    utils.download(f"{server}/x.bin", str(path))
    assert path.read_bytes() == b"mine"
    utils.download(f"{server}/x.bin", str(path), sha1_hash=HELLO)
    assert path.read_bytes() == b"hello"
    path.write_bytes(b"mine")
    utils.download(f"{server}/x.bin", str(path), overwrite=True)
    assert path.read_bytes() == b"hello"


def test_download_tries_again(server, tmp_path, capsys):
    path = str(tmp_path / "x")
    utils.download(f"{server}/flaky.bin", path, retries=1)
    assert "trying again, 1 left" in capsys.readouterr().out
    assert utils.check_sha1(path, HELLO)


@pytest.mark.parametrize(
    ("name", "digest", "rule"),
    [
        ("nope", None, "nope must be readable; HTTP Error 404"),
        ("cut", None, "the server announced 100 bytes and sent 9"),
        ("x.bin", "00", f"the SHA-1 digest must be 00; received {HELLO}"),
    ],
)
def test_a_failed_download_leaves_the_old_file(server, tmp_path, name, digest, rule):
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    with pytest.raises(mx.MXNetError, match=rule):
        utils.download(f"{server}/{name}", str(path), overwrite=True, retries=1, sha1_hash=digest)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["kept"]


def test_download_refuses_bad_arguments(server, tmp_path):
    with pytest.raises(mx.MXNetError, match=r"url must begin with http:// or https://; received 'file:///etc/hosts'"):
        utils.download("file:///etc/hosts", str(tmp_path / "x"))
    with pytest.raises(mx.MXNetError, match="retries must be 0 or more; received -1"):
        utils.download(f"{server}/x.bin", str(tmp_path / "x"), retries=-1)
    with pytest.raises(mx.MXNetError, match="url must end in a file name, or path must give one"):
        utils.download(f"{server}/")
    with pytest.warns(UserWarning, match="accepts any server's certificate"):
        utils.download(f"{server}/x.bin", str(tmp_path / "x"), verify_ssl=False)

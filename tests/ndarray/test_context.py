"""Where arrays live: cpu(0), cpu(1), a GPU that is not there, and the default."""

from __future__ import annotations

import threading

import pytest
import torch

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

AS_MXNET = """
(mx.cpu() == mx.cpu(0), mx.cpu(0) == mx.cpu(1), mx.cpu() == mx.gpu(), mx.cpu() == "cpu(0)")
hash(mx.cpu(0)) == hash(mx.Context("cpu", 0))
[repr(c) for c in (mx.cpu(), mx.cpu(3), mx.gpu(1), mx.cpu_pinned(), mx.Context(mx.cpu(2)))]
[(c.device_type, c.device_id, c.device_typeid) for c in (mx.cpu(2), mx.gpu(1), mx.cpu_pinned())]
repr(mx.current_context())
repr((nd.zeros((2,), ctx=mx.cpu(1)) + 1).context)
repr((nd.zeros((2,)) + nd.zeros((2,), ctx=mx.cpu(1))).context)
repr((nd.zeros((2,), ctx=mx.cpu(1)) + nd.zeros((2,))).context)
nd.zeros((2,), ctx=mx.cpu(1)).asnumpy()
repr(nd.zeros((1,), ctx=mx.cpu_pinned()).context)
repr(nd.zeros((1,), ctx=mx.Context("cpu_shared", 0)).context)
repr(nd.zeros((2, 2), ctx=mx.cpu(1))[0].context)
repr(nd.zeros((2, 2), ctx=mx.cpu(1)).reshape((4,)).context)
repr(nd.zeros((2, 2), ctx=mx.cpu(1)).copy().context)
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    assert_same(*oracle.both(text))


def test_default_context_as_mxnet(oracle: Oracle) -> None:
    def contexts(mx: object) -> list[str]:
        nd = mx.nd
        with mx.Context("cpu", 2):
            made = [
                nd.array([1]), nd.zeros((1,)), nd.random.uniform(shape=(1,)), nd.arange(2), nd.full((1,), 3), nd.eye(2),
                nd.array(nd.array([1], ctx=mx.cpu(1))), nd.zeros((1,), ctx=mx.cpu(1)), nd.empty((1,)),
            ]  # fmt: skip
            with mx.cpu(3):
                made.append(nd.ones((1,)))
            made.append(nd.ones((1,)))
        made.append(nd.ones((1,)))
        return [repr(array.context) for array in made]

    assert_same(*oracle.both(contexts))


@pytest.mark.parametrize("kind", ["cpu_pinned", "cpu_shared"])
def test_results_from_memory_of_the_host_are_on_its_cpu_as_mxnet(oracle: Oracle, kind: str) -> None:
    def contexts(mx: object, kind: str) -> list[str]:
        nd, memory = mx.nd, mx.Context(kind, 2)
        x, y = nd.ones((2, 3), ctx=memory), nd.ones((2, 3))
        joined = nd.concatenate([x, x])
        x.attach_grad()
        rows, same = x.tostype("csr"), mx.np.ones((2, 3), ctx=memory)
        found = [
            x * 2, x + y, y + x, x.sum(), x.T, nd.zeros_like(x), nd.concat(x, y, dim=0), nd.relu(x), x == y, x.grad,
            x[0], x.reshape((3, 2)), x.copy(), x.astype("int32"), rows, rows * 2, nd.sparse.dot(rows, x.T),
            same + 1, same[0], mx.np.mean(same), mx.np.ones_like(same),
            x[:, 0], x[:, ::-1], x[[0, 1]], x.expand_dims(0), x.expand_dims(0, inplace=True), x.flatten(), x.squeeze(),
            x.tostype("default"), joined, same[:, 0],
        ]  # fmt: skip
        x += y
        with memory:
            found += [x, nd.ones((2,)), nd.ones((2,)) * 2, nd.array([1])]
        return [repr(array.context) for array in found]

    assert_same(*oracle.both(contexts, kind))


def test_default_is_per_thread() -> None:
    seen = []
    with mx.cpu(5):
        thread = threading.Thread(target=lambda: seen.append(nd.zeros((1,)).context))
        thread.start()
        thread.join()
    assert seen == [mx.cpu(0)]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize(
    "make",
    [
        lambda gpu: nd.zeros((1,), ctx=gpu),
        lambda gpu: nd.array([1], ctx=gpu),
        lambda gpu: nd.empty((1,), ctx=gpu),
        lambda gpu: nd.zeros((1,)).as_in_context(gpu),
        lambda gpu: nd.zeros((1,)).copyto(gpu),
        lambda gpu: nd.random.uniform(ctx=gpu),
    ],
)
def test_missing_gpu(make: object) -> None:
    with pytest.raises(mx.MXNetError, match=r"gpu\(0\): the device must exist on this machine"):
        make(mx.gpu())  # type: ignore[operator]
    with mx.gpu(), pytest.raises(mx.MXNetError, match="must exist"):
        nd.zeros((1,))
    assert mx.current_context() == mx.cpu()


def test_unknown_device_type() -> None:
    with pytest.raises(mx.MXNetError, match=r"device_type must be one of .* received 'cpuu'; did you mean 'cpu'"):
        mx.Context("cpuu")

"""Arrays of mx.np: making, computing, gradients, layers, random numbers, and their methods."""

import glueball as mx
from glueball import autograd, gluon, np, npx

npx.set_np()

x: np.ndarray = np.array([[1, 2, 3], [4, 5, 6]], dtype="float32")
x.attach_grad()
with autograd.record():
    y = np.where(x > 2, x, 0).std(axis=1).sum()
    z = (npx.relu(2 * x - 3) @ x.T).mean() + np.exp(-x).sum(axis=(0, 1))
y.backward()
z.backward()
print(x.grad.shape, y.item(), z.tolist())


def normalized(a: np.ndarray, axis: int = 0) -> np.ndarray:
    return (a - a.mean(axis=axis, keepdims=True)) / np.maximum(a.std(axis=axis, keepdims=True), 1e-5)


parts = np.split(normalized(x), 3, axis=1)
print([part.shape for part in parts], np.concatenate(parts, axis=1).shape)
u, s, v = np.linalg.svd(np.dot(x, x.T))
print(u.shape, s.shape, v.shape, np.linalg.norm(x).item() > 0)
draws = np.random.normal(0, 1, size=(2, 3), ctx=mx.cpu())
draws += np.random.uniform(size=(3,))
print(draws.reshape(3, 2).transpose().astype("int32").dtype, draws[0].copy().shape, len(draws))
for row in draws:
    print(row.as_nd_ndarray().asnumpy().shape)
print(mx.nd.ones((2,)).as_np_ndarray().tolist(), np.pi > 3, np.float32(2), np.newaxis is None)
print(npx.softmax(x, axis=-1).shape, npx.one_hot(np.array([0, 1]), 3).shape, npx.cpu(), npx.num_gpus() >= 0)
net = gluon.nn.Dense(1)
net.initialize()
print(net(x).mean().item() is not None)
npx.reset_np()

"""Blocks of a user's own, annotated or not, and what calling them returns."""
# mypy: disallow-untyped-defs, disallow-untyped-calls, disallow-incomplete-defs, warn-return-any

from typing import Any

from glueball import gluon, nd, sym
from glueball.gluon import nn


class Residual(gluon.HybridBlock):
    """Without a return type of its own: an array gives an array, a symbol a symbol."""

    def __init__(self, channels: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.body = nn.HybridSequential()
            self.body.add(nn.Conv2D(channels, 3, padding=1, in_channels=channels), nn.BatchNorm(in_channels=channels))
            self.scale = self.params.get("scale", shape=(1,), init="ones")

    def hybrid_forward(self, F: Any, x: Any, scale: Any) -> Any:
        return F.relu(x + F.broadcast_mul(self.body(x), scale))


class Encoder(gluon.HybridBlock):
    """What hybrid_forward says that it returns, calling the block returns."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.dense = nn.Dense(4)

    def hybrid_forward(self, F: Any, x: Any) -> tuple[nd.NDArray, list[nd.NDArray]]:
        hidden = self.dense(x)
        return F.tanh(hidden), [hidden, x]


class Pair(gluon.Block):
    """The same for a Block, by its forward; the parameters may be annotated too."""

    def forward(self, left: nd.NDArray, right: nd.NDArray) -> dict[str, nd.NDArray]:
        return {"sum": left + right, "product": left * right}


def mean_of(block: gluon.Block, data: nd.NDArray) -> nd.NDArray:
    return block(data).mean()


def names_of(block: gluon.HybridBlock, data: sym.Symbol) -> list[str]:
    return block(data).list_arguments()


residual = Residual(2)
residual.initialize()
images = nd.ones((1, 2, 4, 4))
print(mean_of(residual, images).asscalar(), names_of(residual, sym.var("data")), residual.scale.data().shape)

encoder = Encoder()
encoder.initialize()
state, layers = encoder(nd.ones((2, 3)))
layers.append(state)
print(state.shape, len(layers), gluon.loss.L2Loss()(state, state).mean().asscalar())

both = Pair()(nd.ones((2,)), nd.ones((2,)))
print(both["sum"].asnumpy(), sorted(both))

listed: Any = nn.HybridLambda(lambda F, data: F.concat(*data, dim=0))
print(listed([images, images]).shape)

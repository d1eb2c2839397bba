"""Random networks, described by plain lists, and built from the description in either library.

A description is ``[kind, options, parts]``. The data is an image batch (2, 3, 6, 6) until the first Flatten or
Dense makes rows of it.
"""

from __future__ import annotations

from random import Random

import numpy as np

CONTAINERS = ["Sequential", "HybridSequential", "Custom", "CustomHybrid"]
INPUT_SHAPE = (2, 3, 6, 6)


def draw_network(random: Random) -> list:
    """Draw a description; some layers share the parameters of an earlier one."""
    return _Drawing(random).container(2)


class _Drawing:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.is_image = True
        self.length = 3
        self.made: list[tuple] = []

    def container(self, depth: int, hybrid: bool = False) -> list:
        kind = self.random.choice([kind for kind in CONTAINERS if "Hybrid" in kind or not hybrid])
        count = self.random.randint(0 if depth < 2 else 1, 5)
        options = {"prefix": self.prefix(), "scope": self.random.random() < 0.8}
        parts = [self.part(depth, hybrid or "Hybrid" in kind) for _ in range(count)]
        return [kind, options, parts]

    def part(self, depth: int, hybrid: bool) -> list:
        if depth and self.random.random() < 0.3:
            return self.container(depth - 1, hybrid)
        layers = [self.dense, self.dense, self.activation, self.dropout, self.norm, self.prelu, self.function]
        if not hybrid:
            layers += [self.lambda_]
        if self.is_image:
            layers += [self.conv, self.conv, self.conv, self.pool, self.flatten]
        return self.random.choice(layers)()

    def prefix(self) -> str | None:
        """Sometimes the same one twice, so that names clash."""
        return self.random.choice([None, None, None, "", "x", f"stage{self.random.randint(1, 9)}_"])

    def layer(self, kind: str, *arguments, **options) -> list:
        prefix = self.random.choice([None, None, None, None, "p", f"own{self.random.randint(1, 9)}_"])
        if prefix is not None:
            options["prefix"] = prefix
        return [kind, {"arguments": list(arguments), **options}, []]

    def weighted(self, kind: str, units: int, *arguments, **options) -> list:
        """A layer with weights, which may be shared with a compatible earlier layer."""
        if self.random.random() < 0.3:
            options["use_bias"] = False
        if self.random.random() < 0.3:
            options["activation"] = self.random.choice(["relu", "tanh", "sigmoid"])
        before = self.features() if kind == "Dense" else self.length
        key = (kind, before, units, options.get("use_bias", True), arguments)
        earlier = [number for number, made in enumerate(self.made) if made == key]
        if earlier and self.random.random() < 0.8:
            options["shared"] = self.random.choice(earlier)
        elif self.random.random() < 0.3:
            options["in_units" if kind == "Dense" else "in_channels"] = before
        self.made.append(key)
        return self.layer(kind, units, *arguments, **options)

    def features(self) -> int:
        return self.length * 36 if self.is_image else self.length

    def dense(self) -> list:
        drawn = self.weighted("Dense", self.random.choice([3, 3, 4]))
        self.is_image, self.length = False, drawn[1]["arguments"][0]
        return drawn

    def conv(self) -> list:
        drawn = self.weighted("Conv2D", self.random.choice([2, 3, 3]), 3, padding=1)
        self.length = drawn[1]["arguments"][0]
        return drawn

    def norm(self) -> list:
        options = self.random.choice([{}, {"scale": False}, {"center": False, "epsilon": 1e-3}])
        return self.layer(self.random.choice(["BatchNorm", "LayerNorm"]), **options)

    def activation(self) -> list:
        kind = self.random.choice(["Activation", "LeakyReLU", "ELU", "Swish", "GELU"])
        return self.layer(kind, *{"Activation": ["relu"], "LeakyReLU": [0.1]}.get(kind, []))

    def pool(self) -> list:
        return self.layer(self.random.choice(["MaxPool2D", "AvgPool2D"]), 3, 1, 1)

    def prelu(self) -> list:
        return self.layer("PReLU")

    def dropout(self) -> list:
        return self.layer("Dropout", 0.0)

    def function(self) -> list:
        return self.layer("HybridLambda", "tanh")

    def lambda_(self) -> list:
        return self.layer("Lambda", "sigmoid")

    def flatten(self) -> list:
        self.length, self.is_image = self.features(), False
        return self.layer("Flatten")


def build(mx, description):
    """Build the network of a description."""
    return _build(mx, description, [])


def _build(mx, description, made):
    kind, options, parts = description
    if kind in ("Custom", "CustomHybrid"):
        return _build_custom(mx, kind == "CustomHybrid", options, parts, made)
    if kind in ("Sequential", "HybridSequential"):
        network = getattr(mx.gluon.nn, kind)(prefix=options["prefix"])
        if options["scope"]:
            with network.name_scope():
                for part in parts:
                    network.add(_build(mx, part, made))
        else:
            network.add(*[_build(mx, part, made) for part in parts])
        return network
    options = dict(options)
    arguments, shared = options.pop("arguments"), options.pop("shared", None)
    if shared is not None:
        options["params"] = made[shared].params
    layer = getattr(mx.gluon.nn, kind)(*arguments, **options)
    if kind in ("Dense", "Conv2D"):
        made.append(layer)
    return layer


def _build_custom(mx, hybrid, options, parts, made):
    base = mx.gluon.HybridBlock if hybrid else mx.gluon.Block

    class Custom(base):
        def __init__(self, **kwargs):
            super(Custom, self).__init__(**kwargs)  # noqa: UP008  (defined in a function that MXNet's side runs)
            if options["scope"]:
                with self.name_scope():
                    self._add()
            else:
                self._add()

        def _add(self):
            self.note = "not a block"
            self.factor = self.params.get("factor", shape=(1,), init="ones")
            for number, part in enumerate(parts):
                setattr(self, "abcdefgh"[number], _build(mx, part, made))

        def run(self, x):
            for number in range(len(parts)):
                x = getattr(self, "abcdefgh"[number])(x)
            return x

        def forward(self, x, *args):
            if hybrid:
                return super(Custom, self).forward(x, *args)  # noqa: UP008
            return self.run(x) * self.factor.data().asscalar()

        def hybrid_forward(self, F, x, factor):
            return self.run(x)

    return Custom(prefix=options["prefix"])


def fill(mx, network, seed):
    """Set every parameter to values that depend on the seed and its position."""
    for number, parameter in enumerate(network.collect_params().values()):
        values = np.random.RandomState(seed + number).uniform(0.1, 0.5, parameter.shape)
        parameter.set_data(mx.nd.array(values, dtype="float32"))

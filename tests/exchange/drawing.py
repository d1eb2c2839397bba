"""Draw descriptions of random HybridBlock networks, with any number of inputs and outputs and any wiring.

A description consists of plain values, so that it can be sent to MXNet; `building` builds the network from it. It is a
dict of one of these kinds:

- ``graph``: a custom block. ``inputs`` and ``outputs`` are names of values in nested lists, ``steps`` compute
  new values from earlier ones, ``children`` are descriptions, ``parameters`` are pairs of a name and a shape.
- ``sequence``: a HybridSequential of ``children``.
- ``layer``: a layer of ``gluon.nn`` by its ``name`` with ``options``.

A step is ``[what, target, ...]``, see `building.run_step`. Every value is used by another step or is an output, since
MXNet drops from a graph what its outputs do not need, including parameters.
"""

from __future__ import annotations

from random import Random

from tests.exchange.draw_functions import FUNCTIONS
from tests.exchange.draw_layers import LAYERS, Layer

Shape = tuple[int, ...]
SHAPES = [(2, 3), (2, 5), (2, 3, 6), (2, 4, 5, 6), (2, 3, 6, 6), (2, 3, 6, 6), (2, 2, 4, 5, 5), (2, 2, 4, 5, 5)]
MOST_ELEMENTS = 3000


def draw_network(random: Random) -> dict:
    """Draw a network with its inputs (shape None means an omitted argument), its dtype and how to run it."""
    shapes: list = [random.choice(SHAPES) for _ in range(random.choice([1, 1, 2, 3]))]
    shapes += [None] * (random.random() < 0.15)
    nested = random.random() < 0.2 and len(shapes) > 2
    graph = GraphDrawing(random, shapes, depth=2, made=[], nested=nested)
    block = graph.draw(random.randint(2, 9))
    return {
        "block": block,
        "shapes": shapes,
        "nested": nested,
        **_modes(random, graph.layers),
        "graph first": random.random() < 0.5,
        "hybridize": random.choice([{}, {}, {"static_alloc": True}, {"static_alloc": True, "static_shape": True},
                                    {"inline_limit": 0}]),
    }  # fmt: skip


def _modes(random: Random, layers: set[str]) -> dict:
    """The dtype, whether to train, and whether MXNet can run the network.

    MXNet has InstanceNorm and 3-D transposed convolution only for float32, and no channels-last convolution on a CPU.
    Recorded in predict mode, its float32 max pooling has wrong gradients.
    """
    single = bool(layers & {"InstanceNorm", "Conv3DTranspose"})
    drops, maximum = "Dropout" in layers, any("MaxPool" in layer for layer in layers)
    train = not drops and (maximum or random.random() < 0.6)
    dtype = "float64" if maximum and not train else random.choice(["float32", "float32", "float64"])
    return {
        "dtype": "float32" if single else dtype,
        "train": train,
        "runs there": "channels last" not in layers and not (single and maximum and drops),
    }


class GraphDrawing:
    """Draw one graph block; `values` has the shapes of its values by name."""

    def __init__(self, random: Random, shapes: list, depth: int, made: list[tuple[Shape, Layer]], nested: bool) -> None:
        self.random, self.depth, self.made = random, depth, made
        self.steps: list[list] = []
        self.children: list[dict] = []
        self.called: list[tuple[int, Shape, Shape]] = []
        self.parameters: list[tuple[str, Shape]] = []
        self.used: set[str] = set()
        self.layers: set[str] = set()
        self.arguments = [f"x{number}" for number in range(len(shapes))]
        self.nested = nested
        self.values = {name: shape for name, shape in zip(self.arguments, shapes, strict=True) if shape is not None}

    def draw(self, count: int) -> dict:
        """Draw `count` steps, plus those needed to leave no value unused."""
        self._optional_arguments()
        while len(self.steps) < count:
            self.random.choice(self._kinds())()
        outputs = self._outputs()
        return {
            "kind": "graph",
            "prefix": self.prefix(),
            "scope": self.random.random() < 0.85,
            "inputs": [self.arguments[0], self.arguments[1:]] if self.nested else self.arguments,
            "parameters": self.parameters,
            "children": self.children,
            "steps": self.steps,
            "outputs": outputs,
        }

    # --- for the functions that draw a step -------------------------------------------------------------------------

    def take(self, accept=lambda shape: True) -> str | None:
        """Draw a value with a shape that `accept` allows, preferably a recent or unused one."""
        fitting = [name for name, shape in self.values.items() if accept(shape)]
        if not fitting:
            return None
        fresh = [name for name in fitting if name not in self.used]
        return self.random.choice(fresh if fresh and self.random.random() < 0.7 else fitting[-4:])

    def add(self, shape: Shape, what: str, *rest) -> str:
        """Add a step that makes a value of this shape."""
        return self._add(what, shape, *rest)

    def add_several(self, shapes: list, what: str, *rest) -> None:
        """Add a step that makes values of these shapes, nested as the step returns them."""
        self._add(what, shapes, *rest)

    def _add(self, what: str, shapes, *rest):
        for operand in _leaves([part for part in rest if not isinstance(part, dict)]):
            if operand in self.values:
                self.used.add(operand)
        target = self._new(shapes)
        self.steps.append([what, target, *rest])
        return target

    def _new(self, shapes):
        if isinstance(shapes, list):
            return [self._new(shape) for shape in shapes]
        name = f"v{len(self.values)}"
        self.values[name] = shapes
        return name

    def parameter(self, shape: Shape) -> str:
        """A parameter of the block itself, ready to be an operand."""
        name = f"p{len(self.parameters)}"
        self.parameters.append((name, shape))
        return name

    def prefix(self) -> str | None:
        return self.random.choice([None, None, None, None, "", f"own{self.random.randint(1, 99)}_"])

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    # --- the kinds of steps -----------------------------------------------------------------------------------------

    def _kinds(self) -> list:
        inner = [self._block, self._sequence] if self.depth else []
        return [self._layer] * 5 + [self._function] * 7 + [self._again] + inner

    def _layer(self) -> None:
        name = self.take()
        described = self.layer(self.values[name])
        if described is None:
            return
        child, shape = described
        self.children.append(child)
        # MXNet cannot differentiate a transposed convolution or global pooling that is called twice.
        if not child["name"].startswith(("BatchNorm", "Dropout", "Global")) and "Transpose" not in child["name"]:
            self.called.append((len(self.children) - 1, self.values[name], shape))
        self.add(shape, "child", len(self.children) - 1, [name])

    def layer(self, before: Shape) -> tuple[dict, Shape] | None:
        """A layer for data of this shape, and its output shape; None if the layer drawn does not fit."""
        earlier = [number for number, (met, _) in enumerate(self.made) if met == before[1:]]
        if earlier and self.chance(0.25):
            number = self.random.choice(earlier)
            drawn = self.made[number][1]
            drawn = drawn._replace(shape=(before[0], *drawn.shape[1:]), options={**drawn.options, "shared": number})
        else:
            drawn = self.random.choice(LAYERS)(self.random, before)
        if drawn is None or _size(drawn.shape) > MOST_ELEMENTS or not all(drawn.shape):
            return None
        if drawn.shareable:
            self.made.append((before[1:], drawn))
        options = {"prefix": f"layer{self.random.randint(1, 99)}_"} if self.chance(0.2) else {}
        self.layers.add("channels last" if drawn.options.get("layout") == "NHWC" and drawn.shareable else drawn.name)
        child = {
            "kind": "layer",
            "name": drawn.name,
            "options": {**drawn.options, **options},
            "counts": drawn.shareable,
        }
        return child, drawn.shape

    def _function(self) -> None:
        self.random.choice(FUNCTIONS)(self)

    def _again(self) -> None:
        """Call a child again: its parameters get the sum of two gradients."""
        if self.called:
            number, before, after = self.random.choice(self.called)
            self.add(after, "child", number, [self.take(lambda shape: shape == before)])

    def _sequence(self) -> None:
        name = self.take()
        shape, layers = self.values[name], []
        for _ in range(self.random.randint(1, 4)):
            described = self.layer(shape)
            if described is not None:
                layers.append(described[0])
                shape = described[1]
        sequence = {"kind": "sequence", "prefix": self.prefix(), "scope": self.chance(0.85), "children": layers}
        if not layers:
            return
        self.children.append(sequence)
        self.add(shape, "child", len(self.children) - 1, [name])

    def _block(self) -> None:
        """A custom block with several arguments and results, sometimes with an omitted argument."""
        arguments: list = [self.take() for _ in range(self.random.choice([1, 2, 2, 3]))]
        shapes = [self.values[name] for name in arguments]
        if self.chance(0.3):
            arguments, shapes = [*arguments, None], [*shapes, None]
        nested = len(arguments) > 2 and self.chance(0.5)
        inner = GraphDrawing(self.random, shapes, self.depth - 1, self.made, nested)
        self.children.append(inner.draw(self.random.randint(1, 4)))
        self.layers |= inner.layers
        passed = [arguments[0], arguments[1:]] if nested else arguments
        self.add_several(_shapes(self.children[-1]["outputs"], inner.values), "child", len(self.children) - 1, passed)

    def _optional_arguments(self) -> None:
        for name in self.arguments[1:]:
            if name not in self.values or self.chance(0.2):
                first = self.arguments[0]
                if name in self.values and self.values[name] != self.values[first]:
                    continue
                self.add(self.values[first], "optional", first, name)

    def _outputs(self):
        """Names of the unused values, in a random structure."""
        for name in self.arguments:
            if name in self.values and name not in self.used:
                self.add(self.values[name], "binary", self.random.choice("+-*"), name, 0.5)
        left = [name for name in self.values if name not in self.used]
        while len(left) > 4:
            rows = [
                self.add((_size(self.values[name]),), "F", "reshape", [name], {"shape": (-1,)}) for name in left[:3]
            ]
            self.add((sum(self.values[row][0] for row in rows),), "F", "concat", rows, {"dim": 0})
            left = [name for name in self.values if name not in self.used]
        self.random.shuffle(left)
        if len(left) == 1:
            return left[0]
        return [left[0], left[1:]] if len(left) > 2 and self.chance(0.4) else left


def _shapes(names, values: dict[str, Shape]):
    return [_shapes(name, values) for name in names] if isinstance(names, list) else values[names]


def _leaves(structure):
    if isinstance(structure, list):
        for part in structure:
            yield from _leaves(part)
    else:
        yield structure


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size

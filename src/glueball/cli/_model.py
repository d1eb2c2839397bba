"""The networks that commands run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod, sqrt

import torch
from torch import Tensor

from ..core.context import cpu
from ..core.errors import MXNetError
from ..gluon import SymbolBlock
from ..ndarray import NDArray
from ..ops.shape_rule import PartialShape, is_known
from ..symbol import Symbol, var
from ..symbol.infer import infer
from ..symbol.node import Entry, topological_order
from ..visualization.network import study
from ._origin import Origin
from ._picture_size import guess

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Model:
    """A network: its graph, and its arrays by the names of the variables.

    Parameters
    ----------
    name : str
        What tables call it.
    symbol : Symbol
        The graph.
    arrays : dict of str to Tensor
        Parameters and states; those that are missing are random when it is run.
    given : mapping of str to tuple of int
        The shapes of inputs that are known.
    source : tuple of str
        The files that it is from.
    notes : list of str
        What was assumed.
    origin : Origin, optional
        Where it was read from, if that is not MXNet's form: the standard against which a conversion is held.
    """

    name: str
    symbol: Symbol
    arrays: dict[str, Tensor]
    given: Shapes = field(default_factory=dict)
    source: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    origin: Origin | None = None

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, labels among them."""
        network = study(self.symbol, None, self.arrays)
        return tuple([layer.name for layer in network.layers if layer.is_input])

    @cached_property
    def labels(self) -> frozenset[str]:
        """Those inputs that only losses read: they change nothing in prediction."""
        uses: dict[str, set[str]] = {}
        for node in topological_order(self.symbol._entries):
            if node.operator is not None and not node.operator.variadic_by:
                for role, entry in zip(node.input_names, node.inputs, strict=False):
                    uses.setdefault(entry.node.name, set()).add(role)
        return frozenset(name for name in self.inputs if uses.get(name) == {"label"})

    @property
    def data(self) -> tuple[str, ...]:
        """The inputs but for labels."""
        return tuple([name for name in self.inputs if name not in self.labels])

    def sized(self, owner: str, shapes: Shapes) -> Sized:
        """Return the network with the shapes of its inputs: those given, those of the file, or what suits pictures.

        Raises
        ------
        MXNetError
            A shape is not known or does not suit; the message begins with `owner`.
        """
        for name in shapes:
            if name not in self.inputs:
                raise MXNetError(
                    f"{owner}: --shape must name an input of the network, {', '.join(self.inputs)}; received {name!r}"
                )
        known = {**self.given, **shapes}
        if not known and self.inputs:
            found = guess(self.symbol, self.inputs[0], self.arrays)
            if found:
                known[self.inputs[0]] = found.shape
                self.notes.append(f"{found.note}: {self.inputs[0]}={','.join(map(str, found.shape))}; --shape sets it")
        types = {name: array.dtype for name, array in self.arrays.items()}
        saved = {name: tuple(array.shape) for name, array in self.arrays.items()}
        facts = infer(self.symbol._entries, {**saved, **known}, types)
        variables = [*self.symbol._arguments(), *self.symbol._states()]
        shape_of: dict[str, PartialShape] = {node.name: facts.shapes[Entry(node, 0)] for node in variables}
        for name, shape in shape_of.items():
            if not is_known(shape):
                first = next((each for each in self.inputs if not is_known(shape_of[each])), name)
                raise MXNetError(f"{owner}: the shapes of all inputs must be known; received none for {first}; "
                                 f"pass --shape {first}=1,3,224,224")  # fmt: skip
        kinds = {node.name: facts.types[Entry(node, 0)] or torch.float32 for node in variables}
        return Sized(self, {name: (shape or (), kinds[name]) for name, shape in shape_of.items()})


@dataclass(frozen=True)
class Sized:
    """A network with the shape and the type of each of its variables."""

    model: Model
    variables: dict[str, tuple[tuple[int, ...], torch.dtype]]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the inputs."""
        return {name: self.variables[name][0] for name in self.model.inputs}

    @cached_property
    def arrays(self) -> dict[str, Tensor]:
        """The parameters and states; those that no file has are random."""
        generator = torch.Generator().manual_seed(0)
        return {
            name: self.model.arrays[name] if name in self.model.arrays else random_values(*kind, generator)
            for name, kind in self.variables.items()
            if name not in self.model.inputs
        }

    def sample(self, seed: int = 1) -> dict[str, NDArray]:
        """Return random inputs; labels, which have one axis, and integers are zeros."""
        generator = torch.Generator().manual_seed(seed)
        inputs = {}
        for name in self.model.inputs:
            shape, kind = self.variables[name]
            zeros = len(shape) < 2 or not kind.is_floating_point
            inputs[name] = torch.zeros(shape) if zeros else torch.randn(shape, generator=generator)
        return {name: NDArray(tensor.to(self.variables[name][1]), cpu()) for name, tensor in inputs.items()}

    def block(self) -> SymbolBlock:
        """Return the network as a block, which is called with `model.inputs` in their order."""
        block = SymbolBlock(self.model.symbol, [var(name) for name in self.model.inputs])
        values = {name: NDArray(tensor, cpu()) for name, tensor in self.arrays.items()}
        block.collect_params().load_dict(values, cpu(), cast_dtype=True, dtype_source="saved")
        return block


def run_graph(model: Model, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    """Return the outputs of a network on the CPU, computed one operator after the other.

    Parameters
    ----------
    model : Model
        The network.
    inputs : mapping of str to Tensor
        Its inputs, and others that it has not.
    """
    sized = model.sized("convert", {name: tuple(inputs[name].shape) for name in model.inputs if name in inputs})
    block = sized.block()
    block.hybridize(backend="eager")
    sample = sized.sample()
    arrays = [NDArray(inputs[name], cpu()) if name in inputs else sample[name] for name in model.inputs]
    found = block(*arrays)
    return [output._data for output in (found if isinstance(found, list) else [found])]


def random_values(shape: tuple[int, ...], kind: torch.dtype | None, generator: torch.Generator) -> Tensor:
    """Return values with which numbers stay of a size that computers like, and variances positive."""
    kind = kind or torch.float32
    if not kind.is_floating_point:
        return torch.zeros(shape, dtype=kind)
    values = torch.rand(shape, generator=generator)
    if len(shape) < 2:
        return (values + 0.5).to(kind)
    return ((2 * values - 1) * sqrt(3 / max(prod(shape[1:]), 1))).to(kind)

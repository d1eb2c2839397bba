"""Which layer of a torch network is which of a Gluon network."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from torch import Tensor

from ...core.errors import MXNetError
from ...gluon.core.block import Block

#: Torch's names of the tensors of a normalization, in Gluon's words.
_NORM = {"weight": "gamma", "bias": "beta", "running_mean": "running_mean", "running_var": "running_var"}

#: Torch's names of the tensors of recurrent layers and cells, and Gluon's: in a file, and in a graph.
_RECURRENT = re.compile(r"(weight|bias)_(ih|hh|hr)(?:_l(\d+)(_reverse)?)?")
_UNFUSED = re.compile(r"(?:(.*)\.)?_unfused\.(\d+)\.(?:([lr])_cell\.)?((?:i2h|h2h|h2r)_(?:weight|bias))")
_CELL = re.compile(r"(?:(.*?)[._])??((?:[lr]\d+_)?(?:i2h|h2h|h2r)_(?:weight|bias))")
_GROUPS = {"ih": "i2h", "hh": "h2h", "hr": "h2r"}


class Layer(NamedTuple):
    """A layer and its arrays.

    Attributes
    ----------
    path : str
        Where it is in the network.
    shapes : dict of str to tuple of int
        The shapes of its arrays, by Gluon's names for them; a length of 0 is unknown.
    names : dict of str to str
        The full names of its arrays.
    """

    path: str
    shapes: Mapping[str, tuple[int, ...]]
    names: Mapping[str, str]

    def fits(self, other: Layer, strict: bool) -> bool:
        """Whether another layer has the same arrays, of shapes that agree; if not `strict`, it may have more."""
        is_known = self.shapes.keys() == other.shapes.keys() if strict else self.shapes.keys() <= other.shapes.keys()
        return is_known and all(_agree(shape, other.shapes[name]) for name, shape in self.shapes.items())

    def __str__(self) -> str:
        shown = ", ".join([f"{name} {'x'.join(map(str, shape)) or '1'}" for name, shape in self.shapes.items()])
        return f"{self.path or 'the network'} ({shown})"


def _agree(one: Sequence[int], other: Sequence[int]) -> bool:
    return len(one) == len(other) and all(a == b or not a or not b for a, b in zip(one, other, strict=True))


def torch_layers(tensors: Mapping[str, Tensor]) -> list[Layer]:
    """Return the layers of a state dict in its order."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in tensors:
        path, _, last = name.rpartition(".")
        groups[path][last] = name
    layers = []
    for path, names in groups.items():
        is_norm = "running_mean" in names or ("weight" in names and tensors[names["weight"]].dim() == 1)
        words = {last: _NORM.get(last, last) if is_norm else _recurrent(last) for last in names}
        shapes = {words[last]: tuple(tensors[name].shape) or (1,) for last, name in names.items()}
        layers.append(Layer(path, shapes, {words[last]: name for last, name in names.items()}))
    return layers


def _recurrent(last: str) -> str:
    """Return Gluon's word for an array of a recurrent layer; other names as they are."""
    found = _RECURRENT.fullmatch(last)
    if not found:
        return last
    kind, group, layer, is_backward = found.groups()
    place = "" if layer is None else f"{'r' if is_backward else 'l'}{layer}_"
    return f"{place}{_GROUPS[group]}_{kind}"


def gluon_layers(net: Block, taken: set[str]) -> list[Layer]:
    """Return the layers of a network in its order, without the arrays that are taken."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    parameters = net._collect_params_with_prefix()
    seen = {parameters[name] for name in taken}
    for name, parameter in parameters.items():
        if parameter not in seen:
            seen.add(parameter)
            path, last = _parted(name)
            groups[path][last] = name
    return [
        Layer(path, {last: parameters[name].shape or () for last, name in names.items()}, names)
        for path, names in groups.items()
    ]


_ENDS = ("running_mean", "running_var", "moving_mean", "moving_var", "weight", "bias", "gamma", "beta", "alpha")


def _parted(name: str) -> tuple[str, str]:
    """Return the layer and the array of a name: ``features.0.weight``, or ``conv0_weight`` of a graph."""
    if found := _UNFUSED.fullmatch(name):
        path, layer, direction, last = found.groups()
        return path or "", f"{direction or 'l'}{layer}_{last}"
    if found := _CELL.fullmatch(name):
        return found[1] or "", found[2]
    path, dot, last = name.rpartition(".")
    for end in _ENDS:
        if last.endswith(f"_{end}"):
            return f"{path}{dot}{last[: -len(end) - 1]}", end.replace("moving", "running")
    return path, last


def match(sources: Sequence[Layer], targets: Sequence[Layer], strict: bool) -> dict[str, tuple[str, str]]:
    """Return for each tensor the name of a parameter, and how it was found: 'name' or 'structure'.

    Raises
    ------
    MXNetError
        It is not clear which layer is which.
    """
    by_path = {layer.path: layer for layer in targets}
    found: dict[str, tuple[str, str]] = {}
    if any(layer.path in by_path and layer.fits(by_path[layer.path], strict) for layer in sources) and (
        all(layer.path in by_path for layer in sources) or not strict
    ):
        for layer in sources:
            if layer.path in by_path and layer.fits(by_path[layer.path], strict):
                _join(layer, by_path[layer.path], "name", found)
        done = {layer.path for layer in sources if next(iter(layer.names.values())) in found}
        sources = [layer for layer in sources if layer.path not in done]
        targets = [layer for layer in targets if layer.path not in done]
    if len(sources) == len(targets) and all(
        one.fits(other, strict) for one, other in zip(sources, targets, strict=True)
    ):
        for source, target in zip(sources, targets, strict=True):
            _join(source, target, "structure", found)
    elif sources:
        _join_unique(sources, targets, found, strict)
    return found


def _join(source: Layer, target: Layer, how: str, found: dict[str, tuple[str, str]]) -> None:
    for word, name in source.names.items():
        found[name] = (target.names[word], how)


def _join_unique(
    sources: Sequence[Layer], targets: Sequence[Layer], found: dict[str, tuple[str, str]], strict: bool
) -> None:
    """Join the layers of which there is one on each side; refuse the others where several could be meant."""
    candidates = [[target for target in targets if source.fits(target, strict)] for source in sources]
    wanted = Counter([target.path for several in candidates for target in several])
    unclear = []
    for source, several in zip(sources, candidates, strict=True):
        if len(several) == 1 and wanted[several[0].path] == 1:
            _join(source, several[0], "structure", found)
        elif several:
            unclear.append((source, several))
    if unclear:
        source, several = unclear[0]
        raise MXNetError(
            f"from_torch_state_dict: it must be clear which layer is which; the layers do not follow each other in the "
            f"same order ({_first_difference(sources, targets)}), and {source} could be "
            f"{' or '.join(map(str, several[:3]))} ({len(unclear)} layers are unclear); say it with map="
        )


def _first_difference(sources: Sequence[Layer], targets: Sequence[Layer]) -> str:
    for source, target in zip(sources, targets, strict=False):
        if not source.fits(target, strict=True):
            return f"torch has {source} where Gluon has {target}"
    return f"torch has {len(sources)} layers, Gluon {len(targets)}"

"""Values of a torch network in a Gluon network of the same structure."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from torch import Tensor

from ...core.doors import door
from ...core.errors import InvalidTypeError, MXNetError
from ...core.strangers import call
from ...core.tables import printable, table
from ...gluon.core.block import Block
from ...gluon.core.parameter import Parameter
from ...gluon.core.parameter_dict import load_all
from ...ndarray.exchange import from_torch
from ...ndarray.files import load
from .matching import gluon_layers, match, torch_layers
from .shared import as_array

#: Maps torch's names to Gluon's, or says None for those that are not to be loaded.
Map = Mapping[str, str | None] | Callable[[str], str | None]


class Loaded(NamedTuple):
    """Where one tensor went.

    Attributes
    ----------
    source : str
        Its name in torch.
    target : str
        The name of the Gluon parameter; '' if it went nowhere.
    shape : tuple of int
        Its shape.
    reason : str
        How the two were found to belong together: 'map', 'name' or 'structure'; or why it was left out.
    """

    source: str
    target: str
    shape: tuple[int, ...]
    reason: str


class LoadReport(NamedTuple):
    """What `from_torch_state_dict` did; ``print`` shows a table.

    Attributes
    ----------
    loaded : tuple of Loaded
        What went where.
    unused : tuple of Loaded
        What went nowhere, and why.
    missing : tuple of str
        The parameters of the network that keep the values they had.
    """

    loaded: tuple[Loaded, ...]
    unused: tuple[Loaded, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        rows = [
            [printable(one.source), printable(one.target) or "-", "x".join(map(str, one.shape)) or "1", one.reason]
            for one in (*self.loaded, *self.unused)
        ]
        rows += [["-", printable(name), "", "missing: keeps its values"] for name in self.missing]
        return "\n".join(table(["torch", "Gluon", "shape", "by"], rows))


@door
def from_torch_state_dict(
    net: Block, state: Mapping[str, Any] | str | os.PathLike[str], map: Map | None = None, strict: bool = True
) -> LoadReport:
    """Load the state dict of a torch network into a Gluon network of the same structure.

    What `map` names is loaded as it says. Of the rest, tensors whose names are those of the structure are loaded by
    name, where ``weight``, ``bias``, ``running_mean`` and ``running_var`` of a normalization are Gluon's ``gamma``,
    ``beta`` and so on, and ``weight_ih_l0`` of recurrent layers is ``l0_i2h_weight``. If names differ, layers are
    matched in the order of the two networks, as long as all kinds and shapes agree. If the orders differ, layers whose
    shapes occur once in both are matched; if others are left, they are refused with their names, since to guess would
    be to load wrong values without a word.

    Nothing is changed unless everything fits.

    Parameters
    ----------
    net : Block
        The network; it need not be initialized, and shapes that are unknown become those of the tensors.
    state : dict of str to torch.Tensor, or path
        A state dict, or a file of one, as torch.save or safetensors writes it; nothing in it is executed. A dict with a
        ``'state_dict'`` in it, and names that begin with ``'module.'``, are understood.
    map : dict of str to (str or None), or callable, optional
        From torch's names to those of Gluon, as in ``save_parameters`` or ``collect_params``; None leaves a tensor out.
    strict : bool, default True
        Refuse tensors that go nowhere and parameters that get nothing; False reports them.

    Returns
    -------
    LoadReport
        What went where.

    Raises
    ------
    MXNetError
        Layers do not match, or are ambiguous.

    Examples
    --------
    >>> import torch
    >>> from glueball.gluon import nn
    >>> from glueball.interop.torch import from_torch_state_dict
    >>> net = nn.HybridSequential()
    >>> net.add(nn.Conv2D(8, 3), nn.BatchNorm(), nn.Dense(10))
    >>> model = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Linear(288, 10))
    >>> print(from_torch_state_dict(net, model.state_dict()))
    torch                  Gluon           shape    by
    ---...
    0.weight               0.weight        8x3x3x3  name
    0.bias                 0.bias          8        name
    1.weight               1.gamma         8        name
    1.bias                 1.beta          8        name
    1.running_mean         1.running_mean  8        name
    1.running_var          1.running_var   8        name
    2.weight               2.weight        10x288   name
    2.bias                 2.bias          10       name
    1.num_batches_tracked  -               1        Gluon does not count batches
    """
    if not isinstance(net, Block):
        raise InvalidTypeError(f"from_torch_state_dict: net must be a Block; received {type(net).__name__}")
    tensors = _read(state)
    targets = net._collect_params_with_prefix()
    mapped, left_out = _mapped(tensors, targets, map, net)
    ignored = [name for name in tensors if name.endswith("num_batches_tracked") and name not in mapped]
    rest = {name: each for name, each in tensors.items() if name not in (*mapped, *left_out, *ignored)}
    taken = set(mapped.values())
    found = match(torch_layers(rest), gluon_layers(net, taken), strict)
    pairs = {**{source: (target, "map") for source, target in mapped.items()}, **found}
    loaded = tuple([Loaded(name, *_of(pairs[name], tensors[name])) for name in tensors if name in pairs])
    reasons = {**dict.fromkeys(left_out, "map"), **dict.fromkeys(ignored, "Gluon does not count batches")}
    unused = tuple(
        [Loaded(name, "", tuple(each.shape), reasons.get(name, "no such layer")) for name, each in tensors.items()
         if name not in pairs]
    )  # fmt: skip
    got = {targets[one.target] for one in loaded}
    missing = tuple([name for name, parameter in targets.items() if parameter not in got])
    report = LoadReport(loaded, unused, missing)
    if strict and (missing or any(one.reason == "no such layer" for one in unused)):
        raise _incomplete(report)
    load_all({targets[one.target]: from_torch(as_array(tensors[one.source])) for one in loaded}, None, True, "current")
    return report


def _of(pair: tuple[str, str], tensor: Tensor) -> tuple[str, tuple[int, ...], str]:
    return pair[0], tuple(tensor.shape), pair[1]


def _read(state: Any) -> dict[str, Tensor]:
    """Return the tensors of a state dict by name."""
    if isinstance(state, str | os.PathLike):
        loaded = load(state)
        state = {name: each._data for name, each in loaded.items()} if isinstance(loaded, dict) else loaded
    for key in ("state_dict", "model"):
        if isinstance(state, Mapping) and isinstance(state.get(key), Mapping):
            state = state[key]
    if not isinstance(state, Mapping) or not state:
        raise InvalidTypeError(
            f"from_torch_state_dict: state must be a dict of tensors by name; received {type(state).__name__}"
        )
    others = [name for name, each in state.items() if not isinstance(name, str) or not isinstance(each, Tensor)]
    if others:
        raise InvalidTypeError(f"from_torch_state_dict: every value must be a tensor; {others[0]!r} is none")
    is_parallel = all(name.startswith("module.") for name in state)
    return {name.removeprefix("module.") if is_parallel else name: each.detach() for name, each in state.items()}


def _mapped(
    tensors: Mapping[str, Tensor], targets: Mapping[str, Parameter], map: Map | None, net: Block
) -> tuple[dict[str, str], list[str]]:
    """Return what the user's map says: where tensors go, and which are left out."""
    full = {parameter.name: name for name, parameter in targets.items()}
    found: dict[str, str] = {}
    left_out: list[str] = []
    if isinstance(map, Mapping):
        unknown = [name for name in map if name not in tensors]
        if unknown:
            raise MXNetError(f"from_torch_state_dict: map must name tensors of the state; it has no {unknown[0]!r}")
    for name in tensors:
        if map is None or (isinstance(map, Mapping) and name not in map):
            continue
        wanted = map[name] if isinstance(map, Mapping) else call(map, name)
        if wanted is None:
            left_out.append(name)
            continue
        target = wanted if wanted in targets else full.get(wanted)
        if target is None or target in found.values():
            raise MXNetError(
                f"from_torch_state_dict: map must give each tensor a parameter of the network of its own; "
                f"{name!r} has {wanted!r}; the parameters are {list(targets)[:6]} ..."
            )
        found[name] = target
    return found, left_out


def _incomplete(report: LoadReport) -> MXNetError:
    left = [one.source for one in report.unused if one.reason == "no such layer"]
    return MXNetError(
        f"from_torch_state_dict: every tensor and every parameter must have a counterpart; left of torch: "
        f"{left[:6] or 'none'}; left of Gluon: {list(report.missing[:6]) or 'none'}; use map=, or "
        f"strict=False\n{report}"
    )

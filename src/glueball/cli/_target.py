"""What ``glueball convert`` can write networks as: each is one module of ``_targets``, which registers a `Target`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import Tensor

from ..core.errors import MXNetError, nearest
from ..serialization.formats import FORMATS
from ._model import Sized


@dataclass(frozen=True)
class Job:
    """A network that is to be written.

    Parameters
    ----------
    sized : Sized
        The network, with the shapes of its inputs.
    dynamic_batch : bool
        Whether the first axis of the inputs may have any length.
    opset : int, optional
        The version of ONNX's operators.
    """

    sized: Sized
    dynamic_batch: bool = False
    opset: int | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """A form in which networks are written.

    Parameters
    ----------
    name : str
        What ``--to`` calls it.
    title : str
        What it is, with an article.
    endings : tuple of str
        The ends of the names of its files; the first one if a name has none.
    write : callable
        ``(job, path) -> None``: write the file, and others beside it whose names begin alike, to an empty folder.
    outputs : callable
        ``(path, inputs) -> list of Tensor``: run what was written, with a runtime of its own where it has one. `inputs`
        are tensors by name, in the order of the network's inputs, without labels.
    runtime : callable
        ``() -> str``: what runs it, for people.
    options : tuple of str
        Those of 'dynamic_batch' and 'opset' that it has.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    write: Callable[[Job, str], None]
    outputs: Callable[[str, Mapping[str, Tensor]], list[Tensor]]
    runtime: Callable[[], str]
    options: tuple[str, ...] = field(default=())


#: The registered targets by name.
TARGETS: dict[str, Target] = {}


def register(target: Target) -> None:
    """Add a target to the table."""
    TARGETS[target.name] = target


def chosen(path: str, name: str | None) -> Target | str:
    """Return the target for a file, or the name of the format of arrays.

    Parameters
    ----------
    path : str
        The file that is to be written.
    name : str, optional
        The target or the format; by default the file's name decides.

    Raises
    ------
    MXNetError
        There is none of this name, or for a file of this name.
    """
    arrays = {each.name: each.endings for each in FORMATS.values() if each.write_arrays}
    known = [*TARGETS, *arrays]
    if name is not None:
        if name not in known:
            raise MXNetError(
                f"convert: --to must be one of {', '.join(known)}; received {name!r}{nearest(name, known)}"
            )
        return TARGETS.get(name, name)
    for target in TARGETS.values():
        if path.lower().endswith(target.endings):
            return target
    for each, endings in arrays.items():
        if path.lower().endswith(endings):
            return each
    ends = [ending for target in TARGETS.values() for ending in target.endings]
    ends += [ending for endings in arrays.values() for ending in endings]
    raise MXNetError(
        f"convert: the second file must end in one of {', '.join(ends)}; received {path!r}; or say --to NAME, one of "
        f"{', '.join(known)}"
    )

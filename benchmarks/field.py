"""Who takes part: the contestants that can be had on this machine, and a line about each that cannot."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contestant import Contestant, Process, as_request
from benchmarks.peers import PEERS
from benchmarks.workloads import Workload

_MXNET_BACKEND = "MKLDNN"
_TO_EXPORT = ("onnx", "onnxscript")
_ONE_IMAGE = {"ncnn": 1}


@dataclass
class Field:
    """The contestants, the versions of their libraries, and why others do not take part."""

    contestants: list[Contestant] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, process: Process, *modes: Contestant) -> Field:
        """Add contestants of one process."""
        self.contestants += modes
        self.versions.update(process.versions)
        return self

    def without(self, names: Sequence[str]) -> Field:
        """Leave out contestants by name."""
        known = [contestant.name for contestant in self.contestants]
        for name in names:
            if name not in known:
                sys.exit(f"benchmarks: --without must name a contestant, {', '.join(known)}; received {name!r}")
            self.missing.append(f"without {name}: it was left out")
        self.contestants = [contestant for contestant in self.contestants if contestant.name not in names]
        return self


def own(stack: contextlib.ExitStack, field: Field, threads: int, backends: Sequence[str] = ()) -> Field:
    """Add Glueball, as it is and with further backends, and PyTorch beside it."""
    process = stack.enter_context(Process(sys.executable, ["glueball", "torch"], threads))
    chosen = [Contestant("glueball", "graph", process, backend) for backend in backends]
    modes = [Contestant("glueball", "gluon", process), Contestant("glueball", "graph", process), *chosen]
    return field.add(process, *modes, Contestant("torch", "torch", process))


def mxnet(stack: contextlib.ExitStack, field: Field, python: Path, threads: int) -> Field:
    """Add MXNet, with and without its backend for the CPU."""
    if not python.exists():
        field.missing.append(f"without MXNet: {python} does not exist; 'make oracle' creates it where MXNet can run")
        return field
    process = stack.enter_context(Process(python, ["mxnet"], threads))
    modes = [Contestant("mxnet", way, process) for way in ("gluon", "graph")]
    return field.add(process, *modes, Contestant("mxnet", "graph", process, _MXNET_BACKEND))


def peers(stack: contextlib.ExitStack, field: Field, python: Path, threads: int) -> Field:
    """Add torch.compile, and the runtimes that read what PyTorch writes.

    torch.compile is in a process of its own: what it keeps has to be forgotten for each network, and Glueball may use
    it too.
    """
    process = stack.enter_context(Process(sys.executable, ["torch"], threads))
    field.add(process, Contestant("torch", "compiled", process))
    absent = [name for name in _TO_EXPORT if importlib.util.find_spec(name) is None]
    exporter = Exporter(process, Path(stack.enter_context(tempfile.TemporaryDirectory())))
    for name, needed in PEERS.items():
        reason = _not_there(python, needed)
        if reason or absent:
            by_hand = f"to write files for it, 'pip install {' '.join(absent)}'"
            field.missing.append(f"without {name}: {reason or by_hand}")
            continue
        own_process = stack.enter_context(Process(python, [name], threads))
        batch = _ONE_IMAGE.get(name)
        field.add(own_process, Contestant(name, "file", own_process, export=exporter.path, largest_batch=batch))
    return field


class Exporter:
    """Writes each network once, with the PyTorch of a process, into a folder."""

    def __init__(self, process: Process, folder: Path) -> None:
        self._process, self._folder = process, folder

    def path(self, workload: Workload) -> Path:
        """Return the file of a workload's network; those of other workloads go."""
        path = self._folder / hashlib.sha256(repr(workload).encode()).hexdigest()[:16] / "network.onnx"
        if not path.exists():
            for old in self._folder.iterdir():
                shutil.rmtree(old)
            path.parent.mkdir()
            self._process.ask(library="torch", way="export", path=str(path), **as_request(workload))
        return path


def _not_there(python: Path, packages: Sequence[str]) -> str:
    if not python.exists():
        return f"{python} does not exist; 'make peers' creates it"
    code = "import importlib.util, sys; print(*[name for name in sys.argv[1:] if not importlib.util.find_spec(name)])"
    absent = subprocess.check_output([python, "-c", code, *packages], text=True).split()
    return f"{python} has no {' and no '.join(absent)}" if absent else ""

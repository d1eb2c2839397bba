"""The engine ``auto``: the fastest of those that are installed, found by trying them on the inputs of a call."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any

import torch
from torch import Tensor

from ...core.errors import OPERATOR_FAILURES, MXNetError
from ...core.locks import process_lock
from ..form import AsLowered, Form, as_lowered
from ..lower import Lowered, Run

# Compiling a network takes it seconds to minutes, and cannot be stopped: it is tried when it is named.
_UNBOUNDED = {"inductor"}

#: Which engine was the fastest, by what was computed and how it was tried.
_found: dict[Any, str] = {}

_measuring = process_lock()  # what another thread tries meanwhile would make the engines look slow


def _cannot_find(owner: str, name: Any) -> Any:
    raise MXNetError(
        f"{owner}: the engine 'auto' must be found by its name, which lets it find others; received {name!r}"
    )


@dataclass(frozen=True)
class _Auto:
    names: Callable[[], Sequence[str]] = tuple
    find: Callable[[str, Any], Any] = _cannot_find
    seconds: float = 5.0
    tolerance: float = 1e-4
    engines: tuple[str, ...] = ()
    verbose: bool = False

    shows_nodes = False  # one of the engines that it may choose does not
    options = ("seconds", "tolerance", "engines", "verbose")

    def obstacle(self) -> str:
        """Return '': there is always an engine that can run."""
        return ""

    def among(self, names: Callable[[], Sequence[str]], find: Callable[[str, Any], Any]) -> _Auto:
        """Return the engine with the means to find others."""
        return replace(self, names=names, find=find)

    def configured(self, owner: str, options: Mapping[str, Any]) -> _Auto:
        """Return the engine with options."""
        for name in ("seconds", "tolerance"):
            value = options.get(name, 1)
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value <= 0:
                raise MXNetError(f"{owner}: {name} must be a positive number; received {value!r}")
        if not isinstance(options.get("verbose", False), bool):
            raise MXNetError(f"{owner}: verbose must be True or False; received {options['verbose']!r}")
        chosen = options.get("engines", ())
        if isinstance(chosen, str) or not isinstance(chosen, Sequence):
            raise MXNetError(f"{owner}: engines must be a list of names; received {chosen!r}; pass engines=['onednn']")
        if "auto" in chosen:
            raise MXNetError(f"{owner}: engines must be others than 'auto'; received {chosen!r}")
        for name in chosen:
            self.find(owner, name)
        return replace(self, **{**options, "engines": tuple(chosen)})

    def compile(self, lowered: Lowered) -> Run:
        """Return a function that tries engines when it is called with shapes that are new."""
        return AsLowered.because("it is for training", lowered) if lowered.training else _Chosen(self, lowered)

    def candidates(self) -> list[str]:
        """Return the names of the engines to try."""
        if self.engines:
            return list(self.engines)
        return [name for name in self.names() if name != "auto" and name not in _UNBOUNDED and self._can_run(name)]

    def _can_run(self, name: str) -> bool:
        try:
            self.find("auto", name)
        except MXNetError:
            return False
        return True


class _Trial:
    """An engine that is tried.

    Attributes
    ----------
    seconds : float
        The shortest call.
    remark : str
        Why it cannot be chosen, or ''.
    """

    def __init__(self, name: str) -> None:
        self.name, self.seconds, self.remark = name, inf, ""

    def __str__(self) -> str:
        return f"{self.name} {self.remark or f'{self.seconds * 1e3:.3g} ms'}"

    def measure(
        self, run: Run, tensors: Sequence[Any], expected: Sequence[Tensor], tolerance: float, end: float
    ) -> None:
        """Run the engine until a moment, but twice at least."""
        results = run(*tensors)
        error = max([_difference(one, other) for one, other in zip(results, expected, strict=True)], default=0.0)
        if not error <= tolerance:
            self.remark = f"differs by {error:.1g}"
            return
        now = 0.0
        while now < end:
            begin = time.perf_counter()
            run(*tensors)
            now = time.perf_counter()
            self.seconds = min(self.seconds, now - begin)


def _difference(found: Tensor, expected: Tensor) -> float:
    """Return how far two arrays are apart, relative to the length of the second; NaN must be in the same places."""
    if found.shape != expected.shape or found.dtype is not expected.dtype:
        return inf
    one, other = found.double(), expected.double()
    same = (one == other) | (one.isnan() & other.isnan())
    apart = torch.where(same, 0, one - other).norm() / torch.where(other.isfinite(), other, 0).norm().clamp_min(1e-30)
    return float(apart.nan_to_num(nan=inf))


class _Chosen:
    """A graph that runs on the engine that is the fastest for the shapes of its inputs."""

    def __init__(self, how: _Auto, lowered: Lowered) -> None:
        self._how, self._lowered = how, lowered
        self._inputs = [number for number in range(len(lowered.variables)) if number not in lowered.parameters]
        self._by_kind: dict[Any, Run] = {}
        self._by_name: dict[str, Run] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave the functions out of a copy, which makes its own."""
        return {**vars(self), "_by_kind": {}, "_by_name": {}}

    def __call__(self, *tensors: Any) -> tuple[Tensor, ...]:
        """Run the graph."""
        return self._function(tensors)(*tensors)

    def form(self, *tensors: Any) -> Form:
        """Return what runs for these tensors."""
        run = self._function(tensors)
        describe = getattr(run, "form", None)
        if describe is not None:
            form: Form = describe(*tensors)
            return form
        if run == self._lowered.module.forward or isinstance(run, AsLowered):
            return as_lowered(self._lowered, tensors, getattr(run, "reason", "") or "no engine was found to be faster")
        return Form(run=run, inputs=tensors)

    def _function(self, tensors: Sequence[Any]) -> Run:
        inputs = [tensors[number] for number in self._inputs]
        kind = (torch.get_num_threads(), *[(tensor.shape, tensor.dtype) for tensor in inputs])
        run = self._by_kind.get(kind)
        if run is not None:
            return run
        if tensors[-1].type != "cpu" or any(tensor.requires_grad for tensor in tensors[:-2]):
            return self._lowered.module.forward
        return self._choose(kind, tensors)

    def _choose(self, kind: Any, tensors: Sequence[Any]) -> Run:
        how, candidates = self._how, self._how.candidates()
        shapes = tuple([(tensor.shape, tensor.dtype) for tensor in tensors[:-2]])
        key = (_fingerprint(self._lowered), shapes, kind[0], tuple(candidates), how.tolerance)
        with _measuring:
            news = "as before"
            if key not in _found:
                _found[key], trials = self._fastest(candidates, tensors)
                news = ", ".join(map(str, trials))
            name = _found[key]
            if how.verbose:
                print(f"auto, {kind[0]} threads: {name}; {news}")
            if name not in self._by_name:
                self._by_name[name] = how.find("auto", name).compile(self._lowered)
            self._by_kind[kind] = self._by_name[name]
            return self._by_kind[kind]

    def _fastest(self, candidates: Sequence[str], tensors: Sequence[Any]) -> tuple[str, list[_Trial]]:
        """Try the engines, each for the same time; return the name of the fastest that is right."""
        how, begin = self._how, time.perf_counter()
        expected = self._lowered.module.forward(*tensors)
        trials, runs = [_Trial(name) for name in candidates], dict[str, Run]()
        for number, trial in enumerate(trials):
            if number and time.perf_counter() > begin + how.seconds:  # the first may take longer
                trial.remark = "not tried for want of time"
                continue
            try:
                run = runs[trial.name] = how.find("auto", trial.name).compile(self._lowered)
                left = begin + how.seconds - time.perf_counter()
                end = time.perf_counter() + left / (len(trials) - number)
                trial.measure(run, tensors, expected, how.tolerance, end)
            except (MXNetError, *OPERATOR_FAILURES) as error:
                trial.remark = f"failed ({str(error).splitlines()[0]})"
        best = min(trials, key=lambda trial: trial.seconds)
        if best.seconds == inf:
            return "eager", trials
        self._by_name.setdefault(best.name, runs[best.name])
        return best.name, trials


def _fingerprint(lowered: Lowered) -> str:
    """Return a short text that is the same for graphs that compute the same, whatever their nodes are called."""
    numbers: dict[Any, int] = {}
    digest = hashlib.sha256()
    for node in lowered.module.graph.nodes:
        numbers[node] = len(numbers)
        what = node.meta.get("applied") or getattr(node.target, "__name__", "")
        arguments = [numbers.get(each, each) for each in node.args] if node.op == "call_function" else ""
        digest.update(f"{node.op} {what if node.op == 'call_function' else ''} {arguments}\n".encode())
    heads = [numbers[head] for head in next(iter(reversed(lowered.module.graph.nodes))).all_input_nodes]
    digest.update(str(heads).encode())
    return digest.hexdigest()


ENGINE = _Auto()

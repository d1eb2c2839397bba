"""The engine ``onednn``: prediction on the CPU with fused convolutions, by oneDNN or by kernels of our own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle
from math import inf, prod
from typing import Any

import torch
from torch import Tensor, fx

from ...core.errors import MXNetError
from ...ops.nn.window import channels_first
from ...ops.shape_rule import is_known
from .. import bands, beginning
from ..draft import Draft
from ..form import AsLowered
from ..fused import FusedConvolution
from ..kernels import dense, grouped, indirect, packed, plain, planar, winograd
from ..kernels.compiled import Compiled, is_wide
from ..kernels.layout import to_channels_last_memory
from ..kernels.room import Room
from ..kernels.selection import Option, select
from ..kernels.way import Way
from ..lower import Lowered, Run
from ..matching import arguments, operator_name, weighted
from ..outputs import Output
from ..placing import call_dense, call_elementary, call_recurrent, first, is_large_dense, substitute
from ..prediction import Prediction
from ..training.form import TrainingForm
from ..tuning import seconds

_SMALL = 20480  # numbers in an image up to which torch may be faster, which computes a product of matrices

_NO_MATTER = 2**24  # in bytes: what filters may take however small a network is
_LARGER_THAN_CACHES = 2**25  # in bytes: of those that belong to one core
_MOST_COPIES = 16

_WAY_THERE = 8e-6  # in seconds: what a call of compiled kernels takes more in a graph than where it is tried


@dataclass(frozen=True)
class _OneDNN:
    native: bool = True
    winograd: bool = True
    memory: float = 1.2  # times that of the parameters: what the filters may take that are kept between calls

    shows_nodes = True
    options = ("native", "winograd", "memory")

    def configured(self, owner: str, options: Mapping[str, Any]) -> _OneDNN:
        """Return the engine with options."""
        for name in ("native", "winograd"):
            if not isinstance(options.get(name, True), bool):
                raise MXNetError(f"{owner}: {name} must be True or False; received {options[name]!r}")
        memory = options.get("memory", 1)
        if isinstance(memory, bool) or not isinstance(memory, int | float) or not 0 <= memory < inf:
            raise MXNetError(f"{owner}: memory must be a number of at least 0; received {memory!r}")
        return replace(self, **options)

    def obstacle(self) -> str:
        """Look for oneDNN, and try torch's operators that call it, since torch does not promise to keep them."""
        if not torch.backends.mkldnn.is_available():
            return "this torch was built without oneDNN"
        try:
            works = packed.is_right()
        except (AttributeError, RuntimeError, TypeError):
            works = False
        return "" if works else "torch's operators for oneDNN's convolutions have changed"

    def compile(self, lowered: Lowered) -> Run:
        """Return the graph in a form for oneDNN, or as it was lowered if it has nothing for oneDNN."""
        if lowered.training:
            form = TrainingForm.of(lowered) if self.native else None
            return form or AsLowered.because("it is for training, and no kernel is faster there", lowered)
        if not _is_of_use(lowered):
            without = "no Convolution, no RNN, no large FullyConnected, and no layer with weights and a BatchNorm"
            return AsLowered.because(f"it has {without}", lowered)
        return Prediction(lowered, partial(_call_kernels, self))


def _is_of_use(lowered: Lowered) -> bool:
    """Whether a plan may be worthwhile: inference for each new set of shapes is not free."""
    nodes = lowered.module.graph.nodes
    names = set(map(operator_name, nodes))
    if not names.isdisjoint(("Convolution", "RNN")) or ("BatchNorm" in names and any(map(weighted, nodes))):
        return True
    return any(map(is_large_dense, nodes))


def _call_kernels(how: _OneDNN, draft: Draft) -> int:
    """Give each convolution and each dense layer the fastest kernel; return for how many it is not torch's."""
    kinds = packed.types()
    sites = [_Site(node) for node in draft.graph.nodes if _is_for_us(node, kinds)]
    choices = [site.ways(how.native, how.native and how.winograd) for site in sites]
    parameters = sum(4 * prod(node.meta["shape"]) for node in draft.parameters if is_known(node.meta.get("shape")))
    room = max(int(how.memory * parameters), _NO_MATTER if how.memory else 0)
    numbers = select([site.options(ways) for site, ways in zip(sites, choices, strict=True)], room)
    taken = [ways[number] for ways, number in zip(choices, numbers, strict=True)]
    if how.native:
        kernels = {site.node: way.run for site, way in zip(sites, taken, strict=True)}
        taken = [site.quicker(way, kernels) for site, way in zip(sites, taken, strict=True)]
    for site, way in zip(sites, taken, strict=True):
        if way.name != plain.NAME:
            site.put(draft, way)
    if any(isinstance(way.run, Compiled) for way in taken):
        call_elementary(draft)
        beginning.convert(draft)
    count = call_dense(draft) if how.native else 0
    count += call_recurrent(draft) if how.native and how.memory else 0
    draft.graph.eliminate_dead_code()
    return sum(way.name != plain.NAME for way in taken) + count


def _is_for_us(node: fx.Node, kinds: Collection[torch.dtype]) -> bool:
    if not isinstance(node.target, FusedConvolution) or node.meta.get("type") not in kinds:
        return False
    return is_known(arguments(node)[0].meta.get("shape"))


class _Site:
    """A fused convolution in a graph, at which one of several ways to compute it is put."""

    def __init__(self, node: fx.Node) -> None:
        self.node = node
        call: Any = node.target
        self.call: FusedConvolution = call
        data = arguments(node)[0]
        self._shape, self._kind = channels_first(data.meta["shape"], call.last), node.meta["type"]
        self._is_result = any(user.op == "output" for user in node.users)
        self._follows_another = data.op != "placeholder"
        self._is_alone = self._is_result and not self._follows_another
        self._may_give_first = self._is_result and not call.last and len(node.users) == 1 and arguments(node)[3] is None

    def ways(self, with_compiled: bool, with_winograd: bool) -> Sequence[Way]:
        """Return the ways among which the fastest is not known beforehand.

        Where kernels of our own suit, oneDNN is left out: it is as fast at best, and asks the system for new memory in
        each call. Both are faster than torch but for two cases that are tried, at the borders of a graph: small images,
        and results, since the kernels have the channels last, so that they must be converted. Inside a graph torch's
        product of matrices looks faster for some layers than it is there. For bfloat16 there is oneDNN alone.
        """
        shape, call, kind = self._shape, self.call, self._kind
        if kind is torch.bfloat16:
            return [packed.way(call, shape, kind)]
        pixels = dense.ways(call, shape) if with_compiled else []
        if pixels:
            return pixels
        is_small = shape[0] == call.groups == 1 and prod(shape) <= _SMALL and not self._follows_another
        without = [plain.way(call, shape)] if is_small or self._is_result else []
        compiled = [*indirect.ways(call, shape), *grouped.ways(call, shape)] if with_compiled else []
        if with_winograd:
            compiled += winograd.ways(call, shape, gives_last=not self._may_give_first)
        if compiled and is_wide():
            return [*without, *compiled]
        return [packed.way(call, shape, kind), *without, *compiled]

    def quicker(self, way: Way, kernels: Mapping[fx.Node, object]) -> Way:
        """Return the way with the channels first, at the beginning of a graph, where it is quicker than another.

        `kernels` are those of all fused convolutions: what can be computed together with the next one stays.
        """
        if bands.may_join(self.node, kernels):
            return way
        if self._kind is torch.float32 and not self.call.last and beginning.may_begin(self.node):
            for planar_way in planar.ways(self.call, self._shape):
                now, then = self.seconds([way, planar_way], "Convolution at the beginning")
                if is_wide() and then + beginning.conversion(self.node) < now:
                    return planar_way
        return way

    def options(self, ways: Sequence[Way]) -> list[Option]:
        """Return what each way costs, tried if there are several."""
        if len(ways) == 1:
            return [Option(0, ways[0].memory)]
        return [Option(time, way.memory) for time, way in zip(self.seconds(ways), ways, strict=True)]

    def seconds(self, ways: Sequence[Way], what: str = "Convolution") -> list[float]:
        """Return the time that each way takes; those are remembered together that were tried together, under `what`."""
        call = self.call
        window = (call.pad, call.stride, call.dilate, call.groups)
        borders = (call.last, self._is_result, self._follows_another)
        key = (what, self._shape, call.filters, window, *borders)
        times = seconds(key, {way.name: partial(self._trial, way) for way in ways}, self._is_alone)
        extra = [_WAY_THERE if self._is_alone and isinstance(way.run, Compiled) else 0 for way in ways]
        return [time + more for time, more in zip(times, extra, strict=True)]

    def _trial(self, way: Way) -> Callable[[], Tensor]:
        """Return a function that computes the convolution for made-up data.

        Among others a layer finds its filters in the memory, since theirs have been in the cache: each call has others.
        """
        image, is_last, run = torch.ones(self._shape), self.call.last, way.run
        size = way.memory or 4 * prod(self.call.filters)
        copies = 1 if self._is_alone else min(_MOST_COPIES, -(-_LARGER_THAN_CACHES // size))
        filters = cycle([way.blank() for _ in range(copies)])
        results = (None, run.blank()) if isinstance(run, Compiled) else ()  # in a graph there is memory for them
        if self._follows_another or is_last:
            image = image.contiguous(memory_format=torch.channels_last)
        # Who takes the result has the channels last, as all kernels here have but torch's.
        finish = Output(is_shared=False) if self._is_result and not is_last else to_channels_last_memory
        if not isinstance(run, Compiled):
            return lambda: finish(run(image, next(filters), None))
        room = Room()  # as in a graph, where it is converted into memory that is there already
        if not run.gives_last:  # `quicker` knows what follows
            return lambda: run(run.arranged(image, room), next(filters), None, *results)
        return lambda: finish(run(run.arranged(image, room), next(filters), None, *results))

    def put(self, draft: Draft, way: Way) -> None:
        """Compute the convolution in this way."""
        node = self.node
        data, weight, bias, other = arguments(node)
        filters = draft.insert(node, way.prepare, weight)
        last = self.call.last
        data, other = first(draft, node, data, last), first(draft, node, other, last)
        substitute(draft, node, draft.insert(node, way.run, data, filters, bias, other), last)


ENGINE = _OneDNN()

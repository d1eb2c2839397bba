"""Prediction on a GPU: images have their channels last in memory, and a CUDA graph repeats a call.

With ``hybridize(static_alloc=True, static_shape=True)`` the second of two calls of one kind is captured: the GPU then
repeats its kernels without Python. They read the parameters where these lie, so a value that is written into a
parameter is seen. No code here runs without a GPU.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.locks import process_lock
from ..ops.nn.window import channels_last
from .lower import Lowered, Run, copy
from .matching import attributes, hands_on, operator_name

_IMAGES = frozenset([torch.float32, torch.float16, torch.bfloat16])
_WARM_UPS = 2  # runs before a capture, in which libraries choose kernels and ask for memory

_capturing = process_lock()  # CUDA captures one graph at a time, and torch's flag is that of the process


class Card:
    """What is asked of the GPU; a test has its own."""

    def is_present(self) -> bool:
        """Whether this machine has one; it is not initialized."""
        return torch.cuda.is_available()

    def is_here(self, device: torch.device) -> bool:
        """Whether a device is one."""
        return device.type == "cuda"

    def stream(self, device: torch.device) -> int | None:
        """Return the stream that takes the calls of this thread; None if these must not be replays.

        They must not while the user captures a graph, or has torch choose other types.
        """
        with torch.cuda.device(device):
            if torch.cuda.is_current_stream_capturing() or torch.is_autocast_enabled("cuda"):
                return None
            return int(torch.cuda.current_stream().cuda_stream)

    def capture(self, run: Callable[[], tuple[Tensor, ...]], device: torch.device) -> Replay:
        """Capture a graph of what a function does. Its results lie in memory of the graph."""
        with torch.cuda.device(device), _measuring():
            here, aside = torch.cuda.current_stream(), torch.cuda.Stream()
            aside.wait_stream(here)
            with torch.cuda.stream(aside):
                for _ in range(_WARM_UPS):
                    run()
            here.wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            # Other threads may go on to ask for memory meanwhile.
            with torch.cuda.graph(graph, stream=aside, capture_error_mode="thread_local"):
                results = run()
        return Replay(graph.replay, results)


CARD = Card()


class Replay(NamedTuple):
    """A captured graph.

    Attributes
    ----------
    launch : callable
        Computes the results again, in the stream of the caller.
    results : tuple of Tensor
        The same tensors each time.
    """

    launch: Callable[[], None]
    results: tuple[Tensor, ...]


class _Captured(NamedTuple):
    kind: Any
    inputs: tuple[Tensor, ...]  # from which the graph reads
    replay: Replay


@contextmanager
def _measuring() -> Iterator[None]:
    """Let cuDNN measure which kernels are the fastest for each shape.

    ``torch.backends.cudnn.flags`` would set other flags too. A user who has frozen the flags has chosen himself.
    """
    if torch.backends.flags_frozen():
        yield
        return
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before


def around(run: Run, lowered: Lowered, is_static: bool) -> Run:
    """Return a function that does what another one does, better where the arrays are on a GPU.

    Parameters
    ----------
    run : callable
        What an engine has made of the graph.
    lowered : Lowered
        The graph.
    is_static : bool
        Whether calls may be captured.
    """
    if lowered.training or not CARD.is_present():
        return run
    is_static = is_static and not lowered.states and not any(map(_varies, lowered.module.graph.nodes))
    has_images = any(map(_has_images, lowered.module.graph.nodes))
    return OnCuda(run, lowered, is_static, has_images) if is_static or has_images else run


def _varies(node: Any) -> bool:
    """Whether a replay would not do as the node does: draw other numbers, call a program, or look at values."""
    applied = node.meta.get("applied")
    if applied is None or hands_on(node):
        return False
    operator = applied.operator
    return operator.runs_user_code or operator.reads_values or any(kind == "rng" for _, kind in operator.supplied)


def _has_images(node: Any) -> bool:
    if operator_name(node) != "Convolution":
        return False
    given = attributes(node)
    return len(given["kernel"]) == 2 and not channels_last(given["layout"])


class OnCuda:
    """A graph for prediction whose arrays may be on a GPU.

    A call is replayed if the last capture had the same shapes and types of inputs, the same memory of parameters and
    the same stream. It is captured if the call before was of its kind, and runs as without capturing otherwise: also
    while another call has the memory of the inputs, and if it is recorded.

    Parameters
    ----------
    run : callable
        Computes the graph.
    lowered : Lowered
        The graph.
    is_static : bool
        Whether calls may be captured.
    has_images : bool
        Whether inputs with four axes are images for convolutions.
    """

    def __init__(self, run: Run, lowered: Lowered, is_static: bool, has_images: bool) -> None:
        self._given = run, lowered, is_static, has_images
        self._run, self._is_static, self._has_images = run, is_static, has_images
        self._parameters = sorted(lowered.parameters)
        self._inputs = [number for number in range(len(lowered.variables)) if number not in lowered.parameters]
        self._captured: _Captured | None = None
        self._last: Any = None
        self._turn = threading.Lock()
        # What `explain` asks for.
        self.form, self.reason = getattr(run, "form", None), getattr(run, "reason", "")

    def __reduce__(self) -> Any:
        """A copy captures its own graph."""
        return OnCuda, self._given

    def __call__(self, *tensors: Any) -> tuple[Tensor, ...]:
        """Run the graph."""
        device = tensors[-1]
        if not CARD.is_here(device) or any(map(_is_recorded, tensors[:-2])):
            return self._run(*tensors)
        # Taken without waiting: a signal handler may call the network again in the midst of a call.
        if self._is_static and self._turn.acquire(blocking=False):
            try:
                captured = self._captured_for(tensors, device)
                if captured is not None:
                    return self._replayed(captured, tensors)
            finally:
                self._turn.release()
        if not self._has_images:
            return self._run(*tensors)
        given = list(tensors)
        for number in self._inputs:
            given[number] = tensors[number].contiguous(memory_format=self._format(tensors[number]))
        return tuple([result.contiguous() for result in self._run(*given)])

    def _format(self, tensor: Tensor) -> torch.memory_format:
        """Return how an input lies in memory."""
        is_image = self._has_images and tensor.dim() == 4 and tensor.dtype in _IMAGES
        return torch.channels_last if is_image else torch.contiguous_format

    def _captured_for(self, tensors: Sequence[Any], device: torch.device) -> _Captured | None:
        """Return the captured graph for these tensors, or None if there is none yet."""
        stream = CARD.stream(device)
        if stream is None:
            return None
        inputs = [(tensors[number].shape, tensors[number].dtype) for number in self._inputs]
        parameters = [_place(tensors[number]) for number in self._parameters]
        kind = (device, stream, inputs, parameters)
        if self._captured is None or self._captured.kind != kind:
            if self._last != kind:
                self._last = kind
                return None
            self._captured = None  # its memory is for the next one
            self._captured = self._capture(kind, tensors, device)
        return self._captured

    def _capture(self, kind: Any, tensors: Sequence[Any], device: torch.device) -> _Captured:
        given = list(tensors)
        # Tensors made in inference mode could not be written outside of it; leaving it turns gradients on.
        with _capturing, torch.inference_mode(False), torch.no_grad():
            for number in self._inputs:
                given[number] = tensors[number].clone(memory_format=self._format(tensors[number]))
            try:
                replay = CARD.capture(partial(self._run, *given), device)
            except RuntimeError as error:
                reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                raise MXNetError(f"static_shape: CUDA must be able to capture the graph; {reason}") from error
        return _Captured(kind, tuple([given[number] for number in self._inputs]), replay)

    def _replayed(self, captured: _Captured, tensors: Sequence[Any]) -> tuple[Tensor, ...]:
        """Return new tensors with the results for these inputs."""
        for number, static in zip(self._inputs, captured.inputs, strict=True):
            static.copy_(tensors[number])
        captured.replay.launch()
        return tuple(map(copy, captured.replay.results))


def _place(tensor: Tensor) -> tuple[Any, ...]:
    """Return where a tensor lies: a graph reads what is there, whoever has written it."""
    return tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride()


def _is_recorded(tensor: Tensor) -> bool:
    return tensor.requires_grad or type(tensor) is not Tensor

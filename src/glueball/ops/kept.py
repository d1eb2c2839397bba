"""Results that a compiler must compute once, and not again wherever they are used."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator

import torch
from torch import Tensor

# A program that is exported must run where Glueball is not; torch 2.6 cannot tell it from one that is compiled, so that
# our own exports say so.
_is_exporting = getattr(torch.compiler, "is_exporting", lambda: False)

_state = {"registered": False, "exporting": False}


def kept(result: Tensor) -> Tensor:
    """Return a result that a compiled graph computes once.

    torch's compiler saves memory by computing some results a second time, in the next loop or in the backward pass,
    with code that may round otherwise. A comparison of equals, such as which element is the largest, then comes out
    wrong: torch's own amax and amin lose gradients. And some computations it cannot put into one loop: it fails at the
    gradient of an average pooling of an average pooling. The gradient of a kept result is computed once too.
    """
    if _state["registered"] and torch.compiler.is_compiling() and not (_state["exporting"] or _is_exporting()):
        same: Tensor = torch.ops.glueball.kept(result)
        return same
    return result


@contextlib.contextmanager
def exporting() -> Iterator[None]:
    """Let results be, while a program is written that runs where Glueball is not."""
    _state["exporting"] = True
    try:
        yield
    finally:
        _state["exporting"] = False


@functools.cache
def register() -> None:
    """Register the torch operator that the compiler cannot look into; done when a graph is compiled."""
    declared = torch.library.custom_op(
        "glueball::kept", lambda result: result.clone(), mutates_args=(), schema="(Tensor result) -> Tensor"
    )
    declared.register_fake(torch.empty_like)
    declared.register_autograd(lambda context, gradient: torch.ops.glueball.kept(gradient))
    _state["registered"] = True

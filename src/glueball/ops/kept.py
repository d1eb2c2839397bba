"""Results that a compiler must compute once, and not again wherever they are used."""

from __future__ import annotations

import functools

import torch
from torch import Tensor

# A program that is exported must run where Glueball is not; torch 2.6 cannot tell it from one that is compiled.
_is_exporting = getattr(torch.compiler, "is_exporting", lambda: False)

_state = {"registered": False}


def kept(result: Tensor) -> Tensor:
    """Return a result that a compiled graph computes once.

    torch's compiler saves memory by computing some results a second time, in the next loop or in the backward pass,
    with code that may round otherwise. A comparison of equals, such as which element is the largest, then comes out
    wrong: torch's own amax and amin lose gradients. And some computations it cannot put into one loop: it fails at the
    gradient of an average pooling of an average pooling. The gradient of a kept result is computed once too.
    """
    if _state["registered"] and torch.compiler.is_compiling() and not _is_exporting():
        same: Tensor = torch.ops.glueball.kept(result)
        return same
    return result


@functools.cache
def register() -> None:
    """Register the torch operator that the compiler cannot look into; done when a graph is compiled."""
    declared = torch.library.custom_op(
        "glueball::kept", lambda result: result.clone(), mutates_args=(), schema="(Tensor result) -> Tensor"
    )
    declared.register_fake(torch.empty_like)
    declared.register_autograd(lambda context, gradient: torch.ops.glueball.kept(gradient))
    _state["registered"] = True

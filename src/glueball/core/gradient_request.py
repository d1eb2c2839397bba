"""Gradient requests (``grad_req``): whether a new gradient replaces the old one, adds to it, or is dropped."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from .errors import MXNetError

REQUESTS = ("write", "add", "null")


def check_request(owner: str, request: Any, error: type[Exception] = MXNetError) -> None:
    """Refuse anything but a gradient request, with the error class that MXNet raises there."""
    if not isinstance(request, str) or request not in REQUESTS:
        raise error(f"{owner}: grad_req must be 'write', 'add' or 'null'; received {request!r}")


def store_gradient(target: Tensor, gradient: Tensor | None, request: str) -> None:
    """Store a new gradient into `target`, in place; None means a gradient of zero."""
    if request == "null":
        return
    if gradient is not None and gradient.is_sparse:
        gradient = gradient.to_dense()
    if gradient is None:
        if request == "write":
            target.zero_()
    elif request == "add":
        target.add_(gradient.to(target.dtype))
    else:
        target.copy_(gradient)

"""What arrays ask of sparse forms: to be made of their tensors, added, and checked."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.sparse_forms import Csr, Form, Rows, as_form
from .tape import as_gradient


def rebuilt(stype: str, values: Tensor, auxiliary: Any, shape: tuple[int, ...]) -> Form:
    """Return a sparse form of its tensors, in the order in which a file has them."""
    if stype == "csr":
        return Csr(values, auxiliary[1], auxiliary[0], shape)
    return Rows(values, auxiliary[0], shape)


def gradient_form(gradient: Tensor, stype: str) -> Form:
    """Return a gradient as torch's autograd has it, dense or in torch's sparse form, as a form."""
    found = as_form(as_gradient(gradient), stype)
    assert not isinstance(found, Tensor)
    return found


def sum_of(lhs: Form, rhs: Form) -> Form:
    """Return the sum of two forms of one kind and shape, of the type of the first."""
    if isinstance(lhs, Rows) and isinstance(rhs, Rows):
        indices = torch.cat([lhs.indices, rhs.indices])
        return Rows.summed(indices, torch.cat([lhs.values, rhs.values.to(lhs.values.dtype)]), lhs.shape)
    return Csr.of(lhs.dense() + rhs.dense())


def check(form: Form, full: bool) -> None:
    """Refuse a form whose indices do not fit it; only if `full`, each of them is looked at."""
    indices, length = form.indices, form.shape[-1] if isinstance(form, Csr) else form.shape[0]
    fault = ""
    if isinstance(form, Csr):
        steps = form.indptr.diff()
        if len(form.indptr) != form.shape[0] + 1 or int(form.indptr[0]) or int(form.indptr[-1]) != len(indices):
            fault = "indptr must begin with 0, end with the number of values, and have one more item than rows"
        elif full and bool((steps < 0).any()):
            fault = "indptr must not decrease"
        elif full and len(indices) and bool(((indices.diff() <= 0) & (form.rows.diff() == 0)).any()):
            fault = "the columns of each row must increase"
    elif full and bool((indices.diff() <= 0).any()):
        fault = "indices must increase"
    if not fault and full and len(indices) and not (int(indices.min()) >= 0 and int(indices.max()) < length):
        fault = f"indices must be from 0 to {length - 1}"
    if fault:
        raise MXNetError(f"check_format: {fault}; received indices {indices.tolist()[:20]} for shape {form.shape}")

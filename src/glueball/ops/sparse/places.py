"""Rules of what takes, keeps or joins parts: retain, Embedding, take, slice, Concat, where."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.sparse_forms import Csr, Rows, to_dense
from .rule import Call, Gradients, Sparse, Value


def _retained(call: Call) -> Any:
    data, wanted = call.inputs
    if not isinstance(data, Rows) or not isinstance(wanted, Tensor):
        return None
    indices = wanted.long().reshape(-1)
    return Rows(data.at(indices), indices, data.shape)


def _retained_gradient(call: Call, gradient: Value) -> Gradients:
    indices = call.tensor(1).long().reshape(-1)
    values = gradient.at(indices) if isinstance(gradient, Rows) else to_dense(gradient)[indices]
    return [Rows.summed(indices, values, call.rows(0).shape), None]


RETAIN = Sparse(_retained, _retained_gradient)


def _looked_up(call: Call) -> Any:
    data, weight = call.inputs
    if not isinstance(data, Tensor) or not isinstance(weight, Rows):
        return None
    indices = data.long().clamp(0, weight.shape[0] - 1)
    return weight.at(indices.reshape(-1)).reshape(*indices.shape, *weight.shape[1:])


def looked_up_gradient(data: Tensor, gradient: Tensor, shape: tuple[int, ...]) -> Rows:
    """Return the gradient of a matrix whose rows were looked up: those rows alone."""
    indices = data.long().clamp(0, shape[0] - 1).reshape(-1)
    return Rows.summed(indices, gradient.reshape(-1, *shape[1:]), shape)


def _embedding_gradient(call: Call, gradient: Value) -> Gradients:
    return [None, looked_up_gradient(call.tensor(0), to_dense(gradient), call.rows(1).shape)]


EMBEDDING = Sparse(
    _looked_up,
    _embedding_gradient,
    gradient_stypes=lambda attributes, stypes: {1: "row_sparse"} if attributes["sparse_grad"] else {},
)
#: An embedding whose gradient always has only the rows that were looked up.
SPARSE_EMBEDDING = Sparse(_looked_up, _embedding_gradient, gradient_stypes=lambda attributes, stypes: {1: "row_sparse"})


def _taken(call: Call) -> Any:
    data, indices = call.inputs
    if not isinstance(data, Csr) or not isinstance(indices, Tensor) or indices.dim() != 1 or call.attributes["axis"]:
        return None
    if call.attributes["mode"] != "clip":
        return None
    return data.taken(indices.long().clamp(0, data.shape[0] - 1))


TAKE = Sparse(_taken)


def _range(begin: Any, end: Any, step: Any, axis: int, length: int) -> range:
    def of(given: Any) -> Any:
        return given[axis] if given is not None and axis < len(given) else None

    return range(length)[slice(of(begin), of(end), of(step))]


def _sliced(call: Call) -> Any:
    data = call.inputs[0]
    if not isinstance(data, Csr):
        return None
    begin, end, step = (call.attributes[name] for name in ("begin", "end", "step"))
    rows, columns = (_range(begin, end, step, axis, length) for axis, length in enumerate(data.shape))
    if rows.step != 1 or columns.step != 1 or not rows or not columns:
        return None
    part = data.part(rows.start, rows.stop)
    if len(columns) == data.shape[1]:
        return part
    kept = (part.indices >= columns.start) & (part.indices < columns.stop)
    shape = (len(rows), len(columns))
    return Csr.at(part.rows[kept], part.indices[kept] - columns.start, part.values[kept], shape)


SLICE = Sparse(_sliced)


def _joined(call: Call) -> Any:
    parts = [one for one in call.inputs if isinstance(one, Csr)]
    if len(parts) < len(call.inputs) or call.attributes["dim"] != 0 or len({part.shape[1] for part in parts}) != 1:
        return None
    starts = torch.cumsum(torch.tensor([0, *[len(part.values) for part in parts]]), 0).tolist()
    indptr = [part.indptr[1:] + start for part, start in zip(parts, starts, strict=False)]
    return Csr(
        torch.cat([part.values for part in parts]), torch.cat([part.indices for part in parts]),
        torch.cat([parts[0].indptr[:1], *indptr]), (sum(part.shape[0] for part in parts), parts[0].shape[1]),
    )  # fmt: skip


JOIN = Sparse(_joined)


def _chosen(call: Call) -> Any:
    condition, yes, no = call.inputs
    if not isinstance(condition, Csr) or not isinstance(yes, Tensor) or not isinstance(no, Tensor):
        return None
    if tuple(yes.shape) != condition.shape or tuple(no.shape) != condition.shape:
        return None
    result, chosen = no.clone(), condition.values != 0
    rows, columns = condition.rows[chosen], condition.indices[chosen]
    result[rows, columns] = yes[rows, columns]
    return result


WHERE = Sparse(_chosen)

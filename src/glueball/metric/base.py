"""The base class of metrics: a sum and a count, since the last local reset and since the last full one."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.doors import door, guard
from ..core.errors import MXNetError
from ..core.registry import Registry
from ..ndarray import NDArray


@door
def check_label_shapes(labels: Any, preds: Any, wrap: bool = False, shape: bool = False) -> tuple[Any, Any]:
    """Check that there are as many labels as predictions, and return both.

    Parameters
    ----------
    labels, preds : NDArray or list of NDArray
        The labels and predictions to compare.
    wrap : bool, default False
        Wrap a single array in a list.
    shape : bool, default False
        Compare the shapes instead of the lengths.

    Raises
    ------
    ValueError
        They differ.
    """
    found, expected = (tuple(labels.shape), tuple(preds.shape)) if shape else (len(labels), len(preds))
    if found != expected:
        what = "shape" if shape else "number"
        raise ValueError(f"metric: labels must have the {what} of the predictions, {expected}; received {found}")
    if wrap:
        labels = [labels] if isinstance(labels, NDArray) else labels
        preds = [preds] if isinstance(preds, NDArray) else preds
    return labels, preds


def as_tensor(owner: Any, array: Any) -> Tensor:
    """Return the torch tensor of an NDArray, or one that shares the memory of a NumPy array."""
    if isinstance(array, NDArray):
        return array._strided()._data
    if isinstance(array, np.ndarray):
        return torch.from_numpy(array)
    raise MXNetError(
        f"{type(owner).__name__}: labels and predictions must be NDArrays; received {type(array).__name__}"
    )


def pairs(owner: Any, labels: Any, preds: Any) -> list[tuple[Tensor, Tensor]]:
    """Return pairs of label and prediction tensors, on the device of the prediction."""
    labels, preds = check_label_shapes(labels, preds, wrap=True)
    found = [(as_tensor(owner, label), as_tensor(owner, pred)) for label, pred in zip(labels, preds, strict=True)]
    return [(label.to(pred.device), pred) for label, pred in found]


def ratio(total: float, count: float) -> float:
    """Return the mean; NaN if nothing has been counted."""
    return total / count if count else math.nan


@guard
class EvalMetric:
    """The base class of all metrics; a subclass implements ``update(labels, preds)``, which adds to a sum and a count.

    Parameters
    ----------
    name : str
        The name that `get` returns.
    output_names, label_names : list of str, optional
        The predictions and labels that `update_dict` uses; by default all.
    **kwargs
        The arguments of the subclass, for `get_config`. With ``has_global_stats=True`` the subclass also adds
        to ``global_sum_metric`` and ``global_num_inst``, which `reset_local` does not reset.

    Examples
    --------
    >>> import glueball as mx
    >>> class Positive(mx.metric.EvalMetric):
    ...     def update(self, labels, preds):
    ...         for pred in preds:
    ...             self.sum_metric += (pred > 0).sum().asscalar()
    ...             self.num_inst += pred.size
    >>> positive = Positive("positive")
    >>> positive.update([], [mx.nd.array([1, -7]), mx.nd.array([5, 3])])
    >>> name, value = positive.get()
    >>> name, float(value)
    ('positive', 0.75)
    """

    def __init__(
        self,
        name: str,
        output_names: Sequence[str] | None = None,
        label_names: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.name = str(name)
        self.output_names = output_names
        self.label_names = label_names
        self._has_global_stats = bool(kwargs.pop("has_global_stats", False))
        self._kwargs = kwargs
        self.reset()

    def reset(self) -> None:
        """Reset the metric, including what `get_global` returns."""
        self.num_inst: float = 0
        self.sum_metric: float = 0.0
        self.global_num_inst: float = 0
        self.global_sum_metric: float = 0.0

    def reset_local(self) -> None:
        """Reset what `get` returns, but not what `get_global` returns."""
        self.num_inst = 0
        self.sum_metric = 0.0

    def _glueball_add(self, total: float, count: float) -> None:
        self.sum_metric += total
        self.global_sum_metric += total
        self.num_inst += count
        self.global_num_inst += count

    #: The attributes in which `update` counts.
    _glueball_counters: tuple[str, ...] = ("sum_metric", "num_inst", "global_sum_metric", "global_num_inst")

    def _glueball_counted(self) -> dict[str, Any]:
        """Return what was counted; a program's `reset` need not set all."""
        return {name: getattr(self, name) for name in self._glueball_counters if hasattr(self, name)}

    def _glueball_join(self, counted: Sequence[Mapping[str, Any]]) -> None:
        """Take what several metrics have counted, all together, in the place of what this one has."""
        for name in counted[0]:
            setattr(self, name, reduce(operator.add, [each[name] for each in counted]))

    def update(self, labels: Any, preds: Any) -> None:
        """Add one batch; a subclass implements it.

        Parameters
        ----------
        labels, preds : NDArray, numpy.ndarray or list of these
            As many labels as predictions.
        """
        raise NotImplementedError(f"{type(self).__name__}: update(labels, preds) must be implemented by the subclass")

    def update_dict(self, label: Mapping[str, NDArray], pred: Mapping[str, NDArray]) -> None:
        """Add one batch given by name; KeyError if one of `label_names` or `output_names` is missing."""
        self.update(self._glueball_select(label, self.label_names), self._glueball_select(pred, self.output_names))

    def _glueball_select(self, arrays: Mapping[str, NDArray], names: Sequence[str] | None) -> list[NDArray]:
        if names is None:
            return list(arrays.values())
        missing = [name for name in names if name not in arrays]
        if missing:
            raise KeyError(f"{type(self).__name__}: {missing[0]!r} must be given; received {list(arrays)}")
        return [arrays[name] for name in names]

    def get(self) -> tuple[Any, Any]:
        """Return the name and the value since the last reset; NaN without any batch."""
        return self.name, ratio(self.sum_metric, self.num_inst)

    def get_global(self) -> tuple[Any, Any]:
        """Return the name and the value since the last `reset`, regardless of `reset_local`."""
        if not self._has_global_stats:
            return self.get()
        return self.name, ratio(self.global_sum_metric, self.global_num_inst)

    def get_name_value(self) -> list[tuple[str, float]]:
        """Return `get()` as a list of (name, value) pairs."""
        return _as_pairs(self.get())

    def get_global_name_value(self) -> list[tuple[str, float]]:
        """Return `get_global()` as a list of (name, value) pairs; without global values, `get_name_value()`."""
        return _as_pairs(self.get_global()) if self._has_global_stats else self.get_name_value()

    def get_config(self) -> dict[str, Any]:
        """Return the metric's class and constructor arguments."""
        return {
            **self._kwargs,
            "metric": type(self).__name__,
            "name": self.name,
            "output_names": self.output_names,
            "label_names": self.label_names,
        }

    def __str__(self) -> str:
        return f"EvalMetric: {dict(self.get_name_value())}"


def _as_pairs(found: tuple[Any, Any]) -> list[tuple[str, float]]:
    """Pair what is in two lists, up to the end of the shorter; what is no list is one element, a tuple also."""
    names, values = [part if isinstance(part, list) else [part] for part in found]
    return list(zip(names, values, strict=False))


registry = Registry(EvalMetric, "metric")


@door
def register(klass: type, name: str | None = None) -> Any:
    """Register a subclass of `EvalMetric` under `name`, by default its lower-case name; used as a decorator."""
    return registry.register(klass, name)


@door
def alias(*aliases: str) -> Callable[[type], Any]:
    """Return a class decorator that registers a metric under further names."""
    return registry.alias(*aliases)

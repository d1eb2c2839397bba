"""Metrics over all processes, from what each of them has counted."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..core.doors import door
from ..core.errors import MXNetError
from ..core.strangers import call
from ..metric import CompositeEvalMetric, EvalMetric
from .processes import connected

__all__ = ["reduce_metric"]


@door
def reduce_metric(metric: EvalMetric, merge: Callable[[list[EvalMetric]], EvalMetric] | None = None) -> EvalMetric:
    """Return a metric of what all processes have counted together; the metric itself stays that of its process.

    All processes must call it, each with its own metric of the same kind.

    Parameters
    ----------
    metric : EvalMetric
        A metric of `glueball.metric`, or of a program whose `update` adds to ``sum_metric`` and ``num_inst`` alone (and
        to ``global_sum_metric`` and ``global_num_inst``).
    merge : callable, optional
        For a metric that keeps more: takes the list of the metrics of all processes, which must be such that they can
        be pickled, and returns one.

    Raises
    ------
    MXNetError
        The processes have other metrics, or one keeps what nobody knows how to join.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.parallel import reduce_metric
    >>> metric = mx.metric.Accuracy()
    >>> metric.update([mx.nd.array([1, 0])], [mx.nd.array([[0.1, 0.9], [0.4, 0.6]])])
    >>> reduce_metric(metric).get()  # of the one process that runs this
    ('accuracy', 0.5)
    """
    if not isinstance(metric, EvalMetric):
        raise MXNetError(f"reduce_metric: metric must be an EvalMetric; received {type(metric).__name__}")
    if merge is not None:
        return _merged(metric, merge)
    everybody = connected().gather_objects([_Counted.of(part) for part in _parts(metric)])
    _check(everybody)
    result = _copied(metric)
    for part, found in zip(_parts(result), zip(*everybody, strict=True), strict=True):
        part._glueball_join([each.counted for each in found])
    return result


def _merged(metric: EvalMetric, merge: Callable[[list[EvalMetric]], EvalMetric]) -> EvalMetric:
    if not callable(merge):
        raise MXNetError(f"reduce_metric: merge must be a function of a list of metrics, or None; received {merge!r}")
    try:
        pickle.dumps(metric)
    except Exception as error:  # what a program keeps may refuse in any way
        raise MXNetError(
            f"reduce_metric: with merge, the metric must be such that it can be pickled; {type(metric).__name__} is "
            f"not ({error}); define __getstate__, or leave out what cannot be"
        ) from error
    joined = call(merge, connected().gather_objects(metric))
    if not isinstance(joined, EvalMetric):
        raise MXNetError(f"reduce_metric: merge must return an EvalMetric; it returned {type(joined).__name__}")
    return joined


class _Counted(NamedTuple):
    """What a process says of its metric: class, name, the attributes that nobody here knows, and the others."""

    kind: str
    name: str
    unknown: list[str]
    counted: dict[str, Any]

    @classmethod
    def of(cls, metric: EvalMetric) -> _Counted:
        return cls(type(metric).__name__, metric.name, _unknown(metric), metric._glueball_counted())


def _check(everybody: Sequence[Sequence[_Counted]]) -> None:
    first = [each[:2] for each in everybody[0]]
    for rank, parts in enumerate(everybody):
        kinds = [each[:2] for each in parts]
        if kinds != first:
            raise MXNetError(
                f"reduce_metric: all processes must have the same metrics; process {rank} has {_text(kinds)}, process "
                f"0 {_text(first)}"
            )
        for part in parts:
            if part.unknown:
                raise MXNetError(
                    f"reduce_metric: {part.kind} must count in sum_metric and num_inst alone; reset() also changes "
                    f"{', '.join(part.unknown)}; say how to join the metrics of all processes, with "
                    "merge=lambda metrics: ..."
                )


def _text(kinds: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(f"{kind} {name!r}" for kind, name in kinds)


def _parts(metric: EvalMetric) -> list[EvalMetric]:
    if isinstance(metric, CompositeEvalMetric):
        return [part for each in metric.metrics for part in _parts(each)]
    return [metric]


def _copied(metric: EvalMetric) -> EvalMetric:
    result = copy.copy(metric)
    if isinstance(result, CompositeEvalMetric):
        result.metrics = [_copied(each) for each in result.metrics]
    return result


def _unknown(metric: EvalMetric) -> list[str]:
    """Return what else a program's metric counts in: the other attributes that `reset` changes."""
    if type(metric).__module__.partition(".")[0] == __name__.partition(".")[0]:
        return []
    trial = copy.deepcopy(metric)
    before = {name: _known_by(value) for name, value in vars(trial).items()}
    trial.reset()
    after = {name: _known_by(value) for name, value in vars(trial).items()}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return sorted(changed - {*metric._glueball_counters})


def _known_by(value: Any) -> Any:
    """Return what tells whether a value has changed."""
    try:
        return pickle.dumps(value)
    except Exception:  # what a program keeps may refuse in any way
        return id(value)

"""Metrics over processes: what one process has that sees all batches."""

from __future__ import annotations

import math

import numpy as np
import pytest

import glueball as mx
from glueball.metric.base import registry
from glueball.parallel import reduce_metric
from tests.parallel import several

DRAW = np.random.default_rng(0)


def scores(*shape):
    values = DRAW.random(shape)
    return values / values.sum(-1, keepdims=True)


SIZES = (5, 3, 7, 4, 6)
#: Batches; the last one has the most classes, so that tables of classes differ between processes.
BINARY = [(np.append(DRAW.integers(0, 2, size - 2), [0, 1]), scores(size, 2)) for size in SIZES]
MANY = [(DRAW.integers(0, 3 + (size == 6), size), scores(size, 3 + (size == 6))) for size in SIZES]
NUMBERS = [(DRAW.normal(size=(size, 2)), DRAW.normal(size=(size, 2))) for size in SIZES]


def worst(label, pred):
    return float(np.abs(label - pred).max())


def count_of_hits(label, pred):
    return float((label == pred.argmax(1)).sum()), len(label)


class Squares(mx.metric.EvalMetric):
    """A metric of a program, which has a setting of its own, and shows a root."""

    def __init__(self):
        self.power = 2
        super().__init__("squares")

    def reset(self):
        self.sum_metric, self.num_inst = 0.0, 0

    def update(self, labels, preds):
        for label, pred in zip(labels, preds, strict=True):
            self.sum_metric += ((label - pred) ** self.power).sum()  # an array
            self.num_inst += label.size

    def get(self):
        return self.name, float((self.sum_metric / self.num_inst).asscalar()) ** 0.5


class Best(mx.metric.EvalMetric):
    """A metric of a program that keeps what is no sum."""

    def reset(self):
        super().reset()
        self.best = -math.inf

    def update(self, labels, preds):
        self.best = max(self.best, *[float(pred.max().asscalar()) for pred in preds])

    def get(self):
        return self.name, self.best


def metrics():
    """Each metric of MXNet's, and of programs, with batches for it."""
    micro = {"average": "micro"}
    of_classes = ("caffe", "accuracy", "negativeloglikelihood", "pcc", "loss", "torch", "crossentropy")
    made = [(name, mx.metric.create(name), MANY) for name in of_classes]
    made += [("topkaccuracy", mx.metric.create("topkaccuracy", top_k=2), MANY)]
    made += [("perplexity", mx.metric.create("perplexity", ignore_label=1), MANY)]
    made += [(name, mx.metric.create(name, **how), BINARY) for name in ("f1", "mcc") for how in ({}, micro)]
    made += [(name, mx.metric.create(name), NUMBERS) for name in ("mae", "mse", "rmse", "pearsoncorrelation")]
    made += [("pearsoncorrelation", mx.metric.create("pearsoncorrelation", **micro), NUMBERS)]
    made += [("custom", mx.metric.np(worst), NUMBERS), ("custom", mx.metric.np(count_of_hits), MANY)]
    made += [("compositeevalmetric", mx.metric.create(["acc", ["pcc", "ce"]]), MANY), ("program", Squares(), NUMBERS)]
    return made


def update(metric, batches, reset_before):
    for number, (label, pred) in enumerate(batches):
        if number == reset_before:
            metric.reset_local()
        metric.update([mx.nd.array(label)], [mx.nd.array(pred)])


def values(metric):
    """What it is; a part may be too little for a value."""
    found = [np.ravel(each[1]).tolist() for each in (metric.get(), metric.get_global())]
    return [[None if math.isnan(value) else value for value in those] for those in found]


def over_processes():
    """What each metric is over all processes, before and after the reset of what counts since the last report."""
    rank = mx.kv.create("dist_sync").rank
    found = []
    for _, metric, batches in metrics():
        own = batches[:2] if rank == 0 else batches[2:]
        update(metric, own, 1)
        before = values(metric)
        whole = reduce_metric(metric)
        again = values(reduce_metric(metric))
        assert values(metric) == before and type(whole) is type(metric)
        found.append([values(whole), again])
    return found


def test_metrics_are_those_of_one_process_that_sees_all():
    found = several.run(over_processes, 2)
    assert found[0] == found[1]
    cases = metrics()
    known = {klass.__name__.lower() for klass in registry._classes.values() if klass.__module__.startswith("glueball.")}
    assert {name for name, *_ in cases} >= known
    for (name, metric, batches), (one, again) in zip(cases, found[0], strict=True):
        assert again == one and [*map(len, one)] == [3 if name == "compositeevalmetric" else 1] * 2
        update(metric, [batches[1], *batches[3:]], None)  # what came since the local reset
        np.testing.assert_allclose(one[0], values(metric)[0], rtol=1e-6, err_msg=name)
        metric.reset()
        update(metric, batches if name != "program" else [batches[1], *batches[3:]], None)
        np.testing.assert_allclose(one[1], values(metric)[1], rtol=1e-6, err_msg=name)


def best_of(metrics):
    metrics[0].best = max(metric.best for metric in metrics)
    return metrics[0]


def of_programs():
    """What is refused, and what a program joins itself."""
    rank = mx.kv.create("dist_sync").rank
    best = Best("best")
    if rank:  # so that process 0 has nothing that a reset would change
        update(best, NUMBERS, None)
    found = [
        several.refused(lambda: reduce_metric(best)),
        several.refused(lambda: reduce_metric(mx.metric.create(["acc", "ce"][rank]))),
    ]
    return [*found, reduce_metric(best, merge=best_of).get()[1]]


def test_what_nobody_knows_how_to_join_is_refused_unless_the_program_says_it():
    one, other = several.run(of_programs, 2)
    assert one == other
    unknown, kinds, best = one
    assert unknown == (
        "reduce_metric: Best must count in sum_metric and num_inst alone; reset() also changes best; say how to join "
        "the metrics of all processes, with merge=lambda metrics: ..."
    )
    assert kinds == (
        "reduce_metric: all processes must have the same metrics; process 1 has CrossEntropy 'cross-entropy', process "
        "0 Accuracy 'accuracy'"
    )
    assert best == max(float(pred.astype("float32").max()) for _, pred in NUMBERS)


@pytest.mark.parametrize(
    ("metric", "merge", "message"),
    [
        ("acc", None, "metric must be an EvalMetric; received str"),
        (Squares(), 3, "merge must be a function of a list of metrics, or None; received 3"),
        (Squares(), len, "merge must return an EvalMetric; it returned int"),
        (mx.metric.np(lambda label, pred: 0.0), best_of, "must be such that it can be pickled; CustomMetric is not"),
    ],
)
def test_what_cannot_be_joined_is_refused(metric, merge, message):
    with pytest.raises(mx.MXNetError, match=f"^reduce_metric: .*{message}"):
        reduce_metric(metric, merge)

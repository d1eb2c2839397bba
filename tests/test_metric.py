"""Metrics accept the same batches and return the same values as MXNet's."""

from __future__ import annotations

import math

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same

DRAW = np.random.default_rng(0)


def probabilities(*shape):
    values = DRAW.random(shape) ** 2
    return (values / values.sum(-1, keepdims=True)).astype("float32")


def values(*shape):
    return DRAW.standard_normal(shape).astype("float32")


def classes(count, *shape):
    return DRAW.integers(0, count, shape).astype("float32")


def told(mx, name, options, batches, kinds=("float32", "float32")):
    """The values of a metric after each batch, after a local reset, after one more batch, and after a full reset."""
    metric = mx.metric.create(name, **options)
    history = []

    def note():
        found = [metric.get(), metric.get_global(), (metric.name, metric.num_inst), (metric.name, metric.sum_metric)]
        history.append([[name, float(value)] for name, value in found])

    note()
    for labels, preds in batches:
        metric.update(
            [mx.nd.array(label, dtype=kinds[0]) for label in labels],
            [mx.nd.array(pred, dtype=kinds[1]) for pred in preds],
        )
        note()
    metric.reset_local()
    note()
    labels, preds = batches[0]
    metric.update([mx.nd.array(label) for label in labels], [mx.nd.array(pred) for pred in preds])
    note()
    metric.reset()
    note()
    return history, str(metric), metric.get_name_value(), metric.get_global_name_value()


SCORES = [([classes(5, 8)], [probabilities(8, 5)]) for _ in range(3)]
TWO = [([classes(2, 9)], [probabilities(9, 2)]) for _ in range(3)]
NUMBERS = [([values(6, 3)], [values(6, 3)]) for _ in range(3)]
ROWS = [([values(6)], [values(6, 1)]), ([values(4, 1)], [values(4)]), ([values(5)], [values(5)])]
SEVERAL = [([classes(3, 4), classes(3, 6)], [probabilities(4, 3), probabilities(6, 3)])]

CASES = [
    ("acc", {}, SCORES),
    ("acc", {}, TWO),
    ("acc", {}, SEVERAL),
    ("acc", {"axis": -1}, SCORES),
    ("acc", {"axis": 0}, [([classes(5, 8)], [probabilities(5, 8)])]),
    ("acc", {}, [([classes(3, 4, 2)], [values(4, 3, 2)])]),
    ("acc", {}, [([classes(3, 7)], [classes(3, 7)])]),
    ("acc", {}, [([classes(3, 7, 1)], [probabilities(7, 3)])]),
    ("acc", {}, [([classes(3, 7) + 0.7], [probabilities(7, 3)])]),
    ("acc", {}, [([classes(3, 7, 2)], [classes(3, 7, 2)])]),
    ("acc", {"name": "mine"}, SCORES),
    ("top_k_accuracy", {"top_k": 2}, SCORES),
    ("top_k_accuracy", {"top_k": 3, "name": "hits"}, SCORES),
    ("top_k_accuracy", {"top_k": 5}, SCORES),
    ("top_k_acc", {"top_k": 2}, SEVERAL),
    ("top_k_accuracy", {"top_k": 2}, [([classes(3, 7, 1)], [probabilities(7, 3)])]),
    ("loss", {}, NUMBERS),
    ("torch", {}, ROWS),
    ("caffe", {}, SEVERAL),
    ("mae", {}, NUMBERS),
    ("mae", {}, ROWS),
    ("mse", {}, NUMBERS),
    ("mse", {}, ROWS),
    ("rmse", {}, NUMBERS),
    ("rmse", {}, ROWS),
    ("ce", {}, SCORES),
    ("ce", {"eps": 0.1}, SEVERAL),
    ("crossentropy", {}, [([classes(3, 4, 1)], [probabilities(4, 3)])]),
    ("nll_loss", {}, SCORES),
    ("negativeloglikelihood", {"eps": 0.1}, SEVERAL),
    ("perplexity", {"ignore_label": None}, SCORES),
    ("perplexity", {"ignore_label": 1}, SCORES),
    ("perplexity", {"ignore_label": 0}, [([np.zeros(4, "float32")], [probabilities(4, 3)])]),
    ("perplexity", {"ignore_label": None, "axis": 1}, SEVERAL),
    ("f1", {}, TWO),
    ("f1", {"average": "micro"}, TWO),
    ("f1", {}, [([np.zeros(3, "float32")], [np.array([[0.9, 0.1]] * 3, "float32")])]),
    ("f1", {"average": "micro"}, [([classes(2, 4), classes(2, 6)], [probabilities(4, 2), probabilities(6, 2)])]),
    ("mcc", {}, TWO),
    ("mcc", {"average": "micro"}, TWO),
    ("mcc", {}, [([np.zeros(3, "float32")], [np.array([[0.9, 0.1]] * 3, "float32")])]),
    ("pearsonr", {}, NUMBERS),
    ("pearsoncorrelation", {}, [([values(9)], [values(9)])]),
    ("pcc", {}, SCORES),
    ("pcc", {}, TWO),
    ("pcc", {}, [([np.zeros(3, "float32")], [np.array([[0.9, 0.1]] * 3, "float32")])]),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{name}-{options}" for name, options, _ in CASES])
def test_values_equal_mxnets(oracle, case):
    assert_same(*oracle.both(told, *CASES[case]), rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("kinds", [("int32", "float32"), ("int64", "float16"), ("float32", "float64")])
@pytest.mark.parametrize("name", ["acc", "mae", "loss"])
def test_other_types(oracle, name, kinds):
    batches = NUMBERS if name == "mae" else SCORES
    assert_same(*oracle.both(told, name, {}, batches, kinds), rtol=2e-3)


def test_micro_pearson_is_that_of_all_pairs_together(oracle):
    code = """
        metric = mx.metric.PearsonCorrelation(average="micro")
        for labels, preds in batches:
            metric.update([nd.array(labels[0])], [nd.array(preds[0])])
        return float(metric.get()[1])
    """
    ours, theirs = oracle.both(code, batches=NUMBERS)
    assert_same(ours, theirs, rtol=1e-5)
    labels, preds = (np.concatenate([batch[side][0] for batch in NUMBERS]).ravel() for side in (0, 1))
    assert ours.get() == pytest.approx(np.corrcoef(labels, preds)[0, 1])
    metric = mx.metric.PearsonCorrelation(average="micro")
    metric.update([mx.nd.array(labels)], [mx.nd.array(preds)])
    metric.reset_local()
    assert math.isnan(metric.get()[1])
    assert metric.get_global()[1] == pytest.approx(ours.get(), rel=1e-5)


def test_perplexity_over_more_axes():
    label, pred = classes(4, 2, 3), probabilities(2, 3, 4)
    for axis, given in ((-1, pred), (1, np.moveaxis(pred, -1, 1))):
        metric = mx.metric.Perplexity(None, axis=axis)
        metric.update([mx.nd.array(label)], [mx.nd.array(given)])
        chosen = np.take_along_axis(pred, label.astype(int)[..., None], -1)
        assert metric.get()[1] == pytest.approx(np.exp(-np.log(chosen).mean()), rel=1e-5)


def test_equal_scores_are_ranked_by_the_number_of_the_class():
    flat = mx.nd.full((4, 4), 0.25)
    metric = mx.metric.TopKAccuracy(top_k=2)
    metric.update([mx.nd.array([0, 1, 2, 3])], [flat])
    assert metric.get()[1] == 0.5
    assert metric.sum_metric == 2


def test_predictions_without_scores_are_classes():
    metric = mx.metric.TopKAccuracy(top_k=2)
    metric.update([mx.nd.array([2, 0, 1, 1])], [mx.nd.array([2, 1, 1, 0])])
    assert metric.get()[1] == 0.5


def test_a_label_that_is_no_class_is_never_among_the_first():
    metric = mx.metric.TopKAccuracy(top_k=2)
    metric.update([mx.nd.array([-1, 7, 0])], [mx.nd.array([[0.6, 0.4, 0]] * 3)])
    assert metric.sum_metric == 1


def test_numpy_arrays_and_single_arrays_are_taken_too():
    label, pred = SCORES[0][0][0], SCORES[0][1][0]
    found = []
    for give in (lambda x: [mx.nd.array(x)], lambda x: [x], mx.nd.array):
        metric = mx.metric.Accuracy()
        metric.update(give(label), give(pred))
        found.append(metric.get()[1])
    assert found[0] == found[1] == found[2] == (pred.argmax(1) == label).mean()


# --- refusals -----------------------------------------------------------------------------------------------

BAD = [
    ("acc", {}, [(2,)], [(3, 2)], "ValueError", "labels must have the number of the predictions, 3; received 2"),
    ("acc", {}, [(3,)], [(2, 3)], "ValueError", "received 3"),
    ("acc", {}, [(3,), (3,)], [(3, 2)], "ValueError", "the predictions, 1; received 2"),
    ("acc", {"axis": 5}, [(3,)], [(3, 2)], None, "Accuracy: .* along axis 5; received"),
    ("top_k_acc", {"top_k": 2}, [(3,)], [(4, 3)], "ValueError", "the predictions, 4; received 3"),
    ("top_k_acc", {"top_k": 2}, [(2,)], [(2, 2, 2)], "RefusedError", "1 or 2 axes; received"),
    ("top_k_acc", {"top_k": 4}, [(2,)], [(2, 3)], "ValueError", "at most the 3 classes; received 4"),
    ("top_k_acc", {"top_k": 1}, [(2,)], [(2, 3)], "RefusedError", "top_k must be 2 or more; received 1; for 1 use"),
    ("mae", {}, [(4, 3)], [(5,)], "ValueError", r"MAE: labels must have the shape .*\(5, 1\); received \(4, 3\)"),
    ("rmse", {}, [(4, 3), (4, 3)], [(4, 3)], "ValueError", "the predictions, 1; received 2"),
    ("ce", {}, [(3,)], [(4, 3)], "RefusedError", "CrossEntropy: .* for each of 4 predictions; received 3"),
    ("nll_loss", {}, [(3,)], [(4, 3)], "RefusedError", "NegativeLogLikelihood: .* 4 predictions; received 3"),
    ("perplexity", {"ignore_label": None}, [(3,)], [(4, 3)], "RefusedError", "Perplexity: .* 4 .*received 3"),
    ("f1", {}, [(3,)], [(4, 2)], "ValueError", "the predictions, 4; received 3"),
    ("f1", {"average": "nano"}, [(4,)], [(4, 2)], None, "F1: average must be .* received 'nano'"),
    ("pearsonr", {}, [(4, 3)], [(5,)], "ValueError", r"shape of the predictions, \(5,\); received \(4, 3\)"),
    ("pearsonr", {"average": "nano"}, [(4,)], [(4, 2)], None, "average must be .* received 'nano'"),
]  # fmt: skip


def updated_with_zeros(mx, name, options, labels, preds):
    metric = mx.metric.create(name, **options)
    metric.update([mx.nd.zeros(shape) for shape in labels], [mx.nd.zeros(shape) for shape in preds])


@pytest.mark.parametrize(("name", "options", "labels", "preds", "error", "rule"), BAD)
def test_what_does_not_fit_is_refused(oracle, name, options, labels, preds, error, rule):
    if error:
        ours, theirs = oracle.both(updated_with_zeros, name, options, labels, preds)
        assert error in ours.mro
        assert_same(ours, theirs)
    with pytest.raises((mx.MXNetError, ValueError), match=rule):
        updated_with_zeros(mx, name, options, labels, preds)


@pytest.mark.parametrize("name", ["f1", "mcc"])
def test_more_than_two_classes(oracle, name):
    code = "mx.metric.create(name).update([nd.array([0, 1, 2])], [nd.ones((3, 2))])"
    ours, theirs = oracle.both(code, name=name)
    assert "ValueError" in ours.mro
    assert_same(ours, theirs)


@pytest.mark.parametrize("name", ["ce", "nll_loss"])
def test_a_label_must_be_a_class(oracle, name):
    code = "mx.metric.create(name).update([nd.array([0, 3])], [nd.ones((2, 3))])"
    ours, theirs = oracle.both(code, name=name)
    assert_same(ours, theirs)
    assert "classes from 0 to 2; received 0 to 3" in ours.message


def test_what_is_no_array_is_refused():
    with pytest.raises(mx.MXNetError, match=r"Accuracy: .* must be NDArrays; received list"):
        mx.metric.Accuracy().update([[1, 0]], [mx.nd.ones((2, 2))])
    with pytest.raises(NotImplementedError, match=r"Bare: update\(labels, preds\) must be implemented"):
        type("Bare", (mx.metric.EvalMetric,), {})("bare").update([], [])


def test_check_label_shapes(oracle):
    for code in (
        "mx.metric.check_label_shapes([1, 2], [3])",
        "mx.metric.check_label_shapes([1, 2], [3, 4])",
        "mx.metric.check_label_shapes(nd.ones((2,)), nd.ones((2, 3)))",
        "mx.metric.check_label_shapes(nd.ones((2,)), nd.ones((2, 3)), shape=True)",
        "mx.metric.check_label_shapes(nd.ones((2,)), nd.ones((2,)), wrap=True, shape=True)",
    ):
        assert_same(*oracle.both(code))


# --- creating metrics ---------------------------------------------------------------------------------------

NAMES = [
    "acc", "accuracy", "ACC", "topkaccuracy", "loss", "mae", "mse", "rmse", "ce", "cross-entropy", "nll-loss", "f1",
    "mcc", "pearsonr", "pcc", "composite", "custom", "torch", "caffe", "nope", "evalmetric",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names(oracle, name):
    code = "metric = mx.metric.create(name); return type(metric).__name__, metric.get()"
    assert_same(*oracle.both(code, name=name))


def test_create_takes_functions_lists_and_metrics(oracle):
    for code in (
        "mx.metric.create(['acc', 'mae']).get()",
        "mx.metric.create(lambda label, pred: 1.0).get()",
        "mx.metric.create(['acc', lambda label, pred: 1.0]).get()",
        "metric = mx.metric.Accuracy(); return mx.metric.create(metric) is metric",
        "mx.metric.create('acc', axis=0).axis",
        "mx.metric.create(3)",
        "mx.metric.create(None)",
        "mx.metric.np(lambda label, pred: 1.0).name",
        "mx.metric.np(sum).name",
        "mx.metric.np(sum, name='total').name",
    ):
        assert_same(*oracle.both(code), about=code)
    with pytest.raises(mx.MXNetError, match="received the class Accuracy"):
        mx.metric.create(mx.metric.Accuracy)


def custom(mx, result, extra, labels, preds):
    def feval(label, pred):
        total = float(np.ndarray.sum(label - pred))
        return (total, label.size) if result == "pair" else total

    metric = mx.metric.CustomMetric(feval, allow_extra_outputs=extra)
    metric.update([mx.nd.array(x) for x in labels], [mx.nd.array(x) for x in preds])
    return metric.get(), metric.get_global()


@pytest.mark.parametrize("extra", [False, True])
@pytest.mark.parametrize("result", ["number", "pair"])
def test_a_metric_from_a_function(oracle, result, extra):
    assert_same(*oracle.both(custom, result, extra, [values(3), values(2)], [values(3), values(2)]))
    assert_same(*oracle.both(custom, result, extra, [values(3)], [values(3), values(2)]))


def test_a_metric_from_a_function_has_no_configuration(oracle):
    assert_same(*oracle.both("mx.metric.np(sum).get_config()"))


def test_register(oracle):
    code = """
        class TestOnlyCounter(mx.metric.EvalMetric):
            def __init__(self, step=1, name="counter", **kwargs):
                super().__init__(name, step=step, **kwargs)
                self.step = step
            def update(self, labels, preds):
                self.sum_metric += self.step
                self.num_inst += 1
        mx.metric.register(TestOnlyCounter)
        mx.metric.alias("testonlyalias")(TestOnlyCounter)
        metric = mx.metric.create("TestOnlyCounter", step=3)
        metric.update(None, None)
        metric.update(None, None)
        found = [metric.get(), metric.get_global(), metric.get_config()]
        return found, type(mx.metric.create("testonlyalias")).__name__
    """
    assert_same(*oracle.both(code))
    assert_same(*oracle.both("mx.metric.register(dict)"))


@pytest.mark.parametrize("name", ["Accuracy", "MAE", "Loss", "CrossEntropy"])
def test_configuration(oracle, name):
    assert_same(*oracle.both("getattr(mx.metric, name)(output_names=['out']).get_config()", name=name))


# --- batches given by names, several metrics ----------------------------------------------------------------

BY_NAME = """
    labels = {"label": nd.array([1, 0]), "other": nd.array([0, 0])}
    preds = {"out": nd.array([[0.1, 0.9], [0.3, 0.7]]), "loss": nd.array([3])}
"""


@pytest.mark.parametrize(
    "code",
    [
        "m = mx.metric.Accuracy(output_names=['out'], label_names=['label'])",
        "m = mx.metric.Loss(output_names=['loss'])",
        "m = mx.metric.Loss(); preds.pop('out')",
        "m = mx.metric.Accuracy(output_names=['nope'], label_names=['label'])",
        "m = mx.metric.Accuracy()",
        """
        accuracy = mx.metric.Accuracy(output_names=['out'], label_names=['label'])
        m = mx.metric.CompositeEvalMetric([accuracy, mx.metric.Loss(output_names=['loss'])])
        """,
        """
        accuracy = mx.metric.Accuracy(output_names=['out'], label_names=['label'])
        m = mx.metric.CompositeEvalMetric([accuracy], output_names=['loss'])
        """,
        """
        m = mx.metric.CompositeEvalMetric(['acc'], output_names=['out'], label_names=['label'])
        """,
    ],
)
def test_update_dict(oracle, code):
    from textwrap import dedent

    text = "\n".join([dedent(BY_NAME), dedent(code), "m.update_dict(labels, preds)", "return str(m.get())"])
    ours, theirs = oracle.both(text.replace("str(m.get())", "[list(map(str, np.ravel(x))) for x in m.get()]"))
    assert_same(ours, theirs)


def composite(mx):
    metric = mx.metric.CompositeEvalMetric([mx.metric.Accuracy(), "mae"], name="both")
    empty = metric.get()
    metric.add("mse")
    metric.update([mx.nd.array([1, 0, 0])], [mx.nd.array([1, 1, 0])])

    def state():
        return [(name, round(float(value), 5)) for name, value in metric.get_name_value()], [
            (name, round(float(value), 5)) for name, value in metric.get_global_name_value()
        ]

    history = [empty, state(), type(metric.get_metric(1)).__name__, metric.get_config()]
    metric.reset_local()
    history.append(state())
    metric.reset()
    return [*history, state(), str(metric)]


def test_composite(oracle):
    ours, theirs = oracle.both(composite)
    assert_same(ours, theirs)


def metrics_of_programs(mx):
    """What is read from metrics whose classes override what is read: by the methods alone, and by a composite."""
    import numpy as np

    class Found(mx.metric.EvalMetric):
        def __init__(self, found, **kwargs):
            self.found = found
            super().__init__("found", **kwargs)

        def get(self):
            return self.found

    class Tasks(Found):
        def get_name_value(self):
            return [("task", 1.0)]

    found = [
        (["a", "b"], [1.0, 2.0]), (["a", "b"], (1.0, 2.0)), (("a", "b"), [1.0, 2.0]), (("a", "b"), (1.0, 2.0)),
        ("a", np.float32(1)), ("a", np.array([1.0, 2.0])), ("a", [1.0, 2.0]), (["a", "b"], [1.0]), (["a"], 1), ("a", [])
    ]  # fmt: skip
    metrics = [
        kind(one, **kwargs) for one in found for kind in (Found, Tasks) for kwargs in ({}, {"has_global_stats": True})
    ]
    read = []
    for metric in (*metrics, mx.metric.CompositeEvalMetric(metrics[::4]), mx.metric.CompositeEvalMetric(metrics[::5])):
        read.append([metric.get_name_value(), metric.get_global_name_value(), metric.get(), metric.get_global()])
    return read


def test_metrics_that_override_what_is_read(oracle):
    """A metric without global values is read by `get_name_value` at the end of an epoch too, as programs expect."""
    ours, theirs = oracle.both(metrics_of_programs)
    assert_same(ours, theirs)


def test_composite_refuses_what_is_not_there():
    both = mx.metric.CompositeEvalMetric(["acc"])
    with pytest.raises(ValueError, match="index must be below the 1 metrics; received 3"):
        both.get_metric(3)
    with pytest.raises(mx.MXNetError, match=r"metric.create: the name must be one of acc, .*received 'nope'"):
        both.add("nope")

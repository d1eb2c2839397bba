"""Losses and their gradients equal MXNet's."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same

DRAW = np.random.default_rng(1)


def values(*shape):
    return DRAW.standard_normal(shape).astype("float32") * 2


def probabilities(*shape):
    drawn = DRAW.random(shape).astype("float32") + 0.05
    return drawn / drawn.sum(-1, keepdims=True)


def classes(count, *shape):
    return DRAW.integers(0, count, shape).astype("float32")


def signs(*shape):
    return classes(2, *shape) * 2 - 1


def computed(mx, name, options, arrays, dtype="float32"):
    """The loss, and the gradients of its floating-point inputs under an uneven head gradient."""
    inputs = [None if array is None else mx.nd.array(array, dtype=dtype) for array in arrays]
    for array in inputs[:1]:
        array.attach_grad()
    with mx.autograd.record():
        loss = getattr(mx.gluon.loss, name)(**options)(*inputs)
    loss.backward(mx.nd.arange(1, loss.size + 1, dtype=dtype).reshape(loss.shape))
    return loss, inputs[0].grad


WEIGHTED = [{}, {"weight": 0.3}, {"batch_axis": 1}, {"weight": 2, "batch_axis": -1}]
PRED, OTHER = values(4, 3), values(4, 3)
STEPS, SPELLED = values(2, 6, 4), np.float32([[0, 1, -1], [2, -1, -1]])
IMAGE = values(2, 5, 3, 4)
CASES = [
    *[
        (name, {**options, **more}, [PRED, label])
        for more in WEIGHTED
        for name, options, label in [
            ("L2Loss", {}, OTHER),
            ("L1Loss", {}, OTHER),
            ("HuberLoss", {}, OTHER),
            ("HuberLoss", {"rho": 0.5}, OTHER),
            ("SigmoidBinaryCrossEntropyLoss", {}, classes(2, 4, 3)),
            ("SoftmaxCrossEntropyLoss", {}, classes(3, 4)),
            ("SoftmaxCrossEntropyLoss", {"sparse_label": False}, probabilities(4, 3)),
            ("SoftmaxCrossEntropyLoss", {"from_logits": True}, classes(3, 4)),
            ("SoftmaxCrossEntropyLoss", {"axis": 0}, classes(4, 3)),
            ("KLDivLoss", {}, probabilities(4, 3)),
            ("KLDivLoss", {"from_logits": False}, probabilities(4, 3)),
            ("HingeLoss", {}, signs(4, 3)),
            ("HingeLoss", {"margin": 0.5}, signs(4, 3)),
            ("SquaredHingeLoss", {"margin": 2}, signs(4, 3)),
            ("LogisticLoss", {}, signs(4, 3)),
            ("LogisticLoss", {"label_format": "binary"}, classes(2, 4, 3)),
            ("PoissonNLLLoss", {}, classes(5, 4, 3)),
        ]
    ],
    *[
        ("SigmoidBCELoss", {"from_sigmoid": True, **more}, [probabilities(4, 3), classes(2, 4, 3)])
        for more in WEIGHTED
    ],
    # sample weights
    *[
        (name, options, [PRED, label, values(*weight)])
        for weight in [(4, 1), (4, 3), (1, 1)]
        for name, options, label in [
            ("L2Loss", {"weight": 0.5}, OTHER),
            ("L1Loss", {}, OTHER),
            ("HuberLoss", {}, OTHER),
            ("SigmoidBCELoss", {}, classes(2, 4, 3)),
            ("HingeLoss", {}, signs(4, 3)),
            ("LogisticLoss", {}, signs(4, 3)),
            ("KLDivLoss", {}, probabilities(4, 3)),
            ("PoissonNLLLoss", {}, classes(5, 4, 3)),
        ]
    ],
    ("SoftmaxCELoss", {}, [PRED, classes(3, 4), values(4, 1)]),
    ("SoftmaxCELoss", {"sparse_label": False, "weight": 3}, [PRED, probabilities(4, 3), values(4, 1)]),
    # positive weights
    ("SigmoidBCELoss", {}, [PRED, classes(2, 4, 3), None, DRAW.random(3).astype("float32") * 5]),
    ("SigmoidBCELoss", {}, [PRED, classes(2, 4, 3), values(4, 1), DRAW.random((4, 3)).astype("float32")]),
    ("SigmoidBCELoss", {"from_sigmoid": True}, [probabilities(4, 3), classes(2, 4, 3), None, np.float32([2, 3, 4])]),
    # shapes
    ("L2Loss", {}, [values(6), values(6)]),
    ("L2Loss", {}, [values(4, 3), values(12)]),
    ("L1Loss", {}, [values(2, 3, 2), values(6, 2)]),
    ("L1Loss", {"batch_axis": 2}, [IMAGE, values(2, 5, 3, 4)]),
    ("SoftmaxCELoss", {}, [PRED, classes(3, 4, 1)]),
    ("SoftmaxCELoss", {"axis": 1}, [IMAGE, classes(5, 2, 3, 4)]),
    ("SoftmaxCELoss", {"axis": 1}, [IMAGE, classes(5, 2, 3, 4), values(2, 1, 3, 4)]),
    ("SoftmaxCELoss", {"axis": 1, "sparse_label": False, "batch_axis": 3}, [IMAGE, values(2, 5, 3, 4)]),
    ("SoftmaxCELoss", {}, [PRED, np.float32([-1, 7, 0, 1])]),
    # large numbers
    ("SigmoidBCELoss", {}, [np.float32([[200, -200, 0]]), np.float32([[0, 1, 1]])]),
    ("SigmoidBCELoss", {}, [np.float32([[90, -90, 0]]), np.float32([[0, 1, 1]]), None, np.float32([2, 2, 2])]),
    ("LogisticLoss", {}, [np.float32([[200, -200, 0]]), np.float32([[-1, 1, 1]])]),
    ("SoftmaxCELoss", {}, [np.float32([[200, -200, 0]]), np.float32([1])]),
    # counts
    ("PoissonNLLLoss", {"from_logits": False}, [probabilities(4, 3) * 9, classes(5, 4, 3)]),
    # distances
    ("TripletLoss", {}, [values(4, 3), values(4, 3), values(4, 3)]),
    ("TripletLoss", {"margin": 5, "weight": 0.5}, [values(4, 3), values(12), values(2, 6)]),
    ("TripletLoss", {"batch_axis": 1}, [values(4, 3), values(4, 3), values(4, 3)]),
    ("CosineEmbeddingLoss", {}, [values(4, 3), values(4, 3), signs(4)]),
    ("CosineEmbeddingLoss", {"margin": 0.2, "weight": 3}, [values(4, 3), values(4, 3), signs(4, 1)]),
    ("CosineEmbeddingLoss", {}, [values(4, 3), values(4, 3), signs(4), values(4, 1)]),
    # sequences
    ("CTCLoss", {}, [STEPS, SPELLED]),
    ("CTCLoss", {"layout": "TNC", "weight": 0.5}, [STEPS.swapaxes(0, 1), SPELLED]),
    ("CTCLoss", {"label_layout": "TN"}, [STEPS, SPELLED.T]),
    ("CTCLoss", {}, [STEPS, SPELLED, np.float32([4, 5])]),
    ("CTCLoss", {}, [STEPS, SPELLED, None, np.float32([1, 1])]),
    ("CTCLoss", {}, [STEPS, np.abs(SPELLED), np.float32([4, 6]), np.float32([2, 3]), np.float32([2, 0.5])]),
    # pairs
    ("SDMLLoss", {}, [PRED, OTHER]),
    ("SDMLLoss", {"smoothing_parameter": 0.1, "weight": 3.0}, [PRED, OTHER]),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{name}-{options}" for name, options, _ in CASES])
def test_losses_and_gradients_equal_mxnets(oracle, case):
    assert_same(*oracle.both(computed, *CASES[case]), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
@pytest.mark.parametrize("case", [0, 1, 4, 5, 6], ids=[CASES[case][0] for case in [0, 1, 4, 5, 6]])
def test_other_types(oracle, case, dtype):
    assert_same(*oracle.both(computed, *CASES[case], dtype), rtol=4e-3 if dtype == "float16" else 1e-6)


@pytest.mark.parametrize("from_logits", [True, False])
def test_the_full_poisson_loss(oracle, from_logits):
    # not recorded, since MXNet fails there
    code = "gluon.loss.PoissonNLLLoss(from_logits=logits, compute_full=True)(nd.array(pred), nd.array(label))"
    arrays = {"pred": probabilities(4, 3) * 3, "label": classes(5, 4, 3) + 0.5}
    assert_same(*oracle.both(code, logits=from_logits, **arrays), rtol=1e-5)


def test_a_label_of_zero_counts_leaves_the_full_poisson_loss_finite():
    loss, gradient = computed(mx, "PoissonNLLLoss", {"compute_full": True}, [PRED, np.zeros((4, 3))])
    assert np.isfinite(loss.asnumpy()).all()
    assert np.isfinite(gradient.asnumpy()).all()


def test_a_row_of_zeros_has_a_cosine_loss():
    loss, _ = computed(mx, "CosineEmbeddingLoss", {}, [np.zeros((2, 3)), values(2, 3), [1, -1]])
    assert loss.asnumpy().ravel().tolist() == [1, 0]


NAMES = [
    "L2Loss", "L1Loss", "HuberLoss", "PoissonNLLLoss", "SigmoidBinaryCrossEntropyLoss", "SigmoidBCELoss",
    "SoftmaxCrossEntropyLoss", "SoftmaxCELoss", "KLDivLoss", "HingeLoss", "SquaredHingeLoss", "LogisticLoss",
    "TripletLoss", "CosineEmbeddingLoss", "SDMLLoss",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_and_texts(oracle, name):
    code = """
        kind = getattr(gluon.loss, name)
        losses = [kind(), kind(weight=2.5, batch_axis=1), kind(prefix="mine_")]
        bases = [base.__name__ for base in kind.__mro__[1:] if base.__name__ not in ("HingeLoss", "TracedBlock")]
        return [(repr(loss), loss.prefix, loss.name) for loss in losses], bases
    """
    assert_same(*oracle.both(code, name=name))


def test_the_short_names_are_the_same_classes():
    assert mx.gluon.loss.SoftmaxCELoss is mx.gluon.loss.SoftmaxCrossEntropyLoss
    assert mx.gluon.loss.SigmoidBCELoss is mx.gluon.loss.SigmoidBinaryCrossEntropyLoss


@pytest.mark.parametrize(
    ("name", "options", "arrays"),
    [
        ("L2Loss", {}, [PRED, values(3, 3)]),
        ("L1Loss", {}, [PRED, OTHER, values(4)]),
        ("SoftmaxCELoss", {}, [PRED, classes(3, 2)]),
        ("SoftmaxCELoss", {"sparse_label": False}, [PRED, classes(3, 4)]),
        ("CosineEmbeddingLoss", {}, [IMAGE, IMAGE, signs(2)]),
        ("TripletLoss", {}, [PRED, OTHER]),
        ("LogisticLoss", {"label_format": "ternary"}, [PRED, OTHER]),
        ("Loss", {"weight": 1.0, "batch_axis": 0}, [PRED]),
    ],
)
def test_refusals_have_mxnets_class(oracle, name, options, arrays):
    ours, theirs = oracle.both(computed, name, options, arrays)
    assert ours.failed
    assert_same(ours, theirs)


def test_refusals_say_why():
    with pytest.raises(mx.MXNetError, match="L1Loss: weight must be a finite number; received 'heavy'"):
        mx.gluon.loss.L1Loss(weight="heavy")
    with pytest.raises(mx.MXNetError, match="L2Loss: weight must be a finite number; received None"):
        mx.gluon.loss.L2Loss(weight=None)
    with pytest.raises(ValueError, match="'signed' or 'binary'; received 'ternary'"):
        mx.gluon.loss.LogisticLoss(label_format="ternary")


def test_names_and_texts_of_ctc(oracle):
    """The batch axis of this loss follows from the layout of its labels."""
    code = """
        losses = [gluon.loss.CTCLoss(), gluon.loss.CTCLoss("TNC", "TN", 2.5, prefix="mine_")]
        graph = losses[1](*map(mx.sym.var, "abcd"))
        return [(repr(loss), loss.name) for loss in losses], graph.tojson()
    """
    assert_same(*oracle.both(code))


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (lambda loss: loss.CTCLoss("NCT"), r"CTCLoss: layout must be one of \('NTC', 'TNC'\); received 'NCT'"),
        (lambda loss: loss.CTCLoss(label_layout="T"), r"CTCLoss: label_layout must be one of .*; received 'T'"),
        (lambda loss: loss.SDMLLoss()(mx.nd.ones((2, 3)), mx.nd.ones((3, 3))), "x2 must have the shape of x1"),
    ],
)
def test_refusals_of_sequences_and_pairs(create, message):
    with pytest.raises(AssertionError, match=message):
        create(mx.gluon.loss)


def test_pairs_are_of_rows_and_of_arrays():
    loss = mx.gluon.loss.SDMLLoss()
    with pytest.raises(ValueError, match=r"x1 must be two or more rows of features; received shape \(1, 3\)"):
        loss(mx.nd.ones((1, 3)), mx.nd.ones((1, 3)))
    loss.hybridize()
    with pytest.raises(AttributeError, match=r"x1 and x2 must be arrays, .* do not hybridize it"):
        loss(mx.nd.ones((2, 3)), mx.nd.ones((2, 3)))


@pytest.mark.parametrize(
    "code",
    [
        "_apply_weighting(nd, x, 2.0, nd.array([[1], [10]]))",
        "_apply_weighting(nd, x, None, None)",
        "_apply_weighting(mx.sym, mx.sym.var('x'), 2, mx.sym.var('y')).list_arguments()",
        "_reshape_like(nd, nd.arange(4), x)",
        "_reshape_like(nd, nd.arange(3), x)",
        "_reshape_like(mx.sym, mx.sym.var('x'), mx.sym.var('y')).list_arguments()",
    ],
)
def test_what_losses_of_users_import(oracle, code):
    begin = "_apply_weighting, _reshape_like = gluon.loss._apply_weighting, gluon.loss._reshape_like; "
    assert_same(*oracle.both(f"{begin}x = nd.array([[1, 2], [3, 4]]); return {code}"))
    with pytest.raises(AssertionError, match="weight must be a number or None; received 'x'"):
        mx.gluon.loss._apply_weighting(mx.nd, mx.nd.ones(2), "x")

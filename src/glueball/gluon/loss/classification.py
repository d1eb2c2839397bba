"""Losses for classification."""

from __future__ import annotations

from typing import Any

from ...core.annotations import Axes, Axis
from ...core.arguments import checked
from .base import Loss


class SigmoidBinaryCrossEntropyLoss(Loss):
    """Binary cross-entropy: labels 0 and 1, with predicted logits or probabilities.

    With ``p = sigmoid(pred)`` it is ``-(pos_weight * label * log(p) + (1 - label) * log(1 - p))``, computed
    in a numerically stable way.

    Parameters
    ----------
    from_sigmoid : bool, default False
        Whether predictions are already probabilities.
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape.
    label
        Same number of elements as `pred`, from 0 to 1.
    sample_weight : optional
        Broadcasts to the shape of `pred`.
    pos_weight : optional
        The weight of positive labels; broadcasts to the shape of `pred`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.SigmoidBinaryCrossEntropyLoss(from_sigmoid=True)
    >>> loss(nd.array([[0.5], [1]]), nd.array([[0], [1]])).asnumpy().round(4)
    array([0.6931, 0.    ], dtype=float32)
    """

    @checked
    def __init__(
        self, from_sigmoid: bool = False, weight: float | None = None, batch_axis: Axes = 0, **kwargs: Any
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None, pos_weight: Any = None) -> Any:
        label = F.reshape_like(label, pred)
        compute = self._glueball_of_probabilities if self._from_sigmoid else self._glueball_of_logits
        return self._glueball_mean(F, self._glueball_weighted(F, compute(F, pred, label, pos_weight), sample_weight))

    @staticmethod
    def _glueball_of_logits(F: Any, pred: Any, label: Any, pos_weight: Any) -> Any:
        # log(sigmoid(x)) = -softrelu(-x) = -(relu(-x) + softrelu(-abs(x))): no exponential of a large number
        rest = F.Activation(-F.abs(pred), act_type="softrelu")
        if pos_weight is None:
            return F.relu(pred) - pred * label + rest
        factor = 1 + F.broadcast_mul(pos_weight - 1, label)
        return pred - pred * label + factor * (rest + F.relu(-pred))

    @staticmethod
    def _glueball_of_probabilities(F: Any, pred: Any, label: Any, pos_weight: Any) -> Any:
        tiny = 1e-12
        positive = F.log(pred + tiny) * label
        if pos_weight is not None:
            positive = F.broadcast_mul(positive, pos_weight)
        return -(positive + F.log(1 - pred + tiny) * (1 - label))


SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss


class SoftmaxCrossEntropyLoss(Loss):
    """The cross-entropy of labels with the softmax of predictions: ``-log(softmax(pred)[label])``.

    Parameters
    ----------
    axis : int, default -1
        The class axis.
    sparse_label : bool, default True
        Whether labels are class indices; False: a probability for each class.
    from_logits : bool, default False
        Whether predictions are already log-probabilities.
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape with an axis for the classes.
    label
        The shape of `pred` without the class axis (or with length 1 there); not sparse: the shape of `pred`. An
        index out of range is clipped.
    sample_weight : optional
        Broadcasts to the shape of `pred` with length 1 along the class axis.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.SoftmaxCrossEntropyLoss()
    >>> loss(nd.array([[1, 1], [0, 9]]), nd.array([0, 1])).asnumpy().round(4)
    array([6.931e-01, 1.000e-04], dtype=float32)
    """

    @checked
    def __init__(
        self,
        axis: Axis = -1,
        sparse_label: bool = True,
        from_logits: bool = False,
        weight: float | None = None,
        batch_axis: Axes = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._axis = axis
        self._sparse_label = sparse_label
        self._from_logits = from_logits

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        if self._sparse_label:
            loss = -F.pick(pred, label, axis=self._axis, keepdims=True)
        else:
            loss = -F.sum(pred * F.reshape_like(label, pred), axis=self._axis, keepdims=True)
        return self._glueball_mean(F, self._glueball_weighted(F, loss, sample_weight))


SoftmaxCELoss = SoftmaxCrossEntropyLoss


class KLDivLoss(Loss):
    """The Kullback-Leibler divergence of predicted distributions from labels: ``label * (log(label) - pred)``.

    Parameters
    ----------
    from_logits : bool, default True
        Whether predictions are already log-probabilities; False applies log_softmax.
    axis : int, default -1
        The class axis.
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape with an axis for the classes.
    label
        Probabilities, in the shape of `pred`.
    sample_weight : optional
        Broadcasts to the shape of `pred`.

    Outputs
    -------
    loss
        One number per sample: the sum over all other axes.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.KLDivLoss(from_logits=False)(nd.array([[1, 1]]), nd.array([[0.5, 0.5]])).asnumpy().round(3).tolist()
    [0.0]
    """

    @checked
    def __init__(
        self,
        from_logits: bool = True,
        axis: Axis = -1,
        weight: float | None = None,
        batch_axis: Axes = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._axis = axis

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        loss = self._glueball_weighted(F, label * (F.log(label + 1e-12) - pred), sample_weight)
        return F.sum(loss, axis=self._batch_axis, exclude=True)


class HingeLoss(Loss):
    """The hinge loss: ``max(0, margin - pred * label)``.

    Parameters
    ----------
    margin : float, default 1
        The margin.
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape.
    label
        Same number of elements as `pred`, -1 or 1.
    sample_weight : optional
        Broadcasts to the shape of `pred`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.HingeLoss()(nd.array([[0.5], [2]]), nd.array([[1], [-1]])).asnumpy().tolist()
    [0.5, 3.0]
    """

    @checked
    def __init__(self, margin: float = 1, weight: float | None = None, batch_axis: Axes = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        loss = self._glueball_of_missing(F, F.relu(self._margin - pred * F.reshape_like(label, pred)))
        return self._glueball_mean(F, self._glueball_weighted(F, loss, sample_weight))

    def _glueball_of_missing(self, F: Any, missing: Any) -> Any:
        return missing


class SquaredHingeLoss(HingeLoss):
    """The squared hinge loss: ``max(0, margin - pred * label) ** 2``; arguments and inputs as in `HingeLoss`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.SquaredHingeLoss()(nd.array([[0.5], [2]]), nd.array([[1], [-1]])).asnumpy().tolist()
    [0.25, 9.0]
    """

    def _glueball_of_missing(self, F: Any, missing: Any) -> Any:
        return F.square(missing)


class LogisticLoss(Loss):
    """The logistic loss ``log(1 + exp(-pred * label))``, computed in a numerically stable way.

    Parameters
    ----------
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    label_format : {'signed', 'binary'}, default 'signed'
        Whether labels are -1 and 1 ('signed'), or 0 and 1 ('binary').
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred, label, sample_weight
        As in `HingeLoss`.

    Outputs
    -------
    loss
        One number per sample.

    Raises
    ------
    ValueError
        `label_format` is neither of the two.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.LogisticLoss()(nd.array([[0], [2]]), nd.array([[1], [-1]]))
    >>> [round(float(value), 3) for value in loss.asnumpy()]
    [0.693, 2.127]
    """

    @checked
    def __init__(
        self, weight: float | None = None, batch_axis: Axes = 0, label_format: str = "signed", **kwargs: Any
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        if label_format not in ("signed", "binary"):
            raise ValueError(f"LogisticLoss: label_format must be 'signed' or 'binary'; received {label_format!r}")
        self._label_format = label_format

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        label = F.reshape_like(label, pred)
        if self._label_format == "signed":
            label = (label + 1.0) / 2.0
        rest = F.Activation(-F.abs(pred), act_type="softrelu")
        return self._glueball_mean(F, self._glueball_weighted(F, F.relu(pred) - pred * label + rest, sample_weight))

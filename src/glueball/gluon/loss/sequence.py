"""Losses on sequences of labels, and on pairs that find each other in a batch."""

from __future__ import annotations

from typing import Any

from ...core.arguments import checked
from ...core.errors import InvalidValueError, MissingAttributeError, RefusedError
from ...symbol import Symbol
from .base import Loss
from .classification import KLDivLoss

_LAYOUTS = {"layout": ("NTC", "TNC"), "label_layout": ("NT", "TN")}


class CTCLoss(Loss):
    """Connectionist temporal classification: the labels of a sequence whose steps are not aligned with them.

    It is the negative log-probability that the steps spell the labels, without blanks and repetitions. The blank is
    the last class.

    Parameters
    ----------
    layout : {'NTC', 'TNC'}, default 'NTC'
        The axes of the predictions: N the batch, T the steps, C the classes.
    label_layout : {'NT', 'TN'}, default 'NT'
        The axes of the labels.
    weight : float, optional
        A factor on the loss.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        One number for each step and class, before softmax, in the order of `layout`.
    label
        Classes from 0, padded at the end with -1, in the order of `label_layout`.
    pred_lengths : optional
        The number of steps of each sequence; default: all.
    label_lengths : optional
        The number of labels of each sequence, instead of padding.
    sample_weight : optional
        Broadcasts to shape (batch,).

    Outputs
    -------
    loss
        One number per sequence.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.CTCLoss()
    >>> loss(nd.zeros((2, 20, 4)), nd.array([[1, 0, -1, -1], [2, 1, 1, -1]])).asnumpy().round(2)
    array([18.83, 16.51], dtype=float32)
    """

    @checked
    def __init__(
        self, layout: str = "NTC", label_layout: str = "NT", weight: float | None = None, **kwargs: Any
    ) -> None:
        for name, value in (("layout", layout), ("label_layout", label_layout)):
            if value not in _LAYOUTS[name]:
                raise RefusedError(f"CTCLoss: {name} must be one of {_LAYOUTS[name]}; received {value!r}")
        self._layout = layout
        self._label_layout = label_layout
        super().__init__(weight, label_layout.find("N"), **kwargs)

    def hybrid_forward(
        self,
        F: Any,
        pred: Any,
        label: Any,
        pred_lengths: Any = None,
        label_lengths: Any = None,
        sample_weight: Any = None,
    ) -> Any:
        if self._layout == "NTC":
            pred = F.swapaxes(pred, 0, 1)
        if self._batch_axis == 1:
            label = F.swapaxes(label, 0, 1)
        loss = F.CTCLoss(
            pred, label, pred_lengths, label_lengths, use_data_lengths=pred_lengths is not None,
            use_label_lengths=label_lengths is not None, blank_label="last",
        )  # fmt: skip
        return self._glueball_weighted(F, loss, sample_weight)


class SDMLLoss(Loss):
    """Smoothed deep metric learning: each row of one batch must find its partner among the rows of the other.

    The squared distances to all rows, negated, are logits; the loss is the Kullback-Leibler divergence from the
    smoothed label that the row at the same place is the partner. `weight` does not scale it, as in MXNet.

    Parameters
    ----------
    smoothing_parameter : float, default 0.3
        The probability that is spread over the other rows.
    weight : float, default 1.0
        Kept, and shown; it does not change the loss.
    batch_axis : int, default 0
        Rows are always along the first axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    x1, x2
        Shape (batch, features), both; two rows at least.

    Outputs
    -------
    loss
        Shape (batch,).

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.SDMLLoss(smoothing_parameter=0.2)
    >>> loss(nd.array([[0, 0], [1, 1]]), nd.array([[0, 0], [1, 1]])).asnumpy().round(3)
    array([0.027, 0.027], dtype=float32)
    """

    @checked
    def __init__(
        self, smoothing_parameter: float = 0.3, weight: float = 1.0, batch_axis: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self.kl_loss = KLDivLoss(from_logits=True)
        self.smoothing_parameter = smoothing_parameter

    def _compute_distances(self, F: Any, x1: Any, x2: Any) -> Any:
        """Return the squared distance of each row of the first array to each of the second."""
        rows, columns = F.expand_dims(x1, 1), F.expand_dims(x2, 0)
        return F.sum(F.square(F.broadcast_sub(rows, columns)), axis=2)

    def _compute_labels(self, F: Any, batch_size: int) -> Any:
        """Return the smoothed labels: a row for each row of the first array, a column for each of the second."""
        own = F.eye(batch_size)
        return own * (1 - self.smoothing_parameter) + (1 - own) * self.smoothing_parameter / (batch_size - 1)

    def hybrid_forward(self, F: Any, x1: Any, x2: Any) -> Any:
        if isinstance(x1, Symbol) or isinstance(x2, Symbol):
            raise MissingAttributeError(
                "SDMLLoss: x1 and x2 must be arrays, since the labels follow from the batch size; received symbols; "
                "do not hybridize it"
            )
        if len(x1.shape) != 2 or len(x1) < 2:
            raise InvalidValueError(f"SDMLLoss: x1 must be two or more rows of features; received shape {x1.shape}")
        if x1.shape != x2.shape:
            raise RefusedError(f"SDMLLoss: x2 must have the shape of x1, {x1.shape}; received {x2.shape}")
        logarithms = F.log_softmax(-self._compute_distances(F, x1, x2), axis=1)
        labels = self._compute_labels(F, len(x1)).as_in_context(x1.context)
        return self.kl_loss(logarithms, labels.astype(logarithms.dtype))

"""``mx.contrib.tensorboard``: logs that TensorBoard shows, written by torch.utils.tensorboard.

It needs ``pip install 'glueball[tensorboard]'``. MXNet used the package mxboard, whose `SummaryWriter` is here as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np
import torch

from ..core.blame import short
from ..core.doors import guard
from ..core.errors import MXNetError
from ..core.extras import required
from ..core.integers import is_int_not_bool
from ..gluon import HybridBlock
from ..ndarray import NDArray
from ..symbol import Symbol
from ._tensorboard_graph import event_of

__all__ = ["LogMetricsCallback", "SummaryWriter"]


def _values(value: Any) -> Any:
    """Return arrays as NumPy's, and everything else as it is."""
    return value.asnumpy() if isinstance(value, NDArray) else value


def _number(value: Any) -> float:
    return float(np.asarray(_values(value)).item())


def _count(owner: str, name: str, value: Any) -> int:
    if not is_int_not_bool(value) or value < 1:
        raise MXNetError(f"SummaryWriter{owner}: {name} must be a positive int; received {short(value)}")
    return int(value)


@guard
class SummaryWriter:
    """Writes what TensorBoard shows: ``tensorboard --logdir logs``.

    Arrays may be NDArrays, NumPy's or torch's.

    Parameters
    ----------
    logdir : str
        The folder to write to.
    max_queue : int, default 10
        How many entries may wait to be written.
    flush_secs : int, default 120
        After how many seconds they are written at the latest.
    filename_suffix : str, optional
        What the names of files end in.

    Raises
    ------
    ImportError
        TensorBoard is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import glueball as mx
    >>> with mx.contrib.tensorboard.SummaryWriter(tempfile.mkdtemp()) as writer:
    ...     writer.add_scalar("loss", 0.5, global_step=1)
    ...     writer.add_histogram("weights", mx.nd.ones((3, 3)), global_step=1)
    """

    def __init__(
        self, logdir: str, max_queue: int = 10, flush_secs: int = 120, filename_suffix: str | None = None
    ) -> None:
        torchs = required("torch.utils.tensorboard", "tensorboard", "SummaryWriter")
        self._writer = torchs.SummaryWriter(
            logdir,
            max_queue=_count("", "max_queue", max_queue),
            flush_secs=_count("", "flush_secs", flush_secs),
            filename_suffix=filename_suffix or "",
        )
        self._logdir = logdir

    def add_scalar(self, tag: str, value: Any, global_step: int | None = None) -> None:
        """Add a number, or several that belong into one picture.

        Parameters
        ----------
        tag : str
            What it is called.
        value : float, tuple of str and float, list of such tuples, or dict
            The number, or numbers with names.
        global_step : int, optional
            Where it stands on the axis.
        """
        if isinstance(value, tuple):
            value = [value]
        if isinstance(value, Mapping | list):
            named = {name: _number(each) for name, each in dict(value).items()}
            self._writer.add_scalars(tag, named, global_step)
        else:
            self._writer.add_scalar(tag, _number(value), global_step)

    def add_histogram(
        self, tag: str, values: Any, global_step: int | None = None, bins: int | str | Sequence[float] = "default"
    ) -> None:
        """Add how numbers are distributed.

        Parameters
        ----------
        tag : str
            What they are called.
        values : NDArray
            The numbers.
        global_step : int, optional
            Where they stand on the axis.
        bins : int, str or sequence of float
            Their number, a name that NumPy knows, or their edges.
        """
        bins = "tensorflow" if bins == "default" else bins
        numbers = np.asarray(_values(values)).reshape(-1)
        if isinstance(bins, int):
            bins = np.linspace(numbers.min(), numbers.max() + 1e-12, bins + 1)  # type: ignore[assignment]
        self._writer.add_histogram(tag, numbers, global_step, bins=bins)

    def add_image(self, tag: str, image: Any, global_step: int | None = None) -> None:
        """Add a picture.

        Parameters
        ----------
        tag : str
            What it is called.
        image : NDArray
            (height, width), (channels, height, width) or (batch, channels, height, width): integers from 0 to 255, or
            floating-point numbers from 0 to 1.
        global_step : int, optional
            Where it stands on the axis.
        """
        pixels = np.asarray(_values(image))
        forms = {2: "HW", 3: "CHW", 4: "NCHW"}
        if pixels.ndim not in forms:
            raise MXNetError(
                f"SummaryWriter.add_image: image must have 2, 3 or 4 axes; received the shape {pixels.shape}; "
                "put channels before height and width"
            )
        add = self._writer.add_images if pixels.ndim == 4 else self._writer.add_image
        add(tag, pixels, global_step, dataformats=forms[pixels.ndim])

    def add_audio(self, tag: str, audio: Any, sample_rate: int = 44100, global_step: int | None = None) -> None:
        """Add sound: numbers between -1 and 1.

        Parameters
        ----------
        tag : str
            What it is called.
        audio : NDArray
            The numbers.
        sample_rate : int, default 44100
            How many are played in a second.
        global_step : int, optional
            Where it stands on the axis.
        """
        rate = _count(".add_audio", "sample_rate", sample_rate)
        self._writer.add_audio(tag, np.asarray(_values(audio)).reshape(-1, 1), global_step, rate)

    def add_text(self, tag: str, text: str, global_step: int | None = None) -> None:
        """Add text in Markdown.

        Parameters
        ----------
        tag : str
            What it is called.
        text : str
            The text.
        global_step : int, optional
            Where it stands on the axis.
        """
        self._writer.add_text(tag, text, global_step)

    def add_pr_curve(
        self, tag: str, labels: Any, predictions: Any, num_thresholds: int = 127, global_step: int | None = None
    ) -> None:
        """Add precision against recall, for one class.

        Parameters
        ----------
        tag : str
            What it is called.
        labels : NDArray
            0 or 1.
        predictions : NDArray
            Probabilities.
        num_thresholds : int, default 127
            How many points the curve has.
        global_step : int, optional
            Where it stands on the axis.
        """
        self._writer.add_pr_curve(
            tag,
            np.asarray(_values(labels)),
            np.asarray(_values(predictions)),
            global_step,
            _count(".add_pr_curve", "num_thresholds", num_thresholds),
        )

    def add_embedding(
        self, tag: str, embedding: Any, labels: Any = None, images: Any = None, global_step: int | None = None
    ) -> None:
        """Add points of many dimensions, which TensorBoard's projector shows in three.

        Parameters
        ----------
        tag : str
            What they are called.
        embedding : NDArray
            (points, dimensions).
        labels : NDArray or list, optional
            A label for each point.
        images : NDArray, optional
            (points, channels, height, width), as `add_image` takes them: a picture for each point.
        global_step : int, optional
            Where they stand on the axis.
        """
        points = np.asarray(_values(embedding))
        if points.ndim != 2:
            raise MXNetError(
                "SummaryWriter.add_embedding: embedding must have 2 axes, points and dimensions; received the shape "
                f"{points.shape}"
            )
        named = None if labels is None else [str(each) for each in np.asarray(_values(labels)).tolist()]
        pictures = None if images is None else torch.from_numpy(np.ascontiguousarray(_values(images)))
        for name, given in (("labels", named), ("images", pictures)):
            if given is not None and len(given) != len(points):
                raise MXNetError(
                    f"SummaryWriter.add_embedding: {name} must be one for each of {len(points)} points; "
                    f"received {len(given)}"
                )
        self._writer.add_embedding(points, metadata=named, label_img=pictures, global_step=global_step, tag=tag)

    def add_graph(self, data: Symbol | HybridBlock) -> None:
        """Add a network as a graph of its operators.

        Parameters
        ----------
        data : Symbol or HybridBlock
            The network; a block takes one input.
        """
        self._writer._get_file_writer().add_event(event_of(data, "SummaryWriter.add_graph"))

    def get_logdir(self) -> str:
        """Return the folder."""
        return self._logdir

    def flush(self) -> None:
        """Write what waits to be written."""
        self._writer.flush()

    def close(self) -> None:
        """Write what waits, and close the files."""
        self._writer.close()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


@guard
class LogMetricsCallback:
    """A callback of `Module.fit` that logs the values of metrics, by epoch.

    Parameters
    ----------
    logging_dir : str
        The folder that TensorBoard is told of.
    prefix : str, optional
        Put before the names of the metrics, with a hyphen.

    Raises
    ------
    ImportError
        TensorBoard is not installed. MXNet logs that, and fails when the callback is called.

    Examples
    --------
    >>> import tempfile
    >>> import glueball as mx
    >>> log = mx.contrib.tensorboard.LogMetricsCallback(tempfile.mkdtemp(), prefix="train")
    >>> metric = mx.metric.Accuracy()
    >>> metric.update([mx.nd.array([1])], [mx.nd.array([[0, 1]])])
    >>> log(mx.model.BatchEndParam(epoch=0, nbatch=1, eval_metric=metric, locals=None))
    """

    def __init__(self, logging_dir: str, prefix: str | None = None) -> None:
        self.prefix = prefix
        self.summary_writer = SummaryWriter(logging_dir)

    def __call__(self, param: Any) -> None:
        """Log the values.

        Parameters
        ----------
        param : BatchEndParam
            What `Module.fit` hands over.
        """
        if param.eval_metric is None:
            return
        for name, value in param.eval_metric.get_name_value():
            tag = name if self.prefix is None else f"{self.prefix}-{name}"
            self.summary_writer.add_scalar(tag, value, global_step=param.epoch)

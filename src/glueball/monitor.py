"""``mx.monitor``: inspecting the arrays of a graph during training."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable
from typing import Any

from .core.doors import guard
from .core.errors import MXNetError
from .core.integers import is_int_not_bool
from .core.strangers import call
from .executor import Executor
from .ndarray import NDArray

__all__ = ["Monitor"]


@guard
class Monitor:
    r"""Compute a statistic of each array of one or more executors, every `interval` batches.

    ``Module.fit(..., monitor=mx.mon.Monitor(100))`` logs them.

    Parameters
    ----------
    interval : int
        Inspect every `interval`-th batch.
    stat_func : callable, optional
        Takes an NDArray and returns an NDArray or a list of them; by default the root mean square.
    pattern : str, default '.*'
        A regular expression; arrays whose names begin with a match are inspected.
    sort : bool, default False
        Sort the results by name; otherwise they are in the order of computation, parameters last.
    monitor_all : bool, default False
        Also inspect the inputs of each operator, before its outputs; see `Executor.set_monitor_callback`.

    Differs from MXNet
    ------------------
    Of the backward pass, what is computed is inspected: the gradients of each operator's inputs, as
    ``fc_backward_output0`` and so on, those that a user gives (``_head_grad_0_id_output``), and sums
    (``sum_grad_output``). What its operators read for these, MXNet shows with `monitor_all` as ``fc_backward_input0``.
    Of an array with 8 or more gradients each partial sum has a name of its own, ``sum_grad_1_output`` and so on; where
    MXNet adds in place, it shows the sum as the gradient of the operator that came last.
    Zeros for outputs that nothing depends on, and memory that operators leave for the backward pass, such as
    ``pool_workspace``, are not inspected either.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.Activation(mx.sym.var("data"), act_type="relu", name="act")
    >>> executor = net.bind(mx.cpu(), {"data": mx.nd.array([-4, 2])})
    >>> monitor = mx.mon.Monitor(1, stat_func=lambda array: array.max())
    >>> monitor.install(executor)
    >>> monitor.tic()
    >>> _ = executor.forward()
    >>> monitor.toc()
    [(1, 'act_output', '2.0\t'), (1, 'data', '2.0\t')]
    """

    def __init__(
        self,
        interval: int,
        stat_func: Callable[[NDArray], Any] | None = None,
        pattern: str = ".*",
        sort: bool = False,
        monitor_all: bool = False,
    ) -> None:
        if not is_int_not_bool(interval) or interval < 1:
            raise MXNetError(f"Monitor: interval must be a positive int; received {interval!r}")
        self.interval = interval
        self.stat_func = stat_func or _root_mean_square
        self.re_prog = re.compile(pattern)
        self.sort = sort
        self.monitor_all = monitor_all
        self.activated = False
        self.step = 0
        self.exes: list[Executor] = []
        self.queue: list[tuple[int, str, Any]] = []

    def install(self, exe: Executor) -> None:
        """Watch an executor.

        Parameters
        ----------
        exe : Executor
            The executor.
        """
        exe.set_monitor_callback(self._glueball_inspect, self.monitor_all)
        self.exes.append(exe)

    def tic(self) -> None:
        """Begin a batch; every `interval`-th batch is inspected."""
        if self.step % self.interval == 0:
            self.queue = []
            self.activated = True
        self.step += 1

    def toc(self) -> list[tuple[int, str, str]]:
        """End a batch.

        Returns
        -------
        list of tuple of int, str, str
            The number of the batch, the name of an array, and its statistic as text; empty if it was not inspected.
        """
        if not self.activated:
            return []
        for executor in self.exes:
            for name, array in (*executor.arg_dict.items(), *executor.aux_dict.items()):
                self._glueball_inspect(name, array)
        self.activated = False
        found = sorted(self.queue, key=lambda entry: entry[1]) if self.sort else self.queue
        self.queue = []
        return [(step, name, _as_text(name, value)) for step, name, value in found]

    def toc_print(self) -> None:
        """End a batch, and log what `toc` returns at level INFO."""
        for step, name, text in self.toc():
            logging.info("Batch: %7d %-30s %s", step, name, text)

    def _glueball_inspect(self, name: str, array: NDArray) -> None:
        if self.activated and self.re_prog.match(name):
            self.queue.append((self.step, str(name), call(self.stat_func, array)))


def _root_mean_square(array: NDArray) -> NDArray:
    return NDArray.norm(array) / math.sqrt(array.size)


def _as_text(name: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, NDArray) for one in values):
        raise MXNetError(f"Monitor: stat_func must give an NDArray or a list of them; received {value!r} for {name!r}")
    # str() and not a format: that of a NumPy number has the digits of a double
    return "".join(f"{NDArray.asscalar(one) if one.shape in ((), (1,)) else one.asnumpy()!s}\t" for one in values)

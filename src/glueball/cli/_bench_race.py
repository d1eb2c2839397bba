"""Runs engines in turns, each in a process of its own."""

from __future__ import annotations

import json
import os
import queue
import statistics
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from ..core.errors import MXNetError

_CODE = (
    "import sys; sys.path[:1] = []; sys.path.append({root!r}); from glueball.cli._bench_worker import serve; serve()"
)
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


@dataclass
class Contestant:
    """An engine, and what was measured of it.

    Attributes
    ----------
    engine : str
        Its name.
    outputs : str
        The file that the results of the network are in.
    first : float
        The seconds of the first call, in which it prepares itself.
    seconds : list of float
        Those of each timed call.
    memory : int, optional
        The bytes that the process has needed beyond those of an empty one.
    difference : float, optional
        The largest difference of its results from those of the reference.
    failure : str
        Why it has no times, or ''.
    """

    engine: str
    outputs: str
    first: float = 0.0
    seconds: list[float] = field(default_factory=list)
    memory: int | None = None
    difference: float | None = None
    failure: str = ""

    @property
    def median(self) -> float:
        """The median of the times."""
        return statistics.median(self.seconds)

    @property
    def quarters(self) -> tuple[float, float]:
        """The times that a quarter of the calls stay below, and above."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high


class Worker:
    """The process of an engine."""

    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE.format(root=_ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def prepare(self, question: dict[str, Any], patience: float) -> None:
        """Let the engine run the network for the first time."""
        asked = {**question, "engine": self.contestant.engine, "outputs": self.contestant.outputs}
        answer = self._ask(asked, patience)
        self.contestant.first = answer.get("first", 0.0)

    def turn(self, seconds: float, patience: float) -> None:
        """Take times for some seconds."""
        self.contestant.seconds += self._ask({"seconds": seconds}, patience).get("seconds", [])

    def _ask(self, question: dict[str, Any], patience: float) -> dict[str, Any]:
        if self.contestant.failure:
            return {}
        assert self._process.stdin is not None
        try:
            print(json.dumps(question), file=self._process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(self._lines.get(timeout=patience) or "null") or {
                "error": f"its process ended with the status {self._process.wait()}"
            }
        except queue.Empty:
            answer = {"error": f"it has taken more than {patience:.0f} s; --patience sets another limit"}
        except OSError as error:
            answer = {"error": f"its process has ended: {error}"}
        self.contestant.failure = answer.get("error", "")
        self.contestant.memory = answer.get("memory", self.contestant.memory)
        return answer


def refusal(contestants: list[Contestant]) -> MXNetError | None:
    """Return an error if no engine has any times."""
    if any(each.seconds for each in contestants):
        return None
    reasons = "; ".join(f"{each.engine}: {each.failure}" for each in contestants)
    return MXNetError(f"bench: an engine must be able to run the network; received {reasons}")

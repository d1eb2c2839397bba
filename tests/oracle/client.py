"""The side of the tests: starts real MXNet on first use, and sends requests to it.

ours, theirs = oracle.both("nd.array([1, 2]) / 2")
assert_same(ours, theirs)
"""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, NoReturn

from tests.oracle import operator_call, plain, program, wire
from tests.oracle.operator_call import OperatorCall
from tests.oracle.outcome import Outcome

_ROOT = Path(__file__).resolve().parents[2]
_WORKER_VARIABLES = {"MXNET_SUBGRAPH_BACKEND": "NONE", "OMP_NUM_THREADS": "1"}
_START_SECONDS = 120.0

Code = str | Callable[..., Any]


class OracleUnavailable(RuntimeError):
    """Real MXNet cannot run in the given Python."""


class OracleMisuse(RuntimeError):
    """The request could not be run or answered: an error in the test, not in MXNet."""


class OracleCrash(RuntimeError):
    """MXNet's process died while handling a request."""


class OracleTimeout(OracleCrash):
    """MXNet did not answer in time and was killed."""


class Oracle:
    """Real MXNet 1.9.1, one process per object, restarted after a crash or a timeout.

    Parameters
    ----------
    python
        The Python that has mxnet installed.
    timeout
        Timeout of one request in seconds.
    """

    def __init__(self, python: str | Path, timeout: float = 300.0) -> None:
        self.python = str(python)
        self.timeout = timeout
        self.versions: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None

    def __enter__(self) -> Oracle:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def run(self, code: Code, /, *arguments: Any, **names: Any) -> Any:
        """The result of the code (see `both`) under MXNet; raises `OracleError` if the code raises."""
        return self.theirs(code, *arguments, **names).get()

    def theirs(self, code: Code, /, *arguments: Any, **names: Any) -> Outcome:
        """The outcome of the code (see `both`) under MXNet."""
        return self._ask({"kind": "program", "program": _program(code, arguments, names)})[0]

    def both(self, code: Code, /, *arguments: Any, **names: Any) -> tuple[Outcome, Outcome]:
        """The outcomes of the same code under Glueball and under MXNet.

        Parameters
        ----------
        code
            A function, called as ``code(mx, *arguments, **names)``; or a text: an expression, or a function body
            with ``return``, in which mx, np, nd, gluon, nn, autograd, init and the ``names`` are bound. A function
            may use helper functions and plain constants of its module; it must import everything else itself.
        arguments, names
            Numbers, strings, arrays, lists, dicts. Each side gets its own copy.

        Returns
        -------
        tuple of Outcome
            Ours and theirs. NDArrays at any depth in the values are converted to NumPy arrays. Both sides count
            layer names from 0.
        """
        theirs = self.theirs(code, *arguments, **names)
        return ours(code, *arguments, **names), theirs

    def operators(self, calls: Iterable[OperatorCall]) -> list[Outcome]:
        """The outcomes of many operator calls under MXNet, requested in one message.

        The value of each outcome is an `OperatorResult`.
        """
        plain_calls = [tuple(call._replace(attributes=dict(call.attributes))) for call in calls]
        outcomes = self._ask({"kind": "operators", "calls": plain_calls})
        return [_operator_outcome(outcome) for outcome in outcomes]

    def start(self) -> None:
        """Start the process; raises `OracleUnavailable` if MXNet cannot be imported."""
        self.close()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MXNET_"))}
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process runs)
        try:
            self._process = subprocess.Popen(
                [self.python, "-m", "tests.oracle.worker"],
                cwd=_ROOT,
                env={**environment, **_WORKER_VARIABLES},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
            )
        except OSError as error:
            raise OracleUnavailable(f"{self.python} cannot be started: {error}") from error
        try:
            hello = self._receive(_START_SECONDS)
        except OracleCrash as error:
            raise OracleUnavailable(f"{self.python} cannot run mxnet: {error}") from error
        if "unavailable" in hello:
            self.close()
            raise OracleUnavailable(f"{self.python} cannot import mxnet: {hello['unavailable']}")
        self.versions = hello["versions"]

    def close(self) -> None:
        """Stop the process, if it is running."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
        if self._stderr is not None:
            self._stderr.close()
            self._stderr = None

    def _ask(self, request: dict[str, Any]) -> list[Outcome]:
        data = wire.frame(wire.dumps(request))
        if self._process is None:
            self.start()
        try:
            self._write(data)
        except BrokenPipeError:
            self._raise_crash()
        answer = self._receive(self.timeout)
        if "misuse" in answer:
            raise OracleMisuse(answer["misuse"])
        return [Outcome("mxnet", **outcome) for outcome in answer["outcomes"]]

    def _write(self, data: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        rest = memoryview(data)
        while rest:
            rest = rest[self._process.stdin.write(rest) :]

    def _receive(self, seconds: float) -> Any:
        data = wire.receive(_Deadline(self, seconds))
        if data is None:
            self._raise_crash()
        return wire.loads(data)

    def _raise_crash(self) -> NoReturn:
        assert self._process is not None
        code, log = self._process.wait(), self._log()
        self.close()
        raise OracleCrash(f"the process of MXNet ended with exit status {code}; its last output:\n{log}")

    def _log(self) -> str:
        assert self._stderr is not None
        self._stderr.seek(0)
        return self._stderr.read()[-3000:].decode(errors="replace")


class _Deadline:
    """Reads from the process of an oracle until a deadline, after which it is killed."""

    def __init__(self, oracle: Oracle, seconds: float) -> None:
        self._oracle = oracle
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def read(self, count: int) -> bytes:
        process = self._oracle._process
        assert process is not None and process.stdout is not None
        chunks = bytearray()
        while len(chunks) < count:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, self._end - time.monotonic()))
            if not ready:
                log = self._oracle._log()
                self._oracle.close()
                raise OracleTimeout(f"MXNet did not answer within {self._seconds} seconds and was killed:\n{log}")
            chunk = process.stdout.read(min(count - len(chunks), 1 << 20))
            if not chunk:
                break
            chunks += chunk
        return bytes(chunks)


def ours(code: Code, /, *arguments: Any, **names: Any) -> Outcome:
    """The outcome of the code (see `Oracle.both`) under Glueball."""
    import glueball
    from glueball.core.naming import NameManager

    request = _program(code, arguments, names)
    if callable(code):
        copy = wire.loads(wire.dumps({"arguments": arguments, "names": names}))

        def call() -> Any:  # the function itself, not a copy from its source, so that debuggers find its lines
            return code(glueball, *copy["arguments"], **copy["names"])
    else:
        call = program.load(wire.loads(wire.dumps(request)), glueball)
    with NameManager():
        return _our_outcome(plain.capture(call))


def our_operators(calls: Iterable[OperatorCall]) -> list[Outcome]:
    """The outcomes of operator calls under Glueball; the counterpart of `Oracle.operators`."""
    import glueball

    captured = (plain.capture(lambda call=call: operator_call.call_operator(glueball, call)) for call in calls)
    return [_operator_outcome(_our_outcome(each)) for each in captured]


def _program(code: Code, arguments: tuple[Any, ...], names: dict[str, Any]) -> dict[str, Any]:
    if callable(code):
        return program.from_function(code, arguments, names)
    if arguments:
        raise OracleMisuse("oracle: the arguments of a text must be named; received positional ones.")
    return program.from_text(code, names)


def _our_outcome(captured: dict[str, Any]) -> Outcome:
    # Through bytes, like an answer of MXNet, so that values that cannot be compared are refused on both sides.
    return Outcome("glueball", **wire.loads(wire.dumps(captured)))


def _operator_outcome(outcome: Outcome) -> Outcome:
    if outcome.failed:
        return outcome
    return Outcome(outcome.library, value=operator_call.OperatorResult(*outcome.value), printed=outcome.printed)

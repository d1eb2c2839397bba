"""The process in which real MXNet runs: ``python -m tests.oracle.worker``, started by ``client.Oracle``.

It answers requests from stdin until stdin ends, one answer per request; ``wire`` defines their format.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from typing import Any, BinaryIO

from tests.oracle import operator_call, plain, program, wire


def main() -> None:
    """Send a greeting, then answer until the tests are done."""
    requests = sys.stdin.buffer
    # MXNet's C++ code prints to file descriptor 1; answers go to a descriptor that it cannot reach.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    try:
        import mxnet
    except Exception as error:
        _send(answers, {"unavailable": f"{type(error).__name__}: {error}"})
        return
    _send(answers, {"versions": {"mxnet": mxnet.__version__, "python": sys.version.split()[0]}})
    while (request := wire.receive(requests)) is not None:
        _send(answers, _answer(mxnet, wire.loads(request)))
    sys.stderr.flush()
    os._exit(0)  # MXNet's own shutdown repeats old errors and may wait for threads


def _answer(mxnet: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        if request["kind"] == "program":
            function = program.load(request["program"], mxnet)
            with mxnet.name.NameManager():  # every program counts layer names from 0
                outcomes = [plain.capture(function)]
        else:
            calls = [operator_call.OperatorCall(*call) for call in request["calls"]]
            outcomes = [plain.capture(lambda call=call: operator_call.call_operator(mxnet, call)) for call in calls]
        _forget_errors(mxnet)
        return {"outcomes": outcomes}
    except Exception:
        return {"misuse": traceback.format_exc()}


def _forget_errors(mxnet: Any) -> None:
    """Clear the errors of MXNet's threads, which it would raise in a later, unrelated call."""
    for _ in range(100):
        try:
            mxnet.nd.waitall()
        except mxnet.base.MXNetError:
            continue
        return


def _send(stream: BinaryIO, answer: dict[str, Any]) -> None:
    try:
        data = wire.dumps(answer)
    except wire.NotPlain as error:
        data = wire.dumps({"misuse": str(error)})
    stream.write(wire.frame(data))
    stream.flush()


if __name__ == "__main__":
    main()

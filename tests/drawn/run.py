"""Makes drawn calls in processes of their own: `python -m tests.drawn.run --help`.

A few places have a process, forked from one that has imported everything, so that neither a crash nor a changed setting
reaches the others. What is found is printed as JSON, a line each.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tests.drawn import calls, files, sandbox
from tests.drawn.places import Place, places

#: The bytes of address space that a process may have, beside what the imports take.
_MEMORY = 6 << 30
#: The places of one process: a fork of all that torch maps takes as long as some dozen calls.
_TOGETHER = 10
#: The seconds without an answer after which a process is killed.
_PATIENCE = 120.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Make drawn calls of all public callables.")
    parser.add_argument("--seed", type=int, default=0, help="what is drawn follows from it")
    parser.add_argument("--calls", type=int, default=4, help="the calls of each place in a round")
    parser.add_argument("--first", type=int, default=0, help="the number of the first call of a place")
    parser.add_argument("--seconds", type=float, default=0, help="begin no round after so many seconds")
    parser.add_argument("--only", default="", help="the places whose names contain this")
    options = parser.parse_args()
    chosen = [place for name, place in places().items() if options.only in name]
    gc.freeze()  # so that children share what is there
    began, first = time.monotonic(), options.first
    while first == options.first or time.monotonic() - began < options.seconds:
        for start in range(0, len(chosen), _TOGETHER):
            numbers = range(first, first + options.calls)
            for finding in in_a_process(chosen[start : start + _TOGETHER], options.seed, numbers):
                print(json.dumps(dataclasses.asdict(finding)), flush=True)
        first += options.calls
    print(json.dumps({"calls": len(chosen) * (first - options.first)}), flush=True)


def in_a_process(some: list[Place], seed: int, numbers: range) -> Iterator[calls.Finding]:
    """Make calls in a process of their own; its death is a finding too, and another makes those after."""
    while some:
        with tempfile.TemporaryDirectory() as folder:
            reader, writer = os.pipe()
            process = os.fork()
            if process == 0:
                os.close(reader)
                _child(some, seed, numbers, writer, Path(folder))
            os.close(writer)
            lines, killed = _answers(process, reader)
        yield from (calls.Finding(**json.loads(line)) for line in lines if line.startswith("{"))
        if lines and lines[-1] == "done":
            return
        position, number = next((map(int, line.split()) for line in reversed(lines) if line[0].isdigit()), (0, -1))
        yield calls.Finding(some[position].name, number, "", lines[-1] if "mistake" in lines[-1] else killed, "")
        some = some[position + 1 :]


def _child(some: list[Place], seed: int, numbers: range, writer: int, folder: Path) -> None:
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        files.write(folder)
        sandbox.enter(folder, _MEMORY)
        for position, place in enumerate(some):
            for number in numbers:
                os.write(writer, f"{position} {number}\n".encode())
                for finding in calls.run(place, seed, number):
                    os.write(writer, json.dumps(dataclasses.asdict(finding)).encode() + b"\n")
        os.write(writer, b"done\n")
    except BaseException:  # a mistake of these tests, not of the package
        os.write(writer, f"mistake {traceback.format_exc()!r}\n".encode())
    finally:
        os._exit(0)


def _answers(process: int, reader: int) -> tuple[list[str], str]:
    """The lines that a process wrote, and how it ended."""
    text, killed = b"", ""
    with os.fdopen(reader, "rb", buffering=0) as source:
        while True:
            if not select.select([source], [], [], _PATIENCE)[0]:
                os.kill(process, signal.SIGKILL)
                killed = f"no answer within {_PATIENCE:.0f} seconds"
                break
            block = source.read(1 << 16)
            if not block:
                break
            text += block
    _, status = os.waitpid(process, 0)
    return text.decode().splitlines(), killed or f"the process ended, signal {status & 127}"


if __name__ == "__main__":
    sys.exit(main())

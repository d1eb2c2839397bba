"""Every rule that an operator states is broken by one of its refusals: torch would silently accept some of them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from glueball import ops
from tests.ops.cases import CASES, refuse

_FOLDER = Path(ops.__file__).parent

#: Modules that read and describe declarations, or make functions of nd and sym; separate tests break their rules.
_NO_OPERATORS = {
    "attrs", "declare", "draw", "explain", "facts", "generated", "kept", "operator", "python_operators",
    "random_functions", "samples", "shape_rule", "signature", "type_rule",
}  # fmt: skip

#: Messages that no refusal can show, and why.
_UNREACHABLE = {
    "{owner}: {str(error).splitlines()[0]}": "torch refuses what no rule foresees; a known reason would be a rule",
    "MXNetError(ctx.message)": "raised by backward(): tests/ops/test_image.py",
    "the gradients of all devices": "raised by backward(): tests/gluon/contrib/test_sync_batch_norm.py",
    "{name} must be {parameter.rule}": "raised by whoever reads the draw: tests/ndarray/test_random.py",
    "low must not be above high": "as the rule before",
    "dot: with sparse arrays": "raised for sparse arrays: tests/sparse/test_refusals.py",
    "dot: the axes to sum over": "as the rule before",
    "cannot become {stype} at once": "as the rule before",
    "ndev must be a multiple": "only over several processes: tests/parallel/test_sync_batch_norm_faults.py",
    "LeakyReLU: lower_bound must not exceed upper_bound": "only in training mode: tests/ops/nn/test_activation.py",
}

Place = tuple[str, int]


def _rules(path: Path) -> Iterator[tuple[Place, str]]:
    """Return where each MXNetError of a module is created, and its message in the source."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "MXNetError":
            yield (str(path), node.lineno), ast.get_source_segment(text, node) or ""


@contextmanager
def _lines_of_operators() -> Iterator[set[Place]]:
    """Collect the lines under ops/ that are run."""
    seen: set[Place] = set()

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        seen.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(str(_FOLDER)) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield seen
    finally:
        sys.settrace(before)


def test_every_rule_is_broken_by_a_refusal() -> None:
    with _lines_of_operators() as seen:
        for operator in CASES:
            for item in operator.refusals:
                refuse(operator, item)
    rules = dict(
        rule
        for path in sorted(_FOLDER.rglob("*.py"))
        if path.stem not in _NO_OPERATORS or path.parent != _FOLDER
        for rule in _rules(path)
    )
    missed = {place: message for place, message in rules.items() if place not in seen}
    left = {place: text for place, text in missed.items() if not any(known in text for known in _UNREACHABLE)}
    assert len(rules) > 200
    assert not left, "no refusal reaches\n" + "\n".join(f"{path}:{line}: {text}" for (path, line), text in left.items())
    for known in _UNREACHABLE:
        assert any(known in text for text in missed.values()), f"{known} is reached: take it from the list"

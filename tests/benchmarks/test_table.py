"""From the seconds of the turns to the table and its verdicts."""

from __future__ import annotations

import pytest

from benchmarks import race, table, times
from benchmarks.line import Line, means
from benchmarks.rows import Row
from benchmarks.target import Above, AtMost, Ratio
from benchmarks.times import Time


def _result(*above: float, targets=()) -> race.Result:
    baseline = [44e-6, 90e-6, 42e-6, 43e-6, 44e-6, 45e-6]
    ours = [seconds + more for seconds, more in zip(baseline, above, strict=True)]
    graph = [seconds * 0.5 for seconds in ours]
    seconds = {"glueball": ours, "glueball graph": graph, "torch": baseline, "mxnet": [1e-3] * 6}
    return race.Result(Row("row", None, targets), seconds, {})


NAMES = ["glueball", "glueball graph", "torch", "mxnet", "mxnet graph"]


def test_a_time_is_the_third_best_turn():
    assert times.third_best([9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 5.0, 4.0]) == Time(3.0, 2.0)
    assert times.third_best([9.0, 1.0]) == Time(9.0, 4.0)
    assert times.third_best([2.0]) == Time(2.0, 0.0)


def test_a_row_has_the_best_of_each_group():
    turns = {"glueball": [1.0], "glueball graph": [5.0], "glueball inductor": [4.0], "mxnet": [2.0], "torch": [3.0]}
    best = {name: time.seconds for name, time in times.of_turns({**turns, "torch compiled": [2.5]}).items()}
    assert best == {**{name: one for name, (one,) in turns.items()}, "torch compiled": 2.5} | {
        "best engine": 4.0,
        "best peer": 2.5,
        "best runtime": 2.5,
    }


def test_a_line_says_times_spread_difference_and_ratios():
    line = table.text(table.of_row(_result(7e-6, 8e-6, 9e-6, 8e-6, 7e-6, 7e-6)), NAMES, width=10)
    assert line.split() == [
        "row", "51.0", "us", "25.5", "us", "44.0", "us", "1.0", "ms", "-", "±3%",
        "7.0", "us", "1.16", "0.05", "0.50", "-", "0.58",
    ]  # fmt: skip
    header = table.header(NAMES, width=10).splitlines()
    assert header[0].split()[-7:] == ["spread", "above", "x", "x", "graph", "graph", "graph"]
    assert header[1].split()[-9:] == ["torch", "torch", "mxnet", "x", "own", "x", "mxnet", "x", "peer"]
    assert {len(part) for part in header} == {len(line)}


def test_columns_of_who_does_not_run_are_left_out():
    assert "mxnet" in table.header(NAMES, width=10)
    assert "mxnet" not in table.header(NAMES[:3], width=10)


def test_a_group_has_the_geometric_mean_of_who_is_in_all_its_rows():
    rows = [
        Line("a", {"x": Time(1.0), "y": Time(3.0)}, "both"),
        Line("b", {"x": Time(4.0, 0.4)}, "both"),
        Line("c", {}),
    ]
    (mean,) = means([*rows, Line("c", {})], {"both": (AtMost(3.0, "x"),)})
    assert mean.name == "geometric mean of 2 both" and set(mean.times) == {"x"}
    assert mean.times["x"] == (pytest.approx(2.0), pytest.approx(0.1))
    assert table.verdicts(mean) == ["geometric mean of 2 both: x at most 3.00 s: measured 2.00 s ± 100.0 ms: met"]


@pytest.mark.parametrize(
    ("above", "word"),
    [
        ([7e-6] * 6, "met"),
        ([60e-6] * 6, "MISSED"),
        ([1e-6, 300e-6, 2e-6, 400e-6, 200e-6, 9e-6], "busy"),
    ],
)
def test_a_verdict_compares_with_the_target_unless_the_machine_is_busy(above, word):
    (verdict,) = table.verdicts(table.of_row(_result(*above, targets=(Above(50e-6),))))
    assert verdict.startswith("row: glueball at most 50.0 us above torch: measured ") and verdict.endswith(word)
    assert table.verdicts(table.of_row(_result(*above))) == []


@pytest.mark.parametrize(
    ("mine", "word"),
    [
        (Time(9.5, 0.5), "measured 0.950 x ± 0.050 x: met"),
        (Time(10.0), "measured 1.000 x ± 0.000 x: met"),
        (Time(10.5, 1.5), "measured 1.050 x ± 0.150 x: UNDECIDED, within the spread"),
        (Time(11.5, 0.5), "measured 1.150 x ± 0.050 x: MISSED"),
        (Time(9.5, 8.5), "measured 0.950 x ± 0.850 x: UNDECIDED, the machine is too busy"),
    ],
)
def test_a_ratio_is_that_of_the_times(mine, word):
    assert Ratio(1.0, "a", "b").verdict({"a": mine, "b": Time(10.0)}) == f"a at most 1.000 x b: {word}"


@pytest.mark.parametrize(("seconds", "word"), [(1.5, "met"), (1.7, "MISSED")])
def test_seconds_can_be_limited(seconds, word):
    verdict = AtMost(1.5, "a").verdict({"a": Time(seconds, 0.05), "b": Time(0.1)})
    assert verdict.startswith("a at most 1.50 s: measured 1.") and verdict.endswith(f" ± 50.0 ms: {word}")


@pytest.mark.parametrize("target", [Above(1.0, "a", "b"), Ratio(1.0, "a", "b"), AtMost(1.0, "b")], ids=str)
def test_a_target_beside_who_does_not_run_is_not_judged(target):
    assert target.verdict({"a": Time(1.0)}).endswith(": not measured, without b")


def test_who_was_refused_is_said():
    refused = {"ncnn": "Traceback\nRuntimeError: no such layer"}
    assert table.refusals(_result(*[0.0] * 6)._replace(refused=refused)) == [
        "  REFUSED ncnn: RuntimeError: no such layer"
    ]

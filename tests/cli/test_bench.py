"""``glueball bench``: engines in turns, what is printed, and what happens when one cannot run the network."""

from __future__ import annotations

import json
import re

import pytest

import glueball as mx
from glueball.cli import main
from glueball.cli._bench_race import Contestant
from glueball.cli.bench import _advice


@pytest.fixture
def model(tmp_path):
    """A graph with its parameters beside it."""
    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Conv2D(4, 3, in_channels=3), mx.gluon.nn.Dense(2, in_units=4 * 36))
    net.initialize(mx.init.Normal())
    net.hybridize()
    net(mx.nd.ones((1, 3, 8, 8)))
    net.export(str(tmp_path / "net"))
    return tmp_path / "net-symbol.json"


def test_two_engines(model, capsys):
    quick = ["--engines", "eager,onednn", "--rounds", "2", "--turn", "0.01", "--json"]
    assert main(["bench", str(model), "--shape", "data=1,3,8,8", *quick]) == 0
    out, err = capsys.readouterr()
    assert err == ""  # no bar where nobody looks
    report = json.loads(out)
    assert report["shapes"] == {"data": [1, 3, 8, 8]}
    assert {each["engine"] for each in report["engines"]} == {"eager", "onednn"}
    for each in report["engines"]:
        assert each["failure"] is None
        assert 0 < each["quarters"][0] <= each["median"] <= each["quarters"][1]
        assert each["calls"] >= 2
        assert each["first_call"] > 0
        assert each["difference"] < 1e-5
    assert "net.hybridize(" in report["recommendation"]


def test_no_engine_is_ready_in_time(model, capsys):
    """And a process that is still at it ends."""
    arguments = ["--shape", "data=64,3,8,8", "--engines", "eager", "--patience", "0.001"]
    with pytest.raises(SystemExit):
        main(["bench", str(model), *arguments])
    assert "--patience: must be a number of 1 or more; received '0.001'" in capsys.readouterr().err
    (model.parent / "net-0000.params").write_bytes(b"")
    assert main(["bench", str(model), "--shape", "data=1,3,8,8", "--engines", "eager"]) == 1
    assert "net-0000.params, byte 0: the file must have one of the known formats" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shape", "image=1,3,8,8"], "--shape must name an input of the network, data; received 'image'"),
        (["--engines", "tvm"], "backend must be one of 'auto', .* received 'tvm'"),
        (["--shape", "data=1,3,9,9"], r"dense\d+_fwd: FullyConnected: weight must have shape"),
    ],
)
def test_what_is_refused(model, capsys, arguments, message):
    assert main(["bench", str(model), *arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("glueball bench: ")
    assert re.search(message, err)
    assert len(err.splitlines()) == 1


def test_the_recommendation(monkeypatch):
    monkeypatch.setattr("glueball.graph.engines.default", lambda: "onednn")
    slow, fast = Contestant("onednn", "", seconds=[2.0, 2.2]), Contestant("openvino", "", seconds=[1.0])
    assert _advice([slow, fast]) == (
        'Recommendation: net.hybridize(backend="openvino"), 2.1 times as fast as the default, onednn.'
    )
    close = Contestant("openvino", "", seconds=[2.05])
    assert _advice([slow, close]).endswith("with the default, onednn; openvino is hardly faster.")
    assert _advice([slow]).endswith("nothing here is faster.")
    wrong = Contestant("openvino", "", seconds=[0.1], failure="its results differ by 1 of 2")
    assert _advice([slow, wrong]).endswith("nothing here is faster.")
    assert "none of them" in _advice([wrong])

"""``glueball doctor``: what is installed, and the line that installs what is not."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import torch

import glueball as mx
from glueball.cli import doctor, main
from glueball.graph import engines


def _report(capsys):
    assert main(["doctor", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_versions_devices_threads_and_engines(capsys):
    report = _report(capsys)
    assert report["versions"]["glueball"] == mx.__version__
    assert report["versions"]["torch"] == torch.__version__
    assert report["machine"]["threads"] == torch.get_num_threads()
    assert report["devices"][0]["context"] == "cpu(0)"
    assert set(report["engines"]) == set(engines.names())
    assert report["engines"]["eager"] == {"runs": True, "default": engines.default() == "eager"}


def test_what_is_missing_comes_with_the_line_that_installs_it(capsys, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in ("openvino", "cv2") else find(name))
    monkeypatch.setattr(engines, "_found", {})
    report = _report(capsys)
    assert report["extras"]["image"]["fix"] == "pip install 'glueball[image]'"
    assert report["extras"]["image"]["modules"] == {"cv2": None}
    assert not report["engines"]["openvino"]["runs"]
    assert report["engines"]["openvino"]["fix"].endswith("run pip install 'glueball[openvino]'")
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"\nMissing: pip install 'glueball\[.*image.*openvino.*\]'\n$", out)
    assert "\x1b" not in out


def test_every_extra_for_users_is_known():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    (whole,) = re.findall(r'^all = \["glueball\[(.*)\]"\]', text, re.MULTILINE)
    assert sorted(doctor._EXTRAS) == sorted(whole.split(","))

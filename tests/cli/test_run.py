"""``glueball run``: pictures as a network expects them, and its best answers for them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from glueball.cli import main
from tests.comparison import assert_same

cv2 = pytest.importorskip("cv2", reason="needs the extra glueball[image]")

_SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@pytest.fixture
def folder(tmp_path):
    """A network that says which channel is the largest, and pictures of one color each."""
    data = mx.sym.var("data")
    means = mx.sym.Pooling(data, global_pool=True, pool_type="avg", kernel=(1, 1))
    weight = mx.sym.var("weight", shape=(3, 3, 1, 1))
    scores = mx.sym.Convolution(means, weight, no_bias=True, kernel=(1, 1), num_filter=3, name="score")
    symbol = mx.sym.Flatten(scores, name="out")
    values = mx.nd.array(np.eye(3).reshape(3, 3, 1, 1))
    mx.model.save_checkpoint(str(tmp_path / "colors"), 0, symbol, {"weight": values}, {})
    (tmp_path / "pictures").mkdir()
    for name, color in (("blue", (255, 0, 0)), ("green", (0, 255, 0)), ("red", (0, 0, 255))):
        cv2.imwrite(str(tmp_path / "pictures" / f"{name}.png"), np.full((40, 60, 3), color, np.uint8))
    (tmp_path / "synset.txt").write_text("n00000001 red, the color\ngreen\nblue\n")
    return tmp_path


def _run(capsys, folder, *arguments, status=0):
    assert main(["run", str(folder / "colors"), *map(str, arguments)]) == status
    return capsys.readouterr()


def _answers(capsys, folder, *arguments):
    report = json.loads(_run(capsys, folder, folder / "pictures", "--json", *arguments).out)
    return {Path(each["picture"]).stem: each["best"] for each in report}


def test_the_best_class_of_each_picture(folder, capsys):
    best = _answers(capsys, folder, "--synset", folder / "synset.txt", "--size", 32)
    assert {name: answers[0]["name"] for name, answers in best.items()} == {
        "blue": "blue", "green": "green", "red": "red, the color",
    }  # fmt: skip
    assert all(len(answers) == 3 for answers in best.values())
    assert sum(answer["probability"] for answer in best["red"]) == pytest.approx(1)


def test_numbers_for_the_network(folder, capsys):
    """Scores are the means of the channels, so that probabilities tell what was subtracted and divided by."""
    for options, low, high in (
        (["--normalize", "unit"], 0, 1),
        (["--mean", "0.5", "--std", "0.25"], -2, 2),
        (["--mean", "0.5,0.5,0.5", "--std", "0.5,0.5,0.5"], -1, 1),
    ):
        found = _answers(capsys, folder, "--size", "32,48", *options)["red"][0]["probability"]
        assert found == pytest.approx(np.exp(high) / (np.exp(high) + 2 * np.exp(low)), rel=1e-5)
    assert _answers(capsys, folder, "--size", 32, "--bgr", "--normalize", "unit")["red"][0]["class"] == 2


def test_batches_are_filled_up(folder, capsys):
    whole = _answers(capsys, folder, "--size", 32)
    assert _answers(capsys, folder, "--size", 32, "--batch", 2) == whole
    assert _answers(capsys, folder, "--shape", "data=3,3,32,32", "--engine", "eager") == whole


def test_a_table_for_people(folder, capsys):
    out, err = _run(capsys, folder, folder / "pictures" / "red.png", "--size", 32, "--top", 1)
    assert out.splitlines()[0].split() == ["Picture", "Class", "Name", "Probability"]
    assert out.splitlines()[2].split()[:2] == [str(folder / "pictures" / "red.png"), "0"]
    assert err == "no file says how values are normalized; assumed: --normalize cifar\n"


def test_a_picture_that_cannot_be_read_is_skipped(folder, capsys):
    (folder / "pictures" / "broken.jpg").write_bytes(b"\xff\xd8nothing")
    out, err = _run(capsys, folder, folder / "pictures", folder / "none.png", "--size", 32, "--top", 1, status=1)
    assert len(out.splitlines()) == 2 + 3
    assert "broken.jpg: skipped: imread: " in err
    assert "none.png: skipped: imread: the file" in err


def test_a_plot(folder, capsys):
    pytest.importorskip("matplotlib", reason="needs the extra glueball[plot]")
    plot = folder / "answers.png"
    _run(capsys, folder, folder / "pictures", "--size", 32, "--save-plot", plot)
    assert cv2.imread(str(plot)).shape[0] > 300
    error = _run(capsys, folder, folder / "pictures", "--size", 32, "--save-plot", folder / "a.xyz", status=1).err
    assert "--save-plot: the file must end in one of " in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--synset", "colors-symbol.json"], "--synset must have a line for each of the 3 classes; received"),
        (["--mean", "1,2"], "--mean must have a number for each of 3 channels, or one; received 2"),
        (["--std", "0"], "--std must not have zeros; received 0"),
        (["--shape", "data=1,3,8"], "must"),
        (["--engine", "tvm"], "backend must be one of"),
    ],
)
def test_what_is_refused(folder, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(folder)
    size = [] if "--shape" in arguments else ["--size", 8]
    out, err = _run(capsys, folder, "pictures", *size, *arguments, status=1)
    last = err.splitlines()[-1]
    assert (out, last.startswith("glueball run: "), message in last) == ("", True, True), err


def test_without_opencv(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    _, err = _run(capsys, folder, folder / "pictures", "--size", 8, status=1)
    assert err.splitlines()[-1].endswith("run pip install 'glueball[image]'")


@pytest.mark.skipif(not _SHARED.exists(), reason="the models in ../shared are not on this machine")
def test_a_real_network_on_a_real_picture(capsys):
    """The numbers are those of the same steps in Python."""
    picture = _SHARED / "images" / "mt_baker.jpg"
    model = _SHARED / "models" / "cifar_resnet20_v1"
    assert main(["run", str(model), str(picture), "--resize", "linear", "--json"]) == 0
    out, err = capsys.readouterr()
    assert "the file fits pictures of any size; assumed: data=1,3,32,32; --shape sets it" in err
    (answer,) = json.loads(out)
    data = mx.nd.image.to_tensor(mx.image.imresize(mx.image.imread(str(picture)), 32, 32))
    data = mx.nd.image.normalize(data, (0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)).expand_dims(0)
    net = mx.gluon.SymbolBlock.imports(
        str(model / "cifar_resnet20_v1-symbol.json"), ["data"], str(model / "cifar_resnet20_v1-0000.params")
    )
    expected = net(data).softmax().asnumpy()[0]
    found = {each["class"]: each["probability"] for each in answer["best"]}
    assert_same(np.float32(list(found.values())), np.sort(expected)[::-1][:5], rtol=1e-4)
    assert next(iter(found)) == expected.argmax()

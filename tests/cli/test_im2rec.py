"""``glueball im2rec``: the files of MXNet's im2rec.py, byte for byte."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from glueball.cli import _im2rec_pack, main
from glueball.cli._progress import Progress

cv2 = pytest.importorskip("cv2")

from tests.io.images import smooth  # noqa: E402  (it needs OpenCV)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("im2rec") / "images"
    (folder / "cat" / "sub").mkdir(parents=True)
    (folder / "dog").mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / "cat" / f"c{number}.jpg"), smooth(50 + number * 10, 60, number))
        cv2.imwrite(str(folder / "dog" / f"d{number}.JPEG"), smooth(70, 40 + number * 20, number + 9))
    cv2.imwrite(str(folder / "root.jpg"), smooth(30, 30, 3))
    cv2.imwrite(str(folder / "cat" / "sub" / "s.png"), smooth(33, 44, 5))
    (folder / "note.txt").write_text("no image")
    return folder


@pytest.fixture(scope="module")
def script(oracle_python):
    """Where MXNet's im2rec.py is."""
    code = "import mxnet.libinfo as i; import os; print(os.path.dirname(i.__file__) + '/tools/im2rec.py')"
    done = subprocess.run([oracle_python, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def theirs(oracle_python, script, tmp_path):
    """Run MXNet's im2rec.py: with MXNet, whose environment has no OpenCV, or with Glueball in MXNet's place."""
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "cv2.py").write_text("")

    def run(*arguments, pixels=False):
        source = str(Path(mx.__file__).parents[1])
        program = [sys.executable, "-m", "glueball"] if pixels else [str(oracle_python), "-W", "ignore"]
        path = source if pixels else str(tmp_path / "stub")
        subprocess.run(
            [*program, script, *arguments],
            env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True,
        )  # fmt: skip

    return run


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def folders(tmp_path):
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    return tmp_path / "ours", tmp_path / "theirs"


@pytest.mark.parametrize(
    "options",
    [
        "", "--recursive", "--recursive --no-shuffle", "--recursive --train-ratio 0.5 --test-ratio 0.25",
        "--recursive --chunks 2", "--recursive --exts .jpg .png", "--no-shuffle --chunks 2 --train-ratio 0.6",
        "--recursive --chunks 3 --test-ratio .5 --train-ratio .5",
    ],
)  # fmt: skip
def test_lists(root, folders, theirs, options):
    ours, other = folders
    assert main(["im2rec", str(ours / "l"), str(root), "--list", *options.split()]) == 0
    theirs(str(other / "l"), str(root), "--list", *options.split())
    assert contents(ours) == contents(other) != {}


@pytest.mark.parametrize(
    ("options", "pixels"),
    [
        ("--pass-through", False), ("--pass-through --pack-label", False), ("--resize 30", True),
        ("--resize 100 --center-crop --quality 80", True), ("--color 0 --encoding .png --quality 3", True),
        ("--color -1 --pack-label --num-thread 3", True),
    ],
)  # fmt: skip
def test_packing(root, folders, theirs, options, pixels, capsys):
    for folder in folders:
        main(["im2rec", str(folder / "l"), str(root), "--list", "--recursive", "--chunks", "2"])
        (folder / "l_more.lst").write_text("11\t1.5\t2.5\tcat/c0.jpg\n12\t3\t4\tdog/d1.JPEG\n")
    ours, other = folders
    capsys.readouterr()
    assert main(["im2rec", str(ours / "l"), str(root), *options.split()]) == 0
    assert capsys.readouterr().out == "".join(
        f"{ours}/l_{name}.rec: {count} images\n" for name, count in (("0", 4), ("1", 4), ("more", 2))
    )
    theirs(str(other / "l"), str(root), *options.split(), pixels=pixels)
    assert contents(ours) == contents(other)
    assert len(contents(ours)) == 9


def test_what_is_packed_is_read(root, tmp_path):
    prefix = str(tmp_path / "l")
    main(["im2rec", prefix, str(root), "--list", "--recursive", "--no-shuffle"])
    main(["im2rec", prefix, str(root), "--resize", "32"])
    images = mx.io.ImageRecordIter(
        path_imgrec=f"{prefix}.rec", path_imgidx=f"{prefix}.idx", data_shape=(3, 32, 32), batch_size=8, verbose=False
    )
    assert images.next().label[0].asnumpy().tolist() == [0, 1, 1, 1, 2, 3, 3, 3]


class Stopped(BaseException):
    """What the user does in the middle."""


@pytest.mark.parametrize("changed", [False, True])
def test_goes_on_where_it_was_stopped(root, tmp_path, monkeypatch, changed):
    whole, prefix = tmp_path / "whole", tmp_path / "l"
    for each in (whole, prefix):
        main(["im2rec", str(each), str(root), "--list", "--recursive"])
    main(["im2rec", str(whole), str(root), "--resize", "20"])
    packed, asked = _im2rec_pack._packed, []

    def until_stopped(line, *rest):
        asked.append(line.path)
        if len(asked) == 5 and until_stopped.stops:
            raise Stopped
        return packed(line, *rest)

    until_stopped.stops = True
    monkeypatch.setattr(_im2rec_pack, "_packed", until_stopped)
    with pytest.raises(Stopped):
        main(["im2rec", str(prefix), str(root), "--resize", "30" if changed else "20"])
    assert not prefix.with_suffix(".rec").exists()
    with open(f"{prefix}.rec.part", "ab") as file:
        file.write(b"half a record")
    until_stopped.stops, before = False, len(asked)
    main(["im2rec", str(prefix), str(root), "--resize", "20"])
    assert len(asked) - before == (8 if changed else 4)
    for ending in (".rec", ".idx"):
        assert prefix.with_suffix(ending).read_bytes() == whole.with_suffix(ending).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{name}.{ending}" for name in ("l", "whole") for ending in ("idx", "lst", "rec")
    ]


def test_images_that_cannot_be_read_are_skipped(root, tmp_path, capsys):
    (tmp_path / "l.lst").write_text("0\t1\tnote.txt\n1\t2\tnone.jpg\n2\t3\troot.jpg\n")
    assert main(["im2rec", str(tmp_path / "l"), str(root)]) == 1
    said = capsys.readouterr()
    assert said.out == f"{tmp_path}/l.rec: 1 images, 2 skipped\n"
    assert "note.txt: skipped: OpenCV finds no image in it\n" in said.err
    assert "none.jpg: skipped: [Errno 2]" in said.err
    assert (tmp_path / "l.idx").read_text() == "2\t0\n"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["none"], "none: root must be a folder"),
        (["."], "l*.lst: there must be a list to pack; received none; make one with --list first"),
        ([".", "--chunks", "0"], "--chunks and --num-thread must be 1 or more; received 0 and 1"),
    ],
)
def test_refusals(tmp_path, capsys, options, text):
    assert main(["im2rec", str(tmp_path / "l"), *options]) == 1
    assert text in capsys.readouterr().err


@pytest.mark.parametrize("line", ["0\timage.jpg", "x\t1\timage.jpg", "0\tcat\timage.jpg"])
def test_a_damaged_list(tmp_path, capsys, line):
    (tmp_path / "l.lst").write_text(f"{line}\n")
    assert main(["im2rec", str(tmp_path / "l"), str(tmp_path)]) == 1
    assert "l.lst: line 1 must have the number of an image, its labels and a path" in capsys.readouterr().err


class Terminal(io.StringIO):
    """A file where somebody looks."""

    def isatty(self):
        return True


def test_progress():
    terminal = Terminal()
    with Progress("l", 4, terminal) as progress:
        progress.advance(1)
        progress.say("x.jpg: skipped")
        progress.advance(3)
    assert terminal.getvalue().startswith("\r\x1b[Kl [#######.......................] 1/4, ")
    assert "\r\x1b[Kx.jpg: skipped\n" in terminal.getvalue()
    assert f"l [{'#' * 30}] 4/4, " in terminal.getvalue()
    silent = io.StringIO()
    with Progress("l", 4, silent) as progress:
        progress.advance(4)
    assert silent.getvalue() == ""


def test_an_empty_list(root, tmp_path):
    (tmp_path / "l.lst").write_text("\n")
    assert main(["im2rec", str(tmp_path / "l"), str(root)]) == 0
    assert (tmp_path / "l.rec").read_bytes() == b""


def test_images_are_packed_whole(root, tmp_path):
    (tmp_path / "l.lst").write_text("3\t1\tcat/sub/s.png\n")
    main(["im2rec", str(tmp_path / "l"), str(root), "--pass-through"])
    header, image = mx.recordio.unpack(mx.recordio.MXRecordIO(tmp_path / "l.rec", "r").read())
    assert header == (0, 1.0, 3, 0)
    assert np.array_equal(np.frombuffer(image, np.uint8), np.fromfile(root / "cat/sub/s.png", np.uint8))

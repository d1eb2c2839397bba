"""Names of the files of a checkpoint, and of the arrays in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from glueball.serialization.checkpoint import checkpoint_file, graph_file, with_kinds, without_kind
from glueball.serialization.path import as_path


def test_names_of_files():
    assert checkpoint_file("save", "net", 7) == "net-0007.params"
    assert checkpoint_file("save", Path("runs") / "net", 12345, "states") == str(Path("runs") / "net-12345.states")
    assert graph_file("save", b"net") == "net-symbol.json"


def test_kinds_of_arrays():
    assert with_kinds({"w": 1}, {"mean": 2}) == {"arg:w": 1, "aux:mean": 2}
    assert [without_kind(name) for name in ("arg:w", "aux:mean", "w", "argue:w")] == ["w", "mean", "w", "argue:w"]


@pytest.mark.parametrize("epoch", [1.5, "1", None, True])
def test_an_epoch_is_an_int(epoch):
    with pytest.raises(TypeError, match=f"save: epoch must be an int; received {epoch!r}"):
        checkpoint_file("save", "net", epoch)


def test_a_path_is_a_path():
    with pytest.raises(TypeError, match="load: the file must be given as a path; received 5"):
        as_path("load", 5)

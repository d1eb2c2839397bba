"""State dicts of torch: what torch writes and reads, and files that are damaged, hostile or hold something else."""

from __future__ import annotations

import io

import pytest
import torch

import glueball as mx
from glueball.cli import main
from tests.comparison import assert_same

TYPES = ["float32", "float64", "float16", "bfloat16", "uint8", "int8", "int32", "int64", "bool"]


def saved(content, **options):
    file = io.BytesIO()
    torch.save(content, file, **options)
    return file.getvalue()


def test_every_type_goes_there_and_back(tmp_path):
    given = {name: mx.nd.array([[0, 1, 2], [3, 4, 5]]).astype(name) for name in TYPES}
    mx.nd.save(tmp_path / "all.pth", given)
    back = mx.nd.load(tmp_path / "all.pth")
    assert list(back) == TYPES
    for name, array in given.items():
        assert back[name].dtype == array.dtype
        assert_same(back[name].astype("float32").asnumpy(), array.astype("float32").asnumpy())
    found = torch.load(tmp_path / "all.pth", weights_only=True)
    assert {name: tensor.dtype for name, tensor in found.items()} == {name: getattr(torch, name) for name in TYPES}
    mx.nd.save(tmp_path / "list.pt", [mx.nd.ones((2,)), mx.nd.zeros((3,))])
    assert [array.shape for array in mx.nd.load(tmp_path / "list.pt")] == [(2,), (3,)]


def test_state_dicts_of_networks_and_of_training(tmp_path, capsys):
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    state = net.state_dict()
    for content in (state, {"epoch": 3, "state_dict": state, "optimizer": optimizer.state_dict()}):
        found = mx.nd.load_frombuffer(saved(content))
        assert list(found) == list(state)
        assert_same(found["0.weight"].asnumpy(), net[0].weight.detach().numpy())
    assert list(mx.nd.load_frombuffer(saved(state, _use_new_zipfile_serialization=False))) == list(state)
    dense = mx.gluon.nn.Dense(2, in_units=3)
    torch.save({"weight": net[0].weight, "bias": net[0].bias}, tmp_path / "dense.pt")
    dense.load_parameters(tmp_path / "dense.pt")
    assert_same(dense.weight.data().asnumpy(), net[0].weight.detach().numpy())
    assert main(["inspect", str(tmp_path / "dense.pt")]) == 0
    assert "named arrays, format torch" in capsys.readouterr().out


def test_tensors_that_share_memory_get_their_own(tmp_path):
    whole = torch.arange(6.0)
    found = mx.nd.load_frombuffer(saved({"whole": whole, "part": whole[2:4], "turned": whole.view(2, 3).T}))
    found["whole"][:] = 7
    assert found["part"].asnumpy().tolist() == [2, 3]
    assert found["turned"].asnumpy().tolist() == [[0, 3], [1, 4], [2, 5]]


class Bomb:
    """Would run when it is unpickled."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was read",)


REFUSED = [
    (saved({"a": Bomb()}), "weights_only=True; received UnpicklingError"),
    (saved(torch.nn.Linear(2, 2)), "weights_only=True; received UnpicklingError"),
    (saved({"a": 3}), "must hold tensors by name, as a state dict; received a dict with int in it"),
    (saved(3), "must hold tensors by name, as a state dict; received a int"),
    (saved({1: torch.ones(2)}), "must hold tensors by name"),
    (
        saved({"a": torch.ones(2, dtype=torch.complex64)}),
        "'a' must be dense and of one of the types .* torch.complex64",
    ),
    (saved({"a": torch.ones(2, 2).to_sparse()}), "'a' must be dense"),
    (saved({"a": torch.ones(1).expand(2**40)}), "the values of 'a' must lie inside the file; received shape"),
    (saved({"a": torch.ones(200)})[:-700], "weights_only=True; received RuntimeError"),
]


@pytest.mark.parametrize(("content", "rule"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(tmp_path, capsys, content, rule):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(mx.MXNetError, match=rf"^.*file: .*{rule}"):
        mx.nd.load(tmp_path / "file")
    assert main(["inspect", str(tmp_path / "file")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1

"""All operators of MXNet's table are there, or `glueball.ops.absent` says why one is not."""

from __future__ import annotations

import pytest

from glueball import MXNetError, sym
from glueball.ops import absent, registry
from tests.ops.test_declarations import TABLE
from tests.symbol.graph_files import one_input
from tools.operators import FILE, page

EVERY_NAME = sorted({name for known, entry in TABLE.items() for name in (known, *entry[-1])})


def is_there(name: str) -> bool:
    return name in registry or name in registry.families()


def test_a_reason_is_known_for_every_operator_that_is_missing() -> None:
    assert [name for name in EVERY_NAME if not is_there(name) and absent.find(name) is None] == []


def test_no_reason_is_given_for_what_is_there() -> None:
    assert [name for name in registry.names() if absent.find(name) is not None] == []


@pytest.mark.parametrize("name", [name for absence in absent.ABSENT for name in absence.names])
def test_every_reason_is_about_operators_of_mxnet(name: str) -> None:
    known = {*EVERY_NAME, "_backward"}
    assert any(each == name.removesuffix("*") or (name[-1] == "*" and each.startswith(name[:-1])) for each in known)


def test_the_reason_is_said_where_the_name_is_used() -> None:
    with pytest.raises(MXNetError, match="received '_contrib_quantized_conv', which MXNet has: it quantizes a network"):
        registry["_contrib_quantized_conv"]
    with pytest.raises(MXNetError, match="received '_sg_pass'; MXNet makes it of several others"):
        sym.load_json(one_input("_sg_pass"))


def test_the_page_about_operators_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == page(), "docs/operators.md is out of date: run make stubs"

"""What is done with a made-up file. Whatever is raised but an MXNetError is a finding; so is a wrong result."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable

import glueball as mx
from glueball.ops.declare import registry
from glueball.serialization import dump_params, load_params
from glueball.serialization.headers import load_headers
from glueball.visualization.drawing import draw
from glueball.visualization.network import study
from tests.serialization import files
from tests.symbol.graph_files import LEGACY

_LONGEST_MESSAGE = 3000


def params(content: bytes) -> None:
    """Read a ``.params`` file; what was read is written and read again, and its headers say the same."""
    try:
        read = load_params(content, "file")
    except mx.MXNetError as error:
        assert str(error).startswith("file, byte ") and len(str(error)) < _LONGEST_MESSAGE
        with contextlib.suppress(mx.MXNetError):
            load_headers(io.BytesIO(content), "file")
        return
    tensors = list(read.values()) if isinstance(read, dict) else read
    assert sum(tensor.nbytes for tensor in tensors) <= len(content)
    shapes = [(tensor.shape, tensor.dtype) for tensor in tensors]
    assert shapes == [(one.tensor.shape, one.tensor.dtype) for one in load_headers(io.BytesIO(content), "file")]
    written = io.BytesIO()
    dump_params(written, read)
    again = load_params(written.getvalue())
    rewritten = io.BytesIO()
    dump_params(rewritten, again)
    assert rewritten.getvalue() == written.getvalue()
    mx.nd.load_frombuffer(content)


def graph(content: bytes) -> None:
    """Read a graph file; what was read is written and read again, listed, inferred and drawn."""
    text = content.decode("utf-8", "surrogateescape")
    try:
        symbol = mx.sym.load_json(text)
    except mx.MXNetError as error:
        assert len(str(error)) < _LONGEST_MESSAGE
        return
    written = symbol.tojson()
    again = mx.sym.load_json(written)
    assert again.tojson() == written
    assert (again.list_inputs(), again.list_outputs()) == (symbol.list_inputs(), symbol.list_outputs())
    names = symbol.list_arguments()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for shapes in ({}, dict.fromkeys(names[:1], (2, 4)), dict.fromkeys(names, (2, 4, 0, 5))):
            with contextlib.suppress(mx.MXNetError):
                symbol.infer_shape_partial(**shapes)
            with contextlib.suppress(mx.MXNetError):
                draw(study(symbol, shapes), "file")
        with contextlib.suppress(mx.MXNetError):
            symbol.infer_type()
    symbol.attr_dict()
    symbol.debug_str()


def states(content: bytes) -> None:
    """Read the states of an optimizer; what was read is written in both forms and read again."""
    update = mx.optimizer.get_updater(mx.optimizer.Adam())
    try:
        update.set_states(content)
    except mx.MXNetError as error:
        assert len(str(error)) < _LONGEST_MESSAGE
        assert update.states == {}
        return
    for form in (None, "mxnet"):
        again = mx.optimizer.get_updater(mx.optimizer.Adam())
        again.set_states(update.get_states(dump_optimizer=True, format=form))
        assert list(again.states) == list(update.states)


def _saved_states(form: str | None) -> bytes:
    update = mx.optimizer.get_updater(mx.optimizer.Adam(lr_scheduler=mx.lr_scheduler.FactorScheduler(3)))
    update(0, mx.nd.ones((2,)), mx.nd.ones((2,)))
    return update.get_states(dump_optimizer=True, format=form)


#: By name: the target, the files to start from, and pieces of files that are worth inserting.
TARGETS: dict[str, tuple[Callable[[bytes], None], list[bytes], list[str]]] = {
    "params": (params, [files.small_file(), files.listing([files.record((), 3, b"x", version=None)])], []),
    "graph": (
        graph,
        [text.encode() for text in LEGACY.values()],
        [
            *(f'"{name}"' for name in (*registry.names(), "op", "name", "inputs", "attrs", "attr", "param", "heads")),
            *(f'"{one.name}"' for name in registry.names() for one in registry[name].attributes),
            '"(2, 2)"', '"1e-5f"', '"None"', '"True"', '"-1"', "[[0, 0, 0]]", '"__shape__"', '"(2, 0, -1)"',
        ],
    ),
    "states": (
        states,
        [_saved_states(None), _saved_states("mxnet")],
        ["cmxnet.ndarray.ndarray\nNDArray\n", "cnumpy\ndtype\n", "cos\nsystem\n", "cnumpy.core.multiarray\nscalar\n"],
    ),
}  # fmt: skip

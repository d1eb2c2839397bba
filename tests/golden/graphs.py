"""The graphs behind graphs.json: texts that real MXNet wrote, for programs and for files of its older versions."""

from __future__ import annotations

from tests.symbol import graph_files


def programs(mx):
    """Graphs whose text shows every part of the layout, by name."""
    sym = mx.sym
    x = sym.var("x", __note__='a "quoted" \\ word\n\tand more: é')
    norm = sym.BatchNorm(x, name="bn")
    parts = sym.split(sym.Dropout(norm, name="drop"), num_outputs=2, name="parts")
    states = {"moving_mean": sym.var("mean"), "moving_var": sym.var("var")}
    once = sym.BatchNorm(x, name="once", **states)
    return {
        "variable": sym.var("x"),
        "hidden outputs": sym.Group([parts[1], parts[0], norm, x]),
        "ten outputs": sym.Group([sym.var(f"v{number}") for number in range(10)]),
        "eleven outputs": sym.Group([sym.var(f"v{number}") for number in range(11)]),
        "long lists": sym.add_n(*[sym.var(f"v{number}") for number in range(12)], name="sum"),
        "order of attributes": sym.var("x", __b__="1", __A__="2", __a__="3"),
        "a state of two nodes": sym.BatchNorm(once, name="twice", **states),
    }


def texts(mx):
    """The text of every program, and what becomes of every older file, by name."""
    written = {name: symbol.tojson() for name, symbol in programs(mx).items()}
    upgraded = {name: mx.sym.load_json(text).tojson() for name, text in graph_files.LEGACY.items()}
    return {"programs": written, "upgraded": upgraded}

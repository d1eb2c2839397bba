"""Draws the arguments of a call: values that fit a parameter, and values that do not."""

from __future__ import annotations

import collections
import inspect
import random
from typing import Any

import numpy as np
import torch

import glueball as mx
from glueball import gluon, nd, sym
from tests.drawn.objects import OBJECTS, make

_REQUIRED = inspect.Parameter.empty
_STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Raised(Exception):
    """What the drawn objects and functions raise: it must come out as it is."""


class Hostile:
    """An object each of whose methods raises."""

    def _raise(self, *args: Any) -> Any:
        raise Raised("a method of an argument")

    __len__ = __iter__ = __getitem__ = __call__ = __float__ = __int__ = __index__ = __add__ = __mul__ = _raise
    __eq__ = __lt__ = __bool__ = __contains__ = __array__ = __enter__ = __fspath__ = _raise
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return "Hostile()"


class Strange:
    """An object without anything, of no use as an argument."""

    def __repr__(self) -> str:
        return "Strange()"


def raising(*args: Any, **kwargs: Any) -> Any:
    """A callable argument that fails."""
    raise Raised("a function that was passed")


def taking_anything(*args: Any, **kwargs: Any) -> Any:
    """A callable argument that works wherever the first argument will do as the result."""
    return args[0] if args else None


_ARRAYS = ("data", "arr", "grad", "weight", "x", "pred", "label", "lhs", "rhs", "a", "b", "value", "array", "out")

#: Values that fit by the name of a parameter, as text that is evaluated anew for each call. The calls of functions
#: that are not here fall back on the annotation and the default.
NAMED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_ARRAYS, ("nd.ones((2, 3))", "nd.arange(6).reshape((2, 3))", "nd.ones((2, 3, 4, 4))")),
    **dict.fromkeys(("labels", "label"), ("[nd.array([0, 1])]", "nd.array([0, 1])")),
    **dict.fromkeys(("preds", "pred"), ("[nd.array([[0.3, 0.7], [0.6, 0.4]])]", "nd.array([[0.3, 0.7], [0.6, 0.4]])")),
    **dict.fromkeys(("ctx", "context", "device_type"), ("mx.cpu()", "[mx.cpu(0), mx.cpu(1)]", "'cpu'")),
    **dict.fromkeys(("optimizer",), ("'sgd'", "mx.optimizer.Adam()")),
    **dict.fromkeys(("init", "weight_initializer", "initializer", "default_init"), ("mx.init.Normal()", "'xavier'")),
    **dict.fromkeys(("shape", "input_shape", "data_shape"), ("(2, 3)", "(4,)", "2")),
    **dict.fromkeys(("arg_params", "aux_params", "param_dict", "params"), ("{'fc_weight': nd.ones((2, 3))}", "{}")),
    **dict.fromkeys(("data_shapes", "label_shapes", "provide_data"), ("[('data', (2, 3))]",)),
    **dict.fromkeys(("kernel", "kernel_size", "pool_size"), ("3", "(2, 2)", "(1,)")),
    **dict.fromkeys(("layout",), ("'NCHW'", "'NTC'")),
    **dict.fromkeys(("filename", "fname", "path", "prefix", "symbol_file", "param_file", "root"),
                    ("'file'", "'new-file.params'", "'net'", "'net-0001.params'", "'net-symbol.json'", "'.'")),
    **dict.fromkeys(("fn", "function", "feval", "hook", "callback", "transform"), ("taking_anything", "raising")),
    **dict.fromkeys(("index", "key", "idx"), ("0", "'0'", "slice(0, 1)")),
    "args": ("nd.ones((2, 3))", "nd.ones((1, 3, 5))", "nd.ones((1, 3, 6, 6))", "nd.ones((1, 3, 5, 5, 5))",
             "make('Symbol')", "nd.array([0, 1])", "None", "[nd.ones((2, 3)), nd.ones((2, 3))]"),
    "F": ("nd", "sym"), "dtype": ("'float32'", "np.float64", "'int32'"), "grad_req": ("'write'", "'null'"),
    "kvstore": ("'local'", "None"), "act_type": ("'relu'",), "activation": ("'relu'", "None"),
    "data_batch": ("make('DataBatch')", "make('DataBatch', 1)"), "eval_metric": ("'acc'", "make('EvalMetric', 1)"),
    "data_iter": ("make('DataIter')",), "iters": ("make('DataIter')",), "symbol": ("make('Symbol')",),
    "sampler": ("make('Sampler')",), "dataset": ("make('Dataset')", "[1, 2, 3]"), "axis": ("0", "1", "-1"),
    "sym": ("make('Symbol')",), "states": ("[nd.ones((2, 3))]",), "klass": ("mx.init.Normal",),
    "train_data": ("make('DataIter')",),
    **dict.fromkeys(("s", "buf"), ("mx.recordio.pack_img((0, 1, 0, 0), np.zeros((2, 2, 3), np.uint8))", "b'x'",
                                   "mx.recordio.pack_img((0, 1, 0, 0), np.zeros((2, 2, 3), np.uint8))[24:]")),
    "header": ("(0, 1, 2, 3)", "(0, [1, 2], 2, 3)"), "img": ("np.zeros((2, 2, 3), np.uint8)",),
    "img_fmt": ("'.png'", "'.jpg'"), "id2labels": ("{0: 'cat'}", "{0: '\\udcff'}", "{0: 3}"),
    "num_epoch": ("1",), "blocks": ("make('Block')",), "optimizer_params": ("{'learning_rate': 0.1}",),
}  # fmt: skip

#: Values that fit nowhere, or hardly anywhere.
WRONG = (
    "None", "True", "0", "1", "-1", "3", "2**31", "2**63", "10**30", "-10**30", "0.5", "-0.0", "1e400", "-1e400",
    "float('nan')", "1e-320", "3 + 4j", "''", "'x'", "'None'", "'nan'", "'(1, 2)'", "'\\x00'", "'\\udcff'", "'é' * 300",
    "b''", "b'x'", "()", "[]", "{}", "set()", "(1, 2, 3)", "[1, [2]]", "[None]", "['a', 1]", "{'a': 1}", "{1: None}",
    "[[1, 2], [3]]", "(-1, -1)", "(0,)", "(2**40, 2**40)", "(float('nan'),)", "object", "int", "len", "print",
    "Strange()", "Hostile()", "Strange", "raising", "taking_anything", "iter([1, 2])", "range(3)", "slice(None)",
    "Ellipsis", "NotImplemented", "np.float32(1.5)", "np.int64(3)", "np.array(2)", "np.array([])", "np.ones((2, 3))",
    "np.array([1, 'a'], dtype=object)", "np.array(['a', 'b'])", "np.array([1j])", "np.ones((0, 3))",
    "np.datetime64(1, 's')",
    "np.full((2, 2), np.nan)", "np.bool_(True)", "torch.ones(2, 3)", "torch.float32", "nd.ones((2, 3))", "nd.array(5)",
    "nd.ones((2, 3))[0:0]", "nd.ones((2, 3), dtype='int32')", "nd.ones((2, 3, 4, 5), dtype='float64')", "nd.ones((1,))",
    "nd.array([float('nan'), float('inf')])", "nd.ones((2, 3), dtype='bool')", "nd.ones((3, 2), dtype='float16')",
    "sym.var('x')", "make('Symbol')", "make('Block')", "make('Parameter')", "mx.cpu()", "mx.cpu(3)",
    "make('DataIter')", "make('Optimizer')", "mx.nd", "collections.OrderedDict()", "gluon.nn.Dense",
)  # fmt: skip

SCOPE = {
    "mx": mx, "nd": nd, "sym": sym, "gluon": gluon, "np": np, "torch": torch, "collections": collections,
    "make": make, "Hostile": Hostile, "Strange": Strange, "raising": raising, "taking_anything": taking_anything,
}  # fmt: skip


def draw_arguments(function: Any, drawn: random.Random, skip: int = 0) -> tuple[list[str], dict[str, str]]:
    """Draw the arguments of one call as texts, by position and by name; `skip` parameters are given already."""
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    good = drawn.choice((0.9, 0.6, 0.2))  # how many of this call's arguments fit
    positional: list[str] = []
    named: dict[str, str] = {}
    for parameter in parameters:
        if parameter.kind in _STARRED:
            if parameter.kind is parameter.VAR_POSITIONAL:
                positional += [draw_value(parameter, drawn, good) for _ in range(drawn.choice((0, 1, 1, 2)))]
            elif drawn.random() < 0.1:
                named[drawn.choice(("name", "axis", "unknown", "shape", "learning_rate"))] = drawn.choice(WRONG)
            continue
        if parameter.default is not _REQUIRED and drawn.random() < 0.6:
            continue
        if parameter.default is _REQUIRED and drawn.random() < 0.02:
            continue  # an argument too few
        named[parameter.name] = draw_value(parameter, drawn, good)
    by_position = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY or (positional and p.name in named
                   and p.kind is p.POSITIONAL_OR_KEYWORD)]  # fmt: skip
    first = [named.pop(name) for name in by_position if name in named]
    if drawn.random() < 0.02:
        positional.append(drawn.choice(WRONG))  # an argument too many
    return first + positional, named


def draw_value(parameter: inspect.Parameter, drawn: random.Random, good: float = 0.5) -> str:
    """Draw the text of a value for a parameter, which fits with this probability."""
    if drawn.random() < good:
        fitting = fit(parameter)
        if fitting:
            return drawn.choice(fitting)
    return drawn.choice(WRONG)


def fit(parameter: inspect.Parameter) -> tuple[str, ...]:
    """The texts of values that fit a parameter, as far as its annotation, name and default tell."""
    annotation, default = str(parameter.annotation), parameter.default
    if annotation.startswith("bool"):
        return ("True", "False")
    if annotation.startswith("int"):
        return ("0", "1", "2", "3")
    if annotation.startswith("float"):
        return ("0.5", "0.0", "1", "2.5")
    if parameter.name in NAMED:
        return NAMED[parameter.name]
    for word in OBJECTS:
        if annotation.startswith(word):
            return tuple(f"make({word!r}, {state})" for state in range(len(OBJECTS[word])))
        if annotation.startswith(f"Sequence[{word}"):
            return (f"[make({word!r})]", f"[make({word!r}), make({word!r})]")
    if annotation.startswith("str"):
        return ("'a'", "'data'", repr(default) if isinstance(default, str) else "'sum'")
    if annotation.startswith("Sequence[str"):
        return ("['data']", "['a', 'b']", "[]")
    if annotation.startswith(("Sequence[", "tuple[", "list[")):
        return ("[1, 2]", "(1,)", "[]")
    if annotation.startswith("Callable"):
        return ("taking_anything", "raising")
    if annotation.startswith(("Mapping", "dict")):
        return ("{}", "{'data': 1}")
    if isinstance(default, bool | int | float | str | tuple):
        return (repr(default),)
    return ("nd.ones((2, 3))", "1", "'data'", "[1, 2]")

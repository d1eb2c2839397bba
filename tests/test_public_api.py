"""The public names: existence, signatures, and documentation."""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import json
import pkgutil
import re
import types
from pathlib import Path

import pytest

import glueball
from tests.comparison import assert_same
from tests.golden import api

MXNET: api.Table = json.loads((Path(__file__).parent / "golden" / "api.json").read_text())

#: Public names of MXNet that are missing, by module, and why.
MISSING: dict[str, dict[str, list[str]]] = {}

_FOR_ARRAYS = "refused whatever the arguments are: only an NDArray has it"
_STATES = "the states have names here, with which they can be given"

#: Signatures that differ on purpose. The key is (module, name) or (module, class, member); the module is the first
#: of `api.MODULES` that has the class.
DIFFERENT = {
    ("nd", "BatchNorm_v1"): _STATES,
    ("nd", "IdentityAttachKLSparseReg"): _STATES,
    ("symbol", "BatchNorm_v1"): _STATES,
    ("symbol", "IdentityAttachKLSparseReg"): _STATES,
    ("", "Context", "__init__"): "equal contexts are one object, made in __new__ with the same arguments",
    ("nd", "save"): "writes other formats than MXNet, which format= names",
    ("nd", "CachedOp", "__call__"): "out is the one keyword that MXNet takes",
    ("nd", "NDArray", "diag"): "made from the operator; takes the same arguments",
    ("nd", "NDArray", "split_v2"): "MXNet takes anything here and passes it on to these arguments",
    **{
        ("io", name): "MXNet takes anything here and passes it on to these arguments"
        for name in (
            "CSVIter",
            "ImageDetRecordIter",
            "ImageRecordInt8Iter",
            "ImageRecordIter",
            "ImageRecordIter_v1",
            "ImageRecordUInt8Iter",
            "ImageRecordUInt8Iter_v1",
            "LibSVMIter",
            "MNISTIter",
        )
    },
    ("symbol", "Group"): "what it makes is a Symbol, not an object of a class to choose",
    ("symbol", "Symbol", "__call__"): "name is the one keyword that is no input",
    ("symbol", "Symbol", "as_in_context"): _FOR_ARRAYS,
    ("symbol", "Symbol", "asnumpy"): _FOR_ARRAYS,
    ("symbol", "Symbol", "asscalar"): _FOR_ARRAYS,
    ("symbol", "Symbol", "astype"): "MXNet takes anything here and passes it on to these arguments",
    ("symbol", "Symbol", "backward"): _FOR_ARRAYS,
    ("symbol", "Symbol", "copy"): _FOR_ARRAYS,
    ("symbol", "Symbol", "detach"): _FOR_ARRAYS,
    ("symbol", "Symbol", "split_v2"): "MXNet takes anything here and passes it on to these arguments",
    ("symbol", "Symbol", "wait_to_read"): _FOR_ARRAYS,
    ("executor", "Executor", "__init__"): "made by bind() and simple_bind() alone; MXNet hands a handle over",
    ("gluon", "Trainer", "__init__"): "shard and bucket_cap_mb say what is done over processes",
    ("gluon.trainer", "KVStore", "set_optimizer"): "shard says what each process keeps",
    ("gluon.trainer", "KVStore", "save_optimizer_states"): "format='mxnet' writes a pickle that MXNet reads",
    ("gluon.trainer", "KVStore", "__init__"): "made by create() alone; MXNet hands a handle over",
    ("gluon", "Block", "initialize"): "no initializer shared by all calls as a default; None makes a Uniform",
    ("gluon", "Parameter", "initialize"): "no initializer shared by all calls as a default; None makes a Uniform",
    ("gluon", "ParameterDict", "initialize"): "no initializer shared by all calls as a default; None makes a Uniform",
    ("gluon.data.vision.transforms", "ToTensor", "__init__"): "also takes the prefix and params of every block",
    ("gluon.data.vision.transforms", "RandomFlipLeftRight", "__init__"): "as ToTensor",
    ("gluon.data.vision.transforms", "RandomFlipTopBottom", "__init__"): "as ToTensor",
    ("gluon.nn", "HybridLambda", "hybrid_forward"): "like that of every HybridBlock",
    **dict.fromkeys(
        [
            ("gluon", "Trainer", "save_states"),
            ("module", "Module", "save_optimizer_states"),
            ("optimizer", "Updater", "get_states"),
        ],
        "format='mxnet' writes a pickle that MXNet reads",
    ),
    ("optimizer", "ccSGD", "__init__"): "it names the arguments of SGD, where MXNet has *args and **kwargs",
    ("metric", "PearsonCorrelation", "update_cov"): "a step of the computation, which is another one",
    ("metric", "PearsonCorrelation", "update_variance"): "a step of the computation, which is another one",
    ("visualization", "print_summary"): "the default is a tuple, which no call can change for the next",
}


#: The modules whose functions are made from declarations, and the prefixes that operators have outside them.
_MADE_FROM_OPERATORS = {"nd", "symbol", "symbol.contrib", "symbol.image", "symbol.linalg", "symbol.random"}
_PREFIXES = ["", "_", "_random_", "_sample_", "_contrib_", "_image_", "_linalg_"]


def _missing(module):
    return {name for places in MISSING.values() for name in places.get(module, ())}


@pytest.mark.parametrize("module", api.MODULES, ids=lambda module: module or "mx")
def test_names_are_mxnets(module):
    ours = api.find_module(glueball, module)
    names = set(MXNET[module])
    if module in _MADE_FROM_OPERATORS:  # operators that are not declared yet have their own list, in tests/ops
        operators = json.loads((Path(__file__).parent / "golden" / "operators.json").read_text())
        names -= {name for name in names if not hasattr(ours, name) and _is_operator(name, operators)}
    absent = {name for name in names if not hasattr(ours, name)}
    assert absent == _missing(module) & names
    assert _missing(module) <= names, "an entry of MISSING that MXNet does not have"


def _is_operator(name, operators):
    known = {*operators, *(alias for entry in operators.values() for alias in entry[-1])}
    return any(f"{prefix}{name}" in known for prefix in _PREFIXES)


def _signatures():
    """(key, MXNet's entry, ours or None) of every function and member that both libraries have."""
    for module, names in MXNET.items():
        ours = api.find_module(glueball, module)
        for name, entry in names.items():
            if not hasattr(ours, name):
                continue
            found = getattr(ours, name)
            if isinstance(entry, str):
                yield (module, name), entry, api.signature(found)
                continue
            for member, text in entry.items():
                if name == "NDArray" and text == "(self, *args, **kwargs)" and not hasattr(found, member):
                    continue  # the method of an operator that is not declared yet
                value = inspect.getattr_static(found, member, None)
                yield (module, name, member), text, None if value is None else api.describe_member(value)


def test_signatures_are_mxnets():
    wrong = {
        key: f"\n  MXNet    {theirs}\n  Glueball {ours}"
        for key, theirs, ours in _signatures()
        if not _agree(theirs, ours) and key not in DIFFERENT
    }
    assert not wrong, "\n".join(f"{'.'.join(filter(None, key))}:{text}" for key, text in wrong.items())


def test_every_deliberate_difference_is_one():
    differing = {key for key, theirs, ours in _signatures() if not _agree(theirs, ours)}
    assert set(DIFFERENT) <= differing


def _agree(theirs, ours):
    if theirs == "(*args, **kwargs)" and ours is not None:
        # MXNet's function of any number of arrays names nothing; ours also names its attributes
        return ours.startswith("(*args") and ours.endswith("**kwargs)")
    return theirs == ours


def test_the_golden_file_is_what_mxnet_says(oracle):
    program = """
        import json, sys
        sys.path.insert(0, '.')
        from tests.golden import api
        return api.to_text(api.read(mx))"""
    assert_same(json.loads(oracle.run(program)), MXNET)


# --------------------------------------------------------------------------------------------- documentation


@functools.cache
def _public():
    """Every public module, function, class and method, by its full name."""
    found = {}
    for info in pkgutil.walk_packages(glueball.__path__, "glueball."):
        if not any(part.startswith("_") for part in info.name.split(".")):
            module = importlib.import_module(info.name)
            found[info.name] = module
            for name, value in vars(module).items():
                if not name.startswith("_") and getattr(value, "__module__", None) == info.name:
                    found.update(_with_members(f"{info.name}.{name}", value))
    for name in glueball.nd.__all__:
        value = getattr(glueball.nd, name)
        if isinstance(value, types.FunctionType):
            found.setdefault(f"glueball.nd.{name}", value)
    return found


def _with_members(path, value):
    if isinstance(value, types.FunctionType):
        yield path, value
    elif isinstance(value, type):
        yield path, value
        for name, member in vars(value).items():
            member = getattr(member, "__func__", member)
            if not name.startswith("_") and isinstance(member, types.FunctionType | property | type):
                yield f"{path}.{name}", member


def test_the_walk_finds_the_api():
    names = _public()
    assert len(names) > 700
    for name in (
        "gluon.nn.conv_layers.Conv2D",
        "gluon.core.parameter.Parameter.set_data",
        "nd.Convolution",
        "autograd",
    ):
        assert f"glueball.{name}" in names


def test_everything_public_is_documented():
    bare = [name for name, value in _public().items() if not (inspect.getdoc(value) or "").strip()]
    assert not bare, "\n".join(bare)


def test_documented_parameters_are_the_parameters():
    wrong = [text for name, value in _public().items() for text in _disagreements(name, value)]
    assert not wrong, "\n".join(wrong)


#: Arguments that every nd or sym function of an operator takes besides its own, described in a paragraph of a sym
#: function's docstring. And those that the library supplies itself.
_OF_ALL_OPERATORS = {"out", "name", "attr", "kwargs"}
_SUPPLIED = {"training", "rng", "device"}


def _disagreements(name, value):
    """How the section "Parameters" of a docstring differs from the signature."""
    # Only its own docstring: an inherited one describes the arguments of the overridden method.
    documented = _parameters_section(inspect.cleandoc(value.__doc__ or ""))
    if documented is None or not callable(value):
        return
    function = value.__init__ if isinstance(value, type) else value
    if isinstance(value, type) and not isinstance(function, types.FunctionType):
        function = value.__new__
    function = inspect.unwrap(function)
    taken = [parameter.name for parameter in inspect.signature(function).parameters.values()]
    taken = taken[1:] if taken[:1] in (["self"], ["cls"]) else taken
    extra = sorted(set(documented) - set(taken))
    left_out = set(taken) - set(documented)
    if function.__code__.co_filename.startswith(("<glueball.ndarray.", "<glueball.symbol.")):
        left_out -= _OF_ALL_OPERATORS
    if name.startswith("glueball.ops."):
        left_out -= _SUPPLIED
    if name.startswith("glueball.np_functions."):
        left_out -= {"face", "self"}  # what they are bound to
    if extra and function.__code__.co_flags & inspect.CO_VARKEYWORDS:
        # what **kwargs (and *args) may be is documented name by name
        extra, left_out = [], left_out - {"args", "kwargs", "arguments", "options"}
    yield from (f"{name}: documents {parameter}, which it does not take" for parameter in extra)
    yield from (f"{name}: does not document {parameter}" for parameter in sorted(left_out))


def _parameters_section(doc):
    """The names in the section "Parameters", or None without one."""
    lines = doc.splitlines()
    for number, line in enumerate(lines[:-1]):
        if line == "Parameters" and re.fullmatch("-+", lines[number + 1]):
            break
    else:
        return None
    names = []
    for number in range(number + 2, len(lines)):  # noqa: B020
        line, after = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
        if re.fullmatch("-{3,}", after):
            break
        if line and not line[0].isspace():
            names += [name.strip().lstrip("*") for name in line.partition(" : ")[0].split(",")]
    return names


def test_sections_are_numpys():
    known = {"Parameters", "Returns", "Yields", "Raises", "Examples", "Notes", "See Also", "Attributes", "References",
             "Inputs and outputs", "Inputs", "Outputs", "Warns", "Differs from MXNet"}  # fmt: skip
    wrong = []
    for name, value in _public().items():
        lines = (inspect.getdoc(value) or "").splitlines()
        for title, line in itertools.pairwise(lines):
            if re.fullmatch("-{3,}", line) and re.fullmatch("[A-Z][A-Za-z ]*", title):
                if title not in known:
                    wrong.append(f"{name}: section {title!r}")
                elif len(line) != len(title):
                    wrong.append(f"{name}: the line under {title!r} is {len(line)} long")
    assert not wrong, "\n".join(wrong)


def test_examples_are_where_they_are_needed():
    """Each layer, loss, optimizer, metric, scheduler and initializer has an example."""
    bare = []
    for package in ("gluon.nn", "gluon.loss", "optimizer", "metric", "lr_scheduler", "initializer", "autograd"):
        module = api.find_module(glueball, package)
        for name in getattr(module, "__all__", dir(module)):
            value = getattr(module, name)
            ours = isinstance(value, type) and value.__module__.startswith("glueball")
            if ours and not name.startswith("_") and ">>>" not in (value.__doc__ or ""):
                bare.append(f"{package}.{name}")
    assert not bare, "\n".join(bare)


def test_all_names_what_there_is():
    """Each name in an ``__all__`` exists, and none occurs twice."""
    for name, module in _public().items():
        if isinstance(module, types.ModuleType) and hasattr(module, "__all__"):
            assert len(set(module.__all__)) == len(module.__all__), name
            assert all(hasattr(module, public) for public in module.__all__), name

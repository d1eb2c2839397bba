"""Messages of modules for names that they lack."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from glueball.core import known_names, mxnet_names, stand_ins

FILE = Path(known_names.__file__).with_name("known_names.json")
NOT_YET = f"it is a known name of MXNet 1.9.1 that glueball {mx.__version__} does not provide yet"


def test_the_file_is_what_mxnet_says(oracle_python, tmp_path):
    subprocess.run(
        [oracle_python, "-m", "tests.golden.names", tmp_path / "names.json"],
        cwd=Path(__file__).parents[2],
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert (tmp_path / "names.json").read_text() == FILE.read_text()


def test_the_file_names_the_modules_of_the_golden_table():
    golden = json.loads((Path(__file__).parents[1] / "golden" / "api.json").read_text())
    unknown = [(module, name) for module, names in golden.items() for name in names
               if not mxnet_names.is_known(f"{module}.{name}".removeprefix("."))]  # fmt: skip
    assert not unknown


def _public_modules():
    found = {
        name: module for name, module in sys.modules.items()
        if (name == "glueball" or name.startswith("glueball.")) and mxnet_names.is_module(name[9:] if name else "")
    }  # fmt: skip
    assert len(found) > 30
    return found


def test_every_module_says_what_it_lacks():
    silent, total = [], 0
    for name, module in _public_modules().items():
        path = name.partition(".")[2]
        for absent in mxnet_names.names(path) - set(dir(module)):
            if isinstance(getattr(module, absent, module), types.ModuleType):
                try:
                    getattr(module, absent)
                except AttributeError as error:
                    total += 1
                    if NOT_YET not in str(error):
                        silent.append(f"{name}.{absent}: {error}")
    assert total > 100
    assert not silent


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("mx.nd.Nothing", AttributeError, "module 'glueball.ndarray' has no attribute 'Nothing'"),
        ("mx.nd.Convolutoin", AttributeError, "has no attribute 'Convolutoin'; did you mean 'Convolution'"),
        ("mx.nd.contrib.quantize_v2", AttributeError, f"'glueball.ndarray.contrib' .* 'quantize_v2': {NOT_YET}"),
        ("mx.gluon.nn.Conv2d", AttributeError, "has no attribute 'Conv2d'; did you mean 'Conv[123]D'"),
        ("mx.contrib.quantization", AttributeError, f"{NOT_YET}; cast the network"),
        ("mx.base.check_call", AttributeError, f"{NOT_YET}; it serves MXNet's C library"),
        ("mx.__wrapped__", AttributeError, "^module 'glueball' has no attribute '__wrapped__'$"),
        ("from glueball.rtc import CudaModule", ImportError, f"'CudaModule': {NOT_YET}; write the kernel"),
        ("mx.metric.check_label_shape", AttributeError, "'check_label_shape'; did you mean 'check_label_shapes'"),
        ("mx.optimizer.optimizer.NDabs", AttributeError, f"'glueball.optimizer.optimizer' .* 'NDabs': {NOT_YET}"),
        ("mx.context.check_call", AttributeError, f"{NOT_YET}; it serves MXNet's C library"),
        ("from glueball.gluon.nn import Conv2d", ImportError, "has no attribute 'Conv2d'; did you mean 'Conv[123]D'"),
        ("from glueball.lr_scheduler import Nothing", ImportError, "lr_scheduler' has no attribute 'Nothing'"),
        ("from glueball.metric import Acuracy", ImportError, "has no attribute 'Acuracy'; did you mean 'Accuracy'"),
    ],
)  # fmt: skip
def test_messages(code, kind, text):
    with pytest.raises(kind, match=text) as caught:
        exec(code, {"mx": mx})
    assert type(caught.value) is kind
    assert caught.value.name == (code.split()[1] if kind is ImportError else code.rpartition(".")[2].partition(".")[0])


def test_stand_ins_are_the_modules_that_are_missing():
    """The list shrinks: a module that comes leaves it."""
    there = {path for path in mxnet_names.table()["modules"] if path and _is_there(path)}
    assert set(stand_ins.STAND_INS) == set(mxnet_names.table()["modules"]) - there - {""}


def _is_there(path):
    if f"glueball.{path}" not in sys.modules:  # some come when they are imported, as in MXNet
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"glueball.{path}")
    module = sys.modules.get(f"glueball.{path}")
    return module is not None and not isinstance(module, stand_ins.StandIn)


def test_stand_ins_say_what_to_do_and_bring_nothing():
    for path in stand_ins.STAND_INS:
        module = sys.modules[f"glueball.{path}"]
        assert repr(module) == f"<module 'glueball.{path}' (a stand-in)>"
        assert module.__all__ == []
        for name in sorted(mxnet_names.names(path)) or ["anything"]:
            if hasattr(module, name):  # MXNet's module imports it, and it is elsewhere here
                continue
            with pytest.raises(AttributeError) as caught:
                getattr(module, name)
            assert "does not provide" in str(caught.value)
            assert "; " in str(caught.value)
            assert f"'{name}'" in str(caught.value)
        parent, _, last = f"glueball.{path}".rpartition(".")
        assert not hasattr(sys.modules[parent], last)


def test_names_are_found_wherever_mxnet_shows_them():
    absent, found = [], 0
    for module_path, shown in mxnet_names.table()["homes"].items():
        module = sys.modules.get(f"glueball.{module_path}".rstrip("."))
        for home, _, name in (each.partition(":") for each in shown.split() if ":" in each):
            owner = sys.modules.get(f"glueball.{home}".rstrip("."))
            if module is not None and name in vars(owner or module):
                found += 1
                if not hasattr(module, name):
                    absent.append(f"{module_path}.{name}")
    assert found > 400
    assert not absent


@pytest.mark.parametrize(
    ("shown", "here"),
    [
        ("gluon.nn.conv_layers.GlobalAvgPool2D", "gluon.nn.GlobalAvgPool2D"),
        ("gluon.nn.basic_layers.BatchNorm", "gluon.nn.BatchNorm"),
        ("gluon.contrib.nn.basic_layers.HybridConcurrent", "gluon.contrib.nn.HybridConcurrent"),
        ("gluon.model_zoo.vision.resnet.HybridBlock", "gluon.HybridBlock"),
        ("gluon.block.ndarray", "nd"),
        ("gluon.trainer.opt", "optimizer"),
        ("metric.ndarray", "nd"),
        ("nd.ndarray.array", "nd.array"),
        ("nd.ndarray.empty", "nd.empty"),
        ("nd.utils.load", "nd.load"),
        ("optimizer.optimizer.Adam", "optimizer.Adam"),
        ("symbol.symbol.Group", "sym.Group"),
        ("io.io.NDArrayIter", "io.NDArrayIter"),
        ("kvstore.kvstore.KVStore", "kvstore.KVStore"),
        ("model.get_updater", "optimizer.get_updater"),
        ("contrib.sym", "sym.contrib"),
        ("test_utils.mx", None),
    ],
)
def test_names_are_the_same_object_everywhere(shown, here):
    assert _follow(shown) is (mx if here is None else _follow(here))


def _follow(path):
    found = mx
    for part in path.split("."):
        found = getattr(found, part)
    return found


#: What programs import all of: modules with names of their own or from elsewhere, and with an ``__all__`` or not.
STARRED = [
    "callback", "gluon", "gluon.block", "gluon.data.sampler", "gluon.data.vision.transforms", "gluon.loss",
    "gluon.nn", "gluon.nn.basic_layers", "gluon.nn.conv_layers", "image", "image.detection", "initializer", "io.io",
    "lr_scheduler", "metric", "model", "module.module", "monitor", "ndarray", "ndarray.ndarray", "ndarray.sparse",
    "optimizer", "optimizer.optimizer", "recordio", "symbol", "symbol.symbol", "test_utils",
]  # fmt: skip


def imported_by_star(mx, path):
    found = {}
    exec(f"from {mx.__name__}.{path} import *", found)
    return sorted(set(found) - {"__builtins__"})


@pytest.mark.parametrize("path", STARRED)
def test_import_star_brings_what_it_brings_in_mxnet(oracle, path):
    ours, theirs = (set(each.value) for each in oracle.both(imported_by_star, path))
    module = importlib.import_module(f"glueball.{path}")
    assert [name for name in theirs - ours if hasattr(module, name)] == []
    assert len(theirs & ours) > len(theirs) / 2
    assert [name for name in ours - theirs if mxnet_names.is_shown(path, name)] == []
    assert ours - theirs <= set(getattr(module, "__all__", ()))


def test_import_star_brings_what_the_module_itself_imports():
    found = {}
    for path in ("test_utils", "ndarray", "gluon.nn.basic_layers"):
        exec(f"from glueball.{path} import *", found)
    assert (found["np"], found["os"], found["mx"]) == (np, os, mx)
    assert (found["Custom"], found["BatchNorm"]) == (mx.nd.Custom, mx.gluon.nn.BatchNorm)
    assert mx.test_utils.np is np
    assert "np" not in vars(mx.test_utils)
    assert "np" not in mx.test_utils.__all__


def test_hasattr_and_defaults_work():
    assert not hasattr(mx.gluon, "nothing")
    assert getattr(mx.nd, "Nothing", 3) == 3


def test_advice_is_about_what_is_absent():
    """Otherwise the entry is never read again, and misleads whoever reads it here."""
    present = []
    for path in known_names.INSTEAD:
        assert mxnet_names.is_known(path), path
        found = mx
        for part in path.split("."):
            found = getattr(found, part, None)
        if found is not None:
            present.append(path)
    for name, module in _public_modules().items():
        for absent in vars(module).get("_INSTEAD", ()):
            path = f"{name.partition('.')[2]}.{absent}".removeprefix(".")
            assert mxnet_names.is_known(path), path
            if hasattr(module, absent):
                present.append(path)
    assert not present


def test_an_error_inside_a_modules_own_getattr_is_not_hidden():
    module = types.ModuleType("glueball.example")

    def own(name):
        if name == "broken":
            return object().attribute  # an error that it raises itself
        if name == "deeper":
            return helper()
        raise AttributeError(name)

    def helper():
        raise AttributeError("within a helper")

    module.__getattr__ = own
    known_names.explain_in(module)
    known_names.explain_in(module)  # changes nothing
    with pytest.raises(AttributeError, match=r"^within a helper$"):
        _ = module.deeper
    with pytest.raises(AttributeError, match=r"^module 'glueball.example' has no attribute 'absent'$") as caught:
        _ = module.absent
    assert caught.value.__cause__ is None


def test_importing_does_not_read_the_file():
    program = "import glueball; print(glueball.core.mxnet_names._read.cache_info().currsize)"
    source = Path(__file__).parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    assert done.stdout == "0\n"


def test_modules_that_are_imported_late_explain_what_they_lack():
    """Every module of the package that MXNet has too, whenever it is imported."""
    text = """if True:
        import importlib, pkgutil, glueball
        from glueball.core import known_names, mxnet_names
        seen = 0
        for found in pkgutil.walk_packages(glueball.__path__, "glueball."):
            if mxnet_names.is_module(found.name.partition(".")[2]):
                own = vars(importlib.import_module(found.name)).get("__getattr__")
                assert isinstance(own, known_names._Explanation), found.name
                seen += 1
        assert seen > 30
    """
    subprocess.run([sys.executable, "-c", text], check=True, timeout=120)


@pytest.mark.parametrize("name", ["PandasLogger", "LiveLearningCurve", "LiveBokehChart", "LiveTimeSeries"])
def test_charts_of_notebooks_are_refused_by_name(name):
    module = importlib.import_module("glueball.notebook.callback")
    with pytest.raises(
        AttributeError, match=rf"no attribute '{name}': .* does not provide .*hand batch_end_callback a"
    ):
        getattr(module, name)

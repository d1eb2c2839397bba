"""The name ``mxnet`` for Glueball, within one process and in those that it starts."""

from __future__ import annotations

import sys
import textwrap

import pytest
import torch

import glueball as mx
from tests.compat.processes import SOURCE, run

#: The start of each program.
BEGIN = "import glueball, sys\nglueball.install_as_mxnet()\n"


@pytest.fixture
def python(tmp_path):
    """Run a program in a separate process; return what it prints."""

    def check(program, begin=BEGIN, path=()):
        file = tmp_path / "program.py"
        file.write_text(begin + textwrap.dedent(program))
        ended = run([sys.executable, "-W", "error", file], tmp_path, path=[SOURCE, *path])
        assert (ended.status, ended.stderr) == (0, "")
        return ended.stdout.splitlines()

    return check


def test_every_module_is_glueballs_own(python):
    [count] = python("""
        import importlib, pkgutil
        from glueball.core import mxnet_names
        shared = 0
        before = {name: (module.__name__, module.__spec__, module.__dict__.get("__path__"))
                  for name, module in sys.modules.items() if name.startswith("glueball.")}
        for path in mxnet_names.table()["modules"]:
            if path and "glueball." + path in before:
                module = importlib.import_module("mxnet." + path)
                assert module is sys.modules["glueball." + path] is sys.modules["mxnet." + path], path
                shared += 1
        for name, (own, spec, path) in before.items():
            module = sys.modules[name]
            assert (module.__name__, module.__spec__, module.__dict__.get("__path__")) == (own, spec, path), name
        print(shared)
        """)
    assert int(count) > 30


def test_what_mxnet_says_about_itself(python):
    lines = python("""
        import importlib, importlib.util
        import mxnet, mxnet as mx, mxnet.gluon.nn as nn, mxnet.nd, mxnet.sym.contrib
        from mxnet import *
        from mxnet.nd import ones
        from mxnet.gluon.data.vision import transforms
        print(mxnet.__version__, glueball.__version__ == mxnet.__version__, mxnet.__name__, __version__)
        print(gluon is glueball.gluon, nn.Conv2D is glueball.gluon.nn.Conv2D, mxnet.nd is glueball.nd)
        print(importlib.util.find_spec("mxnet").name, importlib.util.find_spec("mxnet.gluon.nn").name)
        print(importlib.reload(mxnet) is mx, set(dir(glueball)) <= set(dir(mx)))
        glueball.install_as_mxnet()
        print(sys.modules["mxnet"] is mx, sum("glueball" in type(finder).__module__ for finder in sys.meta_path))
        print(len([entry for entry in sys.path if "glueball" in entry]), sys.path[0] in __file__)
        """)
    assert lines == [
        "1.9.1 False mxnet 1.9.1", "True True True", "mxnet glueball.gluon.nn", "True True", "True 3", "1 True",
    ]  # fmt: skip


def test_what_is_not_there_is_refused(python):
    lines = python("""
        import importlib
        import mxnet
        for name in ("nothing", "rng", "gluon.scope", "gluon.nothing", "cpu", "compat", "numpy.nothing"):
            try:
                importlib.import_module("mxnet." + name)
            except ModuleNotFoundError as error:
                print(error.name, "|", error)
        """)
    assert lines == [
        "mxnet.nothing | No module named 'mxnet.nothing'",
        "mxnet.rng | No module named 'mxnet.rng'",
        "mxnet.gluon.scope | No module named 'mxnet.gluon.scope'",
        "mxnet.gluon.nothing | No module named 'mxnet.gluon.nothing'",
        "mxnet.cpu | No module named 'mxnet.cpu'",
        "mxnet.compat | No module named 'mxnet.compat'",
        "mxnet.numpy.nothing | No module named 'mxnet.numpy.nothing'",
    ]


def test_a_module_that_is_lacking_can_be_imported(python):
    """In every way; it becomes no attribute of its package, which says the truth."""
    lines = python("""
        import mxnet as mx, mxnet.rtc, mxnet.notebook.callback
        from mxnet import notebook, rtc, space
        from mxnet.notebook import callback as shown
        import mxnet.notebook.callback as same
        before = set(globals())
        from mxnet.rtc import *
        print(set(globals()) - before - {"before"})
        print(rtc is sys.modules["glueball.rtc"] is sys.modules["mxnet.rtc"], shown is same)
        print(hasattr(mx, "rtc"), hasattr(mx, "notebook"), hasattr(rtc, "CudaModule"))
        for use in (lambda: rtc.CudaModule(""), lambda: mx.rtc.CudaModule, lambda: shown.LiveLearningCurve()):
            try:
                use()
            except AttributeError as error:
                print(error)
        try:
            from mxnet.rtc import CudaModule
        except ImportError as error:
            print(error.name, error)
        """)
    not_yet = f"it is a known name of MXNet 1.9.1 that glueball {mx.__version__} does not provide yet"
    kernel = "write the kernel as an extension of torch and pass arrays with to_torch() and nd.from_torch()"
    assert lines == [
        "set()", "True True", "False False False",
        f"module 'glueball.rtc' has no attribute 'CudaModule': {not_yet}; {kernel}",
        f"module 'mxnet' has no attribute 'rtc': {not_yet}; {kernel}",
        f"module 'glueball.notebook.callback' has no attribute 'LiveLearningCurve': {not_yet}; "
        "hand batch_end_callback a function",
        f"glueball.rtc module 'glueball.rtc' has no attribute 'CudaModule': {not_yet}; {kernel}",
    ]  # fmt: skip


def test_another_mxnet_is_not_replaced(python, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mxnet.py").write_text("__version__ = '1.9.1'")
    program = """
        import glueball, mxnet, sys
        try:
            glueball.install_as_mxnet()
        except glueball.MXNetError as error:
            print(error)
        print(sys.modules["mxnet"] is mxnet, len(sys.meta_path) == before)
        """
    begin = "import sys\nbefore = len(sys.meta_path)\n"
    message, rest = python(program, begin, [tmp_path / "other"])
    assert message.startswith("install_as_mxnet: mxnet must not have been imported yet; received <module 'mxnet' from")
    assert rest == "True True"


def test_an_installed_mxnet_is_not_seen(python, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mxnet.py").write_text("raise Exception('the wrong one')")
    assert python("import mxnet; print(mxnet.gluon.__name__)", path=[tmp_path / "other"]) == ["glueball.gluon"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_worker_processes_see_it(python, method):
    if sys.platform == "win32" and method != "spawn":
        pytest.skip("Windows only spawns")
    program = f"""
        import multiprocessing

        def work(queue):
            import mxnet.gluon.nn
            queue.put((mx.__version__, mxnet.gluon.nn.Dense.__module__, mx.nd.ones((2,)).sum().asscalar()))

        if __name__ == "__main__":
            context = multiprocessing.get_context({method!r})
            queue = context.Queue()
            process = context.Process(target=work, args=(queue,))
            process.start()
            print(*queue.get(timeout=60))
            process.join()
        """
    # A spawned process runs the program under another name, and nothing tells it to install.
    begin = 'if __name__ == "__main__":\n    import glueball\n    glueball.install_as_mxnet()\nimport mxnet as mx\n'
    assert python(program, begin) == ["1.9.1 glueball.gluon.nn.basic_layers 2.0"]


_PACKAGE = {
    "gluoncv/__init__.py": """
        from .check import require_mxnet, _require_pytorch_version
        found = []
        require_mxnet()
        found.append("mxnet")
        try:
            _require_pytorch_version("1.4.0", maximum=MAXIMUM)
            found.append("torch")
        except ImportError:
            pass
        """,
    "gluoncv/check.py": """
        def require_mxnet():
            import mxnet
            assert mxnet.__version__ == "1.9.1"

        def _require_pytorch_version(least, maximum):
            "The check."
            import torch
            if int(torch.__version__.split(".")[0]) >= maximum:
                raise RuntimeError("torch is too new")
        """,
}


@pytest.mark.parametrize(("maximum", "found"), [(2, ["mxnet"]), (1000, ["mxnet", "torch"])])
def test_a_package_that_refuses_torch_2_goes_on_with_mxnet(python, tmp_path, maximum, found):
    for name, text in _PACKAGE.items():
        file = tmp_path / "other" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).replace("MAXIMUM", str(maximum)))
    lines = python(
        """
        import importlib.util, inspect, warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            import gluoncv, torch
        print(gluoncv.found, [str(each.message).split(",")[0] for each in caught], len(caught))
        print(gluoncv.check._require_pytorch_version.__doc__, "def require_mxnet" in inspect.getsource(gluoncv.check))
        print(torch is sys.modules["torch"], torch.__name__, type(gluoncv.check.__spec__.loader).__module__)
        """,
        path=[tmp_path / "other"],
    )
    refused = f"['gluoncv refuses torch {torch.__version__}'] 1" if found == ["mxnet"] else "[] 0"
    assert lines == [f"{found} {refused}", "The check. True", "True torch _frozen_importlib_external"]


def test_importing_glueball_installs_nothing():
    assert "mxnet" not in sys.modules
    assert not any(type(finder).__module__.startswith("glueball") for finder in sys.meta_path)

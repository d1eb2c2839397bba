"""``python -m glueball PROGRAM`` behaves like ``python PROGRAM``: exit status, output and surroundings."""

from __future__ import annotations

import ast
import py_compile
import re
import sys
import textwrap
import zipfile

import pytest

from tests.compat.processes import SOURCE, glueball, plain, runner_alone

#: Prints everything that a program can see about how it was started.
SURROUNDINGS = """
    import pickle, sys, warnings
    class Mine:
        pass
    here = {name: value for name, value in globals().items() if name.startswith("__")}
    print(sorted(here))
    for name in ("__name__", "__file__", "__doc__", "__package__", "__cached__", "__builtins__"):
        print(name, here.get(name, "absent"))
    print(getattr(here["__loader__"], "__name__", type(here["__loader__"])), getattr(here["__spec__"], "name", None))
    print(vars(sys.modules["__main__"]) is globals())
    print(type(pickle.loads(pickle.dumps(Mine()))) is Mine)
    print(sys.argv, sys.path[0], "folder" in sys.path[0])
    print(sys.flags, sys.warnoptions, sys.dont_write_bytecode)
    print(sys.stdin.read())
    """

FAILING = """
    # from __future__ import would show here if the runner's own were inherited
    import atexit, helper
    atexit.register(print, "at exit")
    def outer(annotated: undefined_name = 1):
        return helper.inner()
    """

#: Name: (program, flags of Python).
PROGRAMS = {
    "annotations are evaluated": (FAILING, []),
    "an error of another module, chained": ("""
        import atexit, sys, helper
        atexit.register(lambda: print("last", sys.last_value.args, sys.last_traceback.tb_lineno))
        def outer():
            return helper.inner()
        outer()
        """, []),
    "syntax": ("print(1)\n  x = = 2\n", []),
    "an encoding": ("# coding: latin-1\nprint(ascii('\xe9'))\nraise SystemExit\n", []),
    "exit with a text": ("import sys\nprint('out')\nsys.exit('the reason')\n", []),
    "exit with a number": ("try:\n    raise SystemExit(300)\nfinally:\n    print('finally')\n", []),
    "an interrupt": ("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", []),
    "an excepthook, threads": ("""
        import sys, threading, time
        def hook(kind, value, traceback):
            print("hook", kind, value, traceback.tb_lineno, traceback.tb_frame.f_code.co_name)
        sys.excepthook = hook
        threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
        def fail():
            raise ValueError("x")
        fail()
        """, []),
    "warnings as errors": ("import warnings\nwarnings.warn('mine', UserWarning)\nprint('not reached')\n",
                           ["-W", "error::UserWarning:__main__"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return runner_alone(tmp_path_factory.mktemp("runner"))


@pytest.fixture
def same(source, default_sigint):
    """Run a program both ways, check that the results agree, and return them."""

    def check(arguments, folder, stdin="", flags=(), source=source):
        expected = plain(arguments, folder, stdin, flags, source)
        assert glueball(arguments, folder, stdin, flags, source) == expected
        return expected

    return check


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "helper.py").write_text(
        "def inner():\n    try:\n        {}['key']\n    except KeyError as error:\n        raise OSError from error\n"
    )
    return tmp_path / "folder"


def write(file, program):
    text = textwrap.dedent(program) if program.startswith("\n") else program
    file.write_bytes(text.encode("latin-1"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_how_programs_end(folder, same, name):
    program, flags = PROGRAMS[name]
    write(folder / "program.py", program)
    ended = same(["program.py", "a", "-b"], folder, flags=flags)
    assert (ended.status == 0) == (name == "an encoding")
    assert ended.stdout or ended.stderr


def test_with_the_whole_library(folder, same):
    write(folder / "program.py", f"{textwrap.dedent(SURROUNDINGS)}\nundefined\n")
    assert "NameError" in same(["program.py", "a"], folder, "line\n", source=SOURCE).stderr


SAFE_PATH = [["-P"]] if sys.version_info >= (3, 11) else []


@pytest.mark.parametrize("flags", [[], ["-B", "-X", "dev", "-W", "ignore"], *SAFE_PATH], ids=" ".join)
def test_a_script_sees_what_it_would(folder, same, flags):
    write(folder / "program.py", SURROUNDINGS)
    (folder.parent / "link.py").symlink_to(folder / "program.py")
    assert same(["../folder/../link.py", "-m", "--help"], folder, "line\n", flags).status == 0


def test_a_module_sees_what_it_would(folder, same):
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").write_text("print('first', __import__('sys').argv)\n")
    (folder / "package" / "part.py").write_text("value = 3\n")
    program = f"from .part import value\nprint(value)\n{textwrap.dedent(SURROUNDINGS)}\nundefined\n"
    (folder / "package" / "__main__.py").write_text(program)
    assert "NameError" in same(["-m", "package", "x"], folder, "line\n").stderr


def test_a_text_and_standard_input_see_what_they_would(folder, same):
    program = f"{textwrap.dedent(SURROUNDINGS)}\nundefined\n"
    for arguments, stdin in ((["-c", program, "x"], "line\n"), (["-", "x"], program), ([], program)):
        assert "NameError" in same(arguments, folder, stdin).stderr


@pytest.mark.parametrize("name", ["program.zip", "../folder/program.zip"])
def test_an_archive_sees_what_it_would(folder, same, name):
    with zipfile.ZipFile(folder / "program.zip", "w") as archive:
        archive.writestr("__main__.py", f"import part\n{textwrap.dedent(SURROUNDINGS)}")
        archive.writestr("part.py", "print(__file__)")
    assert same([name, "x"], folder).status == 0


@pytest.mark.parametrize("name", [".", "../folder", "../folder/"])
def test_a_folder_sees_what_it_would(folder, same, name):
    write(folder / "__main__.py", f"import helper\n{textwrap.dedent(SURROUNDINGS)}")
    assert same([name, "x"], folder).status == 0


def test_a_compiled_script_runs(folder, same):
    write(folder / "program.py", "def f(): 1 / 0\nprint(__file__)\nf()\n")
    py_compile.compile(folder / "program.py", folder / "program.pyc")
    assert "ZeroDivisionError" in same(["program.pyc"], folder).stderr


@pytest.mark.parametrize("arguments", [["-m", "absent"], ["-m", "helper.absent"], ["."]], ids=" ".join)
def test_what_is_not_there(folder, same, arguments):
    assert same(arguments, folder).status == 1


def test_modules_of_the_current_folder_are_not_taken_for_those_of_the_runner(tmp_path):
    """The runner imports torch, and torch hundreds of modules, before the program's folder is on the path."""
    (tmp_path / "empty.py").write_text("import sys; print(sorted({name.partition('.')[0] for name in sys.modules}))")
    everything = plain(["-c", "import glueball, empty"], tmp_path).stdout
    known = set(ast.literal_eval(everything)) - {"__main__", "glueball", "sys", "empty", "__future__"}
    assert {"torch", "numpy", "json", "random"} <= known
    for name in known:
        (tmp_path / f"{name}.py").write_text(f"print('executed', {name!r})\nraise ImportError({name!r})")
    # what Python itself imports from there before it runs anything, such as pkgutil
    while executed := re.findall("executed (.*)", plain(["-m", "empty"], tmp_path).stdout):
        for name in executed:
            (tmp_path / f"{name}.py").unlink()
    assert {"torch", "numpy", "json", "random"} <= {path.stem for path in tmp_path.glob("*.py")}
    assert glueball(["-c", "import sys; print(sys.path[0] == '')"], tmp_path) == (0, "True\n", "")
    (tmp_path / "own.py").write_text("import sys, os; print(os.path.samefile(sys.path[0], '.'), 'mine')")
    assert glueball(["own.py"], tmp_path) == glueball(["-m", "own"], tmp_path) == (0, "True mine\n", "")
    ended = glueball(["inspect", "--help"], tmp_path)
    assert ended.status == 0 and "executed" not in ended.stdout

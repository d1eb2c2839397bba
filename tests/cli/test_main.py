"""The command ``glueball``."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest

import glueball
from glueball import cli
from glueball.cli import main
from tests.compat.processes import runner_alone

COMMAND = """
    '''Adds two numbers.

    Nothing else.
    '''
    EXAMPLES = ("1 2   # 3",)
    def add_arguments(parser):
        parser.add_argument("numbers", type=int, nargs=2)
        parser.add_argument("--fail", choices=["library", "system", "pipe", "status", "stop"])

    def run(arguments):
        from glueball.core.errors import MXNetError
        if arguments.fail == "library":
            raise MXNetError("add: numbers must be small; received large ones")
        if arguments.fail == "system":
            open("/no/such/file")
        if arguments.fail == "pipe":
            raise BrokenPipeError
        if arguments.fail == "stop":
            raise KeyboardInterrupt
        print(sum(arguments.numbers))
        return 3 if arguments.fail == "status" else None
    """


@pytest.fixture
def command(monkeypatch, tmp_path):
    """A sub-command named ``add``, and one that is hidden."""
    (tmp_path / "add.py").write_text(textwrap.dedent(COMMAND))
    (tmp_path / "_private.py").write_text("")
    monkeypatch.setattr(cli, "__path__", [str(tmp_path)])
    yield
    sys.modules.pop("glueball.cli.add", None)


def test_version_and_help(capsys, command):
    assert main(["--version"]) == main(["-V"]) == 0
    assert capsys.readouterr().out == f"glueball {glueball.__version__}\n" * 2
    assert main(["--help"]) == main(["-h"]) == 0
    first, second = capsys.readouterr().out.split("usage: ")[1:]
    assert first == second
    assert "glueball SCRIPT" in first
    assert first.endswith("commands:\n  add        Adds two numbers.\n")


def test_a_command_runs(capsys, command):
    assert cli.commands() == ["add"]
    assert main(["add", "1", "2"]) == 0
    assert capsys.readouterr().out == "3\n"
    assert main(["add", "1", "2", "--fail", "status"]) == 3


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("library", "glueball add: numbers must be small; received large ones\n"),
        ("system", "glueball add: /no/such/file: No such file or directory\n"),
    ],
)
def test_a_command_fails_with_a_sentence(capsys, command, how, message):
    assert main(["add", "1", "2", "--fail", how]) == 1
    assert capsys.readouterr() == ("", message)


def test_a_command_that_is_interrupted(capsys, command):
    assert main(["add", "1", "2", "--fail", "stop"]) == 130
    assert capsys.readouterr() == ("", "glueball add: interrupted\n")


def test_a_command_has_its_own_help(capsys, command):
    with pytest.raises(SystemExit) as ended:
        main(["add", "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith("usage: glueball add [-h]")
    assert out.endswith("\nexamples:\n  glueball add 1 2   # 3\n")
    with pytest.raises(SystemExit) as ended:
        main(["add", "one", "2"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "glueball add: argument numbers: invalid int value: 'one'; see 'glueball add --help'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-u", "x.py"], "glueball: unknown option '-u'; options of Python come before -m: python -u -m glueball ..."),
        (["-m"], "glueball: an argument must follow -m; received none"),
        (["-c"], "glueball: an argument must follow -c; received none"),
        (
            ["ad"],
            f"glueball: can't open file {os.path.abspath('ad')!r}: No such file or directory; did you mean 'add'?",
        ),
    ],
)
def test_what_is_refused(capsys, command, arguments, message):
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"{message}\nTry 'glueball --help'.\n")
    assert isinstance(sys.modules["__main__"], types.ModuleType)


COMPLETIONS = [
    ("glueball ins", ["inspect "]),
    ("glueball inspect --sv", ["--svg "]),
    ("glueball im2rec --encoding ", [".jpg", ".png"]),
    ("glueball --ver", ["--version "]),
]


@pytest.mark.parametrize(("line", "expected"), COMPLETIONS)
def test_completion_in_a_shell(tmp_path, line, expected):
    """As the function that argcomplete defines in bash asks for it: through file 8."""
    pytest.importorskip("argcomplete", reason="needs the extra glueball[cli]")
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_SHELL": "bash", "_ARGCOMPLETE_IFS": "\v", "COMP_LINE": line}
    answer = tmp_path / "answer"
    shell = f"{sys.executable} -m glueball 8>{answer}"
    environment = {**os.environ, **asked, "COMP_POINT": str(len(line)), "COMP_TYPE": "9"}
    subprocess.run(["bash", "-c", shell], env=environment, timeout=60, check=False, cwd=tmp_path)
    assert answer.read_text().split("\v") == expected


def test_nothing_optional_is_imported_to_run_a_program(tmp_path):
    (tmp_path / "program.py").write_text(
        "import sys\nimport mxnet\n"
        "print(sorted({'rich', 'argcomplete', 'cv2', 'onnx', 'safetensors'} & {*sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "glueball", "program.py"], cwd=tmp_path, text=True, timeout=60, check=False,
        capture_output=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_a_terminal_without_arguments_gets_help(capsys, monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", terminal)
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("usage: glueball SCRIPT")


def run(folder, arguments):
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        text=True,
        timeout=60,
        check=False,
        capture_output=True,
    )


def test_output_that_nobody_reads(tmp_path):
    package = runner_alone(tmp_path) / "glueball"
    (package / "cli").unlink()
    (package / "cli").mkdir()
    for name in ("__init__.py", "_completion.py", "_parser.py"):
        (package / "cli" / name).symlink_to(Path(cli.__file__).with_name(name))
    (package / "cli" / "long.py").write_text(
        "def add_arguments(parser): pass\ndef run(arguments):\n    for _ in range(100000): print('line')\n"
    )
    shell = f"{sys.executable} -m glueball long | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "line\n", "")


def test_the_console_command_runs_a_program_as_python_does(tmp_path):
    """Installed, ``glueball`` is a script that calls main()."""
    folder = runner_alone(tmp_path)
    (folder / "bin").mkdir()
    (folder / "bin" / "glueball").write_text("import sys\nfrom glueball.cli import main\nsys.exit(main())\n")
    (folder / "program.py").write_text(
        "import sys\nprint(sys.argv, sys.path[0], __file__, sorted(globals()))\nsys.modules['mxnet'].__name__\n1 / 0\n"
    )
    ours = run(folder, ["bin/glueball", "program.py", "-x"])
    (folder / "program.py").write_text((folder / "program.py").read_text().replace("sys.modules['mxnet']", "sys"))
    plain = run(folder, ["program.py", "-x"])
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    assert "ZeroDivisionError" in plain.stderr


def test_the_project_declares_the_command():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert '[project.scripts]\nglueball = "glueball.cli:main"\n' in text

"""Python files: a network as the code of one torch module, and its values beside it."""

from __future__ import annotations

import os
import re
import types
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, BinaryIO

import torch
from torch import Tensor

from ...core.doors import door
from ...core.errors import InvalidValueError, MXNetError
from ...gluon.core.block import Block
from ...serialization import write_together
from ...symbol import Symbol
from .code import rules as _rules  # noqa: F401  # fills the table of rules
from .code.writer import Written
from .prediction import Arrays, prediction_of
from .program import Path


@door
def export_python(
    path: Path,
    model: Block | Symbol,
    inputs: Any,
    arg_params: Arrays | None = None,
    aux_params: Arrays | None = None,
    *,
    name: str = "Net",
) -> str:
    r"""Write a network as Python code for torch, with its values in a file beside it.

    The code is one torch.nn.Module of torch's own layers, which have the names of the network's, and a function
    ``load()``. It needs torch and not Glueball. Any length of the batch is right.

    Parameters
    ----------
    path : path
        The file of the code, ``name.py``; the values are in ``name.pt``, a state dict. Both are replaced, or neither.
    model, inputs, arg_params, aux_params
        As in `export_program`.
    name : str, default 'Net'
        The name of the class.

    Returns
    -------
    str
        The path of the file with the values.

    Raises
    ------
    MXNetError
        An operator has no counterpart (all of them are named), an array is missing, or a file cannot be written.

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> from glueball.interop.torch import check_python, export_python
    >>> net = nn.HybridSequential(prefix="net_")
    >>> with net.name_scope():
    ...     net.add(nn.Conv2D(4, 3, activation="relu"), nn.Dense(2))
    >>> net.initialize()
    >>> path = os.path.join(tempfile.mkdtemp(), "net.py")
    >>> _ = export_python(path, net, nd.ones((1, 3, 8, 8)))
    >>> print(pathlib.Path(path).read_text().split("\n\n\n")[1])
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.net_conv0 = nn.Conv2d(3, 4, 3)
            self.net_dense0 = nn.Linear(144, 2)
    <BLANKLINE>
        def forward(self, data):
            x = self.net_conv0(data)
            x = F.relu(x)
            x = self.net_dense0(x.flatten(1))
            return x
    >>> check_python(path, net, nd.ones((1, 3, 8, 8)))
    0.0
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise InvalidValueError(f"export_python: name must be a name of a class; received {name!r}")
    values = _values_beside("export_python", path)
    found = prediction_of("export_python", model, inputs, arg_params, aux_params)
    written = Written(found, "export_python")
    code = _code(name, written)

    def write_values(file: BinaryIO) -> None:
        torch.save({key: each.contiguous().cpu() for key, each in written.state.items()}, file)

    write_together({path: lambda file: file.write(code.encode()), values: write_values}, "export_python")
    return values


def _values_beside(owner: str, path: Path) -> str:
    text = os.fspath(path)
    if not isinstance(text, str) or FilePath(text).suffix != ".py":
        raise InvalidValueError(f"{owner}: path must end in .py; received {path!r}")
    return str(FilePath(text).with_suffix(".pt"))


def _code(name: str, written: Written) -> str:
    made = ["super().__init__()", *written.made, *_conversion(written.state)]
    lines = [
        f'"""{name}: a network from MXNet, written by Glueball; the values are in the .pt file beside this one."""',
        "",
        "from pathlib import Path",
        "",
        "import torch",
        *(["import torch.nn.functional as F"] if any("F." in line for line in written.steps) else []),
        "from torch import nn",
        "",
        "",
        f"class {name}(nn.Module):",
        "    def __init__(self):",
        *[f"        {line}" for line in made],
        "",
        f"    def forward({', '.join(['self', *written.inputs.values()])}):",
        *[f"        {line}" for line in written.steps],
        "",
        "",
        'def load(path=Path(__file__).with_suffix(".pt")):',
        '    """Return the network with its values, ready to predict."""',
        f"    net = {name}()",
        '    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))',
        "    return net.eval()",
        "",
    ]
    return "\n".join(lines)


def _conversion(state: Mapping[str, Tensor]) -> list[str]:
    """Return the line that makes a module of another type than float32."""
    kinds = {each.dtype for each in state.values() if each.is_floating_point()} - {torch.float32}
    return [f"self.to({kinds.pop()})"] if kinds else []


@door
def check_python(
    path: Path,
    model: Block | Symbol,
    inputs: Any,
    arg_params: Arrays | None = None,
    aux_params: Arrays | None = None,
) -> float:
    """Run what `export_python` wrote and return its largest difference to the network on these inputs.

    This executes the file, so give it one that you trust.

    Parameters
    ----------
    path : path
        The file of the code.
    model, inputs, arg_params, aux_params
        As in `export_program`.

    Returns
    -------
    float
        The largest absolute difference of a number of the outputs.

    Raises
    ------
    MXNetError
        The file cannot be read or run, or shapes differ.
    """
    found = prediction_of("check_python", model, inputs, arg_params, aux_params)
    module = types.ModuleType("written")
    module.__file__ = os.fspath(path)
    try:
        source = FilePath(module.__file__).read_text(encoding="utf-8")
        exec(compile(source, module.__file__, "exec"), vars(module))
        return found.difference("check_python", module.load())
    except MXNetError:
        raise
    except Exception as error:
        raise MXNetError(f"check_python: {os.fspath(path)!r} must run; {type(error).__name__}: {error}") from error

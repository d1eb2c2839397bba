"""The engine ``inductor``: torch.compile, which writes and compiles code for the graph when it first runs."""

from __future__ import annotations

import importlib
import warnings

import torch

from ..lower import Lowered, Run


class _Inductor:
    shows_nodes = False

    def obstacle(self) -> str:
        """Say whether there is a C++ compiler, which code for the CPU needs."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # parts of torch warn of one another
            importlib.import_module("torch._inductor.compile_fx")
        builder = importlib.import_module("torch._inductor.cpp_builder")
        errors = importlib.import_module("torch._inductor.exc")
        try:
            builder.get_cpp_compiler()
        except errors.InvalidCxxCompiler:
            return "it needs a C++ compiler; install g++ or clang, or name one in the variable CXX"
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the compiled graph; code is written for each new set of shapes, or once for all that vary."""
        return torch.compile(lowered.module, backend="inductor")


ENGINE = _Inductor()

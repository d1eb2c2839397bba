"""The engine ``inductor``: torch.compile, which generates and compiles code for the graph when it first runs."""

from __future__ import annotations

import importlib
import warnings

import torch

from ...ops import kept
from ..lower import Lowered, Run


class _Inductor:
    shows_nodes = False

    def obstacle(self) -> str:
        """Look for a C++ compiler, which code for the CPU needs."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # parts of torch warn about each other
            importlib.import_module("torch._inductor.compile_fx")
        builder = importlib.import_module("torch._inductor.cpp_builder")
        errors = importlib.import_module("torch._inductor.exc")
        try:
            builder.get_cpp_compiler()
        except errors.InvalidCxxCompiler:
            return "it needs a C++ compiler; install g++ or clang, or name one in the environment variable CXX"
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the compiled graph; torch compiles again for new shapes, or once for shapes that vary."""
        kept.register()
        return torch.compile(lowered.module, backend="inductor")


ENGINE = _Inductor()

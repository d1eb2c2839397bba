"""The engine ``inductor``: torch.compile, which writes and compiles code for the graph when it first runs."""

from __future__ import annotations

import torch

from ..lower import Lowered
from . import Run


class _Inductor:
    def obstacle(self) -> str:
        """Say whether there is a C++ compiler, which code for the CPU needs."""
        from torch._inductor import cpp_builder, exc  # heavy, and only asked for with this engine

        try:
            cpp_builder.get_cpp_compiler()
        except exc.InvalidCxxCompiler:
            return "it needs a C++ compiler; install g++ or clang, or name one in the variable CXX"
        return ""

    def compile(self, lowered: Lowered) -> Run:
        """Return the compiled graph; code is written for each new set of shapes, or once for all that vary."""
        return torch.compile(lowered.module, backend="inductor")


ENGINE = _Inductor()

"""``mx.contrib.amp.lists``: the operators by what mixed precision does with them, for each of the two types.

The lists are made from the declarations of the operators. `convert_symbol` and `init` read them when they are called,
so that a program can edit them.
"""

from __future__ import annotations

from . import symbol_bf16, symbol_fp16

__all__ = ["symbol_bf16", "symbol_fp16"]

"""Methods of HybridBlock that MXNet does not have: a base of a program's block that has one of its own keeps it."""

from __future__ import annotations

from typing import Any

from .hybrid_block import HybridBlock

#: The methods, which `explaining` and `exporting` install.
_ADDED = ("explain", "export_onnx")


def _give_way(cls: type[HybridBlock], /, **kwargs: Any) -> None:
    """Let a method of a base that is named after HybridBlock be the one that runs, as in MXNet, which has no other."""
    super(HybridBlock, cls).__init_subclass__(**kwargs)
    later = cls.__mro__[cls.__mro__.index(HybridBlock) + 1 :]
    for name in _ADDED:
        if getattr(cls, name) is vars(HybridBlock)[name]:
            theirs = next((vars(base)[name] for base in later if name in vars(base)), None)
            if theirs is not None:
                setattr(cls, name, theirs)


setattr(HybridBlock, "__init_subclass__", classmethod(_give_way))  # noqa: B010  (mypy takes an assignment for an override)

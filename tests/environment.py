"""Print the versions that a test run used: ``python -m tests.environment``."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import numpy as np
import torch

from glueball.ops import registry

_ORACLE = Path(__file__).resolve().parents[1] / ".oracle"


def main() -> None:
    """Print one line of versions, and one about real MXNet."""
    print(f"Python {platform.python_version()}, torch {torch.__version__}, numpy {np.__version__}")
    if (_ORACLE / "ready").exists() or os.environ.get("GLUEBALL_ORACLE_PYTHON"):
        samples = [{sample.judge for sample in operator.samples} for operator in registry]
        values, shapes = sum("mxnet" in judges for judges in samples), len(samples)
        print(f"real MXNet 1.9.1 judged the values of {values} of {shapes} operators, and the shapes and types of all")
    else:
        print("real MXNet 1.9.1 judged nothing: 'make oracle' could not build .oracle here")


if __name__ == "__main__":
    main()

"""Show the versions, devices, threads, engines and extras of this installation, and what to install for the rest."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import re
import sys
from typing import Any

import numpy as np
import torch

from .._version import __version__
from ..core.errors import MXNetError
from ..graph import engines
from ..graph.kernels.native import CannotCompile, compiler
from ._output import Part, Table, show

EXAMPLES = (
    "                # what is there, and what is missing with the line that installs it",
    "--json          # the same for programs, or for a bug report",
)

#: The modules that each extra brings, and what it is for.
_EXTRAS = {
    "image": (("cv2",), "mx.image, record files of pictures, glueball run"),
    "onnx": (("onnx",), "ONNX files"),
    "onnxruntime": (("onnx", "onnxruntime"), "the engine onnxruntime"),
    "openvino": (("onnx", "openvino"), "the engine openvino"),
    "pt2": (("onnx", "onnxscript"), "glueball convert of programs of torch.export"),
    "safetensors": (("safetensors",), "files .safetensors"),
    "sparse": (("scipy",), "sparse arrays of SciPy, both ways"),
    "tensorboard": (("tensorboard",), "mx.contrib.tensorboard"),
    "cli": (("argcomplete", "rich"), "bars, tables and completion of this command"),
    "plot": (("matplotlib",), "glueball run --save-plot"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """Print what is installed; the exit status is 0 whatever is missing."""
    report = examined()
    show([json.dumps(report, indent=2)] if arguments.json else _parts(report))
    return 0


def examined() -> dict[str, Any]:
    """Return what is known of this installation."""
    missing = {name: line for name, line in map(_engine, engines.names())}
    return {
        "versions": _versions(),
        "machine": _machine(),
        "devices": _devices(),
        "engines": {
            name: {"runs": not why, "default": name == engines.default(), **({"fix": why} if why else {})}
            for name, why in missing.items()
        },
        "extras": {name: _extra(name, modules, use) for name, (modules, use) in _EXTRAS.items()},
    }


def _versions() -> dict[str, str]:
    found = {"glueball": __version__, "python": platform.python_version(), "torch": torch.__version__}
    return {**found, "numpy": np.__version__, "stands in for": "Apache MXNet 1.9.1"}


def _machine() -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "processor": _processor(),
        "vector instructions": torch.backends.cpu.get_cpu_capability(),
        "cores": os.cpu_count(),
        "cores of this process": _usable(),
        "threads": torch.get_num_threads(),
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS"),
        "C compiler": _compiler(),
        "executable": sys.executable,
    }


def _compiler() -> str:
    try:
        return " ".join(compiler())
    except CannotCompile as error:
        return str(error)


def _usable() -> int | None:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            found = re.search(r"model name\s*:\s*(.+)", file.read())
    except OSError:
        found = None
    return found.group(1) if found else platform.processor() or "unknown"


def _devices() -> list[dict[str, Any]]:
    devices: list[dict[str, Any]] = [{"context": "cpu(0)", "name": _processor()}]
    for number in range(torch.cuda.device_count()):
        properties = torch.cuda.get_device_properties(number)
        devices.append({"context": f"gpu({number})", "name": properties.name, "bytes": properties.total_memory})
    return devices


def _engine(name: str) -> tuple[str, str]:
    """Return the name of an engine, and why it cannot run, or ''."""
    try:
        engines.find("doctor", name)
    except MXNetError as error:
        return name, re.sub(r"^doctor: ", "", " ".join(str(error).split()))
    return name, ""


def _extra(name: str, modules: tuple[str, ...], use: str) -> dict[str, Any]:
    found = {module: _version(module) for module in modules}
    missing = [module for module, version in found.items() if version is None]
    line = f"pip install 'glueball[{name}]'"
    return {"for": use, "modules": found, "installed": not missing, **({"fix": line} if missing else {})}


def _version(module: str) -> str | None:
    """Return the version of a module's package without importing it; None where it is not installed."""
    if importlib.util.find_spec(module) is None:
        return None
    package = "opencv-python-headless" if module == "cv2" else module
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "of another package"  # such as opencv-python


def _parts(report: dict[str, Any]) -> list[Part]:
    facts = {**report["versions"], **report["machine"]}
    devices = [
        [each["context"], each["name"], f"{each['bytes'] / 2**30:.1f} GiB" if "bytes" in each else ""]
        for each in report["devices"]
    ]
    runs = [
        [name, "yes, the default" if each["default"] else "yes" if each["runs"] else "no", each.get("fix", "")]
        for name, each in report["engines"].items()
    ]
    extras = [
        [name, "yes" if each["installed"] else "no", each["for"], each.get("fix") or _listed(each["modules"])]
        for name, each in report["extras"].items()
    ]
    parts: list[Part] = [
        Table(("Installation", ""), [[name, "not set" if v is None else str(v)] for name, v in facts.items()]), "",
        Table(("Device", "Name", "Memory"), devices), "",
        Table(("Engine", "Runs here", "To make it run"), runs), "",
        Table(("Extra", "Installed", "For", "Versions, or what installs it"), extras),
    ]  # fmt: skip
    lacking = [name for name, each in report["extras"].items() if not each["installed"]]
    parts += ["", f"Missing: pip install 'glueball[{','.join(lacking)}]'" if lacking else "Nothing is missing."]
    return parts


def _listed(modules: dict[str, str]) -> str:
    return ", ".join(f"{module} {version}" for module, version in modules.items())

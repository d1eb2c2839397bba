"""Writes the golden files with real MXNet: ``make golden``, or ``python -m tests.golden.write [FOLDER]``."""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.golden import api, cases, graphs, model_zoo, operators

_HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Write every file."""
    # MXNet's own default fuses operators, partly wrongly; it is read when MXNet is imported.
    os.environ["MXNET_SUBGRAPH_BACKEND"] = "NONE"
    warnings.simplefilter("ignore")
    import mxnet as mx

    folder.mkdir(parents=True, exist_ok=True)
    write_conv2d(mx, folder / "conv2d.npz")
    write_json(folder / "networks.json", {name: cases.descriptions(mx, name) for name in cases.networks(mx)})
    curves = {name: cases.loss_curve(mx, *choice, cases.STEPS) for name, choice in cases.OPTIMIZERS.items()}
    write_json(folder / "loss_curves.json", curves)
    write_json(folder / "graphs.json", graphs.texts(mx))
    (folder / "operators.json").write_text(operators.to_text(operators.read(mx)))
    (folder / "api.json").write_text(api.to_text(api.read(mx)))
    digests = {name: model_zoo.digest(model_zoo.describe(mx, name)) for name in model_zoo.NAMES}
    write_json(folder / "model_zoo.json", digests)
    cases.save_arrays(mx, str(folder / "arrays.params"))
    cases.save_list(mx, str(folder / "list.params"))
    output = cases.save_network(mx, str(folder / "network.params"))
    np.save(folder / "network_output.npy", output)


def write_conv2d(mx: Any, path: Path) -> None:
    """The arrays of every configuration, and the configurations as one text."""
    random = np.random.RandomState(3)
    arrays, configurations = {}, cases.conv2d_configurations()
    for number, (arguments, shape, dtype) in enumerate(configurations):
        inputs = conv2d_inputs(mx, random, arguments, shape, dtype)
        results = cases.conv2d(mx, arguments, **inputs)
        for name, array in {**inputs, **results}.items():
            if array is not None:
                arrays[f"{number}.{name}"] = array
    texts = json.dumps([arguments for arguments, _, _ in configurations])
    np.savez_compressed(path, configurations=np.array(texts), **arrays)


def conv2d_inputs(
    mx: Any, random: np.random.RandomState, arguments: dict[str, Any], shape: tuple[int, ...], dtype: str
) -> dict[str, Any]:
    """Drawn data, weight, bias and head gradient for a configuration; MXNet says which shapes they have."""
    pairs = {name: tuple(value) for name, value in arguments.items() if isinstance(value, list)}
    layer = mx.gluon.nn.Conv2D(**{**arguments, **pairs})
    layer.initialize()
    output = layer(mx.nd.zeros(shape))
    bias = None if layer.bias is None else layer.bias.shape
    shapes = {"data": shape, "weight": layer.weight.shape, "bias": bias, "head": output.shape}
    return {
        name: None if shape is None else random.standard_normal(shape).astype(dtype) for name, shape in shapes.items()
    }


def write_json(path: Path, value: Any) -> None:
    """A text that shows in a diff what changed."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else _HERE)

"""Files of ONNX."""

from __future__ import annotations

from ...interop.onnx.exporting import write_model
from ...interop.onnx.exporting.export import OPSET
from .._onnx_runtime import outputs_of_onnx, runtime
from .._target import Job, Target, register


def _write(job: Job, path: str) -> None:
    sized = job.sized
    shapes = {name: sized.shapes[name] for name in sized.model.data}
    write_model(
        sized.model.symbol, sized.arrays, path, shapes,
        types={name: sized.variables[name][1] for name in shapes},
        dynamic={name: ("batch", *shape[1:]) for name, shape in shapes.items()} if job.dynamic_batch else False,
        opset=job.opset or OPSET, owner="convert",
    )  # fmt: skip


register(
    Target(
        name="onnx",
        title="a file of ONNX",
        endings=(".onnx",),
        write=_write,
        outputs=outputs_of_onnx,
        runtime=runtime,
        options=("dynamic_batch", "opset"),
    )
)

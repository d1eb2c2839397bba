"""Resizing: along each axis it is a product with a matrix, which ONNX's own reference implementation gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..... import ndarray as nd
from ..... import symbol as sym
from .....core.extras import required
from ..call import Call
from ..registry import rule

_MOST = 2**24  # numbers of a matrix


@rule("Upsample", "Resize")
def _resize(call: Call) -> Any:
    how = call.attribute("coordinate_transformation_mode", "half_pixel")
    call.require(how != "tf_crop_and_resize", f"{how} has no counterpart")
    matrices = _matrices(call)
    result = _by_an_operator(call, matrices)
    return _by_products(call, matrices) if result is None else result


def _matrices(call: Call) -> dict[int, np.ndarray]:
    """Return for each axis that changes what a result is of the numbers along it: (length of the result, length)."""
    shape = call.fixed_shape(0)
    axes = [axis % len(shape) for axis in call.attribute("axes") or range(len(shape))]
    which = 3 if call.has(3) else 2 if call.node.operator == "Resize" and call.opset >= 11 else 1
    numbers = call.attribute("scales") if not call.has(which) else call.known(which, "the scales or sizes")
    by_size = which == 3
    policy = call.attribute("keep_aspect_ratio_policy", "stretch")
    if policy != "stretch":
        ratios = [number / shape[axis] for axis, number in zip(axes, numbers, strict=True)]
        ratio = min(ratios) if policy == "not_larger" else max(ratios)
        numbers = [int(ratio * shape[axis] + 0.5) for axis in axes]
    found = {}
    for axis, number in zip(axes, numbers, strict=True):
        if number == (shape[axis] if by_size else 1):
            continue
        call.require(shape[axis] ** 2 * max(float(number), 1) <= _MOST, "the images must be smaller")
        found[axis] = _matrix(call, shape[axis], number, by_size)
    return found


def _matrix(call: Call, length: int, number: Any, by_size: bool) -> np.ndarray:
    onnx = required("onnx", "onnx", "import_model")
    evaluator = required("onnx.reference", "onnx", "import_model")
    kept = ("antialias", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside", "mode", "nearest_mode")
    attributes = {name: value for name, value in call.node.attributes.items() if name in kept}
    if call.node.operator == "Upsample" or call.opset < 11:
        attributes.update(coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    place = "sizes" if by_size else "scales"
    value = np.array([length, number], np.int64) if by_size else np.array([1, _scale(length, number)], np.float32)
    node = onnx.helper.make_node("Resize", ["x", "", *([""] if by_size else []), place], ["y"], **attributes)
    kinds = onnx.TensorProto
    graph = onnx.helper.make_graph(
        [node], "resize",
        [onnx.helper.make_tensor_value_info("x", kinds.FLOAT, None),
         onnx.helper.make_tensor_value_info(place, kinds.INT64 if by_size else kinds.FLOAT, None)],
        [onnx.helper.make_tensor_value_info("y", kinds.FLOAT, None)],
    )  # fmt: skip
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
    (result,) = evaluator.ReferenceEvaluator(model).run(None, {"x": np.eye(length, dtype=np.float32), place: value})
    return np.ascontiguousarray(np.asarray(result, np.float32).T)


def _scale(length: int, scale: Any) -> Any:
    """Return a scale with which the length of a result, computed in float64, is the one computed in float32."""
    scale = np.float32(scale)
    is_shorter = int(length * float(scale)) < int(np.float32(length) * scale)
    return np.nextafter(scale, np.float32(np.inf)) if is_shorter else scale


def _by_an_operator(call: Call, matrices: dict[int, np.ndarray]) -> Any:
    """Return what an operator of MXNet computes, if it is the same."""
    if call.rank(0) != 4 or set(matrices) != {2, 3}:
        return None
    down, across = matrices[2], matrices[3]
    factor = down.shape[0] // down.shape[1]
    if all(np.array_equal(each, np.repeat(np.eye(each.shape[1]), factor, axis=0)) for each in (down, across)):
        return sym.UpSampling(call.symbol(0), scale=factor, sample_type="nearest", name=call.name)
    for align in (False, True):
        if all(np.allclose(each, _bilinear(each.shape, align), atol=1e-5) for each in (down, across)):
            return sym.contrib.BilinearResize2D(
                call.symbol(0), height=down.shape[0], width=across.shape[0], align_corners=align, name=call.name
            )
    return None


def _bilinear(shape: tuple[int, ...], align: bool) -> np.ndarray:
    images = nd.array(np.eye(shape[1], dtype=np.float32)[:, None, None, :])
    result = nd.contrib.BilinearResize2D(images, height=1, width=shape[0], align_corners=align)
    return result.asnumpy()[:, 0, 0, :].T


def _by_products(call: Call, matrices: dict[int, np.ndarray]) -> Any:
    result: Any = call.symbol(0)
    last = call.rank(0) - 1
    for axis, matrix in matrices.items():
        weight = call.parameter(f"axis{axis}", np.ascontiguousarray(matrix.T))
        moved = result if axis == last else sym.swapaxes(result, dim1=axis, dim2=last)
        product = sym.dot(moved, weight)
        result = product if axis == last else sym.swapaxes(product, dim1=axis, dim2=last)
    return result

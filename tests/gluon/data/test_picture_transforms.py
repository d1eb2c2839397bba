"""Transforms of the shape and the colors of pictures, against MXNet: pixels, draws, names, graphs and errors."""

from __future__ import annotations

import numpy as np
import pytest

from glueball import nd
from glueball.core.errors import MXNetError
from glueball.gluon.data.vision import transforms
from tests.comparison import assert_same
from tests.gluon.data.picture_files import picture

pytest.importorskip("cv2", reason="resizing pictures needs OpenCV")

PICTURE = picture(1, 9, 12)
BATCH = np.stack([PICTURE, picture(2, 9, 12)])
TENSOR = PICTURE.transpose(2, 0, 1).astype("float32") / 255
TENSORS = BATCH.transpose(0, 3, 1, 2).astype("float32") / 255


def transformed(mx, expression, values, dtype, times=1):
    """What a transform makes of an array, one time after another with seeded generators."""
    import random

    random.seed(3)
    np.random.seed(3)
    made = eval(expression, {"T": mx.gluon.data.vision.transforms, "nd": mx.nd})
    results = [made(mx.nd.array(values, dtype=dtype)) for _ in range(times)]
    return results, [str(np.dtype(each.dtype)) for each in results]


SHAPES = [
    "T.Resize(4)", "T.Resize((4, 5))", "T.Resize([5, 20])", "T.Resize(4, keep_ratio=True)",
    "T.Resize((4, 5), keep_ratio=True)", "T.Resize((20, 15), interpolation=2)", "T.Resize((7, 5), False, 3)",
    "T.CropResize(1, 2, 3, 4)", "T.CropResize(1, 2, 9, 7, size=(5, 4), interpolation=1)",
    "T.CropResize(0, 0, 12, 9, 5, 2)",
]  # fmt: skip
CROPS = [
    "T.CenterCrop(4)", "T.CenterCrop((4, 5))", "T.CenterCrop([5, 3])", "T.CenterCrop(10)",
    "T.CenterCrop((20, 4), interpolation=2)",
]  # fmt: skip


@pytest.mark.parametrize("expression", SHAPES)
@pytest.mark.parametrize("values", [PICTURE, BATCH], ids=["picture", "batch"])
def test_other_shapes_of_bytes(oracle, expression, values):
    assert_same(*oracle.both(transformed, expression, values, "uint8"))


@pytest.mark.parametrize("expression", [*SHAPES, *CROPS])
def test_other_shapes_of_numbers(oracle, expression):
    assert_same(*oracle.both(transformed, expression, PICTURE / 255, "float32"), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("expression", CROPS)
def test_crops(oracle, expression):
    assert_same(*oracle.both(transformed, expression, PICTURE, "uint8"))


@pytest.mark.parametrize(
    "expression",
    [
        "T.RandomResizedCrop(5)",
        "T.RandomResizedCrop((7, 4), scale=(0.5, 0.6), ratio=(1, 2))",
        "T.RandomResizedCrop((7, 4), (1, 1), interpolation=2)",
        "T.RandomApply(T.Resize((3, 4)), p=0.4)",
        "T.RandomApply(lambda x: x * 0)",
        "T.RandomApply(T.Compose([T.Resize((3, 4)), T.CenterCrop(2)]))",
    ],
)
def test_draws_are_those_of_python_and_numpy(oracle, expression):
    assert_same(*oracle.both(transformed, expression, PICTURE, "uint8", times=12))


TURNS = [
    "T.Rotate(30)", "T.Rotate(-100.5, zoom_in=True)", "T.Rotate(45, zoom_out=True)",
    "T.RandomRotation((-30, 30))", "T.RandomRotation((0, 90), zoom_out=True, rotate_with_proba=0.5)",
]  # fmt: skip


@pytest.mark.parametrize("expression", TURNS)
@pytest.mark.parametrize("values", [TENSOR, TENSORS], ids=["picture", "batch"])
def test_turns(oracle, expression, values):
    assert_same(*oracle.both(transformed, expression, values, "float32", times=4), rtol=1e-5, atol=1e-5)


def test_each_picture_of_a_batch_has_its_angle(oracle):
    assert_same(*oracle.both(transformed, "T.Rotate(nd.array([10, 80]))", TENSORS, "float32"), rtol=1e-5, atol=1e-5)


COLORS = [
    "T.RandomBrightness(0.3)", "T.RandomBrightness(1.5)", "T.RandomContrast(0.3)", "T.RandomSaturation(0.3)",
    "T.RandomHue(0.3)", "T.RandomColorJitter(0.1, 0.2, 0.3, 0.4)", "T.RandomColorJitter(hue=1)",
    "T.RandomLighting(0.2)",
]  # fmt: skip


def described(mx, expression):
    """The graph of a transform, and its names."""
    made = eval(expression, {"T": mx.gluon.data.vision.transforms})
    return made(mx.sym.var("data")).tojson(), made.name, repr(made)


@pytest.mark.parametrize("expression", [*SHAPES, *COLORS])
def test_graphs(oracle, expression):
    assert_same(*oracle.both(described, expression))


@pytest.mark.parametrize("expression", [*CROPS, *TURNS, "T.RandomApply(T.Cast())", "T.RandomResizedCrop(4)"])
def test_names_and_texts(oracle, expression):
    code = f"T = gluon.data.vision.transforms; made = {expression}; return made.name, repr(made), len(made._children)"
    assert_same(*oracle.both(code))


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize("expression", COLORS)
def test_colors_change_from_call_to_call(expression, dtype, hybridized):
    transform = eval(expression, {"T": transforms})
    transform.hybridize(hybridized)
    seen = [transform(nd.array(PICTURE, dtype=dtype)) for _ in range(5)]
    assert all(each.shape == PICTURE.shape and np.dtype(each.dtype) == dtype for each in seen)
    assert len({each.asnumpy().tobytes() for each in seen}) > 1


def test_no_change_of_colors_is_none():
    for name in ("Brightness", "Contrast", "Saturation", "Lighting"):
        result = getattr(transforms, f"Random{name}")(0)(nd.array(PICTURE, dtype="uint8"))
        np.testing.assert_allclose(result.asnumpy().astype(int), PICTURE, atol=1)


@pytest.mark.parametrize(
    ("expression", "values", "dtype"),
    [
        ("T.Rotate(30)", PICTURE, "uint8"),
        ("T.RandomRotation((0, 30))", PICTURE, "uint8"),
        ("T.RandomRotation((30, 0))", TENSOR, "float32"),
        ("T.RandomRotation((0, 30), rotate_with_proba=2)", TENSOR, "float32"),
        ("T.RandomRotation(30)", TENSOR, "float32"),
        ("T.Rotate(30, True, True)", TENSOR, "float32"),
        ("T.RandomApply([T.Resize(3)], p=1)", PICTURE, "uint8"),
        ("T.RandomBrightness((0.1, 0.2))", PICTURE, "uint8"),
        ("T.Resize(0)", PICTURE, "uint8"),
        ("T.CropResize(0, 0, 13, 9)", PICTURE, "uint8"),
        ("T.CropResize(0, 0, 5, 5, (2, 2))", PICTURE, "uint8"),
        ("T.CenterCrop(4)", BATCH, "uint8"),
    ],
)
def test_refusals_have_mxnets_class(oracle, expression, values, dtype):
    ours, theirs = oracle.both(transformed, expression, values, dtype)
    assert ours.failed
    assert_same(ours, theirs)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: transforms.RandomApply([transforms.Cast()]), r"must be one transform; received \["),
        (lambda: transforms.RandomRotation((3, -3)), r"angle_limits must be a smaller and a larger angle; .*\(3, -3\)"),
        (lambda: transforms.RandomRotation((0, 1), rotate_with_proba=-1), "must be from 0 to 1; received -1"),
        (lambda: transforms.Rotate(3)(nd.array(PICTURE, dtype="uint8")), "received uint8; put it behind ToTensor"),
    ],
)
def test_messages(call, message):
    with pytest.raises(MXNetError, match=message):
        call()


def test_a_usual_chain(oracle):
    """As programs have it for training, with nothing left to chance."""
    code = """
        T = gluon.data.vision.transforms
        chain = T.Compose([
            T.Resize(8, keep_ratio=True), T.CenterCrop(6), T.RandomResizedCrop(4, (1, 1), (1, 1)), T.ToTensor(),
            T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ])
        return chain(nd.array(values, dtype="uint8")), repr(chain)
    """
    assert_same(*oracle.both(code, values=PICTURE), rtol=1e-6)

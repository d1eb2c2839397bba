"""Transforms, against MXNet: values, dtypes, names, reprs and errors."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from glueball import autograd, gluon, nd
from glueball.core.errors import MXNetError
from glueball.gluon.data.vision import transforms
from tests.comparison import assert_same


def transformed(mx, expression, shape, dtype):
    transforms = mx.gluon.data.vision.transforms
    made = eval(expression, {"T": transforms, "Block": mx.gluon.Block, "Identity": type(
        "Identity", (mx.gluon.Block,), {"forward": lambda self, x: x})})  # fmt: skip
    count = int(np.prod(shape))
    values = np.arange(count).reshape(shape) * 255.0 / count
    result = made(mx.nd.array(values, dtype=dtype))
    return result, str(np.dtype(result.dtype))


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "float16", "int32", "int64", "int8"])
@pytest.mark.parametrize("shape", [(4, 5, 3), (2, 4, 5, 1)])
def test_to_tensor(oracle, shape, dtype):
    assert_same(*oracle.both(transformed, "T.ToTensor()", shape, dtype), rtol=1e-7)


@pytest.mark.parametrize(
    "expression",
    [
        "T.Normalize()",
        "T.Normalize(0.5, 0.25)",
        "T.Normalize((1, 2, 3), (1, 2, 4))",
        "T.Normalize([1.5], (1, 2, 4))",
        "T.Normalize(mean=(1, 2, 3), std=2)",
        "T.Normalize((1, 2), 2)",
        "T.Normalize(1, (1, 2, 3, 4))",
        "T.Normalize(1, ())",
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int32"])
@pytest.mark.parametrize("shape", [(3, 2, 4), (2, 3, 2, 2)])
def test_normalize(oracle, shape, dtype, expression):
    assert_same(*oracle.both(transformed, expression, shape, dtype))


def test_normalize_by_zero(oracle):
    assert_same(*oracle.both(transformed, "T.Normalize(1, 0)", (3, 2, 2), "float32"))


@pytest.mark.parametrize("shape", [(1, 2, 2), (2, 1, 2, 2), (2, 2, 2), (4, 2, 2), (2, 2), (1, 1, 3, 2, 2)])
def test_normalize_shapes(oracle, shape):
    assert_same(*oracle.both(transformed, "T.Normalize(1, 2)", shape, "float32"))


@pytest.mark.parametrize("shape", [(2, 3), (3,), (1, 1, 3, 2, 2)])
def test_to_tensor_shapes(oracle, shape):
    assert_same(*oracle.both(transformed, "T.ToTensor()", shape, "uint8"))


@pytest.mark.parametrize(
    "expression",
    [
        "T.Compose([T.ToTensor(), T.Normalize(0.5, 0.25)])",
        "T.Compose([T.ToTensor()])",
        "T.Compose([])",
        "T.Compose([T.ToTensor(), T.Normalize(0.5, 0.5), Identity(), T.Cast('float64'), T.Normalize(1, 2)])",
        "T.Compose([Identity(), T.ToTensor(), T.Normalize(0.5, 0.5), Identity(), Identity(), T.Cast()])",
        "T.Compose([T.ToTensor(), lambda x: x * 2])",
        "T.Compose([T.Compose([T.ToTensor()]), T.Cast('float16')])",
        "T.Cast('float16')",
        "T.Cast()",
    ],
)
def test_compose_and_cast(oracle, expression):
    assert_same(*oracle.both(transformed, expression, (4, 5, 3), "uint8"))


def described(mx, expression):
    transforms = mx.gluon.data.vision.transforms
    made = eval(expression, {"T": transforms, "Identity": type(
        "Identity", (mx.gluon.Block,), {"forward": lambda self, x: x})})  # fmt: skip
    after = mx.gluon.nn.HybridSequential(), transforms.ToTensor()

    def names(block):
        return block.name, block.prefix, [names(child) for child in block._children.values()]

    return repr(made), names(made), [block.name for block in after]


@pytest.mark.parametrize(
    "expression",
    [
        "T.ToTensor()",
        "T.Normalize((1, 2, 3), 0.5)",
        "T.Cast('float16')",
        "T.Compose([T.ToTensor(), T.Normalize(0.5, 0.25)])",
        "T.Compose([T.ToTensor(), T.Normalize(0.5, 0.5), Identity(), T.Cast('float64'), T.Normalize(1, 2)])",
        "T.Compose([Identity(), T.ToTensor()])",
    ],
)
def test_names_and_printed_forms(oracle, expression):
    assert_same(*oracle.both(described, expression))


def test_compose_leaves_its_argument_alone():
    given = [transforms.ToTensor(), transforms.Cast()]
    copy = list(given)
    transforms.Compose(given)
    assert given == copy
    assert len(transforms.Compose(tuple(given))) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: nd.image.to_tensor(nd.ones((2, 3))),
            r"_image_to_tensor: data must have 3 or 4 dimensions.*\(2, 3\)",
        ),
        (lambda: nd.image.to_tensor(nd.ones((2, 2, 3)).astype("bool")), "must hold numbers; received bool"),
        (lambda: nd.image.normalize(nd.ones((3, 2, 2))), "mean must have 1 or 3 elements; received 4"),
        (lambda: nd.image.normalize(nd.ones((2, 2, 2)), 1, 1), "data must have 1 or 3 channels; received 2"),
        (
            lambda: nd.image.normalize(nd.ones((1, 2, 2)), "a", 1),
            "mean must be a number or a tuple of numbers",
        ),
        (lambda: transforms.Cast("floot32")(nd.ones((1,))), "float32"),
    ],
)
def test_messages(call, message):
    with pytest.raises(MXNetError, match=message):
        call()


def test_gradient_of_to_tensor():
    """MXNet's own gradient fails: it has the shape of the output."""
    image = nd.ones((2, 4, 3))
    image.attach_grad()
    with autograd.record():
        result = nd.image.to_tensor(image)
        (result * nd.arange(24).reshape((3, 2, 4))).sum().backward()
    expected = np.arange(24, dtype="float32").reshape(3, 2, 4).transpose(1, 2, 0) / 255
    np.testing.assert_allclose(image.grad.asnumpy(), expected, rtol=1e-6)


def gradient_of_normalize(mx):
    nd = mx.nd
    data = nd.arange(24).reshape((2, 3, 2, 2))
    data.attach_grad()
    with mx.autograd.record():
        result = nd.image.normalize(data, mean=(1, 2, 3), std=(1, 2, 4))
    result.backward(nd.arange(24).reshape((2, 3, 2, 2)))
    return data.grad


def test_gradient_of_normalize(oracle):
    assert_same(*oracle.both(gradient_of_normalize))


def test_transforms_can_be_pickled():
    made = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.25)])
    image = nd.arange(12).reshape((2, 2, 3))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(made))(image).asnumpy(), made(image).asnumpy())


def test_a_misspelt_name_is_corrected():
    with pytest.raises(AttributeError, match="did you mean 'Normalize'"):
        transforms.Normalise  # noqa: B018


def test_a_hybrid_transform_takes_no_numpy_array():
    with pytest.raises(ValueError, match="ToTensor: at least one input must be an NDArray"):
        transforms.ToTensor()(np.ones((2, 2, 3)))


def test_gluon_has_its_data():
    assert gluon.data.vision.transforms is transforms


MIRRORS = {"RandomFlipLeftRight": 1, "RandomFlipTopBottom": 0}


@pytest.mark.parametrize("hybridized", [False, True])
@pytest.mark.parametrize("name", MIRRORS)
@pytest.mark.parametrize("shape", [(5, 9, 3), (4, 6, 1)])
def test_an_image_or_its_mirror(name, shape, hybridized):
    """Half of each; MXNet makes other pixels of images with an odd length."""
    image = np.arange(np.prod(shape)).reshape(shape).astype("uint8")
    transform = getattr(transforms, name)()
    transform.hybridize(hybridized)
    seen = [transform(nd.array(image, dtype="uint8")).asnumpy() for _ in range(60)]
    mirrored = [(one == np.flip(image, MIRRORS[name])).all() for one in seen]
    assert all((one == image).all() or flipped for one, flipped in zip(seen, mirrored, strict=True))
    assert 12 < sum(mirrored) < 48


def test_mirroring_has_its_gradient_and_is_a_transform_of_a_chain():
    image = nd.arange(12).reshape((2, 6, 1))
    image.attach_grad()
    with autograd.record():
        mirrored = nd.image.flip_left_right(image)
    mirrored.backward(image)
    np.testing.assert_array_equal(image.grad.asnumpy(), np.flip(image.asnumpy(), 1))
    chain = transforms.Compose([transforms.RandomFlipTopBottom(), transforms.ToTensor()])
    assert chain(nd.zeros((5, 4, 3), dtype="uint8")).shape == (3, 5, 4)

"""nd.contrib.fft and ifft, which MXNet has for GPUs only: against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from glueball import autograd, nd


def pairs(numbers: np.ndarray) -> np.ndarray:
    """Complex numbers as MXNet has them: real and imaginary parts in turn."""
    return np.stack([numbers.real, numbers.imag], -1).reshape(*numbers.shape[:-1], -1)


@pytest.mark.parametrize("shape", [(2, 5), (3, 8), (1, 2, 3, 4)])
def test_fft(shape: tuple[int, ...]) -> None:
    rows = np.random.default_rng(1).standard_normal(shape)
    found = nd.contrib.fft(nd.array(rows, dtype="float64"))
    np.testing.assert_allclose(found.asnumpy(), pairs(np.fft.fft(rows)), atol=1e-12)


@pytest.mark.parametrize("shape", [(2, 5), (1, 2, 3, 4)])
def test_ifft_does_not_divide_and_drops_the_imaginary_part(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    numbers = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    found = nd.contrib.ifft(nd.array(pairs(numbers), dtype="float64"))
    np.testing.assert_allclose(found.asnumpy(), np.fft.ifft(numbers).real * shape[-1], atol=1e-12)


def test_there_and_back() -> None:
    rows = nd.random.normal(shape=(3, 6))
    back = nd.contrib.ifft(nd.contrib.fft(rows, compute_size=2)) / 6
    np.testing.assert_allclose(back.asnumpy(), rows.asnumpy(), atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_the_type_is_kept(dtype: str) -> None:
    rows = nd.array([[1, 2], [3, 4]]).astype(dtype)
    found = nd.contrib.fft(rows)
    assert found.dtype == nd.contrib.ifft(found).dtype == rows.dtype
    assert found.asnumpy().tolist() == [[3, 0, -1, 0], [7, 0, -1, 0]]


def test_each_is_the_gradient_of_the_other() -> None:
    rows, head = nd.random.normal(shape=(2, 4)), nd.random.normal(shape=(2, 8))
    rows.attach_grad()
    with autograd.record():
        found = nd.contrib.fft(rows)
    found.backward(head)
    np.testing.assert_allclose(rows.grad.asnumpy(), nd.contrib.ifft(head).asnumpy(), atol=1e-5)

"""The engines that need packages which need not be installed."""

from __future__ import annotations

import pytest

from glueball import MXNetError
from glueball.graph import engines


@pytest.fixture(params=["onnxruntime", "openvino"])
def engine(request):
    """Name an engine that another runtime computes for; its tests are skipped where that is not installed."""
    try:
        engines.find("test", request.param)
    except MXNetError as error:
        pytest.skip(str(error))
    return request.param

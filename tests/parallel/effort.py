"""Which tests of several processes run: all by 'make processes', those that take less than a minute elsewhere."""

from __future__ import annotations

import os

import pytest

IS_LONG = os.environ.get("GLUEBALL_PROCESSES") == "long"

long = pytest.mark.skipif(not IS_LONG, reason="waits or computes for most of a minute; 'make processes' runs it")

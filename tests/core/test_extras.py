import sys

import pytest

from glueball.core import extras


def test_a_package_that_is_missing_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)  # as if it were not installed
    with pytest.raises(extras.MissingExtraError, match=r"imread: needs .*'cv2'.*pip install 'glueball\[image\]'"):
        extras.required("cv2", "image", "imread")


def test_a_package_that_is_there_is_imported():
    assert extras.required("json", "image", "imread").loads("[1]") == [1]

"""``python -m tools.stubs``: write all stubs, and the page about operators."""

from tools import operators

from . import texts

for path, text in texts().items():
    path.write_text(text, encoding="utf-8")
operators.FILE.write_text(operators.page(), encoding="utf-8")

"""``python -m tools.stubs``: write all stubs."""

from . import texts

for path, text in texts().items():
    path.write_text(text, encoding="utf-8")

"""``python -m tools.names``: write the lists again."""

from . import texts

for path, text in texts().items():
    path.write_text(text, encoding="utf-8")

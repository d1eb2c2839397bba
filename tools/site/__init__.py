"""The web site of the documentation: static pages that need no network, neither to be built nor to be read.

Its pages are those of ``docs/``, some files of the repository's root, and what is made of the package itself: the API
reference (`reference`), the tables of MXNet's operators and names (`support`), and the drawings of convolutions
(`pictures`). All are collected in a folder of their own (`source`), from which Sphinx builds the site (`building`).
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

"""``python -m tools.site [FOLDER]``: build the site into a folder, by default ``build/site``."""

import sys
from pathlib import Path

from . import ROOT
from .building import build
from .source import collect

site = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"
source = site.with_name(f"{site.name}-source")
collect(source)
sys.exit(build(source, site))

"""From a folder of pages to the site."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.cmd.build import build_main


def build(source: Path, site: Path) -> int:
    """Build the site in the place of what was there, and return 0, or another number if it has faults.

    A warning is a fault, such as that of a link to a page that is not there.
    """
    shutil.rmtree(site, ignore_errors=True)
    known = site.with_name(f"{site.name}-doctrees")
    options = ["-q", "-W", "--keep-going", "-E", "-b", "html", "-c", str(Path(__file__).parent), "-d", str(known)]
    return build_main([*options, str(source), str(site)])

"""What Sphinx is told about the site."""

from __future__ import annotations

import glueball
from tools.site.source import sections

project = "Glueball"
author = "the authors of Glueball"
project_copyright = author
version = release = glueball.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "tools.site.mathml", "tools.site.docstrings"]
html_theme = "furo"
html_title = f"Glueball {version}"
html_math_renderer = "mathml"
# A page that is opened as a file may fetch nothing, which the excerpts below search results would need.
html_show_search_summary = False
html_show_sphinx = False
html_copy_source = False
html_static_path = ["static"]
html_css_files = ["site.css"]

myst_heading_anchors = 4
autodoc_typehints = "none"
autodoc_member_order = "groupwise"
autodoc_class_signature = "mixed"
napoleon_google_docstring = False
napoleon_custom_sections = sections()
napoleon_use_rtype = False
napoleon_use_ivar = True
# Types in docstrings, such as `shape`, are words and not links: several classes have an attribute of that name.
suppress_warnings = ["ref.python"]

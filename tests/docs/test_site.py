"""The web site builds without a warning, its links lead somewhere, and a browser shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import glueball
from tests.docs.browser import browser, missing

pytest.importorskip("furo", reason="needs pip install 'glueball[docs]'")
pytest.importorskip("myst_parser", reason="needs pip install 'glueball[docs]'")
pytestmark = [pytest.mark.skipif(sys.version_info < (3, 11), reason="Sphinx wants a newer Python")]

_ROOT = Path(__file__).parents[2]
#: Pages of each kind, for the browser.
_LOOKED_AT = ("index", "start", "model", "code", "conv2d", "torch", "notebook", "performance", "reference/nn", "search")
_needs_browser = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = _run("-m", "tools.site", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def _run(*arguments):
    path = os.pathsep.join([str(Path(glueball.__file__).parents[1]), str(_ROOT)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=_ROOT, env={**os.environ, "PYTHONPATH": path}, timeout=1800, text=True, capture_output=True, check=False,
    )  # fmt: skip


class _Links(HTMLParser):
    """What a page links to and loads, and the places in it that links can name."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links, self.loaded, self.places = set(), set(), set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.places |= {found.get("id"), found.get("name")} - {None}
        if tag == "a" and found.get("href"):
            self.links.add(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon"):
            self.loaded.add(found["href"])
        elif tag in ("script", "img", "source", "iframe") and found.get("src"):
            self.loaded.add(found["src"])


def test_every_link_leads_somewhere(site):
    pages = {page.resolve(): _Links(page) for page in site.rglob("*.html")}
    assert len(pages) > 30
    for page, found in pages.items():
        for link in found.links | found.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert link not in found.loaded, f"{page.name} loads {link}, which needs a network"
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.exists(), f"{page.name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].places, f"{page.name}: {link}"


def test_the_pages_are_there(site):
    text = (site / "reference" / "nn.html").read_text(encoding="utf-8")
    assert 'id="glueball.gluon.nn.Conv2D"' in text
    assert "<math" in text
    text = (site / "reference" / "support_operators.html").read_text(encoding="utf-8")
    assert text.count("<tr ") > 620
    assert "<!-- test" not in (site / "model.html").read_text(encoding="utf-8")
    for picture in ("stride", "padding", "dilation", "groups", "plain"):
        assert (site / "_images" / f"{picture}.svg").read_text(encoding="utf-8").startswith("<svg")


@_needs_browser
def test_pages_load_without_complaints(site):
    with browser(1200, 900) as window:
        for name in _LOOKED_AT:
            window.open((site / f"{name}.html").as_uri())
            assert window.complaints() == [], name
            broken = "return [...document.images].filter(i => !i.complete || i.naturalWidth == 0).map(i => i.src)"
            assert window.run(broken) == [], name
            assert window.run("return document.body.innerText.length > 100"), name


@_needs_browser
def test_search_finds_conv2d(site):
    with browser(1200, 900) as window:
        window.open((site / "index.html").as_uri())
        window.run("const box = document.querySelector('.sidebar-search'); box.value = 'Conv2D'; box.form.submit()")
        results = "return [...document.querySelectorAll('#search-results li a')].map(a => a.href)"
        found = window.wait_for(results)
        assert any(link.endswith("conv2d.html") for link in found), found
        assert any(link.endswith("nn.html#glueball.gluon.nn.Conv2D") for link in found), found
        assert window.complaints() == []


@_needs_browser
def test_a_phone_shows_the_pages(site):
    with browser(375, 740, phone=True) as window:
        for name in _LOOKED_AT:
            window.open((site / f"{name}.html").as_uri())
            assert window.run("return document.documentElement.scrollWidth") <= 375, f"{name} is wider than the screen"
            size = window.run("return parseFloat(getComputedStyle(document.querySelector('article')).fontSize)")
            assert size >= 14, name


def test_a_warning_stops_the_build(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    page = source / "index.md"
    program = "import sys; from pathlib import Path; from tools.site.building import build; "
    program += f"sys.exit(build(Path({str(source)!r}), Path({str(tmp_path / 'site')!r})))"
    for text, code in (("# A page\n", 0), ("# A page\n\n[nowhere](absent.md)\n", 1)):
        page.write_text(text, encoding="utf-8")
        done = _run("-c", program)
        assert done.returncode == code, done.stderr
    assert "absent.md" in done.stderr

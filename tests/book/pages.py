"""The built site as a reader's browser gets it, read without a browser."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.house.sources import ROOT, tool

SITE = ROOT / "_build" / "html"
MAX_STATES, MAX_BYTES = 200, 300_000
# Fragments of the theme that its scripts load into a page; no pages themselves.
FRAGMENTS = re.compile(r"macros\.html$")
REDIRECT = re.compile(r"http-equiv=.?refresh", re.IGNORECASE)
LOADS = {
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("object", "data"),
    ("img", "srcset"),
}
# A <link> that only names another page loads nothing.
NAMES_ONLY = {"index", "search", "next", "prev", "author", "copyright", "canonical", "up", "contents"}
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What the checks need to know of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads, self.images = [], [], [], []
        self.h1, self.title, self.lang, self.redirect, self.figures = 0, "", "", "", []
        self._in, self._print_title = "", False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a, printed = {key: value or "" for key, value in attributes}, self._print_title
        if a.get("id"):
            self.ids.append(a["id"])
        if tag == "a" and a.get("name"):
            self.ids.append(a["name"])
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        self.loads += [(tag, a[key]) for t, key in LOADS if t == tag and a.get(key) and a.get("rel") not in NAMES_ONLY]
        if "style" in a:
            self.loads += [(tag, url) for url in css_urls(a["style"])]
        if tag == "img":
            self.images.append(a)
        # The theme repeats the title for paper; the screen never shows it.
        self._print_title = a.get("id") == "jb-print-docs-body" or (self._print_title and tag != "h1")
        self.h1 += tag == "h1" and not printed
        self.lang = a.get("lang", "") if tag == "html" else self.lang
        if tag == "meta" and a.get("http-equiv", "").lower() == "refresh":
            self.redirect = a["content"].split("url=")[-1]
        figure = tag == "script" and a.get("type") == "application/json"
        self._in = "figure" if figure else tag if tag in ("title", "style", "script") else ""

    def handle_data(self, data):
        if self._in == "title":
            self.title += data
        elif self._in == "figure":
            self.figures.append(data)
        elif self._in == "style":
            self.loads += [("style", url) for url in css_urls(data)]

    def handle_endtag(self, tag):
        self._in = ""


def css_urls(text):
    return [a or b for a, b in CSS_URL.findall(text)]


def is_outside(address):
    """Whether an address leaves the site; `data:` does not."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def written(site):
    """Pages that the book's build writes: no fragments, and neither MathJax nor JupyterLite, which are others' work."""
    found = [file for file in sorted(site.rglob("*.html")) if not {"vendor", "lite"} & {*file.relative_to(site).parts}]
    return [file for file in found if not FRAGMENTS.search(file.name)]


def addresses(wanted=lambda file: True, site=SITE):
    """Address below the site of every wanted page that is no redirect; where there is no site, that of a missing page."""
    found = [file for file in written(site) if not REDIRECT.search(file.read_text()) and wanted(file)]
    return [file.relative_to(site).as_posix() for file in found] or ["missing.html"]


def one_of_each(names):
    """Of addresses the first of each folder."""
    return list({name.rpartition("/")[0]: name for name in reversed(names)}.values())


def pages(site=SITE):
    """Every page of a site as {file: Page}."""
    return {file: Page(file.read_text()) for file in written(site)}


def freshness_fault(site=SITE):
    """ "" if the built site is the one these sources give, else what to do."""
    if not (site / "index.html").exists():
        return "There is no site in _build/html: run `make site` first."
    builder = tool("build_site")
    if builder.stamp(".site") != builder.state():
        return "The site in _build/html is older than its sources, or its build had warnings: run `make site` first."
    return ""


def link_faults(site_pages, site=SITE):
    """Links, scripts, styles and images that lead nowhere; anchors that are not there."""
    faults = []
    for file, page in site_pages.items():
        name = file.relative_to(site).as_posix()
        redirect = [page.redirect] if page.redirect else []
        for link in page.links + [address for _, address in page.loads] + redirect:
            if is_outside(link):
                continue
            parts = urlsplit(link)
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                faults.append(f"{name}: {link} is not there")
            elif parts.fragment and target in site_pages and unquote(parts.fragment) not in site_pages[target].ids:
                faults.append(f"{name}: no anchor {link}")
    return faults


def outside_faults(site_pages, site=SITE):
    """What a page would load from another host, in its HTML or in the styles and scripts of this project."""
    faults = [
        f"{file.relative_to(site)}: <{tag}> loads {address}"
        for file, page in site_pages.items()
        for tag, address in page.loads
        if is_outside(address)
    ]
    for file in (file for file in sorted(site.rglob("*.css")) if "lite" not in file.relative_to(site).parts):
        faults += [f"{file.relative_to(site)}: loads {url}" for url in css_urls(file.read_text()) if is_outside(url)]
    for file in sorted(set((site / "_static").glob("tef*.js")) - {site / "_static" / "tef-index.js"}):  # words of pages
        faults += [f"{file.relative_to(site)}: holds {url}" for url in re.findall(r"https?://[^\s\"'`]+", file.read_text())]
    return faults


def page_faults(site_pages, site=SITE):
    """Pages without language, without one title of their own, without one h1; images without a text; things loaded twice."""
    faults, seen = [], {}
    for file, page in site_pages.items():
        name = file.relative_to(site).as_posix()
        if page.redirect:
            continue
        if page.h1 != 1:
            faults.append(f"{name}: {page.h1} h1 headings")
        if not page.lang:
            faults.append(f"{name}: no language")
        if page.title in seen:
            faults.append(f"{name}: has the title of {seen[page.title]}: {page.title!r}")
        seen[page.title] = name
        faults += [f"{name}: image without alt: {image.get('src')}" for image in page.images if "alt" not in image]
        loaded = [load for load in page.loads if load[0] in ("script", "link")]
        faults += [f"{name}: loads {address} twice" for _, address in twice(loaded)]
        faults += [f"{name}: id {i!r} stands twice" for i in twice(page.ids)]
    return faults


def twice(things):
    return sorted(thing for thing, count in Counter(things).items() if count > 1)


def figure_faults(name, blob):
    """A figure with too many states or bytes, or whose states are not those of its controls."""
    data, faults = json.loads(blob), []
    states = 1
    for control in data["controls"]:
        states *= len(control["values"])
    if len(data["frames"]) != states:
        faults.append(f"{name}: {states} states of the controls, {len(data['frames'])} drawn")
    if states > MAX_STATES:
        faults.append(f"{name}: {states} states, at most {MAX_STATES}")
    if len(blob.encode()) > MAX_BYTES:
        faults.append(f"{name}: {len(blob.encode()) / 1000:.0f} kB, at most {MAX_BYTES / 1000:.0f}")
    return faults


def launch_faults(site_pages, site=SITE, root=ROOT):
    """Launch buttons that open no notebook of this tree, or a notebook with solutions."""
    faults = []
    for file, page in site_pages.items():
        for link in page.links:
            found = re.search(
                r"urlpath=lab/tree/([^?#]+)|colab\.research\.google\.com/github/[^/]+/[^/]+/blob/[^/]+/([^?#]+)", link
            )
            path = found and unquote(found[1] or found[2])
            if path and not (path.endswith(".ipynb") and (root / path).exists() and "source" not in Path(path).parts):
                faults.append(f"{file.relative_to(site)}: launches {path}")
    return faults

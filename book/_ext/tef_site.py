"""The Sphinx extension of the site: how chapters are executed, and which scripts a page carries."""

import json
import os
import sys
from pathlib import Path

from tefoundations.explore.engine.theme import DARK, LIGHT, template

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from address import ROOT, links
from notation import assembled, texts
from plain_markdown import restored


def with_address(app, config):
    """Point the buttons at the repository; its address stands in pyproject.toml alone, where to run in the bar of a page."""
    config.html_theme_options |= {
        "repository_url": links()["repository"],
        "repository_branch": "main",
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
    }


def with_bibliography(app, config):
    """Cite from the files of all parts, so that a new part needs no line in a configuration."""
    config.bibtex_bibfiles = [str(file) for file in sorted((ROOT / "book" / "references").glob("*.bib"))]


def with_notation(app, docname, source):
    """Put symbols and terms of all parts into the page of notation."""
    if docname == "book/notation":
        source[0] = assembled(source[0], texts())


def with_text(app, docname, source):
    """Give a chapter's notebook the roles and fences of its text again, which a plain notebook cannot show."""
    text = ROOT / "book" / f"{docname.removeprefix('notebooks/')}.md"
    if docname.startswith("notebooks/"):
        import jupytext
        import nbformat

        app.env.note_dependency(str(text))
        try:
            notebook = restored(nbformat.reads(source[0], as_version=4), jupytext.read(text))
        except ValueError as error:
            raise ValueError(f"{docname}.ipynb: {error}") from None
        source[0] = nbformat.writes(notebook)


def with_look(app, config):
    """Set the options of the theme that belong to the look."""
    config.html_theme_options |= {
        "logo": {"text": config.html_title or config.project, "alt_text": ""},  # the name stands beside the drawing
        "navbar_persistent": [],  # the sidebar has the search field; a second one would open a bar across the page
    }


def without_thebe(app, pagename, templatename, context, doctree):
    """Drop the scripts of thebe: they come twice on every page and would load from an outside host."""

    def wanted(file):
        body = (getattr(file, "attributes", None) or {}).get("body") or ""
        return "THEBE" not in body and "thebe" not in str(getattr(file, "filename", file) or "").lower()

    for key in ("script_files", "css_files"):
        context[key] = [file for file in context.get(key, []) if wanted(file)]


def with_figures(app, pagename, templatename, context, doctree):
    """Give pages with figures, and only those, the script that draws them and the colours it draws with."""
    if 'class="tef-explore"' not in context.get("body", ""):
        return
    looks = json.dumps({"light": template(LIGHT), "dark": template(DARK)}, separators=(",", ":"))
    app.add_js_file(None, body=f"window.tefTheme = {looks};")
    app.add_js_file("tef-explore.js", loading_method="defer")


def setup(app):
    """Register with Sphinx."""
    os.environ["TEF_STATIC"] = "1"  # kernels started by the build inherit it: figures become data, not widgets
    app.add_css_file("tef.css", priority=900)  # after the style sheets it changes
    app.add_css_file("tef-landing.css", priority=901)
    app.add_css_file("tef-phone.css", priority=902)
    app.add_css_file("tef-sort.css", priority=903)
    app.add_js_file("tef-theme.js", loading_method="defer")
    app.add_js_file("tef-sort.js", loading_method="defer")  # where a table asks for it: see tef_weight
    app.connect("config-inited", with_address)
    app.connect("config-inited", with_look)
    app.connect("config-inited", with_bibliography)
    app.connect("source-read", with_notation)
    app.connect("source-read", with_text)
    app.connect("html-page-context", with_figures)
    app.connect("html-page-context", without_thebe, priority=900)  # after thebe's own handler
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

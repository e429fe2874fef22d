"""What a page of the site carries: only what it uses, and the heavy parts after its first figure.

The theme brings its icons as a script of 1.5 MB and three fonts, though the book shows some twenty; and the search index
on every page. Here icons become a style sheet of masks, a page gets the scripts and sheets of an extension only where its
body asks for them, and formulas and menus come (tef-later.js) once the first figure stands.
"""

import re
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).resolve().parent
ICONS = HERE.parent / "_assets" / "vendor" / "icons"
# Part of a file's name -> what a page's body holds that needs it.
NEEDED_BY = {
    "sphinx-design": re.compile(r'class="[^"]*\bsd-'),
    "design-tabs": re.compile(r'class="[^"]*\bsd-tab'),
    "togglebutton": re.compile(r'class="[^"]*\b(?:toggle|dropdown)\b'),
    "clipboard": re.compile(r'class="highlight'),
    "copybutton": re.compile(r'class="highlight'),
    "tef-sort": re.compile(r'class="[^"]*\btef-sortable\b'),
    "mathjax/startup": re.compile(r"(?!)"),  # tef-later.js asks for it
}
FORMULAS = {
    "loader": {"load": ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]},
    "options": {"enableAssistiveMml": True},
}
MASKS = """\
:is(i, span)[class*="fa-"],
.admonition > .admonition-title::after {
  content: "" !important;
  display: inline-block;
  width: 1em;
  height: 1em;
  vertical-align: -0.125em;
  background: currentColor;
  -webkit-mask: var(--tef-icon) center / contain no-repeat;
  mask: var(--tef-icon) center / contain no-repeat;
}
.admonition > .admonition-title::after { height: 1em !important; margin-top: 0.3em !important; }
i.fa-lg { font-size: 1.25em; vertical-align: -0.075em; }
@media (forced-colors: active) {
  :is(i, span)[class*="fa-"], .admonition > .admonition-title::after { forced-color-adjust: none; background: ButtonText; }
}
"""
RULE = re.compile(r"[^{}]+\{[^{}]*\}")
# The drawing in the head of a box, by the kind of the box; the first holds for every other kind.
BOXES = {
    "circle-info": [""],
    "lightbulb": [".tip", ".hint"],
    "circle-right": [".seealso"],
    "pen": [".exercise", ".solution"],
    "triangle-exclamation": [".attention", ".caution", ".warning", ".danger", ".error", ".important"],
}
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
AWESOME = re.compile(r"(?<![\w-])\.(?:fa|fas|fab|far|fa-[\w-]+)(?![\w-])")


def icons():
    """The style sheet that draws each vendored icon in the colour of the text around it."""
    rules = [MASKS]
    for name in sorted((file.stem for file in ICONS.glob("*.svg")), key=lambda name: ([*BOXES, name].index(name), name)):
        drawing = re.sub(r"<!--.*?-->", "", (ICONS / f"{name}.svg").read_text(), flags=re.DOTALL)
        shown = quote(drawing, safe=chr(39) + " =/:;,+")
        places = [f".fa-{name}", *(f".admonition{kind} > .admonition-title::after" for kind in BOXES.get(name, []))]
        rules.append(f'{", ".join(places)} {{ --tef-icon: url("data:image/svg+xml,{shown}"); }}\n')
    return "/* Icons: Font Awesome Free, CC BY 4.0; see vendor/icons/LICENSE.txt. */\n" + "".join(rules)


def without_awesome(sheet):
    """A style sheet without the rules that are about the icon font alone."""

    def kept(rule):
        text = rule[0]
        selectors, block = text.rsplit("{", 1)
        about = all(AWESOME.search(part) for part in selectors.split(",")) or selectors.lstrip().startswith("@font-face")
        return (
            ""
            if about and ("--fa" in block or "content" in block or "Font Awesome" in block or AWESOME.search(text))
            else text
        )

    return RULE.sub(kept, sheet)


def only_for(sheet, words):
    """A style sheet without the rules for classes that are in none of the pages and scripts, whose words these are."""

    def kept(rule):
        selectors = re.sub(r":(?:not|has)\([^()]*\)", "", rule[0].rsplit("{", 1)[0])
        asked = [set(CLASS.findall(part)) for part in selectors.split(",")]
        return rule[0] if any(classes <= words for classes in asked) else ""

    return RULE.sub(kept, sheet)


def with_generated(app, config):
    """Write the sheet of icons where the build finds it, set what MathJax loads, and take our layout."""
    folder = Path(app.outdir).parent / "tef-assets"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tef-icons.css").write_text(icons())
    config.html_static_path.append(str(folder))
    config.templates_path.insert(0, str(HERE / "templates"))
    formulas = dict(config.mathjax3_config or {})
    formulas |= FORMULAS | {"options": formulas.get("options", {}) | FORMULAS["options"]}
    config.mathjax3_config = formulas


def only_what_is_used(app, pagename, templatename, context, doctree):
    """Drop scripts and sheets of extensions whose marks are not in the page."""
    body = context.get("body", "")

    def wanted(file):
        name = str(getattr(file, "filename", file) or "")
        return all(mark.search(body) for part, mark in NEEDED_BY.items() if part in name)

    for key in ("script_files", "css_files"):
        context[key] = [file for file in context.get(key, []) if wanted(file)]
    context["has_figures"] = 'class="tef-explore"' in body


def lighter_theme(app, exception):
    """Take out of the built site what the theme brought and no page asks for: the icon font, maps of sources."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    gone = [*static.glob("scripts/fontawesome.js*"), *static.rglob("*.map"), *static.glob("vendor/fontawesome/**/*")]
    for file in gone:
        if file.is_file():
            file.unlink()
    read = (
        file.read_text()
        for kind in ("*.html", "*.js")
        for file in Path(app.outdir).rglob(kind)
        if "vendor" not in file.parts
    )
    words = {word for text in read for word in re.findall(r"[A-Za-z_][\w-]*", text)}
    for sheet in (file for file in static.rglob("*.css") if not file.name.startswith("tef")):
        sheet.write_text(only_for(without_awesome(sheet.read_text()), words))


def setup(app):
    """Register with Sphinx."""
    app.add_css_file("tef-icons.css", priority=890)
    app.add_js_file("tef-later.js", loading_method="defer")
    app.connect("config-inited", with_generated)
    app.connect("html-page-context", only_what_is_used, priority=950)
    app.connect("build-finished", lighter_theme)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

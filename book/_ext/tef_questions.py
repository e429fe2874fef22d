"""The part of the site's extension that is for questions: their script and style, on the pages that ask any."""

BOXES = ('class="tef-questions ', 'class="tef-prediction ', 'class="tef-recall ')


def with_questions(app, pagename, templatename, context, doctree):
    """Give pages that ask something, and only those, the script that answers."""
    if any(box in context.get("body", "") for box in BOXES):
        app.add_css_file("tef-questions.css", priority=910)
        app.add_js_file("tef-questions.js", loading_method="defer")


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", with_questions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

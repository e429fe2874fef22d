"""What comes out: tables in the terminal, CSV files, and one HTML page that needs nothing but itself."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from tefoundations.errors import TEError
from tefoundations.words import columns_table, columns_text

ROWS = 50  # of a table in the terminal: a day of half hours fits
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
pre { white-space: pre-wrap; font: inherit; background: #f4f4f2; padding: .8rem 1rem; border-radius: 6px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd; } th:first-child, td:first-child { text-align: left; }
figure { margin: 1.5rem 0; } figcaption { color: #444; } footer { color: #555; margin-top: 3rem; }
"""  # noqa: E501
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>{style}</style></head>
<body><h1>{title}</h1>
{body}
<footer>Made by tefoundations. Nothing on this page comes from elsewhere.</footer></body>
</html>
"""


class Report:
    """A result in words, tables and figures, told in the terminal and written to a folder.

    Parameters
    ----------
    title : str
    words : str
        The result in words.
    """

    def __init__(self, title: str, words: str):
        self.title, self.words, self.tables, self.figures = title, words, {}, []

    def table(self, name, caption, frame):
        """Add a table; `name` is that of its CSV file."""
        self.tables[name] = (caption, frame)
        return self

    def figure(self, caption, drawn):
        """Add a figure of plotly."""
        self.figures.append((caption, drawn))
        return self

    def told(self):
        """The words and the tables, as text for a terminal."""
        parts = [self.words]
        for caption, frame in self.tables.values():
            parts.append(f"{caption}\n{columns_text(_columns(frame), most=ROWS)}")
        return "\n\n".join(parts)

    def write(self, folder):
        """Write each table as CSV, and report.html, all or none; the paths.

        Parameters
        ----------
        folder : pathlib.Path
            Made if it is not there.

        Returns
        -------
        list of pathlib.Path

        Raises
        ------
        TEError
            A folder or a file that cannot be written; names it.
        """
        texts = {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, (_, frame) in self.tables.items()}
        texts = {folder / name: text for name, text in {**texts, "report.html": self.page()}.items()}
        fresh = {path: path.with_name(f".{path.name}.new") for path in texts}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path in texts:
                if path.is_dir():
                    raise TEError(f"{path} is a folder, so that no file can bear this name; nothing is written")
            try:
                for path, text in texts.items():
                    fresh[path].write_text(text, encoding="utf-8", newline="")
                for path, new in fresh.items():
                    os.replace(new, path)
            finally:
                for new in fresh.values():
                    new.unlink(missing_ok=True)
        except (OSError, ValueError) as error:
            told = getattr(error, "strerror", None) or error
            raise TEError(f"{getattr(error, 'filename', None) or folder}: {told}") from error
        return list(texts)

    def page(self):
        """The HTML page; the drawing library is written into it once, with the first figure."""
        parts = [f"<pre>{escape(self.words)}</pre>"]
        for number, (caption, drawn) in enumerate(self.figures):
            inner = drawn.to_html(full_html=False, include_plotlyjs=not number, config={"displaylogo": False})
            parts.append(f"<figure>{inner}<figcaption>{escape(caption)}</figcaption></figure>")
        for caption, frame in self.tables.values():
            shown = columns_table(_columns(frame), "te-report", most=len(frame))
            parts.append(f'<h2>{escape(caption)}</h2><div class="wide" tabindex="0">{shown}</div>')
        return PAGE.format(title=escape(self.title), style=STYLE, body="\n".join(parts))


def _columns(frame):
    """{column: values}, with nothing where a number is none."""
    return {name: ["" if value != value else value for value in frame[name].tolist()] for name in frame}


def finished(report, folder):
    """Write a report where a folder is given, and tell it in the terminal: who reads on may stop at any line.

    Parameters
    ----------
    report : Report
    folder : pathlib.Path or None
    """
    written = [] if folder is None else report.write(Path(folder))
    print(report.told())
    if written:
        print("\nWritten: " + ", ".join(map(str, written)))

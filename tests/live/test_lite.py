"""JupyterLite: every learner's notebook under one flat name, on the site's engine, and no other host. No network is used."""

import json

import pytest

from tests.house.sources import ROOT, no, tool
from tests.live.releases import VERSION, Pip, engine, release, wheel, wheels

lite = tool("lite")
NAMES = lite.names()


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The notebooks as they lie in JupyterLite, by their names, and the listing of them."""
    out = tmp_path_factory.mktemp("lite")
    lite.write_notebooks(out)
    listed = json.loads((out / "api/contents/all.json").read_text())["content"]
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in (out / "files").iterdir()}, listed


def test_names_are_flat_and_do_not_collide():
    assert lite.flat("notebooks/markets/vcg") == "markets_vcg.ipynb"
    assert lite.flat("exercises/markets/vcg") == "exercises_markets_vcg.ipynb"
    assert len({lite.flat(name) for name in NAMES}) == len(NAMES) > 70 and not any("/source/" in name for name in NAMES)


def test_all_that_learners_open_is_there_and_listed_and_no_solution(opened):
    there, listed = opened
    assert set(there) == {lite.flat(name) for name in NAMES} == {entry["path"] for entry in listed}
    assert {entry["type"] for entry in listed} == {"notebook"}
    assert not any("BEGIN SOLUTION" in json.dumps(notebook) for notebook in there.values())
    assert not any(cell.get("outputs") for notebook in there.values() for cell in notebook["cells"])
    assert {notebook["metadata"]["kernelspec"]["name"] for notebook in there.values()} == {"python"}


def test_links_lead_to_the_flat_names_or_to_the_site(opened):
    there, _ = opened
    texts = {
        name: "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
        for name, notebook in there.items()
    }
    no(
        [
            f"{name}: {found[0]}"
            for name, text in texts.items()
            for found in lite.LINK.finditer(text)
            if found[1] not in there
        ]
    )
    assert "](markets_vcg.ipynb)" in texts["exercises_markets_vcg.ipynb"]
    assert f"]({lite.links()['pages']}book/mechanisms.html)" in texts["systems_transactive_day.ipynb"]


def test_a_link_that_leads_nowhere_is_told():
    cell = {"cell_type": "markdown", "source": ["[on](../grid/nowhere.ipynb#top)"]}
    with pytest.raises(SystemExit, match=r"notebooks/markets/vcg.ipynb: there is no ../grid/nowhere.ipynb"):
        lite.as_opened({"cells": [cell], "metadata": {}}, "notebooks/markets/vcg")


def test_the_first_cell_of_every_notebook_looks_for_the_package(opened):
    there, _ = opened
    first = {next("".join(c["source"]) for c in n["cells"] if c["cell_type"] == "code") for n in there.values()}
    assert len(first) == 1 and 'find_spec("tefoundations") is None' in first.pop()


def test_every_version_of_pyodide_has_its_jupyter_in_exact_versions():
    assert set(lite.PINNED) == set(lite.MORE) == set(engine.PINNED)
    for pinned in lite.PINNED.values():
        assert set(pinned) == {"jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab-widgets"}
        assert all(version.replace(".", "").isdigit() for version in pinned.values())


def test_the_workflow_lays_it_between_engine_and_site():
    steps = (ROOT / ".github/workflows/pages.yml").read_text()
    assert steps.index("make engine") < steps.index("make lite") < steps.index("make site")


@pytest.fixture
def pip(monkeypatch, tmp_path):
    pip = Pip(drawn=wheel("drawn", needs=["comm", "jupyterlab_widgets"]))
    monkeypatch.setattr(lite.wheels, "_pip", pip)
    monkeypatch.setattr(lite.wheels, "locked", lambda name: VERSION)
    monkeypatch.setattr(lite.engine, "CACHE", tmp_path / "cache")
    return pip


def test_the_kernels_packages_are_those_of_the_release_of_jupyter_and_of_pypi(tmp_path, pip):
    folder = release(tmp_path, {"shell": ["numpy", "paint"], "paint": [], "numpy": []})
    lock = json.loads(lite.engine.vendor.members((tmp_path / "core.tgz").read_bytes(), "made up", integrity(tmp_path))[LOCK])
    give, own = lite.engine.reader(str(folder), VERSION), {"comm": wheel("comm"), "nbformat": lite.stand_in()}
    made = lite.kernel_packages(["shell", "drawn", "nbformat"], {"numpy"}, own, lock["packages"], give)
    assert set(made) == {"shell", "paint", "drawn", "comm", "nbformat"} and pip.asked == ["drawn"]
    assert made["drawn"][0]["depends"] == ["comm"]  # its other half is in the page
    assert all(wheels.sha256(content) == entry["sha256"] for entry, content in made.values())
    (folder / made["paint"][0]["file_name"]).write_bytes(b"changed")
    with pytest.raises(SystemExit, match="the official lock file states"):
        lite.kernel_packages(["shell"], {"numpy"}, own, lock["packages"], give)


LOCK = "pyodide-lock.json"


def integrity(folder):
    return engine.vendor.integrity_of((folder / "core.tgz").read_bytes())


def test_what_stands_for_nbformat_is_a_whole_wheel():
    _, content = lite.stand_in()
    assert wheels.damaged(wheels.files_in(content)) == []


@pytest.fixture
def placed(tmp_path):
    """A site with an engine and JupyterLite, both of a few files."""
    site, folder = tmp_path / "site", tmp_path / "lite"
    live = site / "_static/live/engine"
    live.mkdir(parents=True)
    (folder / "kernel").mkdir(parents=True)
    (live / LOCK).write_text(json.dumps({"packages": {"numpy": {"file_name": "n.whl"}}}))
    about = {"loader": "pyodide.js", "wanted": ["pyodide_kernel"], "packages": {"pyodide-kernel": {"file_name": "k.whl"}}}
    (folder / "kernel/about.json").write_text(json.dumps(about))
    (folder / "kernel/k.whl").write_bytes(b"k")
    kernel = {f"{lite.KERNEL}:kernel": {"pipliteUrls": ["./all.json"]}}
    config = {"jupyter-config-data": {"baseUrl": "./", "litePluginSettings": kernel}}
    (folder / "jupyter-lite.json").write_text(json.dumps(config))
    lite.place(folder, site)
    return site


def test_in_the_site_it_runs_the_engine_that_is_there(placed):
    config = json.loads((placed / "lite/jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = config["litePluginSettings"][f"{lite.KERNEL}:kernel"]
    assert config["baseUrl"] == "./" and config["contentsAllJsonFile"] == "all.json"
    assert kernel["pyodideUrl"] == "./kernel/pyodide.js" and kernel["pipliteUrls"] == ["./all.json"]
    assert kernel["loadPyodideOptions"]["packages"] == ["numpy", "pyodide-kernel", "pyodide_kernel"]
    live = placed / "_static/live/engine"
    assert set(json.loads((live / lite.LOCK).read_text())["packages"]) == {"numpy", "pyodide-kernel"}
    assert (live / "k.whl").read_bytes() == b"k" and not (placed / "lite/kernel/k.whl").exists()
    assert set(json.loads((live / LOCK).read_text())["packages"]) == {"numpy"}  # pages load what they loaded
    assert (placed / "lite/files/markets_vcg.ipynb").is_file() and "://" not in lite.LOADER


def test_one_for_another_engine_is_left_out_and_said(tmp_path, monkeypatch, capsys):
    for name, version in (("engine/engine.json", "2.0"), ("lite/kernel/about.json", "1.0")):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(json.dumps({"version": version}))
    monkeypatch.setenv("TEF_ENGINE", str(tmp_path / "engine"))
    monkeypatch.setenv("TEF_LITE", str(tmp_path / "lite"))
    assert lite.lite_folder() is None and "for Pyodide 1.0, the engine is 2.0" in capsys.readouterr().out
    monkeypatch.setenv("TEF_ENGINE", str(tmp_path / "none"))
    assert lite.lite_folder() is None

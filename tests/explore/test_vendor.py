"""The vendored browser files are those that VENDOR.json lists."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "book/_assets/vendor"


@pytest.fixture
def vendor():
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools/vendor.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_have_their_recorded_hashes(vendor):
    assert vendor.changed() == []


def test_every_file_is_listed_and_has_a_licence_beside_it():
    packages = json.loads((VENDOR / "VENDOR.json").read_text())["packages"]
    listed = {name for package in packages for name in package["sha256"]}
    found = {str(p.relative_to(ROOT)) for p in VENDOR.rglob("*") if p.is_file() and p.name != "VENDOR.json"}
    assert found <= listed
    for package in packages:
        assert package["integrity"].startswith("sha512-") and package["licence"]
        assert any("LICENSE" in name for name in package["sha256"])


def test_a_changed_tarball_is_refused(vendor, monkeypatch):
    import io

    monkeypatch.setattr(vendor.urllib.request, "urlopen", lambda *a, **k: io.BytesIO(b"not the tarball"))
    with pytest.raises(SystemExit, match="axe-core 4: integrity is .* nothing was written"):
        vendor.tarball("axe-core", "4", "sha512-other")

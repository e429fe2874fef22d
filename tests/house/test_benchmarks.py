"""The benchmarks are not run by the tests; that they could be is tested: each names only what is still there."""

import importlib
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parents[1].glob("benchmarks/*.py"))
TIMED = [file.stem for file in FILES if not file.stem.endswith("_worker") and file.stem != "__init__"]


@pytest.mark.parametrize("name", TIMED)
def test_a_benchmark_can_be_loaded(name):
    assert callable(importlib.import_module(f"tests.benchmarks.{name}").main)

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.live.releases import engine as tool


@pytest.fixture(scope="session")
def engine():
    """The folder of an engine: that of TEF_ENGINE, as it is, or build/engine with this checkout's package.

    A whole one that is there is kept. Else the partial one is made, or left as it is where it is up to date, by one worker
    at a time. Nothing else here uses a network.
    """
    if "TEF_ENGINE" in os.environ:
        return Path(os.environ["TEF_ENGINE"]).resolve()
    out = ROOT / "build" / "engine"
    out.parent.mkdir(exist_ok=True)
    with open(ROOT / "build" / ".engine-lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if tool.whole(out) and not json.loads((out / "engine.json").read_text())["missing"]:
            tool.renew_book(out)
            return out
        command = [sys.executable, ROOT / "tools" / "engine.py", "--registries"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode and "cannot be had" in done.stderr:  # a registry that is out of reach is no fault of the book
        pytest.skip(done.stderr.strip())
    if done.returncode:
        pytest.fail(f"There is no engine, and none could be made:\n{done.stderr}", pytrace=False)
    return out

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.live.releases import engine as tool


@pytest.fixture(scope="session")
def engine():
    """The folder of an engine with this checkout's package: that of TEF_ENGINE, as it is, or build/engine.

    Where there is none it is made of what the registries have, once for all workers. Nothing else here uses a network.
    """
    if "TEF_ENGINE" in os.environ:
        return Path(os.environ["TEF_ENGINE"]).resolve()
    out = ROOT / "build" / "engine"
    out.parent.mkdir(exist_ok=True)
    with open(ROOT / "build" / ".engine-lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if tool.whole(out):
            tool.renew_book(out)
            return out
        command = [sys.executable, ROOT / "tools" / "engine.py", "--registries"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"There is no engine, and none could be made:\n{done.stderr}", pytrace=False)
    return out

"""The boundary around a submission's process, drawn by the operating system (bubblewrap, on Linux).

Inside there is the interpreter, what is installed beside it, this package without its exercises' references, the book's
data, and one small folder to write in. There is no other file, no network and no other process, so a submission that
gets past Python (machine code by `ctypes`, for instance) still finds nothing. Whether such a world can be had is decided
by trying: containers and some systems forbid it.
"""

import os
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import TemporaryFile

from tefoundations.data import data_path

PACKAGE = Path(__file__).resolve().parents[2]
INSIDE = "/submission/library"  # where the package is, inside
OWN = "/submission/own"  # and the one folder that can be written
ROOM = 64 << 20  # bytes of it
# Of the room of exercises only what asks and shows. All other files hold references, cases, or the grader.
OPEN_FILES = ("__init__.py", "kit", "grader/__init__.py", "grader/guard.py", "grader/syscalls.py", "grader/worker.py")
SYSTEM = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/nix/store", "/usr/share/zoneinfo")
SYSTEM_FILES = ("/etc/ld.so.cache",)
# Options that older bubblewraps do not know: tried with, then without.
FINER = (["--unshare-user", "--disable-userns"], [])
PROBE = """
import os, socket, sys
import numpy, tefoundations.exercises.grader.worker
assert not os.path.exists("/etc/passwd") and os.getcwd() == "/submission/own"
assert not os.path.exists(sys.argv[1]), "the registry of references is to be seen"
assert os.getpid() == 1 and [name for name in os.listdir("/proc") if name.isdigit()] == ["1"]
assert [name for _, name in socket.if_nameindex()] in ([], ["lo"])
print("inside")
"""


class Boundary:
    """A world of its own for one process.

    Parameters
    ----------
    bubblewrap : str
        The program.
    finer : list of str
        Options of it that not every version knows.
    """

    def __init__(self, bubblewrap, finer):
        self._program, self._finer = bubblewrap, finer

    def start(self, words, environment, hidden=(), **pipes):
        """Start Python inside, with these words after its name.

        Parameters
        ----------
        words : list of str
        environment : dict of str: str
        hidden : sequence of str
            Files and folders that are covered even if they lie below something that is shown.
        **pipes
            As for `subprocess.Popen`.

        Returns
        -------
        subprocess.Popen
            Ends with everything that was started inside.
        """
        options = [*self._finer, *_world(hidden)]
        # By a file and not as arguments: inside, /proc/1/cmdline would tell what is hidden, and where.
        with TemporaryFile() as file:
            file.write(b"\0".join(os.fsencode(option) for option in options) + b"\0")
            file.seek(0)
            number = file.fileno()
            command = [self._program, "--args", str(number), os.path.realpath(sys.executable), *words]
            inside = environment | {"PYTHONPATH": os.pathsep.join([INSIDE, *_packages()]), "PYTHONNOUSERSITE": "1"}
            return subprocess.Popen(command, env=inside, pass_fds=[number], start_new_session=True, **pipes)


@cache
def boundary():
    """The boundary that can be had here, or None; found out once, by trying."""
    program = which("bwrap") if sys.platform == "linux" else None
    for finer in FINER if program else ():
        found = Boundary(program, finer)
        try:
            process = found.start(
                ["-c", PROBE, str(PACKAGE / "exercises" / "registry.py")],
                {},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            said, _ = process.communicate(timeout=60)
        except (OSError, subprocess.SubprocessError):
            continue
        if process.returncode == 0 and said.strip() == b"inside":
            return found
    return None


def _world(hidden):
    """Options of bubblewrap: all namespaces new, no capability, and what is to be seen, nothing else."""
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "submission"]
    options += ["--as-pid-1"]  # else a first process of bubblewrap's own stands beside, whose memory can be written
    shown = [*SYSTEM, *_interpreter(), *_packages()]
    for path in dict.fromkeys(shown):
        if os.path.islink(path) and path in SYSTEM:  # /lib -> usr/lib, where /usr is merged
            options += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            options += ["--ro-bind", path, path]
    for file in (*SYSTEM_FILES, os.path.realpath(sys.executable)):
        options += ["--ro-bind-try", file, file]
    options += ["--ro-bind", str(PACKAGE), f"{INSIDE}/tefoundations", "--tmpfs", f"{INSIDE}/tefoundations/exercises"]
    for file in OPEN_FILES:
        options += ["--ro-bind", str(PACKAGE / "exercises" / file), f"{INSIDE}/tefoundations/exercises/{file}"]
    data = data_path("CHECKSUMS.sha256").parent
    if not data.is_relative_to(PACKAGE):  # in a checkout it lies beside the package
        options += ["--ro-bind", str(data), f"{INSIDE}/data"]
    covered = [f"{INSIDE}/tefoundations/exercises"]
    for path in (*(f"{folder}/tefoundations" for folder in _packages()), *map(os.path.realpath, hidden)):
        if any(Path(path).is_relative_to(folder) for folder in map(os.path.realpath, shown)) and os.path.exists(path):
            covered += [path] if os.path.isdir(path) else []
            options += ["--tmpfs", path] if os.path.isdir(path) else ["--ro-bind", os.devnull, path]
    options += ["--proc", "/proc", "--dev", "/dev", "--size", str(ROOM), "--tmpfs", OWN, "--chdir", OWN]
    for folder in (*covered, "/dev", "/"):
        options += ["--remount-ro", folder]
    return options


def _interpreter():
    """Folders of the interpreter itself: its library, and what it links to."""
    paths = sysconfig.get_paths()
    return [paths["stdlib"], paths["platstdlib"], os.path.join(sys.base_prefix, "lib")]


def _packages():
    """Folders of installed packages, in their order."""
    named = [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    return [path for path in dict.fromkeys(map(os.path.abspath, named)) if os.path.isdir(path)]

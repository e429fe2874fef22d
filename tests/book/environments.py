"""Environments of their own, made in seconds: what this environment has need not be installed again."""

import subprocess
import sys
import sysconfig

PURELIB = "import sysconfig; print(sysconfig.get_paths()['purelib'])"


def environment_below(folder, checkout=False):
    """A new virtual environment that finds the packages of this one.

    Parameters
    ----------
    folder : Path
    checkout : bool
        Whether it also finds the package itself, in the checkout to which this environment is tied.

    Returns
    -------
    Path
        Its Python.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    packages = subprocess.run([python, "-c", PURELIB], capture_output=True, text=True, check=True).stdout.strip()
    here = sysconfig.get_paths()["purelib"]
    with open(f"{packages}/below.pth", "w") as below:
        # A path in such a file brings its packages, and not what its own .pth files add: those tie the checkout.
        below.write(f"import site; site.addsitedir({here!r})\n" if checkout else f"{here}\n")
    return python

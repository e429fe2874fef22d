#!/usr/bin/env bash
# Make the environment: setup.sh VENV PYTHON. Installs exactly requirements.lock, then the package itself in place.
set -euo pipefail
venv=$1 python=$2

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
found=""
for candidate in "$python" python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then found=$candidate; break; fi
done
[ -n "$found" ] || { echo "Python 3.11 or newer is needed; $python is $("$python" -V 2>&1)." >&2; exit 1; }
python=$found

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    # Debian and Ubuntu ship the venv module as a package of its own.
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    command="apt-get install -y python$version-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && $command
    else
        echo "Python's venv module is missing. Run: sudo $command" >&2
        exit 1
    fi
fi

echo "Installing into $venv (about a minute and a half, once) ..."
rm -rf "$venv"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --progress-bar off -r requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

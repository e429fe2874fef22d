#!/usr/bin/env bash
# Renew requirements.lock: one file for Python 3.11 and newer on every platform. Needs uv (pip install uv).
# What is pinned stays unless pyproject.toml forbids it; pass --upgrade to move everything.
set -euo pipefail
build=$(mktemp)
printf 'hatchling\neditables\npip\n' >"$build"   # the package is built without isolation, so its builder is locked too
uv pip compile --universal --python-version 3.11.0 --extra grids --extra book --extra test --extra sweep --no-annotate --no-header \
    "$@" pyproject.toml "$build" --output-file requirements.lock
sed -i "1i # Exact versions of everything make installs; written by 'make lock', for Python 3.11 and newer." requirements.lock

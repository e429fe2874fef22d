#!/usr/bin/env bash
# Rebuild data/ in a throw-away environment with the libraries that only its scripts need, and show what changed.
set -euo pipefail
python=$1 env=$(mktemp -d)
trap 'rm -rf "$env"' EXIT
"$python" -m venv "$env"
"$env/bin/python" -m pip install --quiet --constraint requirements.lock ".[data]"
for script in data/*/build.py; do
    echo "$script"
    "$env/bin/python" "$script"
done
git diff --stat -- data

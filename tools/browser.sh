#!/usr/bin/env bash
# What the page tests need beside .venv: a browser ($CHROME, chromium or google-chrome), and the one system library that
# playwright's driver misses on a minimal Debian. What is missing is installed by apt if that is allowed; else the
# command is printed and the run fails. Page tests are never skipped.
set -euo pipefail
venv=$1

browser() {
    for name in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1 && return
    done
    return 1
}
driver() { "$venv/bin/python" -m playwright --version >/dev/null 2>&1; }

missing=()
browser || missing+=(chromium)
driver || missing+=(libatomic1)
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "The page tests need ${missing[*]}: installing ..."
    apt-get update -qq && apt-get install -y -qq "${missing[@]}" >/dev/null
fi
if ! browser || ! driver; then
    echo "The page tests need ${missing[*]}. Run: sudo apt-get install ${missing[*]}   (or set CHROME=/path/to/chrome)" >&2
    exit 1
fi

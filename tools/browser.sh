#!/usr/bin/env bash
# The browser for the page tests: $CHROME, chromium or google-chrome. Where none is there, Debian's is installed
# if that is allowed; else the command is printed and the run fails. Page tests are never skipped.
set -euo pipefail
for browser in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$browser" ] && command -v "$browser" >/dev/null && "$browser" --version >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "No browser found: installing Debian's chromium ..."
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null && command -v chromium >/dev/null && exit 0
fi
echo "The page tests need a browser. Run: sudo apt-get install chromium   (or set CHROME=/path/to/chrome)" >&2
exit 1

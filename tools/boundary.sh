#!/usr/bin/env bash
# What the grader's tests need beside .venv: bubblewrap, which draws a boundary around submissions. What is missing is
# installed by apt if that is allowed. Where there is none, the grader's other tests run, and those of the boundary are
# skipped with a word.
set -euo pipefail

command -v bwrap >/dev/null && exit 0
if [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "The grader's tests use bubblewrap: installing ..."
    (apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null) || true
fi
command -v bwrap >/dev/null || echo "No boundary is tested here. To test it: sudo apt-get install bubblewrap" >&2

"""Points of each exercise: `points.json`, written by ``make release`` from the source notebooks, where they stand."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("points.json")


@cache
def points_of():
    """Points by name of exercise."""
    return json.loads(FILE.read_text(encoding="utf-8"))

"""Where words stand in a picture: beside what they name, clear of lines and of each other."""

from __future__ import annotations

import numpy as np

# plotly's places of a text beside its point, the first preferred: across and up.
SIDES = {
    "top center": (0, 1), "bottom center": (0, -1), "middle right": (1, 0), "middle left": (-1, 0),
    "top right": (1, 1), "top left": (-1, 1), "bottom right": (1, -1), "bottom left": (-1, -1),
}  # fmt: skip
LETTER, ROW = 7.0, 20.0  # px: width of a letter and height of a row of the figures' font
AIR = 5.0  # px between words and the middle of a line, which may be that wide
TOUCH, DEEP = 50.0, 3.0  # words upon words: px of a line under them that are as bad, and px² as bad as one px more
ROUNDS = 6  # after that words may go on changing places


def beside(
    places: list[np.ndarray], words: list[str], radius: list[float], segments: np.ndarray, frame: tuple, taken: list
) -> list[tuple[int, str]]:
    """Return where each text stands, so that as little as can be runs under it.

    Texts are placed one after the other, then each once more beside all others, until none finds a better place; of two
    places as good the first one listed is taken.

    Parameters
    ----------
    places : (n,) list of (k, 2) float arrays
        Points that each text may stand beside (px), upwards and to the right, the preferred first.
    words : (n,) list of str
        The texts; `<br>` breaks a line.
    radius : (n,) list of float
        Distance of each text from its point (px).
    segments : (m, 2, 2) float array
        Lines of the picture by their ends (px).
    frame : (width, height)
        The picture (px), from the origin.
    taken : list of (4,) float arrays
        Boxes (left, bottom, right, top) that are occupied.

    Returns
    -------
    list of (int, str)
        Which of its points, and a key of `SIDES`.

    Examples
    --------
    A text above a point would lie on the line that leads up from it.

    >>> up = np.array([[[50.0, 50.0], [50.0, 90.0]]])
    >>> beside([np.array([[50.0, 50.0]])], ["town"], [10.0], up, (100.0, 100.0), [])
    [(0, 'bottom center')]
    """
    options = [_options(*item, segments, frame) for item in zip(places, words, radius)]
    chosen: list = [None] * len(words)
    for _ in range(ROUNDS):
        before = list(chosen)
        for i, (costs, boxes) in enumerate(options):
            others = [*taken, *(options[j][1][k] for j, k in enumerate(chosen) if j != i and k is not None)]
            low, high = np.split(np.array(others).reshape(-1, 4), 2, axis=1)
            shared = np.minimum(boxes[:, None, 2:], high) - np.maximum(boxes[:, None, :2], low)
            covered = np.maximum(shared, 0.0).prod(axis=2)
            chosen[i] = int((costs + (TOUCH * (covered > 0) + covered / DEEP).sum(axis=1)).round().argmin())
        if chosen == before:
            break
    return [(k // len(SIDES), list(SIDES)[k % len(SIDES)]) for k in chosen]


def _options(points, text, radius, segments, frame):
    """All boxes that a text may fill, and what lies under each (px of lines) or outside of the picture."""
    rows = text.split("<br>")
    size = np.array([LETTER * max(map(len, rows)), ROW * len(rows)])
    middle = np.asarray(points)[:, None] + np.array(list(SIDES.values())) * (radius + size / 2)
    low, high = (middle - size / 2).reshape(-1, 2), (middle + size / 2).reshape(-1, 2)
    along = (segments[:, 0] + np.linspace(0.0, 1.0, 101)[:, None, None] * (segments[:, 1] - segments[:, 0])).reshape(-1, 2)
    step = np.tile(np.hypot(*(segments[:, 1] - segments[:, 0]).T) / 100, 101)
    under = ((along > low[:, None] - AIR) & (along < high[:, None] + AIR)).all(axis=2)
    outside = np.maximum(0.0, np.hstack([-low, high - np.array(frame)])).sum(axis=1)
    return under @ step + outside, np.hstack([low, high])

"""What an inverter can give, active and reactive: a circle cut off by the sun, and its best point at two prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tefoundations.explore.engine.theme import DASH, MARKER, PRICE, REJECTED, ROLES, fade, figure
from tefoundations.inputs import number, positive

if TYPE_CHECKING:
    import plotly.graph_objects as go

CORNERS = 37  # of the drawn circle
ACROSS, UP = 2.15, 1.2  # ratings that the axes reach


def inverter_circle(rating: float, sun: float, p_price: float, q_price: float) -> go.Figure:
    """Draw what an inverter may give, and what earns most there.

    Parameters
    ----------
    rating : float
        Largest apparent output (MVA): the radius.
    sun : float
        Most active power there is (MW).
    p_price, q_price : float
        Prices ($/MWh, $/MVArh), not both 0.

    Returns
    -------
    plotly.graph_objects.Figure
        Five traces: the circle, what is possible, the direction of the prices, the outputs of the same income, and the best
        one. Both axes have one scale, and they stand still while anything but the rating changes.

    Raises
    ------
    InvalidInput
        A rating that is not positive, a negative sun, what is no number.

    Examples
    --------
    >>> drawn = inverter_circle(1.0, 2.0, 80, 60)
    >>> round(drawn.data[-1].x[0], 3), round(drawn.data[-1].y[0], 3)
    (0.8, 0.6)
    """
    rating = positive(rating, "rating", unit="(MVA)")
    sun = number(sun, "sun", least=0.0)
    price = np.array([number(p_price, "p_price"), number(q_price, "q_price")])
    best = best_output(rating, sun, price)
    turns = np.linspace(-np.pi / 2, np.pi / 2, CORNERS)
    circle = rating * np.column_stack([np.cos(turns), np.sin(turns)])
    possible = np.minimum(circle, [sun, np.inf])
    size = np.hypot(*price) or 1.0
    towards = rating * price / size if price[0] >= 0 else [0.0, 0.0]  # the axes show no negative output
    same = _within(best, np.array([-price[1], price[0]]) / size, rating)
    line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    traces = [
        line | {"name": "Rating", "showlegend": False, "line": {"color": REJECTED, "dash": DASH["rejected"], "width": 2}}
        | _points(circle),
        line | {"name": "Possible", "fill": "toself", "fillcolor": fade("demand"), "line": {"color": ROLES["demand"],
                "width": 2}} | _points(np.vstack([possible, possible[:1]])),
        line | {"name": "Prices", "showlegend": False, "line": {"color": PRICE, "dash": DASH["price"], "width": 2}}
        | _points(np.array([[0.0, 0.0], towards])),
        line | {"name": "Same income", "line": {"color": ROLES["supply"], "dash": DASH["supply"], "width": 3}}
        | _points(same),
        {"type": "scatter", "mode": "markers", "name": "Best", "x": [best[0]], "y": [best[1]],
         "marker": {"color": PRICE, "symbol": MARKER["price"], "size": 14}},
    ]  # fmt: skip
    across = {"range": [0, ACROSS * rating], "constrain": "domain", "dtick": rating / 2}
    up = {"range": [-UP * rating, UP * rating], "scaleanchor": "x", "constrain": "domain", "dtick": rating / 2}
    return figure(traces, "Active (MW)", "Reactive (MVAr)", xaxis=across, yaxis=up)


def best_output(rating, sun, price):
    """The output (MW, MVAr) that earns most at two prices; nothing of what is worth nothing."""
    p = min(max(rating * price[0] / (np.hypot(*price) or 1.0), 0.0), sun)
    return np.array([p, np.sign(price[1]) * np.sqrt(max(rating**2 - p**2, 0.0))])


def _within(point, direction, rating):
    """The piece of a line that the axes show, as two points."""
    low, high = np.array([0.0, -UP * rating]), np.array([ACROSS * rating, UP * rating])
    with np.errstate(divide="ignore", invalid="ignore"):
        cuts = np.sort(np.array([(low - point) / direction, (high - point) / direction]), axis=0)
    cuts = np.where(np.isfinite(cuts), cuts, [[-np.inf], [np.inf]])
    return np.clip(point + np.outer([cuts[0].max(), cuts[1].min()], direction), low, high)


def _points(points):
    return {"x": points[:, 0].tolist(), "y": points[:, 1].tolist()}

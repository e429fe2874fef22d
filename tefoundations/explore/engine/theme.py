"""The colours of the book, by role: the only place where a colour is decided.

The figures, the style sheet of the site (`book/_assets/tef.css`) and the logo use these values; a test compares them.
Each data colour has a contrast of at least 3:1 against both page backgrounds, so the same figure serves the light and
the dark page, and the five stay apart for readers with protanopia, deuteranopia or tritanopia. No figure tells two
things apart by colour alone: `DASH`, `MARKER` and `PATTERN` give the second sign.
"""

from tefoundations.inputs import instance

DEMAND = "#2463eb"  # buyers, bids, consumption
SUPPLY = "#de6a18"  # sellers, asks, generation
PRICE = "#a347b3"  # the price, and what is traded at it
OPERATOR = "#0e7f47"  # the market operator's budget; the grid, congestion rent
REJECTED = "#66707a"  # what is not traded; the past; a reference for comparison

ROLES = {"demand": DEMAND, "supply": SUPPLY, "price": PRICE, "operator": OPERATOR, "rejected": REJECTED}
DASH = {"demand": "solid", "supply": "8px,3px", "price": "dot", "operator": "dashdot", "rejected": "2px,3px"}
MARKER = {"demand": "circle", "supply": "square", "price": "diamond", "operator": "triangle-up", "rejected": "x"}
PATTERN = {"demand": "", "supply": "/", "price": "x", "operator": "-", "rejected": "."}

# The page itself: these differ between the two modes.
LIGHT = {
    "background": "#fdfcfa", "surface": "#f4f2ed", "border": "#d8d4ca", "grid": "#e6e2d9",
    "text": "#1d2530", "muted": "#525d6b", "link": "#1b4fc2", "link-hover": "#9c430a",
}  # fmt: skip
DARK = {
    "background": "#15191f", "surface": "#1f252d", "border": "#3d4652", "grid": "#2e3640",
    "text": "#dde2e8", "muted": "#a3adb9", "link": "#93b4ff", "link-hover": "#ffad73",
}  # fmt: skip

SANS = '"Source Sans 3", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
HEIGHT = 400  # px; every figure has the same height unless it says otherwise, so that nothing moves while a page loads


def fade(role, opacity=0.22):
    """Return the colour of a role as a see-through fill.

    Parameters
    ----------
    role : str
        A key of `ROLES`.
    opacity : float
        From 0 (invisible) to 1.

    Returns
    -------
    str
        A CSS colour.

    Examples
    --------
    >>> fade("demand", 0.5)
    'rgba(36, 99, 235, 0.5)'
    """
    red, green, blue = (int(ROLES[role][i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def filled(role):
    """Return the plotly marker of a bar: the colour of its role under the pattern of its role.

    Parameters
    ----------
    role : str
        A key of `ROLES`.

    Returns
    -------
    dict

    Examples
    --------
    >>> filled("supply")["pattern"]["shape"]
    '/'
    """
    lines = {"shape": PATTERN[role], "fillmode": "overlay", "fgcolor": "rgba(255, 255, 255, 0.55)", "size": 8}
    return {"color": ROLES[role], "line": {"color": ROLES[role], "width": 1.5}, "pattern": lines}


def template(page=LIGHT):
    """Return the look of a figure as a plotly template: a plain dict.

    Parameters
    ----------
    page : dict
        `LIGHT` or `DARK`.

    Returns
    -------
    dict
        Key `layout`, as plotly expects it.

    Examples
    --------
    >>> template(DARK)["layout"]["font"]["color"]
    '#dde2e8'
    """
    axis = {
        "gridcolor": page["grid"], "linecolor": page["muted"], "zerolinecolor": page["border"], "zerolinewidth": 1,
        "showline": True, "ticks": "outside", "tickcolor": page["muted"], "ticklen": 4, "automargin": True,
        "title": {"standoff": 8, "font": {"size": 15}},
    }  # fmt: skip
    return {
        "layout": {
            "colorway": list(ROLES.values()),
            "font": {"family": SANS, "size": 14, "color": page["text"]},
            "paper_bgcolor": page["background"],
            "plot_bgcolor": page["background"],
            "margin": {"l": 56, "r": 12, "t": 40, "b": 48},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "itemwidth": 30},
            "hoverlabel": {"bgcolor": page["surface"], "bordercolor": page["border"], "font": {"color": page["text"]}},
            "hovermode": "closest",
            "dragmode": False,  # a finger that scrolls the page must not zoom the figure
            "bargap": 0.25,
            "annotationdefaults": {"font": {"size": 14, "color": page["text"]}, "arrowcolor": page["muted"]},
            "xaxis": axis,
            "yaxis": axis,
        }
    }


def figure(traces, x_title, y_title, **layout):
    """Return a plotly figure of the given traces in the look of the book.

    Parameters
    ----------
    traces : list of dict
        Plotly traces (`type` scatter or bar).
    x_title, y_title : str
        Axis titles, with the unit in brackets.
    **layout
        Further entries of plotly's layout.

    Returns
    -------
    plotly.graph_objects.Figure

    Examples
    --------
    >>> figure([{"type": "bar", "x": ["a"], "y": [1]}], "Home", "Energy (kWh)").layout.yaxis.title.text
    'Energy (kWh)'
    """
    import plotly.graph_objects as go

    instance(x_title, str, "the title of the horizontal axis")
    instance(y_title, str, "the title of the vertical axis")
    drawn = go.Figure(data=traces, layout={"template": template(), "height": HEIGHT})
    return drawn.update_layout(xaxis_title_text=x_title, yaxis_title_text=y_title, **layout)

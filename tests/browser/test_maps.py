"""Pictures of networks as a browser draws them: arrows point where power goes, and no line runs under words."""

import base64
import json

import numpy as np
import pytest

from tefoundations.data import grid
from tefoundations.explore import network_map
from tefoundations.explore.engine.frames import frame
from tefoundations.explore.engine.theme import template
from tefoundations.grid import Network, ac_power_flow, dc_opf
from tests.browser.browse import opened
from tests.house.sources import ROOT, no

PLOTLY = ROOT / "book/_assets/vendor/plotly-basic.min.js"
FONT = base64.b64encode((ROOT / "book/_assets/vendor/fonts/source-sans-3-normal.woff2").read_bytes()).decode()
FACE = f'@font-face {{ font-family: "Source Sans 3"; src: url(data:font/woff2;base64,{FONT}); font-weight: 200 900 }}'
# Tip and tail of each arrow, the ends of each line and the boxes of the words, all in pixels of the window.
MEASURE = """async ([figure, width]) => {
  const plot = Object.assign(document.createElement("div"), { style: `width: ${width}px; height: 400px` });
  document.body.replaceChildren(plot);
  for (const weight of [400, 700]) await document.fonts.load(`${weight} 14px "Source Sans 3"`);
  await Plotly.newPlot(plot, figure.data, figure.layout, { displayModeBar: false });
  const on = (node, x, y) => { const p = new DOMPoint(x, y).matrixTransform(node.getScreenCTM()); return [p.x, p.y]; };
  const ends = (node) => [0, node.getTotalLength()].map((at) => node.getPointAtLength(at)).map(({ x, y }) => on(node, x, y));
  const arrows = [...plot.querySelectorAll(".trace.scatter path.point")].map((node) => {
    const numbers = node.getAttribute("d").match(/-?[\\d.]+/g).map(Number);
    return { corners: [0, 2, 4].map((i) => on(node, numbers[i], numbers[i + 1])), count: numbers.length };
  }).filter(({ count, corners: [tip, side] }) => count === 6 && Math.hypot(tip[0] - side[0], tip[1] - side[1]) > 1);
  const boxes = [...plot.querySelectorAll(".trace.scatter text")].map((node) => node.getBoundingClientRect())
    .map(({ left, top, right, bottom }) => [left, top, right, bottom]).filter(([left, , right]) => right > left);
  return { arrows: arrows.map(({ corners }) => corners), boxes,
           lines: [...plot.querySelectorAll("path.js-line")].map(ends) };
}"""


def cases():
    three, five = (Network.from_frames(**grid(name)) for name in ("three_bus", "pjm_five_bus"))
    feeder = Network.from_frames(**grid("feeder33"))
    turned = [-71.84, 75.53, -66.32]
    yield (
        "a triangle",
        network_map(three, value=[0, -20.58, -12.98], value_title="Angle (degrees)", flow=turned),
        turned,
        True,
    )
    d = dc_opf(five, limits={"D-E": 240})
    yield "five buses", network_map(five, value=d.lmp, flow=d.flow, flow_range=400), d.flow, True
    east, north = [-9, 22, 0, 9, 17, 31], [13, 29, 0, 15, 7, 11]
    buses = {"bus": ["dam", "ridge", "hub", "town", "works", "port"], "load": [0.0] * 6, "east": east, "north": north}
    ways = ["dam town", "hub works", "dam hub", "town works", "hub town", "ridge town", "ridge port", "works port"]
    lines = {"from_bus": [way.split()[0] for way in ways], "to_bus": [way.split()[1] for way in ways], "x": [1.0] * 8}
    valley = Network.from_frames(buses, lines | {"limit": [np.inf] * 8}, {"bus": ["dam"], "p_max": [9.0], "cost": [1.0]})
    flow, price, limit = [50, 46, 40, 28, 49, 9, 31, 14], [67.76, 88.35, 60, 82.3, 99.53, 95], [np.inf, 46] + [np.inf] * 6
    yield (
        "a valley",
        network_map(valley, value=price, value_title="Price", flow=flow, flow_range=60, limit=limit),
        flow,
        True,
    )
    f = ac_power_flow(feeder)
    yield "a feeder", network_map(feeder, value=f.voltage, flow=f.p_from, flow_range=8), f.p_from, False


@pytest.mark.parametrize("width", [700, 348])
@pytest.mark.parametrize(
    "name, drawn, flow, worded", list(cases()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_arrows_point_where_power_goes_and_words_are_clear_of_lines(browser, name, drawn, flow, worded, width):
    figure = frame(drawn)
    figure["layout"]["template"] = template()
    with opened(browser) as (page, faults):
        page.set_content("<!doctype html><body></body>")
        page.add_style_tag(content=FACE)
        page.add_script_tag(path=PLOTLY)
        seen = page.evaluate(MEASURE, [json.loads(json.dumps(figure)), width])
    lines = np.array(seen["lines"])
    assert len(lines) == len(flow) == len(seen["arrows"])
    wrong = []
    for corners, ends, power in zip(np.array(seen["arrows"]), lines, flow):
        tail = corners[1:].mean(axis=0)
        points, way = corners[0] - tail, (ends[1] - ends[0]) * np.sign(power)
        if points @ way < 0.99 * np.hypot(*points) * np.hypot(*way):
            wrong.append(f"{name}: an arrow on {ends.round().tolist()} points along {points.round(1).tolist()}")
        if np.hypot(*points) < 1.3 * np.hypot(*(corners[1] - corners[2])):
            wrong.append(f"{name}: an arrow as wide as long points nowhere")
    share = np.linspace(0, 1, 301)[:, None, None]
    along = (lines[:, 0] + share * (lines[:, 1] - lines[:, 0])).reshape(-1, 2)
    assert bool(seen["boxes"]) == worded
    for i, (left, top, right, bottom) in enumerate(seen["boxes"]):
        for x, y, end_x, end_y in seen["boxes"][:i]:
            if min(right, end_x) - max(left, x) > 3 and min(bottom, end_y) - max(top, y) > 4:
                wrong.append(f"{name}: words stand upon words at {left:.0f}, {top:.0f}")
        if ((along > [left, top + 3]) & (along < [right, bottom - 3])).all(axis=1).any():  # rows are higher than letters
            wrong.append(f"{name}: a line runs under the words at {left:.0f}, {top:.0f}")
    no([*faults, *wrong])

"""Use every control of a figure by keyboard, as a reader would, and look whether the drawing follows."""

import re

# What is drawn: the data plotly holds, and the shapes and words on the screen, each as a short sum of its text, for a
# browser takes longer to hand over a drawing than to make it. `at`: where a control stands, a CSS path of its node.
LOOK = """(figure, control) => {
  const sum = (text) => {  // FNV-1a over two halves of a number, 2 x 26 bits
    let a = 0x811c9dc5, b = 0xcbf29ce4;
    for (let i = 0; i < text.length; i++) {
      const sign = text.charCodeAt(i);
      a = Math.imul(a ^ sign, 16777619); b = Math.imul(b ^ (sign + i), 2246822519);
    }
    return `${text.length} ${a} ${b}`;
  };
  const plot = figure.querySelector(".tef-plot");
  const paths = [...plot.querySelectorAll(".cartesianlayer path")];
  const marks = [...paths, ...plot.querySelectorAll(".cartesianlayer text, .legendtext")]
    .map((node) => `${node.getAttribute("d") || node.textContent} ${node.getAttribute("transform") || ""}`);
  const { template, ...layout } = plot.layout;
  const node = control && figure.querySelector(control);
  const radios = () => [...node.closest("fieldset").querySelectorAll("input")];
  return { data: sum(JSON.stringify([plot.data, layout.xaxis?.range, layout.yaxis?.range, layout.annotations])),
           drawing: sum(marks.join("|")), looks: sum(paths.map((path) => path.getAttribute("style")).join("|")),
           text: figure.querySelector(".tef-text")?.textContent ?? "",
           at: !node ? null : node.type === "radio" ? radios().findIndex((radio) => radio.checked) : Number(node.value) };
}"""
CONTROLS = """(figure) => [...figure.querySelectorAll(".tef-controls :is(input[type=range], select, fieldset)")]
  .map((node) => ({ tag: node.tagName, id: (node.querySelector("input:checked") || node).id,
    label: (node.tagName === "FIELDSET" ? node.querySelector("legend")
      : figure.querySelector(`label[for="${node.id}"]`))?.textContent,
    states: node.tagName === "INPUT" ? Number(node.max) + 1
      : (node.tagName === "SELECT" ? node.options : node.querySelectorAll("input")).length }))"""
SEEN = {"data": ("data",), "drawing": ("drawing", "looks"), "sentence": ("text",)}
STEPS = 6  # of a slider, one by one: every further one goes the same way through the same code
AT = "(figure) => figure.querySelector('input[type=range]').value"
RUNNING = "[...window.tefTimers]"
# Write down where the keyboard comes: a control by its id, buttons and the summary by figure and word. Round once.
FOLLOW = """() => {
  const figures = [...document.querySelectorAll("figure.tef-explore")], stops = [];
  let first = null;
  const note = ({ target }) => {
    if (target === first) window.tefRound = true;
    first ??= target;
    const figure = target.closest("figure.tef-explore");
    stops.push(figure ? `${figures.indexOf(figure)} ${target.id || target.textContent}` : "elsewhere");
  };
  window.tefRound = false;
  document.addEventListener("focusin", note, true);
  window.tefStops = () => { document.removeEventListener("focusin", note, true); return stops; };
}"""


def shown(figure, control=None):
    return figure.evaluate(LOOK, control)


def until(page, figure, js, argument=None):
    """Wait until something holds in a figure; False if it does not come true within two seconds."""
    try:
        page.wait_for_function(
            f"([figure, argument]) => ({js})(figure, argument)", arg=[figure.element_handle(), argument], timeout=2000
        )
        return True
    except Exception:
        return False


def control_faults(page, figure, control, ends=False, most=STEPS):
    """One control: its keys move it through its states, or from first to last, and figure and text move with it.

    A slider goes `most` steps one by one, then to its end; what looks alike until there goes through all of them.
    """
    label, slider = control["label"], control["tag"] == "INPUT"
    if not label:
        return [f"control {control['id']} has no label"]
    figure.locator(f"[id='{control['id']}']").focus()
    group = f"[id^='{control['id'].rsplit('-', 1)[0]}-']" if control["tag"] == "FIELDSET" else f"[id='{control['id']}']"
    held = figure.element_handle()  # found once, not at every look
    forward, back = ("ArrowRight", "ArrowLeft") if slider else ("ArrowDown", "ArrowUp")
    for _ in range(control["states"]):
        page.keyboard.press("Home" if slider else back)
        views = [shown(held, group)]
        if views[0]["at"] == 0 or slider:
            break
    faults, last = [], control["states"] - 1
    if views[0]["at"] != 0:
        faults.append(f"{label}: {'Home' if slider else back} does not lead to the first state")
    for position in range(1, last + 1):
        if slider and (ends or position > most):
            break
        page.keyboard.press(forward)
        view = shown(held, group)
        if view["at"] != position:
            return [*faults, f"{label}: {forward} leads from state {position - 1} to {view['at']}"]
        if not ends or position == last:
            views.append(view)
    if slider:
        page.keyboard.press("End")
        views.append(shown(held, group))
        if views[-1]["at"] != last:
            faults.append(f"{label}: End does not lead to the last state")
    # Compared along the whole way: two states, the first and the last among them, may honestly look the same.
    alike = [words for words, keys in SEEN.items() if len({tuple(view[key] for key in keys) for view in views}) < 2]
    if alike and (ends or slider and most < last):
        return faults + control_faults(page, figure, control, most=last)
    return faults + [f"{label}: moves, but the {words} stays as it is" for words in alike]


def play_faults(page, figure):
    """Play runs through the states and stops when it is told to."""
    play = figure.locator(".tef-play")
    if not play.count():
        return []
    play.focus()
    before, timers = figure.evaluate(AT), page.evaluate(RUNNING)
    page.keyboard.press("Enter")
    moved = until(page, figure, f"(figure, before) => ({AT})(figure) !== before", before)
    faults = [] if moved and play.text_content() == "Pause" else ["Play does not start"]
    page.keyboard.press("Enter")
    stopped = play.text_content() == "Play" and page.evaluate(RUNNING) == timers
    return faults + ([] if stopped else ["Play does not stop"])


def reset_faults(page, figure, opening):
    """Reset brings back what the page opened with."""
    reset = figure.locator(".tef-reset")
    if not reset.count():
        return ["no Reset"] if figure.evaluate(CONTROLS) else []
    reset.focus()
    page.keyboard.press("Space")
    for _ in range(10):  # a busy machine draws a little later
        now = shown(figure)
        lost = [key for key in ("data", "drawing", "text") if now[key] != opening[key]]
        if not lost:
            break
        page.wait_for_timeout(100)
    return [f"Reset does not bring back the {key}" for key in lost]


def numbers_faults(page, figure):
    """'Show the numbers' opens by keyboard and holds numbers."""
    summary = figure.locator("summary")
    if not summary.count():
        return ["no table of numbers"]
    summary.focus()
    page.keyboard.press("Enter")
    filled = until(
        page, figure, "(figure) => figure.querySelector('details').open && figure.querySelectorAll('tbody td').length > 1"
    )
    page.keyboard.press("Enter")
    return [] if filled else ["'Show the numbers' shows none"]


def naming_faults(figure):
    """A screen reader hears what the drawing is, and what its state says."""
    plot, faults = figure.locator(".tef-plot"), []
    if plot.get_attribute("role") != "img" or len(plot.get_attribute("aria-label") or "") < 10:
        faults.append("the drawing has no role=img with a label")
    text = figure.locator(".tef-text")
    if figure.evaluate(CONTROLS) and not (text.count() and text.get_attribute("role") == "status"):
        faults.append("no sentence with role=status follows the controls")
    return faults


def figure_faults(page, figure):
    """All of the above on one figure, each control from the state the page opens with."""
    opening, faults = shown(figure), naming_faults(figure)
    for control in figure.evaluate(CONTROLS):
        faults += control_faults(page, figure, control)
        faults += reset_faults(page, figure, opening)
    return faults + play_faults(page, figure) + reset_faults(page, figure, opening) + numbers_faults(page, figure)


def end_faults(page, figure):
    """On one figure: each control goes to its first state and its last, and Reset brings back the opening."""
    opening, faults = shown(figure), naming_faults(figure)
    for control in figure.evaluate(CONTROLS):
        faults += control_faults(page, figure, control, ends=True) + reset_faults(page, figure, opening)
    return faults


def reach_faults(page):
    """Walk through the whole page by Tab: every control, button and table must be on the way."""
    # Blurring is not enough: the browser would go on from where the keyboard last stood.
    page.evaluate(
        "document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex'), scrollTo(0, 0)"
    )
    page.evaluate(FOLLOW)
    for _ in range(60):
        for _ in range(10):
            page.keyboard.press("Tab")
        if page.evaluate("window.tefRound"):
            break
    visited = page.evaluate("window.tefStops()")
    wanted = []
    for i, figure in enumerate(page.locator("figure.tef-explore").all()):
        wanted += [f"{i} {control['id']}" for control in figure.evaluate(CONTROLS)]
        buttons = figure.locator(".tef-buttons button:visible, summary")
        wanted += [f"{i} {words}" for words in buttons.all_text_contents()]
    on_the_way = list(dict.fromkeys(stop for stop in visited if stop in wanted))
    faults = [f"Tab does not reach {stop}" for stop in wanted if stop not in visited]
    return faults or ([] if on_the_way == wanted else ["Tab visits the controls in another order than they are shown"])


INK = "(figure) => getComputedStyle(figure.querySelector('.tef-plot svg text')).fill"


def ink_faults(page):
    """Figures whose words are dark in the dark."""
    inks = [figure.evaluate(INK) for figure in page.locator("figure.tef-explore").all()]
    dark = [sum(map(float, re.findall(r"[\d.]+", ink)[:3])) < 3 * 128 for ink in inks]
    return [f"figure {i}: its words are {ink} in the dark" for i, (ink, is_dark) in enumerate(zip(inks, dark), 1) if is_dark]


def colour_faults(page):
    """Figures whose words do not change with the theme's switch, or are not dark on white when printed."""
    figures = page.locator("figure.tef-explore").all()
    light = [figure.evaluate(INK) for figure in figures]
    for _ in range(3):  # the switch goes round: auto, light, dark
        if page.evaluate("document.documentElement.dataset.theme") != "dark":
            page.locator(".theme-switch-button:visible").first.click()
    dark = [figure.evaluate(INK) for figure in figures]
    faults = [f"figure {i}: stays {a} in the dark" for i, (a, b) in enumerate(zip(light, dark), 1) if a == b]
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for i, (figure, ink) in enumerate(zip(figures, light), 1):
        box = figure.locator(".tef-plot .main-svg").first.bounding_box()
        if not box or box["height"] < 100 or figure.evaluate(INK) != ink:
            faults.append(f"figure {i}: is not printed dark on white")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    return faults

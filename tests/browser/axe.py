"""What axe-core says of a page, and the contrast of words that axe leaves undecided."""

from pathlib import Path

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}  # what a colour scheme changes
SERIOUS = ("serious", "critical")
# axe files under "incomplete" what it will not judge. Three of its reasons say nothing against a text: it has one letter,
# or a sign outside the usual letters, or it is scrolled out of sight in a box, a table wider than a phone or the list of
# chapters. Words in a
# drawing it cannot judge, since an SVG has no background. Their contrast is measured below. Every other undecided
# contrast is a fault, text in the colour of its background among them.
MEASURED = ["shortTextContent", "nonBmp"]
DRAWN = ".tef-plot svg text"
KINDS = 2  # elements of each kind that are judged where a page is sampled
RUN = """async ([rules, measured, drawn, kinds]) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {  // the nearest box with a background of its own
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const contrast = (node) => {
    const style = getComputedStyle(node), back = behind(node), ink = rgba(node.closest("svg") ? style.fill : style.color);
    const seen = ink.slice(0, 3).map((v, i) => (v * ink[3] + back[i] * (255 - ink[3])) / 255);
    const [a, b] = [light(seen), light(back)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const faint = (node) => {
    if (!node.textContent.trim() || !node.getClientRects().length || contrast(node) >= 4.5) return [];
    return [`contrast ${contrast(node).toFixed(1)} of ${JSON.stringify(node.textContent.slice(0, 40))}`];
  };

  const scrolledAway = (node) => {
    const box = node.getBoundingClientRect();
    const beyond = (edge) => box.bottom > edge.bottom || box.top < edge.top;
    if (box.right > document.documentElement.clientWidth) return true;  // a page too wide is reported as such
    for (let outer = node.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      const edge = outer.getBoundingClientRect(), style = getComputedStyle(outer);
      if (/auto|scroll/.test(style.overflowX) && (box.right > edge.right || box.left < edge.left)) return true;
      if (/auto|scroll/.test(style.overflowY) && beyond(edge)) return true;
    }
    return false;
  };

  // One of a kind has the ink, the size and everything behind it of all others; what lies over it, a scheme does not change.
  const grounds = new Map([[document.documentElement.parentNode, ""]]);
  const ground = (node) => {
    if (!grounds.has(node)) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(node);
      const behind = /^rgb\\(/.test(backgroundColor) ? "" : ground(node.parentNode);
      grounds.set(node, `${backgroundColor} ${backgroundImage} ${opacity}|${behind}`);
    }
    return grounds.get(node);
  };
  const sample = (most) => {
    const seen = new Map();
    return [...document.querySelectorAll("body *")].filter((node) => {
      const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) || "value" in node;
      if (!words || !node.getClientRects().length || node.closest(".tef-plot svg")) return false;
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(node);
      const kind = [node.tagName, color, fontSize, fontWeight, textShadow, ground(node)].join(" ");
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      return seen.get(kind) <= most;
    });
  };

  const judged = kinds ? { include: sample(kinds) } : document;
  const found = await axe.run(judged, { runOnly: rules, resultTypes: ["violations", "incomplete"] });
  const element = (node) => document.querySelector(node.target.flat(9).at(-1));
  const say = (node) => `${node.target.flat(9).join(" ")} ${node.html.slice(0, 120)}`;
  const violations = found.violations.flatMap((rule) => rule.nodes
    .map((node) => [rule.impact, `${rule.impact} ${rule.id}: ${say(node)}`]));
  const unsure = found.incomplete.filter((rule) => rule.id === "color-contrast");
  const undecided = unsure.flatMap((rule) => rule.nodes).flatMap((node) => {
    const why = [...node.any, ...node.all].map((check) => check.data?.messageKey || "").join(" ").trim();
    if (element(node)?.closest(drawn)) return [];  // measured below, as is every word of every drawing
    const hidden = why.startsWith("elmPartiallyObscur") && scrolledAway(element(node));
    return measured.includes(why) || hidden ? faint(element(node)) : [`contrast undecided (${why}): ${say(node)}`];
  });
  const words = [...document.querySelectorAll(`${drawn}, ${drawn} tspan`)];
  return { violations, contrast: [...undecided, ...words.flatMap(faint)] };
}"""


def axe_faults(page, rules=RULES, kinds=0):
    """Serious violations, contrast that cannot be decided, and words in drawings that are hard to see.

    Where `kinds` is given, so many elements of each kind are judged: equal in ink, size and all that lies behind.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(RUN, [rules, MEASURED, DRAWN, kinds])
    return [words for impact, words in found["violations"] if impact in SERIOUS] + found["contrast"]

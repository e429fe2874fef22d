/* Makes questions answer back: radio buttons or a field, Check, and what is said to an answer.
   All words come from the HTML (written by tefoundations/explore/quiz/page.py), which reads well without this script.

   For others on the page:
   - `tef:answered` on document, detail {page, question, kind}: at each Check that judges, and when an answer is first shown.
     `page` is the path below the site's root, `question` counts the page's .tef-question from 1, `kind` is "right", "wrong"
     or "shown".
   - localStorage["tef:answers"]: page -> {question: kind}. "right" and "shown" are final, "wrong" is not.
   - localStorage["tef:predictions"]: name -> what was chosen or written, as text; `tef:predicted`, detail {name, said}. */
(() => {
  "use strict";
  const ANSWERS = "tef:answers", PREDICTIONS = "tef:predictions";

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  /* What the browser remembers; where it may not, it remembers nothing, and all else works. */
  function kept(key) {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && typeof found === "object" ? found : {};
    } catch { return {}; }
  }
  function keep(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window, full or forbidden */ }
  }

  function pagePath() {
    const root = new URL(document.documentElement.dataset.content_root || "./", location.href).pathname;
    return location.pathname.startsWith(root) ? location.pathname.slice(root.length) || "index.html" : location.pathname;
  }
  const page = pagePath();

  function record(question, kind) {
    const all = kept(ANSWERS), mine = all[page] || {};
    if (mine[question] !== "right" && mine[question] !== "shown") {
      keep(ANSWERS, { ...all, [page]: { ...mine, [question]: kind } });
    }
    document.dispatchEvent(new CustomEvent("tef:answered", { detail: { page, question, kind } }));
  }

  /* 7.5, 7,5, 1/4, 10:30; NaN for anything else. The same as `parsed` in quiz/items.py. */
  function parsed(text) {
    text = text.trim().replace(/\u2212/g, "-").replace(/,/g, ".");
    const sign = text.includes(":") ? ":" : "/";
    const parts = text.split(sign).map((part) => part.trim());
    if (parts.length > 2 || !parts.every((part) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(part))) return NaN;
    const [a, b] = parts.map(Number);
    const value = b === undefined ? a : sign === ":" ? a + b / 60 : a / b;
    return Number.isFinite(value) ? value : NaN;
  }
  const near = (entry, value, tolerance) => Math.abs(entry - value) <= tolerance + 1e-9 * Math.max(Math.abs(value), tolerance);

  const copies = (node) => [...node.childNodes].map((child) => child.cloneNode(true));
  const NO_NUMBER = "Write a number in digits, without a unit.", NO_CHOICE = "Choose one first.";
  const HEADS = { right: "✓ Right.", wrong: "✗ Not quite." };

  /* The place for an answer: {node, value()}; value is null where nothing was chosen or no number written. */
  function entry(box, asked, id) {
    asked.id = `${id}-asked`;
    const list = box.querySelector(".tef-options");
    if (list) {
      const options = [...list.children].map((option, i) => {
        const radio = make("input", { type: "radio", name: id, id: `${id}-${i}`, value: i });
        return make("label", { for: radio.id }, radio, make("span", {}, ...copies(option)));
      });
      const group = make("div", { class: "tef-radios", role: "radiogroup", "aria-labelledby": asked.id }, ...options);
      list.replaceWith(group);
      const chosen = () => options.find((option) => option.querySelector("input").checked);
      return {
        node: group, empty: NO_CHOICE, words: () => chosen().textContent, value: () => (chosen() ? options.indexOf(chosen()) : null),
        set: (said) => options.forEach((option) => { if (option.textContent === said) option.querySelector("input").checked = true; }),
      };
    }
    const hint = box.querySelector(".tef-hint");
    hint.id = `${id}-hint`;
    const field = make("input", {
      type: "text", inputmode: "decimal", autocomplete: "off", id, size: 8, "aria-labelledby": asked.id, "aria-describedby": hint.id,
    });
    const line = make("div", { class: "tef-field" }, field, make("span", { "aria-hidden": "true" }, box.dataset.unit || ""));
    hint.before(line);
    return {
      node: line, empty: NO_NUMBER, words: () => field.value.trim(),
      value: () => { const read = parsed(field.value); return Number.isNaN(read) ? null : read; },
      set: (said) => { field.value = said; },
    };
  }

  /* What is said to an answer: [kind, nodes]; `place` holds the reasons. */
  function verdict(box, place, value) {
    if (box.dataset.kind === "choice") {
      const reason = place.querySelector(`[data-option="${value}"] > span`);
      return [String(value) === box.dataset.right ? "right" : "wrong", copies(reason)];
    }
    const tolerance = Number(box.dataset.tolerance), right = Number(box.dataset.value);
    if (near(value, right, tolerance)) return ["right", copies(place.querySelector("p:not([data-slip]) > strong + span"))];
    const slip = [...place.querySelectorAll("[data-slip]")].find((one) => near(value, Number(one.dataset.slip), tolerance));
    const words = slip ? copies(slip.querySelector("span")) : [value > right ? "Your number is too high." : "Your number is too low."];
    return ["wrong", words];
  }

  function say(status, kind, ...words) {
    status.dataset.kind = kind || "";
    status.replaceChildren(...(kind in HEADS ? [make("strong", {}, HEADS[kind]), " "] : []), ...words);
  }

  /* Enter in a field or on a radio button does what the button does. */
  function onEnter(node, act) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      act();
    });
  }

  function question(box, count) {
    const details = box.querySelector("details");
    details.addEventListener("toggle", () => {
      if (!details.open || details.dataset.seen) return;
      details.dataset.seen = "yes";
      record(count, "shown");
    });
    if (box.dataset.kind === "think") return;
    const given = entry(box, box.querySelector(".tef-asked"), `tef-question-${count}`);
    const status = make("p", { class: "tef-verdict", role: "status" });
    const check = make("button", { type: "button", class: "tef-check" }, "Check");
    const judge = () => {
      const value = given.value();
      if (value === null) return say(status, "", given.empty);
      const [kind, words] = verdict(box, details, value);
      say(status, kind, ...words);
      record(count, kind);
    };
    check.addEventListener("click", judge);
    onEnter(given.node, judge);
    details.before(make("div", { class: "tef-buttons" }, check), status);
  }

  function prediction(box, count) {
    const given = entry(box, box.querySelector(".tef-asked"), `tef-prediction-${count}`);
    const status = make("p", { class: "tef-verdict", role: "status" });
    const button = make("button", { type: "button", class: "tef-keep" }, "Keep my prediction");
    const before = kept(PREDICTIONS)[box.dataset.name];
    const unit = box.dataset.unit ? ` ${box.dataset.unit}` : "";
    if (typeof before === "string") {
      given.set(before);
      if (given.value() !== null) say(status, "kept", `Kept from before: ${before}${unit}.`);
    }
    const commit = () => {
      if (given.value() === null) return say(status, "", given.empty);
      const said = given.words(), name = box.dataset.name;
      keep(PREDICTIONS, { ...kept(PREDICTIONS), [name]: said });
      say(status, "kept", `Kept: ${said}${unit}. The end of the chapter takes it up again.`);
      document.dispatchEvent(new CustomEvent("tef:predicted", { detail: { name, said } }));
    };
    button.addEventListener("click", commit);
    onEnter(given.node, commit);
    box.querySelector(".tef-commit").after(make("div", { class: "tef-buttons" }, button), status);
  }

  function recall(box) {
    const status = make("p", { class: "tef-verdict", role: "status" });
    box.querySelector(".tef-asked").after(status);
    const unit = box.dataset.unit ? ` ${box.dataset.unit}` : "";
    const others = [...box.querySelectorAll("p[data-option]:not([data-right]), p[data-slip]")];
    const tell = (said) => {
      const option = [...box.querySelectorAll("[data-option]")].find((one) => one.querySelector(".tef-option").textContent === said);
      const value = box.dataset.kind === "choice" ? option && option.dataset.option : parsed(String(said));
      const known = typeof said === "string" && value !== undefined && !Number.isNaN(value);
      others.forEach((one) => { one.hidden = known; });
      if (!known) return say(status, "", "You have kept no prediction at the head of this chapter.");
      const [kind, words] = verdict(box, box, value);
      // What is right is told once more right below; here it is enough that it was.
      say(status, kind, ...(kind === "right" ? [`You predicted: ${said}${unit}.`] : [`You predicted: ${said}${unit}. `, ...words]));
    };
    tell(kept(PREDICTIONS)[box.dataset.name]);
    document.addEventListener("tef:predicted", ({ detail }) => { if (detail.name === box.dataset.name) tell(detail.said); });
  }

  function start() {
    document.querySelectorAll(".tef-question").forEach((box, i) => question(box, i + 1));
    document.querySelectorAll(".tef-prediction").forEach((box, i) => prediction(box, i + 1));
    document.querySelectorAll(".tef-recall").forEach(recall);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/* One cell of a page that is run: its editor, its buttons, what it gave. */
import { kept, note } from "./kept.js";

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export function button(words, act, attributes = {}) {
  const node = make("button", { type: "button", ...attributes }, words);
  node.addEventListener("click", act);
  return node;
}

const OLD = "older than the change above";
const seconds = (ms) => (ms < 950 ? `${Math.max(1, Math.round(ms / 10)) / 100} s` : `${(ms / 1000).toFixed(1)} s`);

export class Cell {
  /* `told` is {id, source, hidden, check}; `node` is the cell's box on the page, none for a hidden one. */
  constructor(page, told, number, node) {
    Object.assign(this, { page, told, number, node, source: told.source, fresh: false });
    if (!node) return;
    this.box = node.querySelector(".cell_input");
    const mine = this.box && (kept("tef:edits")[page.name] || {})[told.id];
    if (!mine || typeof mine.source !== "string") return;
    this.source = mine.source;
    this.moved = mine.from !== told.source; // the book has changed this cell since it was edited
  }

  /* Put an editor in the place of the printed code. A text area: keyboard, screen reader and phone know it. */
  open() {
    if (!this.node) return;
    this.out = this.node.querySelector(".cell_output");
    if (!this.out) this.node.append(this.out = make("div", { class: "cell_output docutils container" }));
    if (!this.box) return; // its code is not shown, what it gives is
    this.editor = make("textarea", {
      class: "tef-editor", spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off", wrap: "off",
      "aria-label": `Code of cell ${this.number}`, "aria-describedby": "tef-keys",
    });
    this.editor.value = this.source;
    this.high();
    this.editor.addEventListener("input", () => this.changed());
    this.editor.addEventListener("keydown", (event) => this.key(event));
    const act = this.told.check ? "Check" : "Run";
    const of = (word) => ({ "aria-label": `${word} cell ${this.number}` });
    const buttons = [button(act, () => this.page.upTo(this), { class: "tef-do", ...of(act) })];
    if (this.told.check) buttons.push(button("Hint", () => this.page.upTo(this, { hint: true }), of("Hint for")));
    this.back = button("Reset", () => this.reset(), of("Reset"));
    this.state = make("span", { class: "tef-state" });
    this.box.replaceChildren(this.editor, make("div", { class: "tef-cell-bar" }, ...buttons, this.back,
      make("span", { class: "tef-number" }, `Cell ${this.number}`), this.state));
    this.say(this.moved ? "yours; the book has changed this cell since" : this.edited() ? "yours, kept in this browser" : "");
  }

  edited() { return this.source !== this.told.source; }

  say(words) {
    if (!this.state) return;
    this.state.textContent = words;
    this.back.hidden = !this.edited();
  }

  high() { this.editor.rows = Math.max(this.source.split("\n").length, 1); }

  changed() {
    this.source = this.editor.value;
    this.high();
    this.fresh = false;
    this.page.below(this).forEach((cell) => cell.outdate());
    this.say(this.edited() ? "changed" : "");
    note("tef:edits", this.page.name, this.told.id, this.edited() ? { source: this.source, from: this.told.source } : undefined);
  }

  /* Something above was changed after this was run. */
  outdate() {
    if (this.fresh) this.say(OLD);
    this.fresh = false;
  }

  reset() {
    this.editor.value = this.told.source;
    this.changed();
    this.editor.focus();
  }

  key(event) {
    const insert = (text) => { event.preventDefault(); document.execCommand("insertText", false, text); };
    if (event.key === "Enter" && (event.shiftKey || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.page.upTo(this);
    } else if (event.key === "Enter" && !event.isComposing) {
      const line = this.editor.value.slice(0, this.editor.selectionStart).split("\n").at(-1);
      insert("\n" + line.match(/^ */)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : ""));
    } else if (event.key === "Escape") {
      this.leaving = true; // the next Tab goes on to the buttons, as a keyboard must be able to
      return;
    } else if (event.key === "Tab" && !event.shiftKey && !this.leaving) insert("    ");
    if (event.key !== "Shift") this.leaving = false;
  }

  /* Run it; `hint` asks its check for a hint. Gives whether it came to its end. */
  async run(python, hint = false) {
    this.say("running");
    const began = performance.now();
    const source = hint ? this.source.replace(/\)\s*$/, ", hint=True)") : this.source;
    const { outputs, failed } = await python.ask("run", { source, number: this.number });
    this.fresh = !failed;
    this.say(failed ? "failed" : seconds(performance.now() - began));
    if (this.out && !(this.asks() && !failed)) this.show(outputs, python);
    else if (failed) this.page.say(`A hidden cell failed: ${outputs.at(-1).words}`);
    return !failed;
  }

  /* Whether it shows a question of the book, which answers without Python and keeps what was chosen. */
  asks() { return !this.box && this.out.querySelector(".tef-question, .tef-prediction") !== null; }

  show(outputs, python) {
    this.out.replaceChildren(...outputs.map((output) => {
      if (output.kind === "error") return this.error(output);
      if (output.kind === "text") return this.printed(output.text, "text_plain");
      const node = make("div", { class: "output text_html" });
      node.innerHTML = output.html;
      const ask = output.figure === undefined ? undefined : (places) => python.ask("state", { figure: output.figure, places });
      node.querySelectorAll("figure.tef-explore").forEach((figure) => this.page.draw(figure, ask));
      if (output.exercise) this.page.checked(output.exercise, output.state);
      return node;
    }));
  }

  printed(text, kind) {
    const columns = /^\s*\S.*\S {2,}\S/m.test(text) ? " tef-columns" : "";
    return make("div", { class: `output ${kind}${columns}` }, make("div", { class: "highlight" }, make("pre", {}, text)));
  }

  /* What went wrong and in which line; the whole way to it is there for who wants it. */
  error({ words, cell, line, text }) {
    const where = cell === this.number ? `Line ${line}: ` : cell ? `Line ${line} of cell ${cell}: ` : "";
    const way = make("details", {}, make("summary", {}, "The way to it"), this.printed(text, "tef-way"));
    return make("div", { class: "output tef-error", role: "alert" }, make("p", {}, make("strong", {}, where), words), way);
  }
}

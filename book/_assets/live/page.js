/* A page that its reader runs: the bar, the order of its cells, what is kept and taken home. Loaded by tef-live.js when the
   reader asks for it; the cells, hidden ones too, stand in pages/<page>.json (written by book/_ext/tef_live.py). */
import { button, Cell, make } from "./cell.js";
import { kept, note, today } from "./kept.js";
import { Python } from "./python.js";

const here = import.meta.url.replace(/[^/]*$/, "");
const KEYS = "Shift and Enter run the cell. Tab indents; after Escape, Tab leaves the editor.";

/* Whoever presses Stop has not seen an error. */
class Stopped extends Error {}

class Page {
  constructor(told, tools) {
    Object.assign(this, { told, tools, name: told.page, drawn: 0 });
    this.cells = told.cells.map((cell, k) => new Cell(this, cell, k + 1, document.querySelector(`[data-cell="${cell.id}"]`)));
  }

  /* Editors in the place of code, and our buttons below those of the page. */
  open() {
    document.documentElement.dataset.code = "all"; // what is edited must be seen, whatever was chosen for reading
    document.body.classList.add("tef-is-live");
    this.words = make("span", { class: "tef-words", role: "status" });
    this.loads = make("progress", { max: this.told.bytes, value: 0, "aria-label": "Loading Python" });
    this.all = button("Run all", () => this.upTo(this.cells.at(-1), { again: false }), { class: "tef-all" });
    this.halt = button("Stop", () => this.stop(), { class: "tef-stop" });
    this.bar = make("div", { class: "tef-live", role: "group", "aria-label": "This page, run" }, this.all, this.halt,
      this.anew(), button("Download as notebook", () => this.take(), { class: "tef-take" }), this.loads, this.words);
    this.tools.after(this.bar, make("p", { class: "tef-keys", id: "tef-keys" }, KEYS));
    this.cells.forEach((cell) => cell.open());
    this.busy(false);
  }

  /* Asks twice: what a reader wrote is gone for good. */
  anew() {
    const node = button("Reset page", () => {
      if (node.textContent === "Reset page") {
        node.textContent = "Really reset all cells";
        setTimeout(() => { node.textContent = "Reset page"; }, 4000);
        return;
      }
      node.textContent = "Reset page";
      this.end("Everything is as in the book; the next run starts Python anew.");
      this.cells.filter((cell) => cell.editor && cell.edited()).forEach((cell) => { cell.editor.value = cell.told.source; cell.changed(); });
    }, { class: "tef-anew" });
    return node;
  }

  say(words) { this.words.textContent = words; }

  busy(yes) {
    this.running = yes;
    this.all.disabled = yes;
    this.halt.disabled = !yes && !this.python;
  }

  below(cell) { return this.cells.slice(this.cells.indexOf(cell) + 1); }

  /* Start Python where it does not run. */
  async wake() {
    if (this.python) return this.ready;
    this.loads.hidden = false;
    this.say(`Loading Python: ${Math.round(this.told.bytes / 1e6)} MB, once for all pages.`);
    this.python = new Python((bytes) => { this.loads.value = Math.min(bytes, this.told.bytes); });
    this.cells.forEach((cell) => cell.outdate());
    const python = this.python;
    this.ready = python.ask("start", { packages: this.told.packages }).then(
      (times) => { this.times = times; this.say(`Python is ready after ${((times.boot + times.packages) / 1000).toFixed(1)} s.`); },
      (error) => { if (this.python === python) this.python = undefined; throw error; },
    ).finally(() => { this.loads.hidden = true; });
    return this.ready;
  }

  /* Run a cell after all above it that have not run since they, or one above them, were changed: what is shown is always what
     the page as it stands gives, read from the top. `again`: the cell itself runs also where nothing has changed. */
  async upTo(cell, { hint = false, again = true } = {}) {
    if (this.running) return this.say("Something runs; Stop ends it.");
    this.busy(true);
    try {
      await this.wake();
      for (const one of this.cells.slice(0, this.cells.indexOf(cell) + 1)) {
        if (one.fresh && !(again && one === cell)) continue;
        if (!(await this.timed(one, one.run(this.python, hint && one === cell)))) {
          return this.say(`Cell ${one.number} failed${one === cell ? "" : ", so those below were not run"}.`);
        }
      }
      this.say("Done.");
    } catch (error) {
      if (!(error instanceof Stopped) && error.message !== this.why) this.say(`Python could not go on: ${error.message}`);
    } finally {
      this.busy(false);
    }
  }

  /* Say which cell runs; of one that takes long, for how long it has, so that its reader knows when to press Stop. */
  async timed(cell, run) {
    const words = `Running cell ${cell.number} of ${this.cells.length}`, began = performance.now();
    this.say(`${words} ...`);
    const clock = setInterval(() => this.say(`${words}, ${Math.round((performance.now() - began) / 1000)} s so far ...`), 5000);
    return run.finally(() => clearInterval(clock));
  }

  stop() { this.end("Stopped. What you wrote is kept; the next run starts Python anew."); }

  end(why) {
    this.why = why;
    if (this.python) this.python.end(why);
    this.python = undefined;
    this.cells.forEach((cell) => { if (cell.state && cell.state.textContent === "running") cell.say("stopped"); cell.outdate(); });
    this.say(why);
    this.busy(false);
  }

  /* Draw a figure that a cell has made, and let it ask for its states. */
  draw(node, ask) {
    this.explore ||= window.tefDraw ? Promise.resolve() : new Promise((done, failed) => {
      window.tefTheme ||= this.told.theme;
      const script = make("script", { src: `${here}../tef-explore.js` });
      Object.assign(script, { onload: done, onerror: () => failed(new Error("figures cannot be drawn")) });
      document.head.append(script);
    });
    this.explore.then(() => window.tefDraw(node, `tef-live-${++this.drawn}`, ask), (error) => this.say(error.message));
  }

  /* A check has spoken: "correct" is remembered, and a sheet on which all are is solved. */
  checked(exercise, state) {
    if (state !== "correct") return;
    const page = `${this.name}.html`;
    note("tef:checked", page, exercise, (kept("tef:checked")[page] || {})[exercise] || today());
    const own = kept("tef:checked")[page] || {};
    const asked = this.cells.map((cell) => (cell.told.source.match(/^check\("([^"]+)"/) || [])[1]).filter(Boolean);
    const box = document.querySelector(".tef-solved input");
    if (box && !box.checked && asked.every((name) => own[name])) box.click();
  }

  /* The page as a notebook, with what its reader wrote. */
  async take() {
    const notebook = await (await fetch(`${here}../../_sources/${this.name}.ipynb`)).json();
    const mine = new Map(this.cells.map((cell) => [cell.told.id, cell.source]));
    for (const cell of notebook.cells) {
      if (cell.cell_type !== "code") continue;
      Object.assign(cell, { source: mine.get(cell.id) ?? cell.source, outputs: [], execution_count: null });
    }
    const address = URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" }));
    make("a", { href: address, download: `${this.name.split("/").at(-1)}.ipynb` }).click();
    URL.revokeObjectURL(address);
    this.say("The notebook was written to your downloads, with what you wrote in it.");
  }
}

/* Make the page live. */
export async function live(start, tools) {
  const look = make("link", { rel: "stylesheet", href: `${here}tef-live.css` });
  const styled = new Promise((done) => { look.onload = look.onerror = done; });
  document.head.append(look);
  const asked = await fetch(`${here}pages/${start.dataset.page}.json`);
  if (!asked.ok) throw new Error("the cells of this page were not found");
  await styled;
  const page = new Page(await asked.json(), tools);
  page.open();
  start.remove();
  page.all.focus();
  window.tefLive = page;
  await page.wake().catch((error) => page.say(`Python could not be started here: ${error.message}`));
  page.busy(false);
}

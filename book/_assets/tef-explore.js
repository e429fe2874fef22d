/* Draws every <figure class="tef-explore"> from the JSON inside it (written by tefoundations/explore/engine/page.py).
   The data hold one whole frame, `base`, and for each state of the controls what differs from it.
   `window.tefTheme` (two plotly templates, light and dark) is put on the page by book/_ext/tef_site.py.
   `window.tefDraw(node, id, ask)` draws a figure that came later; with `ask`, a promise of the frame for the positions of the
   controls, Python stands behind it and the page has only its first state. */
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const root = document.documentElement;
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function theme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches;
    return window.tefTheme[dark ? "dark" : "light"];
  }

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  function loadPlotly() {
    return new Promise((done, failed) => {
      const amd = window.define; // require.js, where present, would swallow plotly
      window.define = undefined;
      const script = make("script", { src: here + "vendor/plotly-basic.min.js" });
      script.onload = () => { window.define = amd; done(); };
      script.onerror = () => { window.define = amd; failed(new Error("plotly could not be loaded")); };
      document.head.append(script);
    });
  }

  /* The frame of one state: the base with its differences; [path, value] sets an entry, [path] removes it. */
  function frame(data, state) {
    const result = structuredClone(data.base);
    for (const [path, ...value] of data.frames[state]) {
      const last = path[path.length - 1];
      const target = path.slice(0, -1).reduce((node, key) => node[key], result);
      if (value.length) target[last] = value[0];
      else delete target[last];
    }
    return result;
  }

  const last = (words) => words.trim().split("\n").at(-1);

  class Figure {
    constructor(node, id, ask) {
      this.id = id;
      this.node = node;
      this.ask = ask;
      this.data = JSON.parse(node.querySelector("script").textContent);
      this.plot = node.querySelector(".tef-plot");
      this.text = node.querySelector(".tef-text");
      this.box = node.querySelector(".tef-controls");
      this.controls = this.data.controls.map((control, i) => this.control(control, `${id}-${i}`));
      if (this.controls.length) this.buttons();
      if (this.text) {
        this.text.id = `${id}-text`;
        this.plot.setAttribute("aria-describedby", this.text.id);
      }
      this.table = make("div", { class: "tef-numbers", tabindex: "0", role: "region", "aria-label": "The numbers of the figure" });
      this.details = make("details", {}, make("summary", {}, "Show the numbers"), this.table);
      this.details.addEventListener("toggle", () => this.numbers());
      (this.text || this.plot).after(this.details);
    }

    /* One control: {get, set}, both in positions. A slider, or for few short options radio buttons, else a list. */
    control({ label, kind, values, first }, id) {
      const changed = () => { this.pause(); this.update(); };
      if (kind === "choice" && values.length <= 4 && values.join("").length <= 44) {
        const radios = values.map((value, i) => make("input", { type: "radio", name: id, id: `${id}-${i}`, value: i }));
        const labels = radios.map((radio, i) => make("label", { for: radio.id }, radio, values[i]));
        const group = make("fieldset", {}, make("legend", {}, label), make("div", {}, ...labels));
        group.addEventListener("change", changed);
        this.box.append(group);
        const set = (i) => { radios[i].checked = true; };
        set(first);
        return { first, set, get: () => radios.findIndex((radio) => radio.checked) };
      }
      const slider = kind === "slider";
      const input = slider
        ? make("input", { type: "range", min: 0, max: values.length - 1, step: 1, id })
        : make("select", { id }, ...values.map((value, i) => make("option", { value: i }, value)));
      const output = make("output", { for: id, "aria-live": "off" }); // the slider itself speaks its value
      output.hidden = !slider;
      const set = (i) => {
        input.value = i;
        if (slider) { output.value = values[i]; input.setAttribute("aria-valuetext", values[i]); }
      };
      input.addEventListener("input", () => { set(Number(input.value)); changed(); });
      this.box.append(make("div", { class: slider ? "tef-slider" : "tef-choice" }, make("label", { for: id }, label), input, output));
      set(first);
      return { first, set, slider, label, get: () => Number(input.value), last: values.length - 1 };
    }

    buttons() {
      const row = make("div", { class: "tef-buttons" });
      const moving = this.controls.find((control) => control.slider && control.last > 0);
      if (moving) {
        this.play = make("button", { type: "button", class: "tef-play" }, "Play");
        this.play.addEventListener("click", () => (this.timer ? this.pause() : this.start(moving)));
        const calm = () => { this.play.hidden = still.matches; if (still.matches) this.pause(); };
        still.addEventListener("change", calm);
        calm();
        row.append(this.play);
      }
      const reset = make("button", { type: "button", class: "tef-reset" }, "Reset");
      reset.addEventListener("click", () => {
        this.pause();
        this.controls.forEach((control) => control.set(control.first));
        this.update();
      });
      const copy = make("button", { type: "button", class: "tef-copy" }, "Copy link");
      copy.addEventListener("click", () => this.copy(copy));
      row.append(reset, copy);
      this.box.append(row);
    }

    /* A link to this state, as #figure-2?day=winter&step=14; it shows the figure as the reader sees it now. */
    link() {
      const state = new URLSearchParams();
      this.data.controls.forEach(({ name, keys, values }, i) => state.set(name, (keys || values)[this.controls[i].get()]));
      return `${location.href.split("#")[0]}#${this.node.id}?${state}`;
    }

    async copy(button) {
      const link = this.link();
      history.replaceState(null, "", link); // where nothing may be copied, the address bar has it
      const copied = navigator.clipboard ? await navigator.clipboard.writeText(link).then(() => true, () => false) : false;
      button.textContent = copied ? "Link copied" : "Link is in the address bar";
      clearTimeout(this.said);
      this.said = setTimeout(() => { button.textContent = "Copy link"; }, 3000);
    }

    /* Take the state that the address names; what it does not name, or names wrongly, stays as it is. */
    follow(address) {
      const [id, words] = address.replace(/^#/, "").split("?");
      if (id !== this.node.id || words === undefined) return;
      const state = new URLSearchParams(words);
      this.pause();
      this.data.controls.forEach(({ name, keys, values }, i) => {
        const place = (keys || values).indexOf(state.get(name));
        if (place >= 0) this.controls[i].set(place);
      });
      this.update();
      this.node.scrollIntoView({ block: "start" });
    }

    start(control) {
      if (control.get() === control.last) control.set(0);
      else control.set(control.get() + 1);
      if (this.text) this.text.setAttribute("aria-live", "off"); // not a sentence a second; the last one is spoken
      this.play.textContent = "Pause";
      this.timer = setInterval(() => {
        if (control.get() === control.last) return this.pause();
        control.set(control.get() + 1);
        this.update();
      }, Math.max(600, Math.min(1200, 24000 / control.last))); // time enough to read a sentence
      this.update();
    }

    pause() {
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = undefined;
      this.play.textContent = "Play";
      if (!this.text) return;
      const words = this.text.textContent;
      this.text.setAttribute("aria-live", "polite");
      this.text.textContent = "";
      requestAnimationFrame(() => { if (!this.text.textContent) this.text.textContent = words; });
    }

    update() {
      if (this.ask && this.now) return this.later();
      const state = this.controls.reduce((sum, control, i) => sum * this.data.controls[i].values.length + control.get(), 0);
      this.show(frame(this.data, this.ask ? 0 : state));
    }

    /* Ask for the state of the controls. While one is computed only the last that was asked for meanwhile waits. */
    async later() {
      this.wanted = this.controls.map((control) => control.get());
      if (this.asking) return;
      this.asking = true;
      this.plot.setAttribute("aria-busy", "true");
      while (this.wanted) {
        const places = this.wanted;
        this.wanted = undefined;
        await this.ask(places).then((now) => this.show(now), (error) => this.show({ ...this.now, text: `No answer: ${last(error.message)}` }));
      }
      this.plot.removeAttribute("aria-busy");
      this.asking = false;
    }

    show(now) {
      this.now = now;
      if (this.text && this.text.textContent !== now.text) this.text.textContent = now.text;
      this.draw();
      this.numbers();
    }

    draw() {
      if (!window.Plotly || !this.now) return;
      // The page says how high a drawing is, which on a phone is less than the figure asks for.
      const { height, ...layout } = { ...this.now.layout, template: theme(), autosize: true };
      // plotly writes into what it is given: it gets a copy
      window.Plotly.react(this.plot, structuredClone(this.now.data), layout, { responsive: true, displayModeBar: false });
    }

    /* The text alternative: every point of every named trace, as a table. Built only while it is open. A trace whose
       places mean nothing, as on a map, brings its rows of name and value along as customdata; so does one whose points
       have names, as the orders of a curve, and says how many rows there are. */
    numbers() {
      if (!this.details.open || !this.now) return;
      const { data, layout } = this.now;
      const title = (axis) => (layout[axis] && layout[axis].title && layout[axis].title.text) || axis[0];
      const say = (value) => (value === null || value === undefined ? "–" : String(value).replace(/^-/, "−"));
      const bodies = data.filter((trace) => trace.name || trace.type === "bar" || data.length === 1).map((trace) => {
        const ys = trace.y || [], xs = trace.x || ys.map((_, i) => i);
        const given = trace.customdata && trace.customdata.slice(0, trace.meta ? trace.meta.rows : undefined);
        const pairs = given || xs.map((x, i) => [x, ys[i]]);
        const rows = pairs.map(([x, y]) => make("tr", {}, make("th", { scope: "row" }, say(x)), make("td", {}, say(y))));
        const name = make("tr", {}, make("th", { scope: "rowgroup", colspan: 2 }, trace.name || "Values"));
        return rows.length ? make("tbody", {}, name, ...rows) : "";
      });
      const heads = ["xaxis", "yaxis"].map((axis) => make("th", { scope: "col" }, title(axis)));
      this.table.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...heads)), ...bodies));
    }
  }

  let plotly;
  window.tefDraw = async (node, id, ask) => {
    node.id = node.id || id;
    const figure = new Figure(node, id, ask);
    figure.update();
    await (window.Plotly || (plotly ||= loadPlotly()));
    figure.draw();
    figure.plot.classList.add("tef-drawn");
    const redraw = () => (node.isConnected ? figure.draw() : looks.disconnect());
    const looks = new MutationObserver(redraw);
    looks.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    systemDark.addEventListener("change", redraw);
  };

  function start() {
    const nodes = [...document.querySelectorAll("figure.tef-explore")];
    if (!nodes.length) return;
    const figures = nodes.map((node, i) => {
      node.id = node.id || `figure-${i + 1}`;
      return new Figure(node, `tef-${i + 1}`);
    });
    figures.forEach((figure) => figure.update());
    const follow = () => figures.forEach((figure) => figure.follow(location.hash));
    addEventListener("hashchange", follow);
    follow();
    const redraw = () => figures.forEach((figure) => figure.draw());
    const ready = document.fonts ? document.fonts.ready : Promise.resolve();
    Promise.all([loadPlotly(), ready]).then(async () => {
      for (const figure of figures) { // one at a time, so that a long page stays responsive
        figure.draw();
        figure.plot.classList.add("tef-drawn");
        if (figure === figures[0]) document.dispatchEvent(new Event("tef:drawn")); // formulas are set from now on
        await new Promise((next) => setTimeout(next));
      }
    }).catch(() => figures.forEach((figure) => {
      figure.plot.textContent = "The drawing could not be loaded; its numbers are below.";
      figure.details.open = true;
      document.dispatchEvent(new Event("tef:drawn"));
    }));
    new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
    systemDark.addEventListener("change", redraw);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

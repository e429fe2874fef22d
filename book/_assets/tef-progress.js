/* The page Your progress: what this browser remembers (tef-way.js, tef-questions.js, live/kept.js), to read, to take along, to delete. */
(() => {
  "use strict";
  const KEYS = ["tef:visited", "tef:solved", "tef:answers", "tef:predictions", "tef:checked", "tef:edits"];
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const plain = (found) => Boolean(found) && typeof found === "object" && !Array.isArray(found);
  const kept = (key) => {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return plain(found) ? found : {};
    } catch { return {}; }
  };

  const mark = (done, words) => make("span", done ? { class: "tef-done" } : {}, words);
  const day = (found) => (typeof found === "string" ? found : "");

  /* What the browser remembers of an entry of the list. */
  function marks(entry) {
    const page = entry.dataset.page, sheet = entry.querySelector("[data-sheet]")?.dataset.sheet;
    const { questions = 0, predictions = [] } = window.tefBook[page] || {};
    const said = [];
    if (page.startsWith("notebooks/")) {
      const visited = day(kept("tef:visited")[page]);
      said.push(mark(visited, visited ? `opened ${visited}` : "not opened yet"));
    }
    if (predictions.length) {
      const made = predictions.some((name) => typeof kept("tef:predictions")[name] === "string");
      said.push(mark(made, made ? "prediction kept" : "no prediction yet"));
    }
    if (questions) {
      const mine = kept("tef:answers")[page], answers = plain(mine) ? Object.values(mine) : [];
      const right = answers.filter((one) => one === "right").length;
      const told = `${answers.length} of ${questions} questions answered${answers.length ? `, ${right} right` : ""}`;
      said.push(mark(answers.length >= questions, told));
    }
    const own = sheet || (page.startsWith("exercises/") && page);
    if (own) {
      const solved = day(kept("tef:solved")[own]);
      const mine = kept("tef:checked")[own], correct = plain(mine) ? Object.keys(mine).length : 0;
      const { checks = 0 } = window.tefBook[own] || {};
      if (correct && !solved) said.push(mark(false, `${correct} of ${checks} checks correct`));
      said.push(mark(solved, solved ? `exercises solved ${solved}` : "exercises not solved yet"));
    }
    return make("p", { class: "tef-marks" }, ...said);
  }

  function show(place, status, words = "") {
    place.querySelectorAll(".tef-marks, .tef-count").forEach((old) => old.remove());
    for (const list of place.querySelectorAll(".tef-progress-list")) {
      const chapters = [...list.children].filter(({ dataset }) => dataset.page.startsWith("notebooks/"));
      const opened = chapters.filter(({ dataset }) => day(kept("tef:visited")[dataset.page])).length;
      list.previousElementSibling.append(make("span", { class: "tef-count" }, `: ${opened} of ${chapters.length} opened`));
      for (const entry of list.children) entry.append(marks(entry));
    }
    status.textContent = words;
  }

  function start() {
    const place = document.getElementById("tef-progress");
    if (!place || !window.tefBook) return;
    const status = make("p", { role: "status" });
    const button = (words, act) => {
      const made = make("button", { type: "button" }, words);
      made.addEventListener("click", act);
      return made;
    };
    const file = make("input", { type: "file", accept: "application/json,.json", id: "tef-import" });
    file.addEventListener("change", async () => {
      try {
        const brought = JSON.parse(await file.files[0].text());
        if (!plain(brought) || !KEYS.some((key) => plain(brought[key]))) throw new Error("none of ours");
        for (const key of KEYS) {
          if (plain(brought[key])) localStorage.setItem(key, JSON.stringify({ ...kept(key), ...brought[key] }));
        }
        show(place, status, "Taken over.");
      } catch { status.textContent = "This file was not written by this page; nothing was changed."; }
      file.value = "";
    });
    const tools = make("div", { class: "tef-tools tef-progress-tools" },
      button("Export", () => {
        const all = Object.fromEntries(KEYS.map((key) => [key, kept(key)]));
        const link = make("a", { href: URL.createObjectURL(new Blob([JSON.stringify(all, null, 1)], { type: "application/json" })), download: "my-progress.json" });
        link.click();
        URL.revokeObjectURL(link.href);
        status.textContent = "Written to my-progress.json.";
      }),
      button("Delete all", (event) => {
        if (event.target.dataset.sure) {
          try { KEYS.forEach((key) => localStorage.removeItem(key)); } catch { /* what may not be kept is not there */ }
          delete event.target.dataset.sure;
          event.target.textContent = "Delete all";
          show(place, status, "Deleted.");
        } else {
          event.target.dataset.sure = "yes";
          event.target.textContent = "Really delete all";
        }
      }),
      make("label", { for: "tef-import" }, "Import", file));
    place.before(tools, status);
    show(place, status);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

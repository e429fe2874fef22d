/* The page Your progress: what this browser remembers (tef-way.js, tef-questions.js), to read, to take along, to delete. */
(() => {
  "use strict";
  const KEYS = ["tef:visited", "tef:solved", "tef:answers", "tef:predictions"];
  const root = document.documentElement.dataset.content_root || "../";
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

  function chapter({ page, title, minutes, sheet, needs, questions }) {
    const visited = kept("tef:visited")[page], solved = sheet && kept("tef:solved")[sheet];
    const answers = Object.values(kept("tef:answers")[page] || {});
    const right = answers.filter((one) => one === "right").length;
    const said = [`${minutes} minutes`, visited ? `opened ${visited}` : "not opened yet"];
    if (questions) said.push(`${answers.length} of ${questions} questions answered${answers.length ? `, ${right} right` : ""}`);
    if (sheet) said.push(solved ? `exercises solved ${solved}` : "exercises not solved yet");
    if (needs.length) said.push(`builds on ${needs.join(", ")}`);
    return make("li", {}, make("a", { href: root + page }, title), make("br"), make("small", {}, `${said.join("; ")}.`));
  }

  function show(place, status, words = "") {
    const parts = window.tefBook.flatMap(({ part, chapters }) => {
      const visited = chapters.filter(({ page }) => kept("tef:visited")[page]).length;
      const head = make("h2", {}, `${part}: ${visited} of ${chapters.length} opened`);
      return [head, make("ul", { class: "tef-progress-list" }, ...chapters.map(chapter))];
    });
    place.replaceChildren(...parts);
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
    const tools = make("div", { class: "tef-tools" },
      button("Export", () => {
        const all = Object.fromEntries(KEYS.map((key) => [key, kept(key)]));
        const link = make("a", { href: URL.createObjectURL(new Blob([JSON.stringify(all, null, 1)], { type: "application/json" })), download: "my-progress.json" });
        link.click();
        URL.revokeObjectURL(link.href);
        status.textContent = "Written to my-progress.json.";
      }),
      button("Delete all", (event) => {
        if (event.target.dataset.sure) {
          KEYS.forEach((key) => localStorage.removeItem(key));
          delete event.target.dataset.sure;
          event.target.textContent = "Delete all";
          show(place, status, "Deleted.");
        } else {
          event.target.dataset.sure = "yes";
          event.target.textContent = "Really delete all";
        }
      }),
      make("label", { for: "tef-import" }, "Import "), file);
    place.before(tools, status);
    show(place, status);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

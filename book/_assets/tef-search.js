/* Ranks and shows what a reader asks of the book. The index comes from book/_ext/tef_search.py: pages with their kind, title
   and sections, and terms with the page that is their home. */
(() => {
  "use strict";
  const KIND = { chapter: 1, exercises: 0.55, package: 0.45, page: 0.5 };
  const CALLED = { chapter: "chapter", exercises: "exercises", package: "package", page: "" };
  const SHOWN = 30;

  /* Words of a text: small letters, no accents, plurals as singulars; a name with underscores counts as one word too. */
  const stem = (word) => word.length < 4 || /(ss|us|is)$/.test(word) ? word
    : word.replace(/ies$/, "y").replace(/(x|ch|sh|ss)es$/, "$1").replace(/s$/, "");
  const bare = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/['’]s\b/g, "");
  const words = (text) => (bare(text).match(/[\p{L}\p{N}_]+/gu) || []).flatMap((word) =>
    word.includes("_") ? [word, ...word.split("_").filter(Boolean).map(stem)] : [stem(word)]);
  const phrase = (text) => ` ${words(text).join(" ")} `;

  function prepare({ pages, terms }) {
    const seen = new Map(); // word -> number of pages that have it
    for (const page of pages) {
      page.heads = page.sections.map(([title]) => phrase(title));
      page.texts = page.sections.map(([, , text]) => phrase(text));
      page.name = phrase(page.title);
      page.names = page.sections.map(([title]) => title);
      for (const word of new Set([page.name, ...page.heads, ...page.texts].join(" ").split(" "))) {
        seen.set(word, (seen.get(word) || 0) + 1);
      }
    }
    const rare = (word) => Math.log(1 + pages.length / (1 + (seen.get(word) || 0)));
    return { pages, rare, terms: terms.map(([asked, page, meaning]) => ({ key: phrase(asked), asked, page, meaning })) };
  }

  const times = (text, word) => text.split(` ${word} `).length - 1;

  /* How well a section answers: each word by how rare it is and how often it stands there, more in a heading; the words
     beside each other count again. */
  function section(page, i, asked, whole, rare) {
    let score = 0;
    for (const word of asked) {
      const often = times(page.texts[i].replaceAll(" ", "  "), word);
      score += rare(word) * (often / (often + 2) + (page.heads[i].includes(` ${word} `) ? 1.5 : 0));
    }
    if (asked.length > 1 && page.texts[i].includes(whole)) score += asked.length;
    if (page.heads[i].includes(whole)) score += 2 * asked.length;
    return score;
  }

  function found({ pages, rare, terms }, query) {
    const sheets = /\b(exercises?|sheets?)\b/i.test(query);
    const asked = [...new Set(words(sheets ? query.replace(/\b(exercises?|sheets?)\b/gi, "") : query))];
    if (!asked.length) return [];
    const whole = phrase(sheets ? query.replace(/\b(exercises?|sheets?)\b/gi, "") : query);
    const homes = terms.filter(({ key }) => key === whole);
    const inside = terms.filter(({ key }) => key !== whole && (whole.includes(key) || key.includes(whole)));
    const results = pages.map((page) => {
      const scores = page.sections.map((_, i) => section(page, i, asked, whole, rare));
      const best = scores.indexOf(Math.max(...scores));
      const all = [page.name, ...page.heads, ...page.texts].join(" ");
      const has = asked.filter((word) => all.includes(` ${word} `)).length / asked.length;
      let score = scores[best] + 0.25 * scores.reduce((sum, one) => sum + Math.min(one, 4), 0) / Math.sqrt(scores.length);
      score += asked.reduce((sum, word) => sum + (page.name.includes(` ${word} `) ? 3 * rare(word) : 0), 0);
      score *= KIND[page.kind] * has * has * (sheets && page.kind === "exercises" ? 6 : 1);
      if (page.name === whole) score += 12;
      if (!sheets && homes.some((term) => term.page === page.page)) score += 40;
      else if (!sheets && inside.some((term) => term.page === page.page)) score += 6;
      // A name of the package, written as it is written there, is looked for there.
      const named = page.kind === "package" ? page.names.findIndex((name) => name === query.trim() && /[_A-Z(]/.test(name)) : -1;
      if (named >= 0) score += 60;
      const term = homes.find((one) => one.page === page.page && one.meaning);
      return { page, score, place: named >= 0 ? named : best, term };
    });
    return results.filter(({ score }) => score > 0.3).sort((a, b) => b.score - a.score);
  }

  /* The words around the first place where a text has one of the words asked, those marked. */
  function excerpt(text, asked) {
    const hits = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].filter(([word]) => words(word).some((one) => asked.includes(one)));
    const at = hits.length ? hits[0].index : 0;
    let from = Math.max(0, at - 90), to = Math.min(text.length, at + 160);
    while (from > 0 && !/\s/.test(text[from - 1])) from -= 1;
    while (to < text.length && !/\s/.test(text[to])) to += 1;
    const nodes = [from ? "… " : ""];
    let done = from;
    for (const hit of hits.filter(({ index }) => index < to)) {
      const mark = document.createElement("mark");
      mark.textContent = hit[0];
      nodes.push(text.slice(done, hit.index), mark);
      done = hit.index + hit[0].length;
    }
    return [...nodes, text.slice(done, to), to < text.length ? " …" : ""];
  }

  function item({ page, place, term }, asked, root) {
    const [title, anchor, text] = page.sections[place];
    const make = (tag, name, ...children) => {
      const node = document.createElement(tag);
      if (name) node.className = name;
      node.append(...children);
      return node;
    };
    const link = make("a", "", place && title !== page.title ? `${page.title} › ${title}` : page.title);
    link.href = `${root}${page.page}.html${place && anchor ? `#${anchor}` : ""}`;
    const lines = [link];
    if (CALLED[page.kind]) lines.push(make("span", "tef-kind", CALLED[page.kind]));
    if (term) lines.push(make("p", "tef-term", `${term.asked}: ${term.meaning}`));
    if (text) lines.push(make("p", "", ...excerpt(text, asked)));
    return make("li", "", ...lines);
  }

  function start() {
    const input = document.getElementById("tef-asked");
    if (!input || !window.tefIndex) return;
    const index = prepare(window.tefIndex);
    const list = document.getElementById("tef-found"), count = document.getElementById("tef-count");
    const root = document.documentElement.dataset.content_root || "./";
    const show = () => {
      const query = input.value.trim();
      const results = query ? found(index, query) : [];
      list.replaceChildren(...results.slice(0, SHOWN).map((result) => item(result, words(query), root)));
      const more = results.length > SHOWN ? `, the best ${SHOWN} are shown` : "";
      count.textContent = !query ? "" : results.length ? `${results.length} ${results.length === 1 ? "page" : "pages"}${more}`
        : `Nothing on “${query}”. Try fewer or other words; the glossary is on the page Notation and glossary.`;
      document.title = query ? `${query} - Search` : "Search";
    };
    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        history.replaceState(null, "", `?q=${encodeURIComponent(input.value)}`);
        show();
      }, 120);
    });
    input.form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    input.value = new URLSearchParams(location.search).get("q") || "";
    input.focus();
    show();
    window.tefSearch = (query) => found(index, query).map(({ page }) => page.page);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

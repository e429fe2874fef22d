/* Ranks and shows what a reader asks of the book. The index comes from book/_ext/tef_search.py: pages with their kind, title
   and sections, and terms with the page that is their home. */
(() => {
  "use strict";
  const KIND = { chapter: 1, exercises: 0.4, package: 0.25, page: 0.5, list: 0.25 };
  const CALLED = { chapter: "chapter", exercises: "exercises", package: "package", page: "", list: "" };
  const SMALL = new Set(("a an and are as at by do does for from how i in is it my of on or the to what when who why "
    + "with").split(" "));
  const SHOWN = 30;
  const SHEETS = /\b(exercises?|sheets?)\b/gi;

  /* What a word has in common with its other forms: prices, priced and pricing with price. */
  function stem(word) {
    if (word.length < 4) return word;
    if (/ies$/.test(word)) word = word.replace(/ies$/, "y");
    else if (/(x|ch|sh|ss)es$/.test(word)) word = word.slice(0, -2);
    else if (!/(ss|us|is)$/.test(word)) word = word.replace(/s$/, "");
    const root = word.replace(/(ing|ed)$/, "");
    if (root !== word && root.length > 2 && /[aeiouy]/.test(root)) word = root.replace(/([bdgmnprt])\1$/, "$1");
    return word.length > 3 ? word.replace(/e$/, "") : word;
  }

  /* Words of a text: small letters, no accents; a name with underscores counts as one word too. */
  const bare = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/['’]s\b/g, "");
  const words = (text) => (bare(text).match(/[\p{L}\p{N}_]+/gu) || []).flatMap((word) =>
    word.includes("_") ? [word, ...word.split("_").filter(Boolean).map(stem)] : [stem(word)]);
  const phrase = (text) => ` ${words(text).join(" ")} `;
  const large = (several) => {
    const found = [...new Set(several)].filter((word) => !SMALL.has(word));
    return found.length ? found : [...new Set(several)];
  };
  const tightly = (whole) => large(whole.trim().split(" ")).join("");
  const counted = (text) => {
    const often = new Map();
    for (const word of text.split(" ")) if (word) often.set(word, (often.get(word) || 0) + 1);
    return often;
  };

  function prepare({ pages, terms }) {
    const seen = new Map(); // word -> number of pages that have it
    for (const page of pages) {
      page.heads = page.sections.map(([title]) => phrase(title));
      page.texts = page.sections.map(([, , text]) => phrase(text));
      page.often = page.texts.map(counted);
      page.name = phrase(page.title);
      page.names = page.sections.map(([title]) => title);
      page.has = new Set([page.name, ...page.heads, ...page.texts].join(" ").split(" "));
      for (const word of page.has) seen.set(word, (seen.get(word) || 0) + 1);
    }
    const rare = (word) => Math.log(1 + pages.length / (1 + (seen.get(word) || 0)));
    const homes = terms.map(([asked, page, meaning, section]) =>
      ({ key: phrase(asked), tight: tightly(phrase(asked)), asked, page, meaning, section }));
    return { pages, rare, terms: homes };
  }

  /* How well a section answers: each word by how rare it is and how often it stands there, more in a heading; the words
     beside each other count again. */
  function section(page, i, asked, whole, rare) {
    let score = 0;
    for (const word of asked) {
      const often = page.often[i].get(word) || 0;
      score += rare(word) * (often / (often + 2) + (page.heads[i].includes(` ${word} `) ? 1.5 : 0));
    }
    if (asked.length > 1 && page.texts[i].includes(whole)) score += asked.length;
    if (page.heads[i].includes(whole)) score += 2 * asked.length;
    return score;
  }

  /* A question taken apart: its words, whether exercises are asked for, and what it may be in the package. */
  function question(query) {
    const without = query.replace(SHEETS, " ");
    const sheets = without !== query && words(without).length > 0;
    const rest = sheets ? without : query;
    const called = /^([\w.]+)(\(.*)?(\s+(class|function|method))?$/i.exec(query.trim());
    const name = called ? called[1].split(".").pop() : "";
    const surely = !!(called && (called[2] || called[4]));
    return { sheets, asked: large(words(rest)), whole: phrase(rest), name, surely,
      room: /^tefoundations\.\w+$/i.test(query.trim()) ? name : "" };
  }

  function found({ pages, rare, terms }, query) {
    const { sheets, name, surely, room, ...its } = question(query);
    if (!its.asked.length) return [];
    const homes = terms.filter(({ tight }) => tight === tightly(its.whole));
    // ERC20 is looked for as the glossary spells it, ERC-20.
    const { whole, asked } = homes.length ? { whole: homes[0].key, asked: large(words(homes[0].asked)) } : its;
    const inside = sheets ? [] : terms.filter(({ key }) => key !== whole && (whole.includes(key) || key.includes(whole)));
    // A name of the package, written as it is written there, is looked for there.
    // A term that is written in this very way, as StableSwap, is looked for where it is explained.
    const term = !surely && homes.some(({ asked }) => asked === name);
    const isName = (one) => surely && !homes.length ? one.toLowerCase() === name.toLowerCase()
      : one === name && /[_A-Z]/.test(one) && !term;
    const results = pages.map((page) => {
      const scores = page.sections.map((_, i) => section(page, i, asked, whole, rare));
      let place = scores.indexOf(Math.max(...scores));
      const has = asked.filter((word) => page.has.has(word)).length / asked.length;
      let score = scores[place] + 0.25 * scores.reduce((sum, one) => sum + Math.min(one, 4), 0) / Math.sqrt(scores.length);
      score += asked.reduce((sum, word) => sum + (page.name.includes(` ${word} `) ? 3 * rare(word) : 0), 0);
      score *= KIND[page.kind] * has * has * (sheets && page.kind === "exercises" ? 6 : 1);
      if (page.name === whole) score += 12;
      const home = homes.find((term) => term.page === page.page);
      if (home) score += 40;
      else if (inside.some((term) => term.page === page.page)) score += 6;
      const named = page.kind === "package" && name ? page.names.findIndex(isName) : -1;
      if (named >= 0 || (room && page.page.endsWith(`api/${room}`))) score += 60;
      if (named >= 0) place = named;
      else if (home && page.names.includes(home.section)) place = page.names.indexOf(home.section);
      return { page, score, place, asked, term: home && home.meaning ? home : null };
    });
    // A sheet comes after its chapter where both have all the words. Where exercises are asked for it comes before, and what
    // is known of the chapter is known of it.
    const chapters = new Map(results.map((result) => [result.page.page, result]));
    for (const result of results.filter(({ page }) => page.kind === "exercises")) {
      const chapter = chapters.get(result.page.page.replace(/^exercises/, "notebooks"));
      const both = chapter && asked.every((word) => chapter.page.has.has(word));
      if (sheets && chapter) {
        result.score = Math.max(result.score, 1.01 * chapter.score);
        result.term = chapter.term;
      } else if (both) result.score = Math.min(result.score, 0.99 * chapter.score);
    }
    return results.filter(({ score }) => score > 0.3).sort((a, b) => b.score - a.score);
  }

  /* The words around the first place where a text has most of the words asked, those marked. Where it has none of them, most
     of `instead`, the words by which the book calls it. */
  function excerpt(text, asked, instead = []) {
    const hitting = (wanted) => [...text.matchAll(/[\p{L}\p{N}_]+/gu)]
      .map(({ 0: word, index }) => ({ word, index, own: words(word).filter((one) => wanted.includes(one)) }))
      .filter(({ own }) => own.length);
    const hits = hitting(asked), near = hits.length ? hits : hitting(instead);
    let at = 0, most = 0;
    for (const { index } of near) {
      const beside = near.filter((hit) => hit.index >= index && hit.index < index + 160);
      const many = new Set(beside.flatMap(({ own }) => own)).size;
      if (many > most) [at, most] = [index, many];
    }
    let from = Math.max(0, at - 90), to = Math.min(text.length, at + 160);
    while (from > 0 && !/\s/.test(text[from - 1])) from -= 1;
    while (to < text.length && !/\s/.test(text[to])) to += 1;
    const nodes = [from ? "… " : ""];
    let done = from;
    for (const { word, index } of hits.filter((hit) => hit.index >= from && hit.index < to)) {
      const mark = document.createElement("mark");
      mark.textContent = word;
      nodes.push(text.slice(done, index), mark);
      done = index + word.length;
    }
    return [...nodes, text.slice(done, to), to < text.length ? " …" : ""];
  }

  function item({ page, place, asked, term }, root) {
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
    const instead = term ? words(term.meaning).filter((word) => !SMALL.has(word)) : [];
    if (text) lines.push(make("p", "", ...excerpt(text, asked, instead)));
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
      list.replaceChildren(...results.slice(0, SHOWN).map((result) => item(result, root)));
      const more = results.length > SHOWN ? `, the best ${SHOWN} are shown` : "";
      const many = `${results.length} ${results.length === 1 ? "page" : "pages"}${more}`;
      count.textContent = !query ? "" : results.length ? many
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

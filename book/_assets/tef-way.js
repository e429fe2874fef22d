/* What a browser remembers of the way through the book: how code is shown (tef:code), which chapters were opened
   (tef:visited, page -> day), which sheets their reader calls solved (tef:solved, page -> day). Nothing leaves the browser. */
(() => {
  "use strict";
  const root = document.documentElement;
  const page = () => location.pathname.match(/(?:notebooks|exercises|book)\/[\w/]+\.html$/)?.[0];
  const kept = (key) => {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && typeof found === "object" ? found : {};
    } catch { return {}; }
  };
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window, full or forbidden */ } };
  const note = (key, name, yes) => {
    const { [name]: had, ...others } = kept(key);
    keep(key, JSON.stringify(yes ? { ...others, [name]: had || new Date().toISOString().slice(0, 10) } : others));
  };

  function code() {
    const select = document.querySelector(".tef-code select");
    if (!select) return;
    if (![...select.options].some(({ value }) => value === root.dataset.code)) root.dataset.code = "all";
    select.value = root.dataset.code;
    select.addEventListener("change", () => { root.dataset.code = select.value; keep("tef:code", select.value); });
    document.querySelectorAll(".tef-fold").forEach((button) => button.addEventListener("click", () => {
      const open = button.closest(".cell").classList.toggle("tef-open");
      button.setAttribute("aria-expanded", open);
    }));
  }

  function solved() {
    const box = document.querySelector(".tef-solved input");
    if (!box) return;
    box.checked = Boolean(kept("tef:solved")[page()]);
    box.addEventListener("change", () => note("tef:solved", page(), box.checked));
  }

  /* The entry of this page is in sight, whatever the length of the list. */
  function sidebar() {
    const bar = document.querySelector(".bd-sidebar-primary"), here = bar?.querySelector('[aria-current="page"]');
    if (!here) return;
    const [place, window_] = [here.getBoundingClientRect(), bar.getBoundingClientRect()];
    if (place.bottom > window_.bottom || place.top < window_.top) bar.scrollTop += place.top - window_.top - bar.clientHeight / 3;
  }

  function start() {
    code();
    solved();
    if (page()?.startsWith("notebooks/")) note("tef:visited", page(), true);
  }
  addEventListener("load", () => requestAnimationFrame(sidebar)); // the theme moves the list before
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

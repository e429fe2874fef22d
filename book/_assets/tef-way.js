/* What a browser remembers of the way through the book: how code is shown (tef:code), which chapters were opened
   (tef:visited, page -> day), which sheets their reader calls solved (tef:solved, page -> day). Nothing leaves the browser. */
(() => {
  "use strict";
  const root = document.documentElement;
  const home = new URL(root.dataset.content_root || "./", location.href).pathname;
  const page = () => location.pathname.slice(home.length); // below the site's root, wherever that stands
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
  function inSight(box) {
    const here = box.querySelector('[aria-current="page"]');
    if (!here) return;
    const place = here.getBoundingClientRect(), frame = box.getBoundingClientRect();
    if (place.bottom > Math.min(frame.bottom, innerHeight) || place.top < frame.top) {
      box.scrollTop += place.top - frame.top - box.clientHeight / 3;
    }
  }
  /* On a phone the theme moves the list into a dialog: look again each time it opens, and leave it where its reader puts it. */
  function drawer() {
    const box = document.querySelector("dialog#pst-primary-sidebar-modal");
    let open = false;
    if (box) new ResizeObserver(() => { if (box.open && !open) inSight(box); open = box.open; }).observe(box);
  }

  /* The contents of a page lie over it on a phone: who has chosen a heading wants to see it. */
  function contents() {
    const box = document.querySelector("dialog#pst-secondary-sidebar-modal");
    if (box) box.addEventListener("click", (event) => { if (event.target.closest('a[href^="#"]')) box.close(); });
  }

  function start() {
    code();
    solved();
    drawer();
    contents();
    if (page().startsWith("notebooks/")) note("tef:visited", page(), true);
  }
  // The theme moves the list before.
  addEventListener("load", () => requestAnimationFrame(() => document.querySelectorAll(".bd-sidebar-primary").forEach(inSight)));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/* What a page needs only after its first figure stands (tef-explore.js says when); a page without figures needs it at once:
   the theme's menus, and MathJax where there are formulas. What MathJax loads is said by book/_ext/tef_weight.py. */
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const files = ["scripts/bootstrap.js"];
    if (document.querySelector(".math")) files.push("vendor/mathjax/startup.js");
    for (const file of files) {
      const script = document.createElement("script");
      script.src = here + file;
      document.head.append(script);
    }
  };
  document.addEventListener("tef:drawn", load);
  // Whoever reaches for a menu before that has it, too.
  addEventListener("focusin", load, { once: true });
  addEventListener("pointerover", load, { once: true });
  addEventListener("beforeprint", load);
  const start = () => { if (!document.querySelector("figure.tef-explore")) load(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

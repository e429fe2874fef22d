/* Sets the formulas, once the first figure of the page stands (see tef-explore.js); a page without figures does it at once.
   What MathJax loads is said by book/_ext/tef_weight.py. */
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = `${here}vendor/mathjax/startup.js`;
    document.head.append(script);
  };
  document.addEventListener("tef:drawn", load);
  const start = () => { if (!document.querySelector("figure.tef-explore")) load(); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  addEventListener("beforeprint", load);
})();

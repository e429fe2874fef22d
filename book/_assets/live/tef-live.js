/* The button Run this page. All else is loaded when it is pressed. */
(() => {
  "use strict";
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  function start() {
    const button = document.querySelector(".tef-run[data-page]");
    if (!button || location.protocol === "file:" || !window.Worker) return; // a browser starts no worker from a file
    button.hidden = false;
    const lite = document.querySelector(".tef-lite");
    if (lite) lite.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { live } = await import(here + "page.js");
        await live(button, button.closest(".tef-tools"));
      } catch (error) {
        button.disabled = false;
        button.textContent = `Run this page: ${error.message}. Try again`;
      }
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

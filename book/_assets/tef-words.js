/* Words that explain themselves: Escape closes an explanation, a tap opens it before it follows the link, and it stays
   inside the window. Without this script they open on hover and focus, and the link leads to the glossary. */
(() => {
  "use strict";
  const words = document.querySelectorAll(".tef-word");
  const place = (word) => {
    const meaning = word.querySelector(".tef-meaning");
    word.style.removeProperty("--tef-shift");
    const over = meaning.getBoundingClientRect().right - (document.documentElement.clientWidth - 8);
    if (over > 0) word.style.setProperty("--tef-shift", `${-over}px`);
  };
  for (const word of words) {
    const link = word.querySelector("a");
    let touched = false;
    const open = () => { word.classList.remove("tef-closed"); place(word); };
    word.addEventListener("pointerenter", open);
    word.addEventListener("focusin", open);
    word.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && document.activeElement !== link; });
    link.addEventListener("click", (event) => {
      if (!touched) return; // the first tap explains, the second leads on
      event.preventDefault();
      link.focus();
      touched = false;
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") words.forEach((word) => word.classList.add("tef-closed"));
  });
})();

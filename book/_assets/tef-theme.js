/* Small repairs of the theme's pages for screen readers, keyboard and print; each names what it mends. */
document.addEventListener("DOMContentLoaded", () => {
  const each = (selector, mend) => document.querySelectorAll(selector).forEach(mend);
  // The accessible name must contain the words on the button.
  each(".search-button-field", (node) => node.removeAttribute("aria-label"));
  // The icons of the colour switch are titled "Light Dark System Settings", all at once; the button says which one holds.
  // They are put in by a script of the theme, perhaps after this one has run.
  each(".theme-switch-button", (button) => {
    const mend = () => button.querySelectorAll(".theme-switch").forEach((icon) => {
      icon.removeAttribute("title");
      icon.removeAttribute("aria-labelledby");
      icon.setAttribute("aria-hidden", "true");
      icon.querySelectorAll("title").forEach((title) => title.remove());
    });
    new MutationObserver(mend).observe(button, { childList: true, subtree: true });
    mend();
  });
  const root = document.documentElement;
  const mode = () => each(".theme-switch-button", (node) => node.setAttribute("aria-label", `Color mode: ${root.dataset.mode || "auto"}`));
  new MutationObserver(mode).observe(root, { attributes: true, attributeFilter: ["data-mode"] });
  mode();
  // The logo at the top of the sidebar stands outside every landmark.
  each(".sidebar-primary-items__start", (node) => {
    node.setAttribute("role", "region");
    node.setAttribute("aria-label", "Book");
  });
  // docutils calls the list of references a list, and its entries no items of one.
  each("div.citation-list[role=list]", (node) => node.removeAttribute("role"));
  // A table, code block or output wider than the page scrolls: the keyboard must reach it.
  each("div.cell_output .output, div.highlight pre, .pst-scrollable-table-container", (node) => {
    if (node.scrollWidth > node.clientWidth && !node.querySelector("figure.tef-explore")) node.tabIndex = 0;
  });
  // pandas leaves the corner above an unnamed index empty: an empty header cell says nothing.
  each("table.dataframe thead th:empty", (node) => node.replaceWith(document.createElement("td")));
});

/* Paper is light. */
{
  const root = document.documentElement;
  let before;
  addEventListener("beforeprint", () => { before = root.dataset.theme; root.dataset.theme = "light"; });
  addEventListener("afterprint", () => { root.dataset.theme = before; });
}

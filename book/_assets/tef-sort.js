// Tables of the class tef-sortable: the button in a heading sorts the rows by its column, the largest first and words by
// the alphabet; pressed again, the other way round. What is not defined (a dash) stays last. Without this script the
// tables are plain ones, in the order in which they were written.
(() => {
  const text = (row, column) => row.cells[column].textContent.trim();

  // What a cell counts as: a number, also with a true minus, thin spaces between thousands, or an infinity; else null.
  const number = (shown) => {
    const plain = shown.replace(/\u2212/g, "-").replace(/[\s\u202f]/g, "").replace("∞", "Infinity");
    return plain !== "" && !Number.isNaN(Number(plain)) ? Number(plain) : null;
  };

  const missing = (shown) => shown === "–" || shown === "";

  // How two cells stand to each other, smallest or first in the alphabet first.
  const compared = (one, other) => {
    const [a, b] = [number(one), number(other)];
    if (a !== null && b !== null) return a === b ? 0 : a - b;
    return one.localeCompare(other, "en");
  };

  const sort = (table, column, descending) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    rows.sort((one, other) => {
      const [a, b] = [text(one, column), text(other, column)];
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return descending ? compared(b, a) : compared(a, b);
    });
    body.append(...rows);
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };

  const ready = (table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const shown = [...table.tBodies[0].rows].map((row) => text(row, column)).filter((cell) => !missing(cell));
        const numbers = shown.every((cell) => number(cell) !== null);
        const before = head.getAttribute("aria-sort");
        sort(table, column, before ? before === "ascending" : numbers);
      });
    });
    table.classList.add("tef-sorts");
  };

  document.querySelectorAll("table.tef-sortable").forEach((table) => {
    if (table.tHead && table.tBodies.length) ready(table);
  });
})();

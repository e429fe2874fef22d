/* What a browser keeps of a page that is run: what was written into its cells (tef:edits, page -> {cell: {source, from}})
   and which checks said "correct" (tef:checked, page -> {exercise: day}). Nothing leaves the browser. */
export function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch { return {}; }
}

function keep(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private window, full or forbidden */ }
}

/* The entry `name` of a page under a key; undefined forgets it. */
export function note(key, page, name, value) {
  const { [page]: own = {}, ...others } = kept(key);
  const { [name]: _, ...rest } = own;
  const mine = value === undefined ? rest : { ...rest, [name]: value };
  keep(key, Object.keys(mine).length ? { ...others, [page]: mine } : others);
}

export const today = () => new Date().toISOString().slice(0, 10);

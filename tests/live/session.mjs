// One Python session of an engine under Node, as a page has it: session.mjs ENGINE PACKAGE,PACKAGE < code
// Prints the last line's value, a text; what went wrong in Python is told without the engine's own source around it.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const engine = resolve(process.argv[2]) + "/";
try {
  const { loadPyodide } = await import(pathToFileURL(engine + "pyodide.mjs"));
  const python = await loadPyodide({ indexURL: engine, env: { TEF_STATIC: "0", HOME: "/book" } });
  const silent = { messageCallback: () => {}, errorCallback: (words) => console.error(words) };
  await python.loadPackage(process.argv[3].split(","), silent);
  console.log(python.runPython(readFileSync(0, "utf8")));
} catch (error) {
  console.error(String(error.message || error).slice(-3000));
  process.exitCode = 1;
}

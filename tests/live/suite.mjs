// The package's own tests under Pyodide, in Node: node suite.mjs ENGINE WHEELS ROOT TESTS...
// WHEELS holds pytest, hypothesis and what they need, as pure wheels; ROOT is this checkout.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [engine, wheels, root, ...tests] = process.argv.slice(2);
let failed = 1;
try {
  const { loadPyodide } = await import(pathToFileURL(path.join(path.resolve(engine), "pyodide.mjs")));
  const python = await loadPyodide({ indexURL: path.resolve(engine) + "/", env: { HOME: "/book", TEF_STATIC: "0" } });
  const told = JSON.parse(fs.readFileSync(path.join(engine, "engine.json"), "utf8"));
  await python.loadPackage(Object.keys(told.packages), { messageCallback: () => {} });
  const site = python.runPython("import site; site.getsitepackages()[0]");
  for (const file of fs.readdirSync(wheels).filter((name) => name.endsWith(".whl"))) {
    python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(wheels, file))), "whl", { extractDir: site });
  }
  python.FS.mkdir("/root_of_the_book");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: path.resolve(root) }, "/root_of_the_book");
  python.globals.set("TESTS", python.toPy(tests));
  failed = python.runPython(`
import os, sys
os.chdir("/root_of_the_book")
sys.dont_write_bytecode = True
import hypothesis
hypothesis.settings.register_profile(
    "browser", deadline=None, database=None, max_examples=20, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.load_profile("browser")
import pytest
int(pytest.main([*TESTS, "-q", "-s", "-p", "no:cacheprovider", "--tb=short"]))
`);
} catch (error) {
  console.error(String(error.message || error).slice(-3000)); // without the engine's own source around it
}
process.exit(failed);

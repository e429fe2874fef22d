/* Python for one page, off the page's own thread. All that it loads lies beside this file.
   Asked by {id, kind, ...}, it answers {id, answer} or {id, error}; while it loads it tells {bytes} that came so far. */
const here = self.location.href.replace(/[^/]*$/, "");
let python, page;

/* Count what comes: the one thing that a reader on a slow line wants to know. */
const plain = self.fetch.bind(self);
let came = 0;
self.fetch = async (...asked) => {
  const response = await plain(...asked);
  if (!response.ok || !response.body) return response;
  const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, to) {
      came += chunk.byteLength;
      self.postMessage({ bytes: came });
      to.enqueue(chunk);
    },
  }));
  return new Response(counted, { status: response.status, headers: response.headers });
};

async function start({ packages }) {
  const from = new URL("engine/", here).href, began = performance.now();
  const { loadPyodide } = await import(from + "pyodide.mjs");
  python = await loadPyodide({ indexURL: from, env: { HOME: "/book", TEF_STATIC: "page" } });
  const booted = performance.now();
  const failed = [];
  await python.loadPackage(packages, { messageCallback: () => {}, errorCallback: (words) => failed.push(words) });
  if (failed.length) throw new Error(failed.join(" "));
  const code = await plain(here + "tef_page.py");
  python.FS.mkdirTree("/book");
  python.FS.writeFile("/book/tef_page.py", await code.text());
  python.runPython("import os, sys; os.chdir('/book'); sys.path.append('/book')");
  page = python.pyimport("tef_page").page;
  const ready = performance.now();
  return { boot: booted - began, packages: ready - booted };
}

/* A package that the page was not measured to need, because its reader asks for it: fetched if it is here, and the cell run
   once more. */
async function run({ source, number }) {
  for (let tries = 0; ; tries++) {
    const told = JSON.parse(page.run(source, number));
    if (!told.missing || tries === 4) return told;
    const found = await python.loadPackagesFromImports(`import ${told.missing}`, { messageCallback: () => {} });
    if (!found.length) return told;
    told.fetched = found.map(({ name }) => name);
  }
}

const state = ({ figure, places }) => JSON.parse(page.state(figure, python.toPy(places)));

const does = { start, run, state };
let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(async () => {
    try {
      self.postMessage({ id: data.id, answer: await does[data.kind](data) });
    } catch (error) {
      self.postMessage({ id: data.id, error: String((error && error.message) || error).trim().slice(-2000) });
    }
  });
};

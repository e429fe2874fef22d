/* Python in a worker, and a promise for each question put to it. */
const here = import.meta.url.replace(/[^/]*$/, "");

export class Python {
  /* `came` is told how many bytes have come so far. */
  constructor(came) {
    this.worker = new Worker(here + "worker.js", { type: "module" });
    this.waiting = new Map();
    this.last = 0;
    this.worker.onmessage = ({ data }) => {
      if (data.bytes !== undefined) return came(data.bytes);
      const { done, failed } = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error === undefined) done(data.answer);
      else failed(new Error(data.error));
    };
    this.worker.onerror = (event) => this.end(event.message || "this browser started no worker");
  }

  ask(kind, more = {}) {
    const id = ++this.last;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, kind, ...more });
    });
  }

  /* There is no other way out of a loop without end. Every question that waits is answered with `why`. */
  end(why) {
    this.worker.terminate();
    for (const { failed } of this.waiting.values()) failed(new Error(why));
    this.waiting.clear();
  }
}

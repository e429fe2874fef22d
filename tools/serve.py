"""Serve the built book on this machine; without a terminal, say where it lies and end."""

import functools
import http.server
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main():
    if not sys.stdout.isatty():
        print(f"The book is in {SITE / 'index.html'}")
        return
    for port in range(8000, 8020):
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=str(SITE)))
            break
        except OSError:
            continue
    else:
        sys.exit("Ports 8000 to 8019 are all taken.")
    print(f"The book: http://localhost:{port}/   (Ctrl-C ends)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()

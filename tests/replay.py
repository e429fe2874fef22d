"""A plugin for nbval: chapters whose cells the build has just run are not run a second time.

`pytest -p tests.replay --nbval notebooks`: in the place of a kernel stands the record of the run that the site shows.
nbval asks it cell by cell, and compares what it gives with the committed notebook as it always does. A chapter without
a record, or with one that is older than what the chapter reaches, fails; exercises are run by nbval itself.
"""

from pathlib import Path

from nbval import plugin

from tests.house.sources import ROOT, tool

CELLS = tool("cells")


class Record:
    """Answers nbval as a kernel would, from a run that is over."""

    language = "python"

    def __init__(self, name, notebook):
        self.name, self.waiting, self.messages = name, [c for c in notebook.cells if c.cell_type == "code"], []
        self.count = 0

    def execute_cell_input(self, source, allow_stdin=None):
        """The next cell of the run, which must be the one that is asked for."""
        cell = self.waiting.pop(0)
        if cell.source != source:
            raise RuntimeError(f"{self.name}: the run has another cell here; run `make site`")
        self.count += 1
        sent = [self._message(output) for output in cell.outputs]
        self.messages = [*sent, ("status", {"execution_state": "idle"})]
        return self.count

    @staticmethod
    def _message(output):
        content = {key: value for key, value in output.items() if key != "output_type"}
        return output.output_type, content

    def get_message(self, stream, timeout=None):
        """What the cell sent, one message after the other."""
        kind, content = self.messages.pop(0)
        return {"msg_type": kind, "content": content, "parent_header": {"msg_id": self.count}}

    def await_reply(self, msg_id, timeout=None):
        """The run is over."""

    await_idle = await_reply

    def is_alive(self):
        return True

    def interrupt(self):
        """Nothing runs."""

    stop = interrupt


def _setup(self, own=plugin.IPyNbFile.setup):
    """Set up the file of a chapter with the record of its run, and any other as nbval does."""
    name = Path(self.path).resolve().relative_to(ROOT).as_posix()
    if not name.startswith("notebooks/"):
        return CELLS.started(lambda: own(self))
    notebook = CELLS.kept(name)
    if notebook is None:
        raise RuntimeError(f"{name} was not run as it is now: run `make site`")
    self.kernel = Record(name, notebook)
    self.setup_sanitize_files()


plugin.IPyNbFile.setup = _setup

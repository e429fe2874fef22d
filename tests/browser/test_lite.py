"""JupyterLite on the engine of the pages: a sheet is opened, run from top to bottom, and no other host is asked."""

import json
import shutil

import pytest

from tests.browser.browse import opened, served, until
from tests.browser.living import LONG
from tests.house.sources import tool

lite = tool("lite")
pytestmark = pytest.mark.skipif(lite.lite_folder() is None, reason="no JupyterLite: `make lite` lays one ready")
CONTEXT = "jupyterapp.shell.currentWidget?.context?.sessionContext"
READY = f"async () => !!window.jupyterapp && {CONTEXT}?.session?.kernel?.connectionStatus === 'connected'"
CODE = "jupyterapp.shell.currentWidget.content.widgets.filter((cell) => cell.model.type === 'code')"
FAILED = f"{CODE}.some((cell) => cell.model.outputs.toJSON().some((output) => output.output_type === 'error'))"
DONE = f"{CODE}.every((cell) => cell.model.executionCount) && {CONTEXT}.session.kernel.status === 'idle'"
RAN = f"async () => {FAILED} || {DONE}"
OUTPUTS = f"() => {CODE}.map((cell) => cell.model.outputs.toJSON())"


@pytest.fixture(scope="module")
def below(tmp_path_factory):
    """A site in a folder of its host, as GitHub's pages are; of the book it has the engine and JupyterLite alone."""
    top = tmp_path_factory.mktemp("host")
    shutil.copytree(lite.engine_folder(), top / "book" / "_static" / "live" / "engine")
    lite.place(lite.lite_folder(), top / "book")
    with served(top) as address:
        yield f"{address}/book/lite/lab/index.html"


def _exposed(route):
    """Jupyter's configuration, in which a test may speak to its application."""
    answer = route.fetch()
    config = json.loads(answer.text())
    config["jupyter-config-data"]["exposeAppInBrowser"] = True
    route.fulfill(response=answer, body=json.dumps(config))


def run_all(page, address, name):
    """Open a notebook, run all its cells, and give the outputs of each."""
    page.context.route("**/lite/jupyter-lite.json", _exposed)
    page.goto(f"{address}?path={name}")
    until(page, READY, LONG)
    page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
    until(page, RAN, LONG)
    return page.evaluate(OUTPUTS)


def wrong(faults, outputs):
    """What went astray; that a site without a server has no terminals is said on the console, and no fault."""
    failed = [output["evalue"] for cell in outputs for output in cell if output["output_type"] == "error"]
    return [fault for fault in faults if "terminals" not in fault] + failed


def test_a_sheet_runs_with_the_package_found_and_every_check_still_missing(browser, below):
    with opened(browser) as (page, faults):
        outputs = run_all(page, below, lite.flat("exercises/markets/vcg"))
        assert outputs[0] == []  # the first cell has found the package: it installs nothing and says nothing
        said = ["".join(output["data"]["text/plain"]) for cell in outputs for output in cell if "data" in output]
        assert [words.split(":")[:2] for words in said] == [
            ["vcg/payments", " still missing"],
            ["vcg/two_names", " still missing"],
        ]
        assert wrong(faults, outputs) == []


def test_a_figure_is_drawn_under_its_sliders(browser, below):
    with opened(browser) as (page, faults):
        outputs = run_all(page, below, lite.flat("notebooks/markets/double_auction"))
        assert wrong(faults, outputs) == []
        at = next(i for i, cell in enumerate(outputs) if "<Explore" in json.dumps(cell))
        page.evaluate(f"async () => jupyterapp.shell.currentWidget.content.scrollToCell({CODE}[{at}])")
        page.locator(".tef-live .js-plotly-plot .main-svg").first.wait_for()
        assert page.locator(".tef-live .widget-slider").count() >= 1

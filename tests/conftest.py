"""Settings for every test: random examples are the same on every run, and no test fails for being slow."""

import os
import re

from hypothesis import settings

settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=1000)  # pytest --hypothesis-profile=explore
settings.load_profile("same")

# A chapter's page, notebook or text, the page of a room or of prose, an exercise.
NAMED = re.compile(
    r"^(?:notebooks/|exercises/(?:source/)?)?(?P<name>(?:book/|book/api/)?[a-z_]+(?:/[a-z_]+)?)(?:\.html|\.ipynb|\.md)?$"
)


def subjects(item):
    """What a parametrised test is about, by the names among its parameters: `markets/vcg`, `vcg`, `book/notation`."""
    values = getattr(item, "callspec", None) and item.callspec.params.values()
    found = [NAMED.match(str(value)) for value in values or []]
    return {each["name"].replace("book/api/", "api/") for each in found if each and "/" in each[0] + each["name"]}


def listed(variable):
    return set(filter(None, os.environ.get(variable, "").split(",")))


def pytest_collection_modifyitems(config, items):
    """With TEF_ONLY, a list of chapters and pages, tests about others are left out; tests about none stay.

    In the files of TEF_WHOLE all stay: what they themselves are made of has changed.
    """
    only, whole = listed("TEF_ONLY"), listed("TEF_WHOLE")
    if "TEF_ONLY" not in os.environ:
        return
    chapters = {name.split("/")[-1] for name in only}

    def wanted(item):
        about = subjects(item)
        is_whole = item.path.relative_to(config.rootpath).as_posix() in whole
        return is_whole or not about or any(name in only or name.split("/")[0] in chapters for name in about)

    left_out = [item for item in items if not wanted(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if wanted(item)]

"""Run the checks: run_tests.py [--changed] [--chapter PART/NAME].

Without words everything. `--changed`: what the difference to main reaches (on main itself, what is not yet committed):
tests and doctests by the imports they follow, chapters by what their cells reach, pages that show any of it; the tests
of house and book always. `--chapter`: one chapter through every layer, its text, cells, page, exercises and checks.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import build_site
from live_pages import engine_folder
from reach import PACKAGE, ROOT, inside, reach

ALWAYS = ["tests/house", "tests/book"]
INSTALLS = "tests/book/test_install.py"  # takes a minute, and changes only with what stands in EVERYWHERE
BROWSER = ["tests/browser/test_pages.py", "tests/browser/test_figures.py"]
EXERCISES = "tests/exercises"
# A change in one of these may change anything.
EVERYWHERE = (
    "requirements.lock",
    "pyproject.toml",
    "Makefile",
    ".binder/",
    "tests/conftest.py",
    "tests/nbval.cfg",
    "tests/replay.py",
    "tests/house/sources.py",
    "tools/",
)
LOOKS = ("book/_assets/", "book/_ext/", "_config.yml", "_toc.yml", "tests/browser/")  # and in one of these, any page


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def changed_files():
    """Files that differ from main, the uncommitted, the new ones and those that are gone among them."""
    return set(git("diff", "--name-only", "--no-renames", *git("merge-base", "HEAD", "main"))) | set(
        git("ls-files", "--others", "--exclude-standard")
    )


def stand_ins(path):
    """For a file that is gone those of its folder, or the nearest that is there: who needed it reaches them now."""
    if (ROOT / path).exists():
        return set()
    return inside(next(folder for folder in Path(path).parents if (ROOT / folder).is_dir()))


def subject(path):
    """The chapter a file belongs to, as part/chapter, or the page of prose; "" for any other file."""
    parts = Path(path).with_suffix("").parts
    if path.startswith(("book/notation/", "book/references/")):
        return "/".join(parts[:2])  # pieces of one page
    if path.startswith(("notebooks/", "exercises/", "book/")) and len(parts) >= 3 and not parts[-2].startswith("_"):
        return "/".join(parts[-2:])
    return "/".join(parts) if path.startswith("book/") and path.endswith(".md") else ""


def is_test(path):
    return path.startswith("tests/") and Path(path).name.startswith("test_")


def reached(files):
    """Of all tests, doctests and notebooks those that reach one of `files`."""
    looked_at = [f for f in inside("tests") | inside(PACKAGE) if f.endswith(".py") and (is_test(f) or f.startswith(PACKAGE))]
    notebooks = [f for f in inside("notebooks") | inside("exercises") if f.endswith(".ipynb")]

    def reaches(path):
        conftests = [f"{folder}/conftest.py" for folder in Path(path).parents if (ROOT / folder / "conftest.py").is_file()]
        return any(files & reach(file) for file in [path, *conftests])

    found = sorted(path for path in looked_at + notebooks if reaches(path))
    return [f for f in found if f.endswith(".py")], [f for f in found if f.endswith(".ipynb")]


def plan_for_changes():
    """(pytest's arguments, notebooks for nbval, subjects, tests whole) for the difference to main.

    Subjects None means all. What reaches a changed file that belongs to no subject is run whole, whatever it is about.
    """
    files = changed_files()
    print(f"{len(files)} files differ from main.")
    if wide := sorted(f for f in files if f.startswith(EVERYWHERE)):
        print(f"{wide[0]} may change anything: everything is run.")
        return [], None, None, []
    there = files.union(*map(stand_ins, files))
    tests, notebooks = reached(there)
    whole = [
        file for file in reached({file for file in there if not subject(file)})[0] if not file.startswith("tests/browser/")
    ]
    subjects = {subject(file) for file in [*files, *notebooks]} - {""}
    rooms = {Path(file).parts[1] for file in files if file.startswith(PACKAGE + "/") and len(Path(file).parts) > 2}
    subjects |= {f"api/{room}" for room in rooms}
    notebooks = [f for f in inside("notebooks") | inside("exercises") if f.endswith(".ipynb") and subject(f) in subjects]
    tests = {file for file in tests if not file.startswith(tuple(f"{folder}/" for folder in [*ALWAYS, "tests/browser"]))}
    looks = any(file.startswith(LOOKS) for file in files)
    for name in subjects:
        tests |= proofs(name)
    pages = ["tests/browser"] if looks else BROWSER if subjects else []
    return [*ALWAYS, *sorted(tests), *pages], sorted(notebooks), None if looks else subjects, whole


def proofs(name):
    """The tests of a chapter's exercises."""
    if not (ROOT / "exercises" / f"{name}.ipynb").is_file():
        return set()
    own = {file for file in inside(EXERCISES) if Path(file).name == f"test_{name.split('/')[-1]}.py"}
    return own | {f"{EXERCISES}/test_answers.py", f"{EXERCISES}/test_notebooks.py"}


def plan_for_chapter(name):
    """The same for one chapter."""
    notebooks = [f"{folder}/{name}.ipynb" for folder in ("notebooks", "exercises", "exercises/source")]
    notebooks = [file for file in notebooks if (ROOT / file).is_file()]
    if not notebooks:
        sys.exit(f"There is no chapter {name!r}: say part/chapter, as in markets/vcg.")
    return ["tests/book", *BROWSER, *sorted(proofs(name))], notebooks, {name}, []


def run(*command, **environment):
    """Run pytest; stop where it fails. That nothing was left to run is no failure."""
    done = subprocess.run([sys.executable, "-m", "pytest", *command], cwd=ROOT, env=os.environ | environment).returncode
    if done not in (0, 5):
        sys.exit(done)


def lay_engine():
    """Lay ready what pages need to be run in a browser, where nothing lies there: what the registries have is enough here.

    Without it, as where a registry is out of reach, those tests are skipped, and say so.
    """
    if engine_folder() is None:
        subprocess.run([sys.executable, ROOT / "tools" / "engine.py", "--registries"], cwd=ROOT)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--chapter", default="")
    asked = parser.parse_args()
    jobs = os.environ.get("JOBS", "2")
    tests, notebooks, subjects, whole = [], None, None, []
    if asked.chapter:
        tests, notebooks, subjects, whole = plan_for_chapter(asked.chapter)
    elif asked.changed:
        tests, notebooks, subjects, whole = plan_for_changes()
    lay_engine()
    build_site.main()
    only = {} if subjects is None else {"TEF_ONLY": ",".join(sorted(subjects)), "TEF_WHOLE": ",".join(whole)}
    short = [f"--ignore={INSTALLS}"] if tests else []
    run("-n", jobs, "--dist", "worksteal", *short, *tests, **only)
    notebooks = ["notebooks", "exercises"] if notebooks is None else notebooks
    if notebooks:
        nbval = ["-p", "tests.replay", "--nbval", "--nbval-sanitize-with", "tests/nbval.cfg"]
        run(*nbval, *notebooks, "-n", jobs, "--dist", "loadfile", TEF_STATIC="1")


if __name__ == "__main__":
    main()

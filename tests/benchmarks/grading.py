"""What does a class cost? Processor time to grade one submission, and memory of its process and of a learner's kernel.

`make bench` runs this and writes data/measurements/grading.csv, from which the page *For instructors* extrapolates. For each
chapter: so many copies of the solved notebook, graded one at a time with cases of their own; the processor time of grader
and submissions, divided by their number, and the largest resident memory of a submission's process. Then the largest
resident memory of the kernel that has run the chapter, and of the one that has run the learners' exercises. Linux only.
"""

import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).resolve().parent))

from clearing import ROOT, machine

COPIES = 6
PEAK = "print('peak', next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"


def graded(source):
    """(seconds a submission, MB of its process); run in a process of its own, for the counters to be fresh."""
    from tefoundations.exercises import grade_folder

    with tempfile.TemporaryDirectory() as folder:
        for number in range(COPIES + 1):
            (Path(folder) / f"s{number}").mkdir()
            shutil.copy(source, Path(folder) / f"s{number}" / source.name)
        first = Path(folder) / "s0"
        grade_folder(first, "warm")  # the first imports what references need
        shutil.rmtree(first)
        before = _seconds()
        grades = grade_folder(folder, "measured", jobs=1)
        spent = _seconds() - before
    assert all(grade.state == "correct" for grade in grades), grades
    exercises = len({grade.exercise for grade in grades})
    return exercises, spent / COPIES, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _seconds():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def kernel(file):
    """MB of the kernel that has run a notebook; 0 where there is none."""
    if not file.exists():
        return 0.0
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": file.parent}}).execute()
    return float(notebook.cells[-1].outputs[-1].text.split()[1]) / 1024


def main():
    rows, began = [], time.time()
    for source in sorted((ROOT / "exercises/source").glob("*/*.ipynb")):
        name = source.relative_to(ROOT / "exercises/source").with_suffix("").as_posix()
        done = subprocess.run([sys.executable, __file__, source], capture_output=True, text=True, check=True)
        exercises, seconds, process = json.loads(done.stdout)
        chapter, learners = (kernel(ROOT / folder / f"{name}.ipynb") for folder in ("notebooks", "exercises"))
        rows.append([name, exercises, f"{seconds:.2f}", f"{process:.0f}", f"{chapter:.0f}", f"{learners:.0f}", machine()])
        print(*rows[-1][:-1], f"after {time.time() - began:.0f} s", flush=True)
    with open(ROOT / "data/measurements/grading.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["chapter", "exercises", "seconds", "process_mb", "chapter_kernel_mb", "exercises_kernel_mb", "machine"]
        )
        writer.writerows(rows)
    subprocess.run([sys.executable, ROOT / "data" / "checksums.py"], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(graded(Path(sys.argv[1]))))
    else:
        main()

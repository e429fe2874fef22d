"""What the workers of `sweep.py` run: a street's days, and the processor time that they took, wherever that was."""

import os
import time
from pathlib import Path

from tefoundations.systems import street_days


def timed(street):
    """(processor seconds, gain in ct, highest power in kW) of a street's days."""
    start = time.process_time()
    record = street_days(street)
    return time.process_time() - start, record["gain"], record["highest"]


def nothing(task):
    """A task that costs nothing: what is left is the way to the worker and back."""
    return 0.0, 0.0, 0.0


def timed_or_killed(task):
    """As `timed`, of (street, file); the worker that is given a file which is not there yet writes it, and is killed."""
    street, file = task
    if file and not Path(file).exists():
        Path(file).write_text(str(os.getpid()))
        os.kill(os.getpid(), 9)
    return timed(street)

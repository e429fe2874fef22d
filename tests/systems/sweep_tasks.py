"""What the workers of the sweep's tests run: functions that another process can import."""

import os
import random
import signal
from pathlib import Path


def process(task):
    """The task, and who did it."""
    return task, os.getpid()


def drawn(task):
    """A number by chance, without a seed, whatever the task."""
    return random.SystemRandom().random()


def killed_once(task):
    """The square of a number; the first worker that is given 5 is killed, as by a power cut. Task: (number, file)."""
    number, file = task
    if number == 5 and not Path(file).exists():
        Path(file).write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def inverse(number):
    """1 / number."""
    return 1 / number


def unpicklable(number):
    """A result that cannot travel."""
    return lambda: number

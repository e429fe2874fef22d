"""No new processes and no other programs: a filter of system calls (seccomp), which no code of the process takes away.

A world of its own (`tefoundations.exercises.grader.boundary`) hides what is outside. It does not keep a submission from
filling the machine with copies of itself, each with as much memory as it may have, or with memory that no limit of its
own counts; nor from the few things that all worlds on one kernel share. This filter does. Linux only.
"""

import platform
import struct
import sys
from contextlib import suppress

# <linux/filter.h>, <linux/seccomp.h>, <linux/audit.h>, <sys/prctl.h>
LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050001, 0x00050026  # the last two: errno EPERM, errno ENOSYS
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
CLONE_THREAD = 0x00010000
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2
PARENT_DEATH_SIGNAL = 1
# The same numbers on both machines: io_uring_setup, pidfd_getfd, process_madvise, memfd_secret.
NEW_CALLS = (425, 438, 440, 447)
# By machine: its number; the calls that are refused; clone; clone3; prctl. In their order: fork, vfork, execve, execveat;
# memory that counts for nobody (shmget, msgget, semget, mq_open, memfd_create); looking into processes (ptrace,
# process_vm_readv, process_vm_writev, kcmp); keys of the user (add_key, request_key, keyctl); the kernel's own machines
# (bpf, perf_event_open, userfaultfd); other worlds (mount, unshare, setns).
CALLS = {
    "x86_64": (
        0xC000003E,
        (57, 58, 59, 322, 29, 68, 64, 240, 319, 101, 310, 311, 312, 248, 249, 250, 321, 298, 323, 165, 272, 308, *NEW_CALLS),
        56,
        435,
        157,
    ),
    "aarch64": (
        0xC00000B7,
        (221, 281, 194, 186, 190, 180, 279, 117, 270, 271, 272, 217, 218, 219, 280, 241, 282, 40, 97, 268, *NEW_CALLS),
        220,
        435,
        167,
    ),
}
OTHER_CALLS = 0x40000000  # where the second table of x86_64 begins


def allow_no_processes():
    """Refuse fork and exec to this process from now on; threads go on. True where the system keeps it."""
    calls = CALLS.get(platform.machine())
    if sys.platform != "linux" or calls is None:
        return False
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        rules = _rules(*calls)
        held = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *rule) for rule in rules))
        program = ctypes.create_string_buffer(struct.pack("@HP", len(rules), ctypes.addressof(held)))
        system = ctypes.CDLL(None, use_errno=True)
        if system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
            return system.prctl(SET_SECCOMP, FILTER, program, 0, 0) == 0
    return False


def _rules(machine, refused, clone, clone3, prctl):
    """The filter, as (code, steps if so, steps if not, value)."""
    rules = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, machine), (ANSWER, 0, 0, REFUSE), (LOAD, 0, 0, NUMBER)]
    rules += [(AT_LEAST, 0, 1, OTHER_CALLS), (ANSWER, 0, 0, REFUSE)]
    for call in refused:
        rules += [(EQUAL, 0, 1, call), (ANSWER, 0, 0, REFUSE)]
    # What clone3 is to do stands in memory, where a filter cannot look: the library then uses clone.
    rules += [(EQUAL, 0, 1, clone3), (ANSWER, 0, 0, UNKNOWN)]
    rules += [(EQUAL, 0, 3, clone), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 1, 0, CLONE_THREAD), (ANSWER, 0, 0, REFUSE)]
    # It ends with the one that started it, and cannot ask not to.
    rules += [(LOAD, 0, 0, NUMBER), (EQUAL, 0, 3, prctl), (LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 0, 1, PARENT_DEATH_SIGNAL)]
    rules += [(ANSWER, 0, 0, REFUSE)]
    return [*rules, (ANSWER, 0, 0, ALLOW)]

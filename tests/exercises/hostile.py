"""Hostile submissions: what each tries, and the words that must come back instead of what it wanted.

An attack is the body of `clear(b, a)`, whose answer is told in the reason of the grade, so that a test sees what it found.
`{secret}` is the path of the seed's file, `{folder}` where the class lies, `{port}` where somebody listens on this machine.
Those that use `ctypes` call the operating system past Python, where no audit hook sees them.
"""

SYSTEM = "import ctypes; libc = ctypes.CDLL(None, use_errno=True); told = lambda n: repr((n, ctypes.get_errno()))"
WORD = (  # the word that opens each message, and the pipe: both are in this process's memory
    "import gc, os, json",
    "[t] = [o for o in gc.get_objects() if type(o).__name__ == 'Teller']",
    "say = lambda **step: os.write(t._pipe, (json.dumps([t._word, step]) + chr(10)).encode())",
)
GONE = "No such file or directory"
NOT_THERE, NO_PERMISSION = "returns '(-1, 2)'", "returns '(-1, 1)'"  # errno ENOENT, EPERM
FORGED = "what no answer looks like"


def _to_the_system(call, *before):
    return (SYSTEM, *before, f"return told({call})")


# In this process: nothing of value is there.
INSIDE = {
    "environment": (("import os", "return repr(sorted(os.environ))"), "'HOME'"),
    "arguments": (("import sys", "return repr(sys.argv)"), "worker.py"),
    "memory": (
        (
            "import gc",
            "word = {backwards!r}[::-1]",
            "held = [o.values() if type(o) is dict else o for o in gc.get_objects() if type(o) in (dict, list, tuple)]",
            "return repr([1 for values in held for value in list(values) if type(value) is str and word in value])",
        ),
        "returns '[]'",
    ),
    "registry": (("from tefoundations.exercises.registry import EXERCISES", "return 'in'"), "is not there while"),
    "reference": (("from tefoundations.exercises.markets import double_auction", "return 'in'"), "is not there while"),
    "no finders": (
        ("import sys; sys.meta_path.clear()", "import tefoundations.exercises.markets", "return 'in'"),
        "it raises",
    ),
    "grades itself": (("from tefoundations.exercises import grade_folder", "return 'in'"), "No module named"),
    "hook disarmed": (
        (
            "import re, tefoundations.exercises.grader.guard as g",
            "g.FORBIDDEN = g.WRITES = re.compile('no such event')",
            "g.ROOM, g.LISTS = 'no such module', ()",
            "import tefoundations.exercises.registry as r",
            "return 'in'",
        ),
        "No module named 'tefoundations.exercises.registry'",
    ),
    "looks around": (("import os", "return repr(sorted(os.listdir('/')))"), "'submission'"),
    "saves for others": (
        ("import os", "return repr((os.path.exists('trace'), open('trace', 'w').write('x')))"),
        "'(False, 1)'",
    ),
}
# Files: the seed, other students, the references, the system.
FILES = {
    "seed's file": (("return open({secret!r}).read()",), GONE),
    "seed's file, past Python": (_to_the_system("libc.open({secret!r}.encode(), 0)"), NOT_THERE),
    "classmate": (("return open({folder!r} + '/ada/double_auction.ipynb').read()",), GONE),
    "classmate, past Python": (
        _to_the_system("libc.open(({folder!r} + '/ada/double_auction.ipynb').encode(), 0)"),
        NOT_THERE,
    ),
    "who else": (("import os", "return repr(os.listdir({folder!r}))"), GONE),
    "link of its own": (
        ("import os", "os.symlink({secret!r}, 'way')", "return open('way').read()"),
        "a submission may not write",
    ),
    "link of its own, past Python": (
        _to_the_system("libc.open(b'way', 0)", "libc.symlink({secret!r}.encode(), b'way')"),
        NOT_THERE,
    ),
    "file of references": (
        ("import tefoundations.exercises as e", "return open(e.__path__[0] + '/markets/double_auction.py').read()[:200]"),
        GONE,
    ),
    "installed references": (
        (
            "import sys, os",
            "ways = [p + '/tefoundations/exercises/registry.py' for p in sys.path]",
            "return repr(any(map(os.path.exists, ways)))",
        ),
        "returns 'False'",
    ),
    "source notebooks": (("return open({root!r} + '/exercises/source/markets/double_auction.md').read()[:200]",), GONE),
    "password file": (_to_the_system("libc.open(b'/etc/passwd', 0)"), NOT_THERE),
    "shadow file": (_to_the_system("libc.open(b'/etc/shadow', 0)"), NOT_THERE),
    "writes elsewhere": (("return open({folder!r} + '/found', 'w').write('x')",), "a submission may not write"),
    "writes elsewhere, past Python": (_to_the_system("libc.creat(({folder!r} + '/found').encode(), 0o666)"), NOT_THERE),
    "changes the library": (
        _to_the_system("libc.creat(b'/submission/library/tefoundations/market/x.py', 0o666)"),
        "returns '(-1, 30)'",  # a file system that is only read
    ),
    "parent's environment": (("import os", "return open(f'/proc/{{os.getppid()}}/environ').read()"), "it raises"),
    "everybody's arguments": (
        _to_the_system("[open(f'/proc/{{n}}/cmdline').read() for n in range(1, 9) if not libc.access(b'/proc/%d' % n, 0)]"),
        "worker",  # of itself
    ),
    "first process, past Python": (
        (
            SYSTEM,
            "held = ctypes.create_string_buffer(4000)",
            "n = libc.open(b'/proc/1/cmdline', 0)",
            "libc.read(n, held, 4000)",
            "return repr(held.raw[:200].split(bytes(1))[1:3])",
        ),
        "worker",  # it is this process itself
    ),
    "first process's memory": (_to_the_system("libc.ptrace(16, 1, 0, 0)"), NO_PERMISSION),
    "another's memory": (_to_the_system("libc.process_vm_writev(2, None, 0, None, 0, 0)"), NO_PERMISSION),
    "root of the first process": (_to_the_system("libc.open(b'/proc/1/root{secret}', 0)"), "returns '(-1, "),
}
# Processes, rights, network.
SYSTEM_CALLS = {
    "subprocess": (("import subprocess, sys", "return subprocess.run([sys.executable, '-V']).returncode"), "may not use"),
    "shell": (("import os", "return os.system('true')"), "may not use os.system"),
    "fork": (("import os", "return os.fork()"), "may not use os.fork"),
    "fork, past Python": (_to_the_system("libc.fork()"), NO_PERMISSION),
    "clone, past Python": (_to_the_system("libc.syscall(56, 17, 0, 0, 0, 0)"), "returns '(-1, "),
    "exec, past Python": (_to_the_system("libc.execv(b'/lib64/ld-linux-x86-64.so.2', None)"), "returns '(-1, "),
    "posix_spawn": (("import os", "return os.posix_spawn('/bin/sh', ['sh'], {{}})"), "may not use os.posix_spawn"),
    "multiprocessing": (("import multiprocessing as m", "return m.get_context('fork').Pool(2).map(abs, [1])"), "it raises"),
    "kills the grader": (("import os", "return os.kill(os.getppid(), 9)"), "may not use os.kill"),
    "kills everybody, past Python": (_to_the_system("libc.kill(-1, 9)"), "returns '(-1, 3)'"),
    "network": (("import socket", "return repr(socket.create_connection(('127.0.0.1', {port})))"), "may not use socket"),
    "network, past Python": (
        (
            SYSTEM,
            "import struct",
            "place = struct.pack('=HHI8x', 2, int.from_bytes(({port}).to_bytes(2, 'big'), 'little'), 0x0100007F)",
            "return told(libc.connect(libc.socket(2, 1, 0), place, 16))",
        ),
        "returns '(-1, ",
    ),
    "abstract socket, past Python": (
        (
            SYSTEM,
            "place = bytes([1, 0, 0]) + {abstract!r}",
            "return told(libc.connect(libc.socket(1, 1, 0), place, len(place)))",
        ),
        "returns '(-1, 111)'",
    ),
    "mounts": (_to_the_system("libc.mount(b'none', b'/submission/own', b'tmpfs', 0, None)"), NO_PERMISSION),
    "stays alive": (_to_the_system("libc.prctl(1, 0, 0, 0, 0)"), NO_PERMISSION),
    "many sockets": (
        ("import socket", "kept = [socket.socketpair() for _ in range(200)]", "return 'all made'"),
        "Too many open files",
    ),
    "a world of its own": (_to_the_system("libc.unshare(0x10000000)"), "returns '(-1, "),
    "keys of the user": (
        (
            SYSTEM,
            "import platform",
            "number = 248 if platform.machine() == 'x86_64' else 217",
            "return told(libc.syscall(number, b'user', b'x', b'x', 1, -4))",
        ),
        NO_PERMISSION,
    ),
    "more memory": (
        ("import resource", "return resource.setrlimit(resource.RLIMIT_AS, (1 << 40, 1 << 40))"),
        "it raises ValueError: not allowed to raise maximum limit",
    ),
}
# Messages: forged, in floods, of impossible kinds.
MESSAGES = {
    "forged answers": (
        (*WORD, "[say(of={name}, outcome=dict(kind='answer', value=1.0)) for _ in range(99)]", "os._exit(0)"),
        "it returns 1, but",
    ),
    "forged end": ((*WORD, "say(done=True)", "os._exit(0)"), "not every case was answered"),
    "forged numbers": (
        (
            *WORD,
            "[say(cell=c) for c in (-1, 10**9, [1], {{}}, None, True, 'x')]",
            "[say(ran=c, failed=[1]) for c in (-1, [1], {{}})]; [say(full=c) for c in (-1, [1])]",
            "[say(ask=q) for q in ([1], {{}}, 'double_auction/none')]; say(of=[1], outcome=2); say()",
            "return 1.0",
        ),
        "it returns 1, but",
    ),
    "forged outcome": (
        (*WORD, "say(of={name}, outcome=dict(kind='correct', value=[[]]))", "return 1.0"),
        FORGED,
    ),
    "forged parameter": (
        (*WORD, "say(of={name}, outcome=dict(kind='answer', value=0.0, changed=['=x']))", "return 1.0"),
        FORGED,
    ),
    "deep answer": (
        (*WORD, "say(of={name}, outcome=dict(kind='answer', value=eval('[' * 90 + ']' * 90)))", "return 0"),
        FORGED,
    ),
    "without end": ((*WORD, "while True: say(cell=0)"), "it tells more than a submission may"),
    "large messages": ((*WORD, "while True: say(x='x' * 700_000)"), "it tells more than a submission may"),
    "no line ends": (
        (
            "import os",
            "while True:",
            "    for n in range(3, 40):",
            "        try: os.write(n, b'x' * 99999)",
            "        except OSError: pass",
        ),
        "it tells more than a submission may",
    ),
    "kind comparison": (
        (
            "class Yes(float):",
            "    __eq__ = __ge__ = __le__ = lambda self, other: True",
            "    __hash__ = float.__hash__",
            "return [Yes(1), [Yes(1)] * len(b), [Yes(1)] * len(a)]",
        ),
        "<Yes>",
    ),
    "half a pair": (("raise ValueError('a' + chr(0xD800) + 'b')",), r"it raises ValueError: a\ud800b"),
    "strange signs": (("raise ValueError('a' + chr(0x202E) + chr(0) + chr(27) + 'b')",), r"ValueError: a\u202e\x00\x1bb"),
    "huge number": (("return 10 ** 4000",), "OverflowError"),
    "list in itself": (("x = []", "x.append(x)", "return x"), "RecursionError"),
}
# Floods: of memory, files, threads.
FLOODS = {
    "memory": (("x = bytearray(1 << 34)", "return 0"), "it wants more memory than a submission may have"),
    "small file system": (
        (
            "for n in range(99):",
            "    with open(f'{{n}}', 'wb') as file: file.write(bytes(8 << 20))",
            "return 'written'",
        ),
        "No space left on device",
    ),
    "shared memory": (
        _to_the_system("libc.creat(b'/dev/shm/x', 0o666)"),
        "returns '(-1, 30)'",
    ),
    "memory of nobody": (_to_the_system("libc.memfd_create(b'x', 0)"), NO_PERMISSION),
    "segment of shared memory": (_to_the_system("libc.shmget(0, 1 << 30, 0o1600)"), NO_PERMISSION),
    "queue of messages": (_to_the_system("libc.msgget(0, 0o1600)"), NO_PERMISSION),
    "threads": (
        (
            "import threading, time",
            "for _ in range(100_000): threading.Thread(target=time.sleep, args=(99,), daemon=True).start()",
            "return 'all started'",
        ),
        "can't start new thread",
    ),
}
ATTACKS = {**INSIDE, **FILES, **SYSTEM_CALLS, **MESSAGES, **FLOODS}


def body(lines, **known):
    """The cell of an attack."""
    known["name"] = repr("double_auction/clearing")
    return "\n".join(["def clear(b, a):", *("    " + line.format(**known) for line in lines)])

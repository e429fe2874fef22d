"""Files that can be read in one sitting, functions that fit on a screen."""

import ast

FILE_LINES = {".py": 320, ".js": 320, ".css": 320, ".sh": 120}
CHAPTER_LINES = 980
FUNCTION_LINES = 60
MEGABYTES = 1.5
TAB_FREE = {".py", ".md", ".js", ".css", ".toml", ".yml", ".sh", ".cfg", ".cff", ".ipynb"}


def size_faults(name, content):
    """Faults of one file: `name` is its path, `content` its bytes."""
    faults = []
    suffix = "." + name.rsplit(".", 1)[-1] if "." in name.rsplit("/", 1)[-1] else ""
    if len(content) > MEGABYTES * 1e6:
        faults.append(f"{name}: {len(content) / 1e6:.1f} MB")
    if suffix not in TAB_FREE:
        return faults
    lines = content.decode("utf-8").split("\n")
    most = CHAPTER_LINES if name.startswith("book/") and suffix == ".md" else FILE_LINES.get(suffix)
    if most and len(lines) - 1 > most:
        faults.append(f"{name}: {len(lines) - 1} lines, at most {most}")
    if content and lines[-1]:
        faults.append(f"{name}: no newline at the end")
    for number, line in enumerate(lines, 1):
        if "\t" in line or line.endswith("\r"):
            faults.append(f"{name}:{number}: tab or carriage return")
    return faults + (function_faults(name, "\n".join(lines)) if suffix == ".py" else [])


def function_faults(name, text):
    """Functions with more than 60 lines of code; docstring, comments and empty lines do not count."""
    faults, lines = [], text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            code = set(range(node.lineno, node.end_lineno + 1))
            if ast.get_docstring(node):
                code -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
            count = sum(bool(lines[i - 1].strip()) and not lines[i - 1].lstrip().startswith("#") for i in code)
            if count > FUNCTION_LINES:
                faults.append(f"{name}:{node.lineno}: {node.name} has {count} lines, at most {FUNCTION_LINES}")
    return faults

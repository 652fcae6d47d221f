#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a file or function is too long, a header lacks its comment, or a source has no test.

The limits have no exceptions. Only the rule that each source has a test has some: untested.txt.
"""
import sys

import functions
import lint_tree

SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
WITH_SPDX = (".cpp", ".hpp", ".py", ".sh", ".cmake", "CMakeLists.txt")
NEEDS_TEST = ("common/", "daemon/", "ctl/", "client/")
UNTESTED = "tests/lint/untested.txt"
# Files of other authors, and files that a program reads byte by byte.
NOT_OURS = ("LICENSE", "tests/fuzz/corpus/")


def limits(path):
    """(lines of the file, lines of a function)"""
    lines = 150 if path.endswith(".hpp") else 400
    return lines, 80 if path.startswith("tests/") else 60


def check_size(path, text):
    max_lines, longest = limits(path)
    lines = len(text.splitlines())
    if lines > max_lines:
        yield (f"{path}:{max_lines + 1}: {lines} lines, at most {max_lines}: "
               "split it by subject")
    for function in functions.functions(text):
        if function.length > longest:
            yield (f"{path}:{function.line}: {function.name} has {function.length} lines, "
                   f"at most {longest}")


def check_header(path, text):
    lines = text.splitlines()
    name = path.rpartition("/")[2]
    if len(lines) < 2 or not lines[1].startswith(f"// {name} — "):
        yield f"{path}:2: a header opens with `// {name} — what it is`"
    if "#pragma once" not in lines:
        yield f"{path}:1: no #pragma once"


def check_spdx(path, text):
    lines = text.splitlines()
    first = lines[1:2] if text.startswith("#!") else lines[0:1]
    if not first or first[0] not in (f"// {SPDX}", f"# {SPDX}"):
        yield f"{path}:1: the first line (after #!) must be `{SPDX}` in a comment"


def check_blanks(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line and not path.endswith((".mk", "Makefile", "debian/rules")):
            yield f"{path}:{number}: tab"
        if line != line.rstrip():
            yield f"{path}:{number}: trailing blank"
    if text and not text.endswith("\n"):
        yield f"{path}:{len(text.splitlines())}: no newline at the end"


def read_untested(root):
    """Reads untested.txt: a line `path: reason` for each source without a test."""
    text = (root / UNTESTED).read_text(encoding="utf-8") if (root / UNTESTED).exists() else ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            path, _, reason = line.partition(":")
            yield number, path.strip(), reason.strip()


def check_tests(root, paths):
    excused = set()
    for number, path, reason in read_untested(root):
        if not reason:
            yield f"{UNTESTED}:{number}: {path}: say why it has no test"
        if path not in paths or test_of(path) in paths:
            yield f"{UNTESTED}:{number}: {path} is gone or has its test: remove the line"
        excused.add(path)
    for path in sorted(paths):
        if not path.startswith(NEEDS_TEST) or not path.endswith(".cpp"):
            continue
        if path.endswith("/main.cpp") or path in excused or test_of(path) in paths:
            continue
        yield f"{path}:1: no {test_of(path)}"


def test_of(path):
    return f"tests/{path[:-len('.cpp')]}_test.cpp"


def check(root):
    paths = set(lint_tree.files(root))
    for path in sorted(paths):
        if path.startswith(NOT_OURS):
            continue
        text = lint_tree.read_text(root, path)
        if text is None:
            continue
        yield from check_blanks(path, text)
        if path.endswith(WITH_SPDX) or text.startswith("#!"):
            yield from check_spdx(path, text)
        if lint_tree.is_source(path):
            yield from check_size(path, text)
            if path.endswith(".hpp"):
                yield from check_header(path, text)
    yield from check_tests(root, paths)


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

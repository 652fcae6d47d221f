#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a document names a test that does not exist.

Test names are in backquotes: `Suite.Test`, `Suite.*`, `fuzz.target`.
"""
import pathlib
import re
import sys

import lint_tree

DOCUMENTS = ("ARCHITECTURE.md", "SECURITY.md", "tests/README.md")
NAMED = re.compile(r"`(\*?[A-Z]\w*\.(?:[A-Z]\w+|\*)|fuzz\.\w+)`")
TEST = re.compile(r"^\s*TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)


def tests_of(root):
    tests = set()
    for path in lint_tree.files(root):
        if path.startswith("tests/fuzz/") and path.endswith("_fuzz.cpp"):
            tests.add("fuzz." + pathlib.PurePosixPath(path).name[:-len("_fuzz.cpp")])
        elif path.startswith("tests/") and path.endswith("_test.cpp"):
            text = lint_tree.read_text(root, path) or ""
            tests.update(f"{suite}.{name}" for suite, name in TEST.findall(text))
    return tests


def is_there(name, tests):
    pattern = re.compile(re.escape(name).replace(r"\*", r"\w*"))
    return any(pattern.fullmatch(test) for test in tests)


def check(root):
    tests = tests_of(root)
    for path in DOCUMENTS:
        if not (root / path).exists():
            continue
        for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1):
            for name in NAMED.findall(line):
                if not is_there(name, tests):
                    yield f"{path}:{number}: there is no test `{name}`"


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

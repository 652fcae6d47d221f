#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a file has a text that belongs in no file: paths of one machine, notes to finish
something later, sleeps instead of a condition.
"""
import re
import sys
from typing import NamedTuple, Optional

import lint_tree

# Files that contain the words on purpose.
EXEMPT = ("tests/lint/check_words.py", "tests/lint/check_words_test.py", "tests/fuzz/corpus/",
          "LICENSE")


class Rule(NamedTuple):
    pattern: re.Pattern
    why: str
    only: Optional[tuple] = None  # endings of the files that are checked; None: all files
    not_in: tuple = ()            # folders with an exception


RULES = (
    Rule(re.compile(r"(?<![\w.~-])/(?:work|root|Users)/\w"), "a path of somebody's machine"),
    Rule(re.compile(r"\bsub-?[a]gents?\b|\bfarm-\w+", re.IGNORECASE), "a tool's name, not ours"),
    Rule(re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "an issue number, or nothing"),
    Rule(re.compile(r"\bnot (?:yet )?implemented\b", re.IGNORECASE), "finish it or leave it out"),
    Rule(re.compile(r"\bu?sleep\s*\(|\bnanosleep\s*\(|\bsleep_(?:for|until)\b"),
         "wait for what must happen, with a limit", (".cpp", ".hpp"),
         # chatctl --watch waits between two outputs, eventually() polls, a benchmark paces.
         ("ctl/", "tests/support/eventually.hpp", "tests/bench/")),
    Rule(re.compile(r"\bDISABLED_\w"), "a test that does not run is no test", (".cpp",)),
    Rule(re.compile(r"^\s*using namespace\b", re.MULTILINE), "reaches into every file that "
         "includes this", (".hpp",)),
    Rule(re.compile(r"//\s*NOLINT(?!(?:NEXTLINE|BEGIN|END)?\()"), "NOLINT names its check",
         (".cpp", ".hpp")),
)


UPWARDS = re.compile(r"(?<![\w./}\"'])((?:\.\./)+)\w")


def check_text(path, text):
    for found in UPWARDS.finditer(text):
        if found.group(1).count("/") > path.count("/"):
            number = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{number}: `{found.group()}`: a path out of the tree"
    for rule in RULES:
        if path.startswith(rule.not_in) or (rule.only and not path.endswith(rule.only)):
            continue
        for found in rule.pattern.finditer(text):
            number = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{number}: `{found.group().strip()}`: {rule.why}"


def check(root):
    for path in lint_tree.files(root):
        if path.startswith(EXEMPT):
            continue
        text = lint_tree.read_text(root, path)
        if text is not None:
            yield from check_text(path, text)


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

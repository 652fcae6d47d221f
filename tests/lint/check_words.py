#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a file has a text that belongs in no file: paths of one machine, notes to finish
something later, sleeps instead of a condition. Fails also if a name or a comment of a source
uses a word that is not plain; CONTRIBUTING.md has the rules.
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
    # grep -q ends at the first match; with pipefail the pipe fails if the other side still writes.
    Rule(re.compile(r"(?<!\|)\|\s*grep\s+(?:-\S+\s+)*(?:-[a-zA-Z]*q|--quiet\b)"),
         "behind a pipe: grep ... >/dev/null"),
    Rule(re.compile(r"//\s*NOLINT(?!(?:NEXTLINE|BEGIN|END)?\()"), "NOLINT names its check",
         (".cpp", ".hpp")),
)


# Words that are not used in names and comments of sources and scripts, and what to use instead.
# Each stands for its plural, too. String literals are not checked: users read some of them.
NOT_PLAIN = {
    "bequest": "inherited descriptor",
    "company": "coalescing",
    "crumb": "small segment",
    "dear": "expensive",
    "dearer": "more expensive",
    "farewell": "goodbye",
    "lame": "failed",
    "nag": "repeat interval, ack interval",
    "newcomer": "new session, new member, joining client",
    "obituary": "exit report",
    "patience": "timeout, time limit",
    "stranger": "unauthenticated peer",
}
# The same for the beginning of a name, and for the phrases of a comment.
NOT_PLAIN_NAMES = (
    (re.compile(r"kMost(?=[A-Z]|$)"), "kMax..."),
    (re.compile(r"kLeast(?=[A-Z]|$)"), "kMin..."),
)
NOT_PLAIN_PHRASES = (
    (re.compile(r"(?i:\bhouse\s+rules?\b)"), "the name of the rule"),
    # A sentence begins where a paragraph begins, after `name.hpp — `, and after a full stop.
    (re.compile(r"(?:\A|\n[ \t]*\n|— |[.!?](?=\s+[A-Z]))\s*"
                r"(?P<at>(?i:who|what)(?:ever)?\b[^\n]*)"),
     "the subject first: a type, a field, a term"),
    # The first word of a comment has nothing before it that it could stand for.
    (re.compile(r"(?:\A|\n[ \t]*\n|— )\s*(?P<at>(?:It|They|Nobody|Somebody|Everybody|"
                r"That|Those|One (?:that|which|who))\b[^\n]*)"),
     "the noun first: a type, a field, a term"),
)
TEST_NAME = re.compile(r"\bTEST(?:_F|_P)?\(\s*\w+,\s*((?:Who|What)(?:ever)?(?=[A-Z])\w*)")

# A literal comes first, so that it hides what looks like a comment or a name in it.
CXX_TOKEN = re.compile(
    r"""(?P<literal> \bR"(?P<fence>[^()\s\\]{0,16})\(.*?\)(?P=fence)"
                   | "(?:[^"\\\n]|\\.)*" | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)*' )
      | (?P<comment> (?://[^\n]*(?:\n[ \t]*(?=//))?)+ | /\*.*?\*/ )
      | (?P<name> [A-Za-z_]\w* )""", re.VERBOSE | re.DOTALL)
SCRIPT_TOKEN = re.compile(
    r"""(?P<literal> "{3}.*?"{3} | "(?:[^"\\]|\\.)*" | '[^'\n]*' )
      | (?P<comment> (?:(?:^|(?<=\s))\#(?!!)[^\n]*(?:\n[ \t]*(?=\#))?)+ )
      | (?P<name> [A-Za-z_]\w* )""", re.VERBOSE | re.DOTALL)
SCRIPTS = (".bash", ".cmake", ".py", ".sh", "CMakeLists.txt")


def token_pattern(path, text):
    """How to read the names and comments of a file; None if it is no source and no script."""
    if lint_tree.is_source(path):
        return CXX_TOKEN
    return SCRIPT_TOKEN if path.endswith(SCRIPTS) or text.startswith("#!") else None


def words_of(name):
    """The words of `kWordByWord` or `word_by_word`, in lower case and without a plural s."""
    for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name):
        yield word.lower().removesuffix("s")


def check_name(name, at=0):
    """Yields (offset, text, what to use) of each fault; the name is at the offset `at`."""
    for word in words_of(name):
        if word in NOT_PLAIN:
            yield at, name, NOT_PLAIN[word]
    for pattern, use in NOT_PLAIN_NAMES:
        if pattern.match(name):
            yield at, name, use


def check_comment(comment):
    for name in re.finditer(r"[A-Za-z_]\w*", comment):
        yield from check_name(name.group(), name.start())
    # Replaces the comment marks and the line of the licence by spaces, so that offsets stay the same.
    text = re.sub(r"^[ \t]*(?://+|#+|/?\*+/?)(?: SPDX-License-Identifier:[^\n]*)?|\*/",
                  lambda mark: " " * len(mark.group()), comment, flags=re.MULTILINE)
    for pattern, use in NOT_PLAIN_PHRASES:
        for found in pattern.finditer(text):
            at = "at" if "at" in found.groupdict() else 0
            yield found.start(at), found.group(at)[:40], use


def check_tokens(pattern, text):
    checks = {"name": check_name, "comment": check_comment}
    for token in pattern.finditer(text):
        if token.lastgroup in checks:
            for at, found, use in checks[token.lastgroup](token.group()):
                yield token.start() + at, found, use
    for found in TEST_NAME.finditer(text):
        yield found.start(1), found.group(1), "the subject first"


def check_plain_words(path, text):
    pattern = token_pattern(path, text)
    if pattern is None:
        return
    for part in path.split("/"):
        yield from check_name(part)
    yield from check_tokens(pattern, text)


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
    for at, found, use in check_plain_words(path, text):
        number = text.count("\n", 0, at) + 1
        yield f"{path}:{number}: `{found}`: not plain; use: {use}"


def check(root):
    for path in lint_tree.files(root):
        if path.startswith(EXEMPT):
            continue
        text = lint_tree.read_text(root, path)
        if text is not None:
            yield from check_text(path, text)


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

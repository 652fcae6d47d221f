#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if an #include breaks a rule of floors.txt: a folder that includes another one, or a
library that is included outside of its door.

floors.txt, in this folder, has the rules and their format.
"""
import re
import sys

import lint_tree

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


class BadRules(Exception):
    """floors.txt has an error."""


def folder_of(path):
    return path.rpartition("/")[0]


def covers(place, path):
    """True if `place` (a file, a folder or folder/*) contains the file `path`."""
    if place.endswith("/*"):
        return path.startswith(place[:-1])
    return place in (path, folder_of(path))


class Rules:
    def __init__(self, text):
        self.floors = {}  # folder, folder/* or file -> the set of folders it may include
        self.doors = {}   # prefix of a header -> the places that may include it
        self.system = ()
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.partition("#")[0].strip()
            try:
                self.read(line)
            except BadRules as error:
                raise BadRules(f"floors.txt:{number}: {error}") from None

    def read(self, line):
        if line.startswith("only "):
            left, separator, right = line[len("only "):].partition(" in ")
            prefix = left.strip()
            if not separator or not right.split() or prefix in self.doors:
                raise BadRules(f"want one line `only {prefix} in PLACE...`")
            self.doors[prefix] = right.split()
        elif line.startswith("system "):
            self.system = tuple(line.split()[1:])
        elif line:
            place, separator, allowed = line.partition(":")
            if not separator or place in self.floors:
                raise BadRules(f"want one line `{place}: FOLDER...`")
            self.floors[place] = {f for name in allowed.split() for f in self.expand(name)}

    def folders(self):
        return [p for p in self.floors if not p.endswith(("/*", ".cpp", ".hpp"))]

    def expand(self, name):
        if name == "*":
            return self.folders()
        if name.endswith("/*"):
            found = [f for f in self.folders() if f.startswith(name[:-1])]
        else:
            found = [f for f in self.folders() if f == name]
        if not found:
            raise BadRules(f"{name} is not on a line above")
        return found

    def may_include(self, path):
        """The folders that the file may include; None if floors.txt has no line for it."""
        if path in self.floors:
            return self.floors[path] | {folder_of(path)}
        if folder_of(path) in self.floors:
            return self.floors[folder_of(path)] | {folder_of(path)}
        for place, allowed in self.floors.items():
            if place.endswith("/*") and covers(place, path):
                return allowed | {place}
        return None

    def is_ours(self, header):
        return any(header.split("/")[0] == place.split("/")[0] for place in self.floors)


def check_own(rules, path, allowed, target):
    if any(place.endswith("/*") and covers(place, target) for place in allowed):
        return None
    if folder_of(target) in allowed:
        return None
    if not rules.is_ours(target) or ".." in target.split("/"):
        return f'"{target}" is not a full path from the root'
    return f"{folder_of(path)} must not include {target}"


def check_library(rules, path, target):
    for prefix, places in rules.doors.items():
        if target.startswith(prefix):
            if any(covers(place, path) for place in places):
                return None
            return f"<{target}> belongs behind its door: {' '.join(places)}"
    if rules.is_ours(target):
        return f"<{target}> is ours: write it in quotes"
    if "/" in target and not target.startswith(rules.system):
        return f"<{target}>: this library has no door in floors.txt"
    return None


def check_file(rules, path, text):
    allowed = rules.may_include(path)
    if allowed is None:
        yield f"{path}:1: floors.txt has no line for {folder_of(path)}"
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        kind, target = found.groups()
        if kind == '"':
            problem = check_own(rules, path, allowed, target)
        else:
            problem = check_library(rules, path, target)
        if problem:
            yield f"{path}:{number}: {problem}"


def check(root):
    try:
        rules = Rules((root / "tests/lint/floors.txt").read_text(encoding="utf-8"))
    except BadRules as error:
        yield f"tests/lint/{error}"
        return
    for path in lint_tree.files(root):
        if lint_tree.is_source(path):
            yield from check_file(rules, path, lint_tree.read_text(root, path) or "")


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

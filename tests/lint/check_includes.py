#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a header or source does not compile without what other files include.

    check_includes.py ROOT BUILD-FOLDER

Unity builds and precompiled headers hide a missing include. So each file is compiled alone here,
without precompiled headers and without code, with the options of all compile commands in BUILD-FOLDER.
A header that is the first include of another file is read first there, so it is compiled with that
file only. Where packaging/test tests a sample, COUNT of the files are compiled.
"""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys

import check_tidy
import lint_tree

COMPILER = "g++"
COUNT = 10


def first_include(text):
    """The own header that a file includes before every other directive but #pragma, or None."""
    for directive in re.findall(r"^#.*$", text, re.M):
        if not directive.startswith("#pragma"):
            found = re.fullmatch(r'#include "(.+)"', directive)
            return found and found[1]
    return None


def units(root):
    """The files that are compiled: all but the headers that another file includes first."""
    paths = [path for path in lint_tree.files(root) if lint_tree.is_source(path)]
    first = {first_include(lint_tree.read_text(root, path)) for path in paths}
    return [path for path in paths if path not in first]


def flags_of_all(build):
    """The options for language, definitions and folders of all compile commands, each once."""
    entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    flags = (flag for entry in entries for flag in check_tidy.flags_of(entry["command"]))
    return list(itertools.chain(*dict.fromkeys(flags)))


def compile_alone(root, path, flags):
    """The first error of the compiler; empty if there is none."""
    done = subprocess.run(
        [COMPILER, *flags, "-w", "-fsyntax-only", "-x", "c++", path], cwd=root,
        env={**os.environ, "LC_ALL": "C"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        return ""
    lines = [line for line in done.stderr.splitlines() if "error: " in line] or [done.stderr]
    return f"{path} does not compile alone: {lines[0].replace(f'{root}/', '')}"


def check(root, build):
    paths = lint_tree.sample(units(root), COUNT, "includes", lint_tree.changed(root))
    flags = flags_of_all(build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from filter(None, threads.map(lambda path: compile_alone(root, path, flags), paths))


def run(root, build):
    found = list(check(root, build))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} ROOT-OF-THE-TREE BUILD-FOLDER")
    sys.exit(run(*(pathlib.Path(path).resolve() for path in sys.argv[1:])))

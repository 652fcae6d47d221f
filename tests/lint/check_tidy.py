#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs clang-tidy 19 over the sources below some folders, with the checks of .clang-tidy.

    check_tidy.py ROOT BUILD FOLDER...

BUILD has compile_commands.json. The sources of each top folder are checked together as one
translation unit: most of the time goes into the headers, which are then read once, and the whole
tree takes minutes instead of an hour.

Where packaging/test tests a sample, LINES lines are checked: the sources that the last commit has
changed, and then those that follow a source that is drawn.
"""
import concurrent.futures
import itertools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import lint_tree

TIDY = "clang-tidy-19"

# Sources whose unnamed namespaces share a name with another source: they are one more unit.
SECOND = {
    "client/run.cpp", "client/script/script_run.cpp", "client/terminal/dialogue.cpp",
    "client/words/words.cpp",
    "common/wire/native/native_frame.cpp", "ctl/run.cpp", "daemon/config/settings.cpp",
    "daemon/control/dispatch.cpp", "daemon/gateway/native_login.cpp",
    "daemon/supervisor/supervisor_stop.cpp", "examples/parallel_copy.cpp",
}

LINES = 5000  # of sources without headers; 3000 lines of daemon/archive take 33 s of one core

# The flags of a compile command that clang-tidy needs; flags of gcc alone are left out.
KEPT_FLAGS = ("-std=", "-D", "-I")


def flags_of(command):
    """The flags of one compile command that clang-tidy needs, each with its argument."""
    arguments = iter(shlex.split(command))
    for argument in arguments:
        if argument == "-isystem":
            yield argument, next(arguments)
        elif argument.startswith(KEPT_FLAGS):
            yield (argument,)


def units(sources):
    """Groups of sources that are checked together, the largest first."""
    together = {}
    for source in sorted(sources):
        unit = "" if source in SECOND else source.partition("/")[0]
        together.setdefault(unit, []).append(source)
    return sorted(together.values(), key=len, reverse=True)


def sources_of(path):
    """The sources of one entry of compile_commands.json; a unity build has a file of includes."""
    if path.parent.name != "Unity":
        return [path]
    return [pathlib.Path(name)
            for name in re.findall(r'^#include "(.+)"$', path.read_text(encoding="utf-8"), re.M)]


def commands_below(root, build, folders):
    """Maps each built source below the folders to its compile command."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        for path in sources_of(pathlib.Path(entry["directory"], entry["file"]).resolve()):
            if not path.is_relative_to(root):
                continue
            source = path.relative_to(root).as_posix()
            if source.split("/")[0] in folders:
                found[source] = entry["command"]
    return found


def tidy(root, unit, commands):
    """The output of clang-tidy for the sources of the unit; empty if it finds no fault."""
    flags = dict.fromkeys(flag for source in unit for flag in flags_of(commands[source]))
    with tempfile.NamedTemporaryFile("w", suffix=".cpp", encoding="utf-8") as main:
        main.writelines(f'#include "{root}/{source}"\n' for source in unit)
        main.flush()
        done = subprocess.run(
            [TIDY, "--quiet", f"--config-file={root}/.clang-tidy",
             f"--header-filter=^{re.escape(str(root))}/", main.name, "--",
             *itertools.chain(*flags)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 0:
        return ""
    # A clang-tidy that was killed, or cannot read its configuration, prints to standard error only.
    output = done.stdout or f"{TIDY} ended with {done.returncode}: {done.stderr}"
    return output.replace(f"{root}/", "")


def drawn(root, sources):
    """The sources that are checked: all, or a sample, which ends with the source that has line LINES."""
    draw = lint_tree.random_for("tidy")
    if draw is None:
        return list(sources)
    sources = sorted(sources)
    start = draw.randrange(len(sources))
    is_changed = lint_tree.changed(root)
    chosen, lines = [], 0
    # The order is kept, but those that are changed, or whose header is, come first.
    for source in sorted(sources[start:] + sources[:start], key=is_changed, reverse=True):
        if lines < LINES:
            chosen.append(source)
            lines += lint_tree.read_text(root, source).count("\n")
    return chosen


def check(root, build, folders):
    """The output of clang-tidy for each unit in which it finds a fault."""
    commands = commands_below(root, build, folders)
    for folder in folders:  # a misspelt folder, or one that is not built, would look clean
        if not any(source.startswith(f"{folder}/") for source in commands):
            sys.exit(f"{sys.argv[0]}: no source below {folder} is built")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from filter(None, threads.map(lambda unit: tidy(root, unit, commands),
                                            units(drawn(root, commands))))


def run(root, build, folders):
    found = list(check(root, build, folders))
    for output in found:
        print(output)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(f"usage: {sys.argv[0]} ROOT-OF-THE-TREE BUILD-FOLDER FOLDER...")
    sys.exit(run(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(),
                 sys.argv[3:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a checker of another project over the files that it is for.

    check_tools.py alerts|cppcheck|format|man|shell ROOT [FOLDER]

cppcheck uses every core. With FOLDER it stores its results there, and the next run reads only files
that have changed, or that include one that has. Where packaging/test tests a sample, it reads one of
SHARE of the files. The version of clang-format is fixed, because other versions format differently.
A tool that is missing is a failure: packaging/setup test installs it.
"""
import os
import pathlib
import re
import subprocess
import sys

import lint_tree


SHARE = 10


def is_shell(root, path):
    if path.endswith((".bash", ".sh")):
        return True
    with (root / path).open("rb") as file:
        return re.match(rb"#!\s*/(?:usr/)?bin/(?:env )?(?:ba)?sh\b", file.readline()) is not None


def is_alert_rules(_root, path):
    return re.fullmatch(r"packaging/prometheus/[^/]+\.yml", path) is not None


def is_manual(_root, path):
    return re.fullmatch(r"man/[^/]+\.[1-9]", path) is not None


# name -> (command, function that selects the files)
TOOLS = {
    "alerts": (["promtool", "check", "rules"], is_alert_rules),
    # Suppresses false findings: cppcheck takes templates for comparisons, the end of a string_view
    # for that of its string, and ignores [[noreturn]].
    "cppcheck": (["cppcheck", "--quiet", "--error-exitcode=1", "--std=c++20", "--language=c++",
                  "--enable=warning,performance,portability", "--inline-suppr", "-I", ".",
                  "--suppress=internalAstError", "--suppress=passedByValue",
                  "--suppress=ignoredReturnValue", "--suppress=missingInclude",
                  "--suppress=compareBoolExpressionWithInt:common/wire/unicode.cpp",
                  "--suppress=invalidLifetime:ctl/client.cpp",
                  "--suppress=accessMoved:daemon/sys/daemonize.cpp"],
                 lambda _root, path: lint_tree.is_source(path) and path.endswith(".cpp")
                 and not path.startswith("tests/")),
    "format": (["clang-format-14", "--dry-run", "-Werror", "--style=file"],
               lambda _root, path: lint_tree.is_source(path)),
    "man": (["mandoc", "-Tlint", "-Wwarning"], is_manual),
    "shell": (["shellcheck", "--external-sources", "--source-path=SCRIPTDIR"], is_shell),
}


def options_of_cppcheck(folder):
    options = ["-j", str(len(os.sched_getaffinity(0)))]
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        options.append(f"--cppcheck-build-dir={folder}")
    return options


def run(name, root, folder=None):
    """The exit status of the tool over its files; 0 if the tree has none."""
    command, wanted = TOOLS[name]
    paths = [path for path in lint_tree.files(root) if wanted(root, path)]
    if not paths:
        return 0
    if name == "cppcheck":
        paths = lint_tree.sample(paths, -(-len(paths) // SHARE), name, lint_tree.changed(root))
        command = [*command, *options_of_cppcheck(folder)]
    try:
        return subprocess.run([*command, *paths], cwd=root, check=False).returncode
    except FileNotFoundError:
        print(f"{command[0]} is missing: packaging/setup test")
        return 1


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in TOOLS:
        sys.exit(f"usage: {sys.argv[0]} {'|'.join(TOOLS)} ROOT-OF-THE-TREE [FOLDER]")
    sys.exit(1 if run(sys.argv[1], *(pathlib.Path(path).resolve() for path in sys.argv[2:])) else 0)

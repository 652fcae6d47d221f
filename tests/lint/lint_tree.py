# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions of all checkers: they walk the tree, read its files and print the problems.

The files do not come from git, because the checks must also run on an unpacked tarball.
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys

SKIPPED = {".git", ".cache", "__pycache__", "build"}
SOURCE_FOLDERS = ("common", "daemon", "ctl", "client", "packaging", "examples")


def files(root):
    """The path of each file of the tree, relative to its root, in a fixed order."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if name not in SKIPPED)
        for name in sorted(name for name in names if name not in SKIPPED):
            yield (pathlib.Path(folder) / name).relative_to(root).as_posix()


def is_source(path):
    """True for the C++ sources of this project: programs, libraries and tests."""
    top = path.split("/")[0]
    return path.endswith((".cpp", ".hpp")) and top in (*SOURCE_FOLDERS, "tests")


def read_text(root, path):
    """The text of the file, or None if it is not text (pictures, inputs of fuzz targets)."""
    data = (pathlib.Path(root) / path).read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def sample(items, count, use, is_preferred=lambda item: False):
    """`count` of the items in their order, where the caller tests a sample, otherwise all.

    packaging/test gives the seed; with the same seed, the same items are drawn for the same `use`. Those
    that are preferred are drawn first.
    """
    draw = random_for(use)
    if draw is None or count >= len(items):
        return list(items)
    drawn = draw.sample(range(len(items)), len(items))
    drawn.sort(key=lambda index: not is_preferred(items[index]))
    return [items[index] for index in sorted(drawn[:count])]


def changed(root):
    """A function of a path: whether the last commit or a later edit has changed it, or its header.

    Without git, none is changed.
    """
    names = ""
    if shutil.which("git") is not None:
        names = subprocess.run(
            ["git", "-C", str(root), "diff", "--name-only", "--relative", "HEAD~1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    stems = {os.path.splitext(name)[0] for name in names.splitlines()}
    return lambda path: os.path.splitext(path)[0] in stems


def random_for(use):
    """The generator of a sample; None where the caller tests all."""
    seed = os.environ.get("CHATD_TEST_SEED")
    if seed is None or "CHATD_TEST_ALL" in os.environ:
        return None
    return random.Random(f"{seed} {use}")


def main(check):
    """Runs check(root) for the root in the first argument; returns 1 if it finds a problem."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ROOT-OF-THE-TREE")
    root = pathlib.Path(sys.argv[1]).resolve()
    found = list(check(root))
    for problem in found:
        print(problem)
    return 1 if found else 0

# SPDX-License-Identifier: GPL-3.0-or-later
"""A small tree in a temporary folder, in which the tests of the checkers plant faults."""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class PlantedTree(unittest.TestCase):
    checker = None  # the module under test

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def plant(self, path, text):
        where = self.root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text, encoding="utf-8")

    def found(self):
        return list(self.checker.check(self.root))

    def assert_found(self, *parts):
        """Requires exactly one problem, with all of these parts in its text."""
        found = self.found()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def assert_clean(self):
        self.assertEqual(self.found(), [])

    def run_as_program(self, *arguments):
        """Runs the checker as ctest does; returns its exit status and its output."""
        done = subprocess.run(
            [sys.executable, "-B", self.checker.__file__, *arguments, str(self.root)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout


def quietly(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)

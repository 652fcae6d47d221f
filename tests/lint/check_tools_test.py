#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_tools.py: each tool checks the right files, and its findings are failures."""
import shutil
import unittest
from unittest import mock

import check_tools
import planted

MANUAL = """.Dd November 1, 2026
.Dt CHATD 8
.Os
.Sh NAME
.Nm chatd
.Nd group chat daemon
"""


class ToolsTest(planted.PlantedTree):
    checker = check_tools

    def assert_passes(self, name):
        status, output = self.run_as_program(name)
        self.assertEqual(status, 0, output)

    def assert_fails(self, name, part):
        status, output = self.run_as_program(name)
        self.assertEqual(status, 1, output)
        self.assertIn(part, output)

    def test_an_empty_tree_passes(self):
        for name in check_tools.TOOLS:
            self.assert_passes(name)

    def test_wrong_format_is_found(self):
        shutil.copy(planted.HERE.parent.parent / ".clang-format", self.root)
        self.plant("common/base/fd.hpp", "int f(int x);\n")
        self.assert_passes("format")
        self.plant("tests/common/base/fd_test.cpp", "int  f( int x );\n")
        self.assert_fails("format", "tests/common/base/fd_test.cpp:1")

    def test_a_fault_for_cppcheck_is_found(self):
        self.plant("common/base/fd.cpp", "int f(int x) { return x + 1; }\n")
        self.assert_passes("cppcheck")
        self.plant("common/base/fd.cpp", "int f() { int x[2] = {0, 1}; return x[2]; }\n")
        self.assert_fails("cppcheck", "common/base/fd.cpp:1")

    def test_a_fault_in_a_header_is_found_also_with_stored_results(self):
        self.plant("common/base/fd.hpp", "constexpr int kLast = 1;\n")
        self.plant("common/base/fd.cpp", '#include "common/base/fd.hpp"\n'
                   "int f() { int x[2] = {0, 1}; return x[kLast]; }\n")
        folder = self.root / "build/cppcheck"
        self.assertEqual(check_tools.run("cppcheck", self.root, folder), 0)
        self.plant("common/base/fd.hpp", "constexpr int kLast = 2;\n")
        for _ in range(2):
            self.assertEqual(check_tools.run("cppcheck", self.root, folder), 1)

    def test_a_bad_manual_is_found(self):
        self.plant("man/chatd.8", MANUAL)
        self.assert_passes("man")
        self.plant("man/chatd.8", MANUAL + ".Xy what\n")
        self.assert_fails("man", "chatd.8:7")

    def test_a_bad_shell_script_with_any_name_is_found(self):
        self.plant("packaging/run", '#!/bin/bash\nls "$1"\n')
        self.assert_passes("shell")
        self.plant("packaging/run", "#!/usr/bin/env bash\nls $1\n")
        self.assert_fails("shell", "SC2086")

    def test_a_tool_that_is_missing_is_a_failure(self):
        self.plant("man/chatd.8", MANUAL)
        with mock.patch.dict("os.environ", {"PATH": "/nowhere"}):
            self.assertEqual(planted.quietly(check_tools.run, "man", self.root), 1)


if __name__ == "__main__":
    unittest.main()

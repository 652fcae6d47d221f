#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_tools.py: each tool checks the right files, and its findings are failures."""
import contextlib
import os
import shutil
import unittest
from unittest import mock

import check_tools
import lint_tree
import planted

MANUAL = """.Dd November 1, 2026
.Dt CHATD 8
.Os
.Sh NAME
.Nm chatd
.Nd group chat daemon
"""


@contextlib.contextmanager
def sampled(seed):
    with mock.patch.dict("os.environ", {"CHATD_TEST_SEED": str(seed)}):
        os.environ.pop("CHATD_TEST_ALL", None)
        yield


def seed_that_draws(name):
    for seed in range(1000):
        with sampled(seed):
            if lint_tree.sample([f"{letter}.cpp" for letter in "abcde"], 1, "cppcheck") == [name]:
                return seed
    raise AssertionError(f"no seed draws {name}")


class SampleTest(unittest.TestCase):
    ITEMS = list("abcdefgh")

    def drawn(self, seed, use="test"):
        with sampled(seed):
            return lint_tree.sample(self.ITEMS, 3, use)

    def test_a_sample_has_the_items_in_their_order_and_is_the_same_with_the_same_seed(self):
        for seed in range(20):
            self.assertEqual(len(self.drawn(seed)), 3)
            self.assertEqual(self.drawn(seed), sorted(self.drawn(seed)))
            self.assertEqual(self.drawn(seed), self.drawn(seed))

    def test_each_item_is_drawn_by_some_seed_and_another_use_draws_others(self):
        self.assertEqual({item for seed in range(50) for item in self.drawn(seed)}, set(self.ITEMS))
        self.assertTrue(any(self.drawn(seed) != self.drawn(seed, "other") for seed in range(50)))

    def test_preferred_items_are_drawn_first(self):
        for seed in range(20):
            with sampled(seed):
                self.assertEqual(lint_tree.sample(self.ITEMS, 2, "test", "hc".__contains__), ["c", "h"])
                self.assertIn("c", lint_tree.sample(self.ITEMS, 3, "test", "hc".__contains__))

    def test_without_a_seed_or_with_all_no_item_is_left_out(self):
        with mock.patch.dict("os.environ", clear=True):
            self.assertEqual(lint_tree.sample(self.ITEMS, 3, "test"), self.ITEMS)
        with mock.patch.dict("os.environ", {"CHATD_TEST_ALL": "1", "CHATD_TEST_SEED": "1"}):
            self.assertEqual(lint_tree.sample(self.ITEMS, 3, "test"), self.ITEMS)


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

    def test_with_a_seed_cppcheck_reads_a_part_of_the_files(self):
        for name in "abcde":
            self.plant(f"common/base/{name}.cpp", "int f(int x) { return x + 1; }\n")
        self.plant("common/base/c.cpp", "int f() { int x[2] = {0, 1}; return x[2]; }\n")
        with sampled(seed_that_draws("c.cpp")):
            self.assert_fails("cppcheck", "common/base/c.cpp:1")
        with sampled(seed_that_draws("d.cpp")):
            self.assert_passes("cppcheck")
            with mock.patch.dict("os.environ", {"CHATD_TEST_ALL": "1"}):
                self.assert_fails("cppcheck", "common/base/c.cpp:1")

    def test_a_bad_manual_is_found(self):
        self.plant("man/chatd.8", MANUAL)
        self.assert_passes("man")
        self.plant("man/chatd.8", MANUAL + ".Xy what\n")
        self.assert_fails("man", "chatd.8:7")

    def test_a_bad_alert_rule_is_found(self):
        rules = "groups: [{name: a, rules: [{alert: B, expr: 'up == 0'}]}]\n"
        self.plant("packaging/prometheus/alerts.yml", rules)
        self.assert_passes("alerts")
        self.plant("packaging/prometheus/alerts.yml", rules.replace("==", "==="))
        self.assert_fails("alerts", "parse error")

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

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_tidy.py: it reports the faults of all sources below the given folders."""
import json
import os
import shutil
import subprocess
import unittest
from unittest import mock

import check_tidy
import planted

FAULT = "#include <string>\nstd::string f(std::string&& s) { auto t = std::move(s); return s + t; }\n"


class TidyTest(planted.PlantedTree):
    checker = check_tidy

    def setUp(self):
        super().setUp()
        shutil.copy(planted.HERE.parent.parent / ".clang-tidy", self.root)
        self.sources = []

    def plant(self, path, text):
        super().plant(path, text)
        self.sources.append(path)

    def found(self, *folders):
        entries = [{"directory": str(self.root), "file": str(self.root / path),
                    "command": f"c++ -std=c++23 -DNAME=1 -isystem /usr/include/x -O2 -c {path}"}
                   for path in self.sources]
        (self.root / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")
        return list(check_tidy.check(self.root, self.root, folders))

    def test_a_use_after_a_move_is_found_and_named(self):
        self.plant("common/base/fd.cpp", "int f(int x) { return x + NAME; }\n")
        self.assertEqual(self.found("common"), [])
        self.plant("common/base/name.cpp", FAULT)
        found = self.found("common")
        self.assertEqual(len(found), 1)
        self.assertIn("bugprone-use-after-move", found[0])
        self.assertIn("common/base/name.cpp:2", found[0])

    def test_the_sources_of_a_unity_build_are_found(self):
        super().plant("common/base/name.cpp", FAULT)
        super().plant("build/Unity/unity_0_cxx.cxx",
                      f'/* generated */\n\n#include "{self.root}/common/base/name.cpp"\n\n')
        self.sources = ["build/Unity/unity_0_cxx.cxx"]
        self.assertIn("common/base/name.cpp:2", self.found("common")[0])

    def test_a_fault_in_a_header_is_found(self):
        super().plant("common/base/name.hpp", "inline " + FAULT.replace("\n", "\ninline ", 1)[7:])
        self.plant("common/base/name.cpp", '#include "name.hpp"\n')
        self.assertIn("common/base/name.hpp:2", self.found("common")[0])

    def test_other_folders_are_left_alone(self):
        self.plant("common/base/fd.cpp", "int f(int x) { return x; }\n")
        self.plant("daemon/chat/name.cpp", FAULT)
        self.assertEqual(self.found("common"), [])
        self.assertEqual(len(self.found("common", "daemon")), 1)

    def test_sources_that_cannot_be_read_together_are_found(self):
        for path in ("common/base/a.cpp", "common/base/b.cpp"):
            self.plant(path, "namespace { struct Same {}; }\n")
        self.assertIn("redefinition of 'Same'", self.found("common")[0])

    def test_a_clang_tidy_that_fails_is_a_failure(self):
        self.plant("common/base/fd.cpp", "int f(int x) { return x; }\n")
        (self.root / ".clang-tidy").write_text("Checks: [\n", encoding="utf-8")
        self.assertIn("ended with", self.found("common")[0])

    def test_sources_of_the_table_are_read_separately(self):
        for path in ("ctl/a.cpp", "ctl/run.cpp"):
            self.plant(path, "namespace { [[maybe_unused]] struct Same {} same; }\n")
        self.assertEqual(self.found("ctl"), [])


class SampleTest(planted.PlantedTree):
    checker = check_tidy
    SOURCES = [f"common/base/{letter}.cpp" for letter in "abcdef"]

    def setUp(self):
        super().setUp()
        for source in self.SOURCES:
            self.plant(source, "\n" * (check_tidy.LINES // 2))

    def drawn(self, seed, **environment):
        with mock.patch.dict("os.environ", {"CHATD_TEST_SEED": str(seed), **environment}):
            if not environment:
                os.environ.pop("CHATD_TEST_ALL", None)
            return check_tidy.drawn(self.root, self.SOURCES)

    def test_the_sample_has_a_number_of_lines_and_each_source_is_in_one(self):
        self.assertEqual({len(self.drawn(seed)) for seed in range(50)}, {2})
        self.assertEqual({source for seed in range(50) for source in self.drawn(seed)},
                         set(self.SOURCES))
        self.assertEqual(self.drawn(3), self.drawn(3))

    def test_all_are_checked_without_a_sample(self):
        self.assertEqual(self.drawn(1, CHATD_TEST_ALL="1"), self.SOURCES)

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_the_sources_that_the_last_commit_changed_come_first(self):
        def git(*arguments):
            subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", "-C", str(self.root),
                            *arguments], check=True, stdout=subprocess.DEVNULL)
        git("init", "--quiet")
        for path in ("common/base/a.hpp", "README.md"):
            git("add", ".")
            git("commit", "--quiet", "--message", path)
            self.plant(path, "\n")
        git("add", ".")
        git("commit", "--quiet", "--message", "last")
        self.plant("common/base/e.cpp", "\n")
        self.assertEqual({self.drawn(seed)[0] for seed in range(20)}, {"common/base/e.cpp"})
        git("reset", "--quiet", "--hard", "HEAD~1")
        self.assertEqual({self.drawn(seed)[0] for seed in range(20)}, {"common/base/a.cpp"})


if __name__ == "__main__":
    unittest.main()

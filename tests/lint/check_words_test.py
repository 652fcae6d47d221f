#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_words.py: it finds the planted faults, and nothing else."""
import unittest

import check_words
import planted


class WordsTest(planted.PlantedTree):
    checker = check_words

    def test_plain_words_are_clean(self):
        self.plant("README.md", "a session, build/work/x, ~/work/x, mktemp -d /tmp/x.XXXXXX\n")
        self.plant("packaging/run", 'cd "$(dirname "$0")/.."\n')
        self.plant("a.cpp", "// NOLINTNEXTLINE(bugprone-x)\nsession.sleeping(); // asleep (x)\n")
        self.plant("a.sh", "sleep 1\n")
        self.plant("ctl/run.cpp", "sleep_for(interval);\n")
        self.plant("man/a.md", "see ../README.md\n")
        self.assert_clean()
        self.assertEqual(self.run_as_program(), (0, ""))

    def test_each_fault_is_found_with_its_line(self):
        for path, line in (
                ("a.md", "see /work/tree"), ("a.md", "in /root/chatd"),
                ("a.md", "see ../other/x"), ("a.md", "by a sub" "agent"),
                ("a.md", "TODO: x"), ("a.cpp", "// FIXME"), ("a.sh", "# XXX"),
                ("a.cpp", 'die("not implemented");'), ("a.md", "Not yet implemented."),
                ("a.cpp", "usleep(10);"), ("a.hpp", "std::this_thread::sleep_for(x);"),
                ("a.cpp", "sleep (1);"), ("a.cpp", "nanosleep(&x, nullptr);"),
                ("a_test.cpp", "TEST(A, DISABLED_B) {"), ("a.hpp", "using namespace std;"),
                ("a.cpp", "x();  // NOLINT")):
            with self.subTest(line):
                self.plant(path, f"first\n{line}\n")
                self.assert_found(f"{path}:2:")
                self.assertEqual(self.run_as_program()[0], 1)
                (self.root / path).unlink()

    def test_files_of_the_build_are_not_checked(self):
        self.plant("build/dev/x.md", "TODO\n")
        self.plant(".git/x", "TODO\n")
        self.assert_clean()

    def test_files_that_are_no_text_are_not_checked(self):
        (self.root / "picture.png").write_bytes(b"\x89PNG\0TODO")
        (self.root / "latin.md").write_bytes(b"\xe9 TODO")
        self.assert_clean()


if __name__ == "__main__":
    unittest.main()

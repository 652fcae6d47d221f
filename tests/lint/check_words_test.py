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
        self.plant("a.sh", "sleep 1; a || grep -q x file; x | grep -E y >/dev/null\n")
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
                ("a.cpp", "x();  // NOLINT"), ("a.sh", "x | grep -q y"), ("run", "x | grep -F -vq y"),
                ("a.bash", "x | grep --extended-regexp --quiet y")):
            with self.subTest(line):
                self.plant(path, f"first\n{line}\n")
                self.assert_found(f"{path}:2:")
                self.assertEqual(self.run_as_program()[0], 1)
                (self.root / path).unlink()

    def test_words_that_are_not_plain_are_found_with_their_line(self):
        for path, line in (
                ("common/a.cpp", "// A datagram of a stranger."), ("common/a.cpp", "int patience_;"),
                ("common/a.cpp", "/* The farewells. */"), ("common/a.cpp", "constexpr int kNag{};"),
                ("common/a.hpp", "struct LameWorker;"), ("common/a.hpp", "int kMostPeers;"),
                ("common/a.hpp", "int kLeast;"), ("common/a.cpp", "// See the house rules."),
                ("common/a.cpp", "int x;  // what it is"), ("common/a.cpp", "// Who asks is told."),
                ("common/a.cpp", "// a.cpp — what it does"), ("common/a.cpp", "// It may be gone."),
                ("common/a.cpp", "// A session. Whoever has one"),
                ("common/a.cpp", "// Those that wait."), ("common/a.cpp", "// One that waits."),
                ("tests/a_test.cpp", "TEST_F(A, WhatIsSentArrives) {"),
                ("tests/a_test.cpp", "TEST(A, WhoeverAsksIsAnswered) {"),
                ("a.sh", "strangers=1"), ("packaging/run", "nag() { :; }"), ("a.py", "# newcomers"),
                ("a.cmake", "# Whatever it is")):
            with self.subTest(line):
                self.plant(path, f"#!/bin/sh\n{line}\n")
                self.assert_found(f"{path}:2:", "not plain")
                (self.root / path).unlink()

    def test_a_comment_begins_behind_the_line_of_the_licence(self):
        self.plant("common/a.cpp", "// SPDX-License-Identifier: X\n// What a test does.\n")
        self.assert_found("common/a.cpp:2:", "not plain")

    def test_a_comment_is_read_over_its_lines(self):
        self.plant("common/a.cpp", "// A session ends.\n// What is left is sent.\n")
        self.assert_found("What is left is sent.")
        self.plant("common/a.cpp", "// The sender and\n// what it sends.\n")
        self.assert_clean()
        self.plant("common/a.cpp", "// The sender\n//\n// What it sends.\n")
        self.assert_found("What it sends.")

    def test_the_name_of_a_source_is_checked(self):
        self.plant("daemon/strangers.hpp", "int x;\n")
        self.assert_found("daemon/strangers.hpp:1:", "strangers.hpp")

    def test_literals_documents_and_similar_words_are_not_checked(self):
        self.plant("common/a.cpp", 'log("a stranger");\nauto s = R"x(" // Who)x";\n'
                                   "char c = '\\''; int n = 1'000; int flame, utmost;\n"
                                   "// Says what a member sends. The whole log.\n")
        self.plant("tests/a_test.cpp", "TEST(A, WholeLinesArrive) {\n")
        self.plant("a.sh", "echo 'a stranger' \"$#\"  # the number, and what it means\n")
        self.plant("README.md", "A stranger. Who is it?\n")
        self.assert_clean()

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

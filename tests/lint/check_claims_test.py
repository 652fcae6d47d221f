#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_claims.py: it finds names of tests that do not exist, and nothing else."""
import unittest

import check_claims
import planted


class ClaimsTest(planted.PlantedTree):
    checker = check_claims

    def setUp(self):
        super().setUp()
        self.plant("tests/a/b_test.cpp", "TEST_F(Room, Holds) {}\nTEST(RoomCrash,\n     Holds) {}\n")
        self.plant("tests/fuzz/name_fuzz.cpp", "")

    def test_names_of_existing_tests_are_clean(self):
        self.plant("ARCHITECTURE.md", "`Room.Holds`, `Room.*`, `*Crash.*`, `fuzz.name`, `fuzz.*`, "
                                      "`README.md`, `daemon/main.cpp`, `EveryWord`\n")
        self.assert_clean()
        self.assertEqual(self.run_as_program(), (0, ""))

    def test_names_of_missing_tests_are_found_with_their_line(self):
        for name in ("Room.Breaks", "Hall.*", "*Fall.*", "fuzz.room"):
            with self.subTest(name):
                self.plant("SECURITY.md", f"first\nsee `{name}`\n")
                self.assert_found("SECURITY.md:2:", name)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_floors.py: it finds the planted faults, and nothing else."""
import unittest

import check_floors
import planted

RULES = """
common/base:
common/io:      common/base
daemon/sys:     common/base
daemon/gateway: common/base common/io
daemon:         common/base
daemon/main.cpp: common/* daemon/*
tests/*:        *
only event2/ in common/io
only fmt/    in common/* daemon
only zip.h   in daemon/main.cpp
only gtest/  in tests/*
system sys/
"""


class FloorsTest(planted.PlantedTree):
    checker = check_floors

    def setUp(self):
        super().setUp()
        self.plant("tests/lint/floors.txt", RULES)

    def include(self, path, header):
        self.plant(path, f"// a file\n#include {header}\n")

    def test_a_tree_that_keeps_to_the_rules_is_clean(self):
        self.include("common/io/loop.cpp", '"common/base/fd.hpp"')
        self.include("common/io/other.cpp", '"common/io/loop.hpp"')
        self.include("common/io/event.cpp", "<event2/event.h>")
        self.include("daemon/main.cpp", '"daemon/gateway/gateway.hpp"')
        self.include("daemon/text.cpp", "<fmt/format.h>")
        self.include("daemon/sys/socket.cpp", "<sys/socket.h>")
        self.include("daemon/sys/words.cpp", "<string>")
        self.include("tests/daemon/gateway/gateway_test.cpp", '"tests/support/client.hpp"')
        self.include("tests/daemon/sys/sys_test.cpp", "<gtest/gtest.h>")
        self.assert_clean()
        self.assertEqual(self.run_as_program(), (0, ""))

    def test_an_include_of_a_higher_folder_is_found_with_its_line(self):
        self.include("common/base/fd.hpp", '"common/io/loop.hpp"')
        self.assert_found("common/base/fd.hpp:2:", "must not include common/io/loop.hpp")
        self.assertEqual(self.run_as_program()[0], 1)

    def test_a_role_that_includes_a_role_is_found(self):
        self.include("daemon/sys/x.cpp", '"daemon/gateway/gateway.hpp"')
        self.assert_found("must not include daemon/gateway/gateway.hpp")

    def test_only_main_knows_the_roles(self):
        self.include("daemon/options.cpp", '"daemon/gateway/gateway.hpp"')
        self.assert_found("daemon/options.cpp:2:")

    def test_code_that_includes_its_tests_is_found(self):
        self.include("daemon/sys/x.cpp", '"tests/support/client.hpp"')
        self.assert_found("must not include tests/support/client.hpp")

    def test_an_include_that_is_no_full_path_is_found(self):
        for header in ('"loop.hpp"', '"../base/fd.hpp"', '"base/fd.hpp"',
                       '"common/io/../base/fd.hpp"'):
            self.include("common/io/loop.cpp", header)
            self.assert_found("is not a full path from the root")

    def test_our_own_header_in_angle_brackets_is_found(self):
        self.include("common/base/fd.hpp", "<common/io/loop.hpp>")
        self.assert_found("write it in quotes")

    def test_a_library_included_outside_of_its_door_is_found(self):
        self.include("daemon/gateway/gateway.cpp", "<event2/event.h>")
        self.assert_found("belongs behind its door: common/io")

    def test_a_file_as_a_door_does_not_include_its_folder(self):
        self.include("daemon/main.cpp", "<zip.h>")
        self.assert_clean()
        self.include("daemon/options.cpp", "<zip.h>")
        self.assert_found("daemon/options.cpp:2:", "belongs behind its door")

    def test_a_folder_as_a_door_does_not_include_its_subfolders(self):
        self.include("daemon/sys/x.cpp", "<fmt/format.h>")
        self.assert_found("<fmt/format.h> belongs behind its door")

    def test_a_library_without_a_door_is_found(self):
        self.include("common/io/x.cpp", "<boost/asio.hpp>")
        self.assert_found("no door")

    def test_spaces_do_not_hide_an_include(self):
        self.plant("common/base/fd.hpp", '  #  include   "common/io/loop.hpp"\n')
        self.assert_found("common/base/fd.hpp:1:")

    def test_a_folder_without_a_line_is_found(self):
        self.include("daemon/new/x.cpp", "<string>")
        self.assert_found("no line for daemon/new")

    def test_a_circle_is_found(self):
        self.plant("tests/lint/floors.txt", "a/x: a/y\na/y: a/x\n")
        self.assert_found("tests/lint/floors.txt:1: a/y is not on a line above")

    def test_a_line_written_twice_is_found(self):
        self.plant("tests/lint/floors.txt", "a/x:\na/y: a/x\na/x: a/y\n")
        self.assert_found("floors.txt:3:")


if __name__ == "__main__":
    unittest.main()

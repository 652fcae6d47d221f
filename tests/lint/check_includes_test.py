#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_includes.py: it finds files that do not compile alone, and nothing else."""
import json
import unittest
from unittest import mock

import check_includes
import planted

NEEDS_STRING = "#pragma once\ninline std::string empty() { return {}; }\n"


class IncludesTest(planted.PlantedTree):
    checker = check_includes

    def setUp(self):
        super().setUp()
        entry = {"directory": str(self.root), "file": "main.cpp",
                 "command": f"c++ -std=c++23 -DNAME=1 -I{self.root} -include pch.hxx -O2 -c main.cpp"}
        self.plant("compile_commands.json", json.dumps([entry]))

    def found(self):
        return list(check_includes.check(self.root, self.root))

    def test_a_good_tree_is_clean(self):
        self.plant("common/base/name.hpp", "#pragma once\n#include <string>\n" + NEEDS_STRING)
        self.plant("common/base/name.cpp", '#include "common/base/name.hpp"\nint x = NAME;\n')
        self.assert_clean()
        self.assertEqual(self.run_as_program(str(self.root)), (0, ""))

    def test_a_missing_include_of_a_source_is_found(self):
        self.plant("common/base/name.cpp", "std::string name;\n")
        self.assert_found("common/base/name.cpp does not compile alone: common/base/name.cpp:1:",
                          "string")
        self.assertEqual(self.run_as_program(str(self.root))[0], 1)

    def test_a_missing_include_of_a_header_is_found_where_sources_hide_it(self):
        self.plant("common/base/name.hpp", NEEDS_STRING)
        self.plant("common/base/name.cpp", '#include <string>\n\n#include "common/base/name.hpp"\n')
        self.assert_found("common/base/name.hpp does not compile alone: common/base/name.hpp:2:")

    def test_a_header_that_a_source_includes_first_is_compiled_with_it_only(self):
        self.plant("common/base/name.hpp", NEEDS_STRING)
        self.plant("common/base/name.cpp", '#include "common/base/name.hpp"\n\n#include <string>\n')
        self.assertEqual(check_includes.units(self.root), ["common/base/name.cpp"])
        self.assert_found("common/base/name.cpp does not compile alone: common/base/name.hpp:2:")

    def test_a_header_behind_a_definition_is_compiled_by_itself(self):
        self.plant("common/base/name.hpp", "#pragma once\n")
        self.plant("common/base/name.cpp", '#define X\n#include "common/base/name.hpp"\n')
        self.assertEqual(check_includes.units(self.root),
                         ["common/base/name.cpp", "common/base/name.hpp"])

    def test_a_chain_of_first_includes_is_compiled_at_its_end(self):
        self.plant("common/base/name.hpp", NEEDS_STRING)
        self.plant("common/base/names.hpp", '#pragma once\n#include "common/base/name.hpp"\n')
        self.assertEqual(check_includes.units(self.root), ["common/base/names.hpp"])
        self.assert_found("common/base/names.hpp", "common/base/name.hpp:2:")

    def test_a_warning_is_no_fault(self):
        self.plant("common/base/name.cpp", "#warning old\n")
        self.assert_clean()

    def test_a_sample_is_drawn_with_a_seed(self):
        for index in range(check_includes.COUNT + 1):
            self.plant(f"common/base/name{index}.cpp", "std::string name;\n")
        with mock.patch.dict("os.environ", {"CHATD_TEST_SEED": "1"}):
            check_includes.os.environ.pop("CHATD_TEST_ALL", None)
            self.assertEqual(len(self.found()), check_includes.COUNT)


if __name__ == "__main__":
    unittest.main()

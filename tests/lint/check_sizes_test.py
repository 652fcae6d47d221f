#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_sizes.py: it finds the planted faults, and nothing else."""
import unittest

import check_sizes
import functions
import planted

SPDX = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
HEADER = SPDX + "// fd.hpp — a descriptor.\n#pragma once\n"


def body(lines):
    return "  step();\n" * lines


class SizesTest(planted.PlantedTree):
    checker = check_sizes

    def source(self, text, path="common/base/fd.cpp"):
        self.plant(path, SPDX + text)
        self.plant(check_sizes.test_of(path), SPDX)

    def test_a_good_tree_is_clean(self):
        self.plant("common/base/fd.hpp", HEADER)
        self.source("void f() {\n" + body(58) + "}\n")
        self.plant("daemon/main.cpp", SPDX)
        self.plant("tests/lint/x.py", "#!/usr/bin/env python3\n# " + SPDX[3:])
        self.plant("packaging/run", "#!/bin/bash\n# " + SPDX[3:])
        self.assert_clean()
        self.assertEqual(self.run_as_program(), (0, ""))

    def test_a_long_source_is_found(self):
        self.source("// line\n" * 400)
        self.assert_found("common/base/fd.cpp:401:", "401 lines, at most 400")
        self.assertEqual(self.run_as_program()[0], 1)

    def test_a_long_header_is_found(self):
        self.plant("common/base/fd.hpp", HEADER + "// line\n" * 148)
        self.assert_found("151 lines, at most 150")

    def test_a_long_function_is_found_and_named(self):
        self.source("int g();\n\nint Room::say(int x) {\n" + body(59) + "}\n")
        self.assert_found("common/base/fd.cpp:4:", "Room::say has 61 lines, at most 60")

    def test_a_test_function_may_have_80_lines(self):
        self.plant("tests/common/x_test.cpp", SPDX + "TEST(Fd, Closes) {\n" + body(78) + "}\n")
        self.assert_clean()
        self.plant("tests/common/x_test.cpp", SPDX + "TEST(Fd, Closes) {\n" + body(79) + "}\n")
        self.assert_found("TEST(Fd,Closes) has 81 lines, at most 80")

    def test_a_header_without_its_comment_is_found(self):
        self.plant("common/base/fd.hpp", SPDX + "// other.hpp — x.\n#pragma once\n")
        self.assert_found("// fd.hpp — ")

    def test_a_header_without_a_guard_is_found(self):
        self.plant("common/base/fd.hpp", SPDX + "// fd.hpp — a descriptor.\n")
        self.assert_found("#pragma once")

    def test_a_file_without_a_licence_is_found(self):
        for path, text in (("daemon/main.cpp", "int x;\n"), ("tests/CMakeLists.txt", "x()\n"),
                           ("packaging/run", "#!/bin/bash\nls\n")):
            with self.subTest(path):
                self.plant(path, text)
                self.assert_found(path, "SPDX")
                (self.root / path).unlink()

    def test_tabs_and_trailing_blanks_are_found(self):
        self.plant("README.md", "a\tb\n")
        self.assert_found("README.md:1: tab")
        self.plant("README.md", "a\nb \n")
        self.assert_found("README.md:2: trailing blank")
        self.plant("README.md", "a")
        self.assert_found("no newline")

    def test_a_source_without_a_test_is_found(self):
        self.plant("daemon/chat/room.cpp", SPDX)
        self.assert_found("daemon/chat/room.cpp:1: no tests/daemon/chat/room_test.cpp")

    def test_an_exception_needs_a_reason_and_a_missing_test(self):
        self.plant("daemon/chat/room.cpp", SPDX)
        self.plant("tests/lint/untested.txt", "daemon/chat/room.cpp: only a table\n")
        self.assert_clean()
        self.plant("tests/lint/untested.txt", "daemon/chat/room.cpp:\n")
        self.assert_found("say why")
        self.plant("tests/lint/untested.txt", "daemon/chat/room.cpp: only a table\n")
        self.plant("tests/daemon/chat/room_test.cpp", SPDX)
        self.assert_found("remove the line")


class FunctionsTest(unittest.TestCase):
    def lengths(self, text):
        return {f.name: f.length for f in functions.functions(text)}

    def test_members_and_free_functions(self):
        text = ("namespace a {\nclass [[nodiscard]] X : public Y<int> {\n public:\n  X() {}\n"
                "  int get() const noexcept {\n    return x_;\n  }\n  bool operator==(int o) {\n"
                "    return o;\n  }\n private:\n  int x_{3};\n};\n"
                "template <class T = void>\nauto f(T t) -> int {\n  if (t) {\n  }\n}\n}\n")
        self.assertEqual(self.lengths(text), {"X": 1, "get": 3, "operator==": 3, "f": 5})

    def test_member_initializers_do_not_end_a_constructor(self):
        text = "X::X(int a, std::vector<int> b = {})\n    : a_{a},\n      b_{b} {\n  g();\n}\n"
        self.assertEqual(self.lengths(text), {"X::X": 5})

    def test_values_are_no_functions(self):
        text = ("constexpr std::array kTable{\n    Row{1, f(2)},\n};\nint a[] = {\n 1};\n"
                "const auto x = g([] {\n  return 1;\n});\nenum class E : int {\n a };\n"
                "struct alignas(64) S {\n  int a;\n};\n")
        self.assertEqual(self.lengths(text), {})

    def test_braces_in_text_do_not_count(self):
        text = ("void f() {\n  g(\"{{\\\"{\", '{', R\"x({ )\" {)x\");  // {{{\n  /* { */\n"
                "#define M {\n  int n = 1'000'000;\n}\nvoid h() {\n}\n")
        self.assertEqual(self.lengths(text), {"f": 6, "h": 2})


if __name__ == "__main__":
    unittest.main()

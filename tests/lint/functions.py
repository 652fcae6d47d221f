# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the functions of a C++ file and their lengths, without a compiler.

It does not parse C++, only code that clang-format has formatted: it matches braces, and the
text in front of a brace outside of a function tells what the brace opens.
"""
import re
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<skip> //[^\n]* | /\*.*?\*/
                | ^[ \t]*\#(?:[^\n\\]|\\.)*              # a preprocessor line, continued or not
                | R"(?P<fence>[^()\s\\]{0,16})\(.*?\)(?P=fence)"
                | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
      | (?P<word> [A-Za-z_0-9](?:[\w.]|'(?=\w))* )       # 1'000 is no character literal
      | (?P<mark> :: | \S )""",
    re.VERBOSE | re.DOTALL | re.MULTILINE)

NAMES_A_SCOPE = re.compile(r"(?:(?:inline|export|typedef|static|constexpr|extern)\s+)*"
                           r"(?:namespace|class|struct|union|enum)\b|extern$")
OPERATOR_NAME = re.compile(r"\boperator\s*(?:\(\s*\)|[^\w\s(]\s*)+")


class Function(NamedTuple):
    name: str
    line: int
    length: int


def without_nested(text, opening, closing):
    """Removes balanced (...) or <...> with their contents."""
    kept, depth = [], 0
    for character in text:
        if character == opening:
            depth += 1
        elif character == closing and depth:
            depth -= 1
        elif not depth:
            kept.append(character)
    return "".join(kept)


def without_template(head):
    while head.startswith("template"):
        depth = 0
        for at, character in enumerate(head):
            depth += {"<": 1, ">": -1}.get(character, 0)
            if character == ">" and depth == 0:
                head = head[at + 1:].strip()
                break
        else:
            return head
    return head


def opens(head):
    """The kind of block after `head`, outside of functions: scope, function or value."""
    head = OPERATOR_NAME.sub("operator_ ", without_template(head))
    head = re.sub(r"\[ \[.*?\] \]|\balignas \([^()]*\)", " ", head).strip()
    flat = without_nested(head, "(", ")")
    if NAMES_A_SCOPE.match(head) and not head.endswith(")"):
        return "scope"
    if "(" not in head or "=" in flat:
        return "value"
    return "function"


def name_of(head):
    before = OPERATOR_NAME.sub(lambda m: m.group().replace(" ", "") + " ",
                                  without_template(head))
    before = before.partition(" (")[0]
    if re.fullmatch(r"TEST(_F|_P)?", before):
        return re.sub(r"\s+", "", head.partition(")")[0]) + ")"
    return re.sub(r"\s*(::|~)\s*", r"\1", before).split(" ")[-1]


class Scanner:
    def __init__(self):
        self.stack = []       # the kind of each open block
        self.head = []        # tokens since the end of the last statement
        self.head_line = 0
        self.parens = 0
        self.found = []

    def in_function(self):
        return "function" in self.stack

    def forget_head(self):
        self.head, self.parens = [], 0

    def open(self):
        if self.in_function() or self.parens:
            self.stack.append("nested")
            return
        kind = opens(" ".join(self.head))
        self.stack.append(kind)
        if kind == "scope":
            self.forget_head()

    def close(self, line, following):
        kind = self.stack.pop() if self.stack else "scope"
        if kind == "scope":
            self.forget_head()
        # `Name::Name() : part_{1}, other_{2} {`: a brace that a comma or another brace follows
        # is the initializer of a member, and the head continues.
        elif kind == "function" and following not in (",", "{"):
            head = " ".join(self.head)
            self.found.append(Function(name_of(head), self.head_line, line - self.head_line + 1))
            self.forget_head()

    def word(self, text, line):
        if self.in_function() or "nested" in self.stack or "value" in self.stack:
            return
        if not self.head:
            self.head_line = line
        self.head.append(text)
        self.parens += {"(": 1, ")": -1}.get(text, 0)
        if text == ";" or (text == ":" and self.head[-2:-1] and
                           self.head[-2] in ("public", "private", "protected")):
            self.forget_head()


def functions(text):
    """All functions of the file with a body; the length counts from the first line."""
    tokens, line, at = [], 1, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        if found.lastgroup != "skip" and not found.group("skip"):
            tokens.append((found.group(), line))
    scanner = Scanner()
    for (token, where), (following, _) in zip(tokens, [*tokens[1:], ("", 0)]):
        if token == "{":
            scanner.open()
        elif token == "}":
            scanner.close(where, following)
        else:
            scanner.word(token, where)
    return scanner.found

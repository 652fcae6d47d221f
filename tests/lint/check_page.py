#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if the page of web/ could run what others say, loads something from elsewhere, lacks a word in
one of its languages, or is too large.
"""
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import lint_tree

LANGUAGES = ("en", "zh")
# Bytes of what a browser gets in one language, as it is and each file compressed by itself.
MAX_BYTES = 112 * 1024
MAX_GZIP = 35 * 1024
MAX_LINES = 400
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"

SINKS = re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTML\w*|srcdoc|createContextualFragment|DOMParser|eval"
                   r"|execCommand|importScripts)\b|\bdocument\.write|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[`'\"]")
INLINE = re.compile(r"<style\b|\bstyle\s*=|<script(?![^>]*\bsrc=)[^>]*>|\son\w+\s*=|javascript:", re.IGNORECASE)
INLINE_JS = re.compile(r"javascript:|setAttribute\(\s*['\"](?:style|on\w+)['\"]|\bel\([^\n]*\bstyle:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?<!xmlns=\")\b(?:https?|wss?)://|(?:src|href)=\"//")
OTHER_IMPORT = re.compile(r"^import (?!\{[^}\n]* as )(?!\{[\w$, ]+\} from '\./\w+\.js';$).*|^import \{[^}\n]* as .*|^export (?:default|\{|\*).*", re.MULTILINE)
LONG_TEXT = re.compile(r"^(?!\s*//)[^`\n]*`(?:[^`\n]*`[^`\n]*`)*[^`\n]*$|^[^'\n]*'[^'\n]*  //[^'\n]*'[^'\n]*$", re.MULTILINE)
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
PACK = pathlib.Path(__file__).resolve().parents[2] / "packaging/cmake/pack_page.cmake"
KEY = re.compile(r"^  (\w+): (['\"])(.*)\2,$", re.MULTILINE)
USED = re.compile(r"\bt\(\s*(?:[^'\"`()]*\?\s*)?'(\w+)'(?:\s*:\s*'(\w+)')?|data-[tl]=\"(\w+)\"")
# Words whose key is put together from a code: an event, a command.
FAMILIES = ("help_", "did_", "set_", "unset_")
# Codes of the role web, which has no row in the table of reasons for them.
CODES_OF_WEB = {"needs_tls", "no_answer"}
CODE = re.compile(r"\.code\s*=\s*\"(\w+)\"|(?:refused_message|run_ends)\(\s*Reason::\w+,\s*\"(\w+)\"")


def at(path, text, offset, what):
    return f"{path}:{text.count(chr(10), 0, offset) + 1}: {what}"


def check_text(path, text):
    for found in ELSEWHERE.finditer(text):
        yield at(path, text, found.start(), f"`{found.group()}`: the page loads nothing from elsewhere")
    if path.endswith(".js"):
        for pattern, why in ((SINKS, "makes code or HTML of a text"), (INLINE_JS, "the page's policy forbids it")):
            for found in pattern.finditer(text):
                yield at(path, text, found.start(), f"`{found.group()}`: {why}")
    elif path.endswith((".html", ".svg")):
        for found in INLINE.finditer(text):
            yield at(path, text, found.start(), f"`{found.group().strip()}`: the page's policy forbids it")
    if path.endswith((".js", ".css")):
        if SPDX not in text.split("\n", 1)[0]:
            yield f"{path}:1: the first line must be `{SPDX}` in a comment"
        if text.count("\n") > MAX_LINES:
            yield f"{path}:{MAX_LINES + 1}: {text.count(chr(10))} lines, at most {MAX_LINES}"


def words_of(text, name):
    """{key: text} of `export const NAME = {...}`."""
    begin = text.find(f"export const {name} = {{")
    end = text.find("\n};", begin)
    return {key: value for key, _, value in KEY.findall(text[begin:end])} if begin >= 0 else {}


def check_languages(pages):
    for name in ("WORDS", "REASONS"):
        tables = {one: words_of(pages.get(f"web/words_{one}.js", ""), name) for one in LANGUAGES}
        first = tables[LANGUAGES[0]]
        for one in LANGUAGES[1:]:
            for key in sorted(first.keys() ^ tables[one].keys()):
                yield f"web/words_{one}.js: {name}: {key} is in one language only"
            for key in sorted(first.keys() & tables[one].keys()):
                if sorted(re.findall(r"\{\w+\}", first[key])) != sorted(re.findall(r"\{\w+\}", tables[one][key])):
                    yield f"web/words_{one}.js: {key}: has other {{values}} than the other language"


def check_use(pages):
    words = words_of(pages.get("web/words_en.js", ""), "WORDS")
    code = {path: text for path, text in pages.items() if not path.startswith("web/words_")}
    for path, text in code.items():
        for found in USED.finditer(text):
            for key in filter(None, found.groups()):
                if key not in words:
                    yield at(path, text, found.start(), f"there is no word {key}")
    whole = "\n".join(code.values())
    for key in sorted(words):
        if not key.startswith(FAMILIES) and not re.search(rf"['\"`]{key}['\"`]", whole):
            yield f"web/words_en.js: {key} is not used"
    for name in re.findall(r"^  \['(\w+)', '", code.get("web/commands.js", ""), re.MULTILINE):
        if f"help_{name}" not in words:
            yield f"web/commands.js: /{name}: there is no word help_{name}"


def check_codes(root, pages):
    codes = set(CODES_OF_WEB)
    for path in (root / "common/wire").glob("*"):
        if path.suffix in (".cpp", ".hpp"):
            for found in CODE.findall(path.read_text(encoding="utf-8")):
                codes.update(filter(None, found))
    for key in words_of(pages.get("web/words_en.js", ""), "REASONS"):
        if key not in codes:
            yield f"web/words_en.js: no reason of the server has the code {key}"


def check_modules(pages):
    index = pages["web/index.html"]
    for name in re.findall(r"/a/ASSETS/([\w.]+)", index):
        if f"web/{name}" not in pages:
            yield f"web/index.html: there is no {name}"
    for path, text in pages.items():
        for name in re.findall(r"from '\./([\w.]+)'", text):
            if f"web/{name}" not in pages:
                yield f"{path}: there is no {name}"
    if "web/manifest.webmanifest" in pages:
        json.loads(pages["web/manifest.webmanifest"])


def check_packing(pages):
    """What packaging/cmake/pack_page.cmake needs, which makes one script of the modules."""
    declared = {}
    for path, text in pages.items():
        if not path.endswith(".js"):
            continue
        for found in OTHER_IMPORT.finditer(text):
            yield at(path, text, found.start(), f"`{found.group()}`: an import is one line with names in braces, an export a declaration")
        for found in LONG_TEXT.finditer(text):
            yield at(path, text, found.start() + 1, "a text that goes on in the next line, or has `  //` in it, is changed by packing")
        for found in DECLARED.finditer(text):
            name = found.group(1)
            if not path.startswith("web/words_") and declared.setdefault(name, path) != path:
                yield at(path, text, found.start(), f"{name} is declared in {declared[name]}, too")


def packed(pages):
    """The files as a browser gets them."""
    with tempfile.TemporaryDirectory(prefix="chatd-page.") as folder:
        source, target = pathlib.Path(folder, "source"), pathlib.Path(folder, "target")
        source.mkdir()
        for path, text in pages.items():
            if not path.endswith(".md"):
                (source / path.removeprefix("web/")).write_text(text, encoding="utf-8")
        subprocess.run(["cmake", f"-DFOLDER={source}", f"-DTO={target}", "-P", PACK], check=True)
        return {f"web/{path.name}": path.read_text(encoding="utf-8") for path in target.iterdir()}


def check_budget(pages):
    for language in LANGUAGES:
        others = tuple(f"web/words_{one}." for one in LANGUAGES if one != language)
        files = [text.encode() for path, text in pages.items() if not path.startswith(others)]
        for size, limit, what in ((sum(map(len, files)), MAX_BYTES, "bytes"),
                                  (sum(len(gzip.compress(one, 9)) for one in files), MAX_GZIP, "bytes compressed")):
            if size > limit:
                yield f"web: {size} {what} in {language}, at most {limit}"


def check(root):
    pages = {path: lint_tree.read_text(root, path) for path in lint_tree.files(root) if path.startswith("web/")}
    pages = {path: text for path, text in pages.items() if text is not None}
    if "web/index.html" not in pages:
        return
    for path, text in pages.items():
        yield from check_text(path, text)
    yield from check_languages(pages)
    yield from check_use(pages)
    yield from check_codes(root, pages)
    missing = list(check_modules(pages))
    yield from missing
    yield from check_packing(pages)
    if not missing:
        yield from check_budget(packed(pages))


if __name__ == "__main__":
    sys.exit(lint_tree.main(check))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests check_page.py: it finds the planted faults, and nothing else."""
import os
import unittest

import check_page
import planted

HEAD = f"// {check_page.SPDX}\n"
INDEX = """<link rel="stylesheet" href="/a/ASSETS/chat.css">
<script type="module" src="/a/ASSETS/main.js"></script>
<button data-t="send"></button>
"""


class PageTest(planted.PlantedTree):
    checker = check_page

    def setUp(self):
        super().setUp()
        self.plant("web/index.html", INDEX)
        self.plant("web/chat.css", f"/* {check_page.SPDX} */\n")
        self.plant("web/main.js", HEAD + "export const a = t('hello', {name});\n")
        self.plant("common/wire/reasons.cpp", 'refused_message(Reason::muted, "muted", kMuted),\n')
        self.words(en="  send: 'Send',\n  hello: 'Hello {name}',\n", zh="  send: '发送',\n  hello: '{name}，你好',\n")

    def words(self, en, zh, reasons=("  muted: 'muted',\n", "  muted: '禁言',\n")):
        for language, words, codes in (("en", en, reasons[0]), ("zh", zh, reasons[1])):
            self.plant(f"web/words_{language}.js", f"{HEAD}export const WORDS = {{\n{words}}};\n\nexport const REASONS = {{\n{codes}}};\n")

    def test_a_page_without_faults_is_clean(self):
        self.assert_clean()
        self.assertEqual(self.run_as_program(), (0, ""))

    def test_each_fault_of_a_script_is_found_with_its_line(self):
        for line in ("node.innerHTML = text;", "node.insertAdjacentHTML('beforeend', text);", "eval(text);", "new Function(text)();",
                     "document.write(text);", "setTimeout('run()', 1);", "fetch('https:" + "//cdn.test/x.js');",
                     "node.setAttribute('onclick', text);", "link.href = 'javascript:x';", "frame.srcdoc = text;"):
            with self.subTest(line):
                self.plant("web/main.js", HEAD + "t('hello');\n" + line + "\n")
                self.assert_found("web/main.js:3:")
                self.assertEqual(self.run_as_program()[0], 1)

    def test_what_the_policy_of_the_page_forbids_is_found(self):
        for line in ('<p style="color: red">', "<style>", "<script>run()</script>", '<p onclick="run()">', '<img src="//cdn.test/x.png">'):
            with self.subTest(line):
                self.plant("web/index.html", INDEX + line + "\n")
                self.assert_found("web/index.html:4:")

    def test_words_are_in_both_languages_and_used(self):
        self.words(en="  send: 'Send',\n  hello: 'Hello {name}',\n", zh="  send: '发送',\n")
        self.assert_found("words_zh.js", "hello is in one language only")
        self.words(en="  send: 'Send',\n  hello: 'Hello {name}',\n", zh="  send: '发送',\n  hello: '你好',\n")
        self.assert_found("words_zh.js", "hello", "values")
        self.words(en="  send: 'Send',\n  hello: '',\n  more: 'x',\n", zh="  send: '发送',\n  hello: '',\n  more: 'x',\n")
        self.assert_found("more is not used")

    def test_a_word_that_does_not_exist_is_found(self):
        self.plant("web/main.js", HEAD + "t('hello');\nt('gone');\n")
        self.assert_found("web/main.js:3:", "gone")

    def test_a_code_that_the_server_does_not_have_is_found(self):
        self.words(en="  send: 'Send',\n  hello: '',\n", zh="  send: '发送',\n  hello: '',\n", reasons=("  muted: 'x',\n  muffled: 'x',\n",) * 2)
        self.assert_found("muffled")

    def test_modules_are_there(self):
        self.plant("web/main.js", HEAD + "import {x} from './gone.js';\nt('hello');\n")
        self.assert_found("web/main.js", "there is no gone.js")

    def test_what_packing_would_break_is_found(self):
        for line in ("import x from './stream.js';", "import {", "import {x as y} from './stream.js';", "export default 7;", "export {x};",
                     "const text = `begins", "const text = 'a  // b';"):
            with self.subTest(line):
                self.plant("web/stream.js", HEAD)
                self.plant("web/main.js", HEAD + "t('hello');\n" + line + "\n")
                self.assert_found("web/main.js:3:")
        self.plant("web/stream.js", HEAD + "class Same {}\n")
        self.plant("web/main.js", HEAD + "import {Same} from './stream.js';\nt('hello');\n")
        self.assert_clean()
        self.plant("web/main.js", HEAD + "t('hello');\nconst Same = 1;\n")
        self.assert_found("Same is declared in web/")

    def test_comments_and_modules_do_not_count(self):
        self.plant("web/stream.js", HEAD + "export const a = 'http:' + '//';  // why\n  // more\n")
        self.plant("web/main.js", HEAD + "import {a} from './stream.js';\n  t('hello', a);\n")
        pages = {path: (self.root / path).read_text(encoding="utf-8") for path in ("web/main.js", "web/stream.js", "web/chat.css")}
        self.assertEqual({path: text.strip() for path, text in check_page.packed(pages).items()},
                         {"web/main.js": "const a = 'http:' + '//';\nt('hello', a);", "web/chat.css": ""})

    def test_a_page_that_is_too_large_is_found(self):
        self.plant("web/big.css", f"/* {check_page.SPDX} */ .a{{}} .{os.urandom(check_page.MAX_GZIP).hex()}{{}}\n")
        self.assertTrue(all("compressed" in one for one in self.found()), self.found())
        self.assertEqual(len(self.found()), 2)


if __name__ == "__main__":
    unittest.main()

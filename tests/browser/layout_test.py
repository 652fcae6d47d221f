#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on different devices and in both languages, and what its parts do: typing, the log, entering."""
import time

import page_case
from page_case import PageCase, only_fake
from webdriver import until

BUDGET = 112 * 1024  # bytes of what a browser loads, uncompressed


class DeskTest(PageCase):
    def test_enter_of_an_input_method_does_not_send(self):
        bob = self.member("bob")
        self.enter()
        self.browser.click("#text")
        self.browser.cdp("Input.imeSetComposition", text="nihao", selectionStart=5, selectionEnd=5)
        self.browser.key("Enter", code=229)
        self.assertEqual(bob.texts("ada"), [])
        self.browser.insert("你好")
        self.browser.key("Enter")
        self.sees("你好")
        until(lambda: bob.texts("ada") == ["你好"], "one message")

    def test_a_long_text_becomes_several_messages(self):
        bob = self.member("bob")
        self.enter()
        words = "word " * 300
        self.browser.click("#text")
        self.browser.run("const t = document.getElementById('text'); t.value = arguments[0]; t.dispatchEvent(new Event('input'))", words)
        self.assertEqual(self.browser.text("#counter"), "2 messages")
        self.browser.key("Enter")
        until(lambda: len(bob.texts("ada")) == 2, "two messages")
        self.assertEqual(" ".join(bob.texts("ada")).split(), words.split())
        self.paste("好" * 301)
        self.browser.key("Enter")
        until(lambda: bob.texts("ada")[2:] == ["好" * 300, "好"], "a character is not divided")
        self.paste("x" * 200000)
        self.assertEqual(self.browser.text("#counter"), "223 messages")
        self.browser.run("const t = document.getElementById('text'); t.value = '1\\n2\\n3\\n4\\n5\\n6'; t.dispatchEvent(new Event('input'))")
        self.browser.key("Enter")
        until(lambda: "Send 6 messages?" in self.browser.text("#dialog"), "it asks")
        self.browser.click_text("Cancel", "#dialog")
        self.assertEqual(len(bob.texts("ada")), 4)

    def test_tab_completes_a_name(self):
        self.member("bobby")
        self.enter()
        until(lambda: "bobby" in self.browser.text("#people_list"), "bobby is listed")
        self.type("@bo")
        until(lambda: self.browser.is_shown("#complete"), "a suggestion")
        self.browser.key("Tab")
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "@bobby ")

    @only_fake
    def test_ten_thousand_lines_scroll_back_with_few_nodes(self):
        for i in range(10000):
            self.server.world.line("", "say", "bob", "b", text=f"line {i}")
        self.enter()
        self.sees("line 9999")
        seen = 9999
        for _ in range(1000):
            first = self.browser.run("""const log = document.getElementById('log'); log.scrollTop = 0; log.dispatchEvent(new Event('scroll'));
              const text = [...document.querySelectorAll('.line .text')].map((one) => one.textContent);
              return [Number(text[0].slice(5)), document.querySelectorAll('*').length, text.length]""")
            self.assertLess(first[1], 6000)
            self.assertLessEqual(first[2], 2000)
            seen = min(seen, first[0])
            if seen == 0:
                break
        self.assertEqual(seen, 0)
        until(lambda: "no older messages" in self.browser.text("#log .note"), "the beginning")
        texts = self.said()
        self.assertEqual(texts, [f"line {i}" for i in range(len(texts))])
        self.browser.click("#newer")
        self.sees("line 9999")

    @only_fake
    def test_lines_that_come_for_days_stay_few(self):
        self.enter()
        count = 6500
        for i in range(count):
            self.server.world.line("", "say", "bob", "b", text=f"line {i}")
        self.sees(f"line {count - 1}", 60)
        self.assertLessEqual(len(self.said()), 600)
        self.assertEqual(self.said()[-200:], [f"line {i}" for i in range(count - 200, count)])
        # Older lines are in the page until its memory ends; the others come from the server again.
        self.assertEqual(self.server.asked["/api/history"], 0)
        seen = count
        for _ in range(500):
            seen = self.browser.run("""const log = document.getElementById('log'); log.scrollTop = 0; log.dispatchEvent(new Event('scroll'));
              return Number(document.querySelector('.line .text').textContent.slice(5))""")
            if seen == 0:
                break
        self.assertEqual(seen, 0)
        texts = self.said()
        self.assertEqual(texts, [f"line {i}" for i in range(len(texts))])
        self.assertGreater(self.server.asked["/api/history"], 0)
        # New lines do not move a reader of older lines.
        self.server.world.line("", "say", "bob", "b", text="one more")
        until(lambda: "1 new" in self.browser.text("#newer"), "it is counted")
        self.assertEqual(self.said(), texts)
        self.browser.click("#newer")
        self.sees("one more")

    @only_fake
    def test_a_crowd_asks_for_the_members_once_in_a_second(self):
        self.enter()
        self.server.world.enter({"name": "bob", "token": "bob", "client": "1"})
        until(lambda: "bob" in self.browser.text("#people_list"), "bob is listed")
        before = self.server.asked["/api/users"]
        begin = time.monotonic()
        for i in range(60):
            self.server.world.line("", "crowd", joined=3, left=2)
            until(lambda: f"{3 * (i + 1)} joined" in self.browser.text("#log"), "the crowd is shown")
        until(lambda: self.server.asked["/api/users"] > before, "it asks")
        self.assertLessEqual(self.server.asked["/api/users"] - before, time.monotonic() - begin + 2)

    @only_fake
    def test_a_change_of_one_member_leaves_the_others_as_they_are(self):
        world = self.server.world
        for i in range(200):
            world.enter({"name": f"m{i:03}", "token": str(i), "client": "1"})
        self.enter()
        nodes = "[...document.querySelectorAll('#people_list li')]"
        until(lambda: self.browser.run(f"return {nodes}.length") == 201, "all are listed")
        self.browser.run(f"{nodes}.forEach((one) => {{ one.kept = true; }}); document.querySelectorAll('#people_list button')[51].focus()")
        world.end(world.sessions["10"], "quit")
        world.enter({"name": "m0105", "token": "new", "client": "1"})
        until(lambda: "m0105" in self.browser.text("#people_list") and "m010\n" not in self.browser.text("#people_list") + "\n", "both changes are shown")
        names = self.browser.run(f"return {nodes}.map((one) => one.querySelector('bdi').textContent)")
        self.assertEqual(names, ["ada"] + sorted([f"m{i:03}" for i in range(200) if i != 10] + ["m0105"]))
        self.assertEqual(self.browser.run(f"return {nodes}.filter((one) => !one.kept).length"), 1)
        self.assertEqual(self.browser.run("return document.activeElement.querySelector('bdi')?.textContent"), "m050")

    @only_fake
    def test_older_lines_do_not_move_what_is_read(self):
        for i in range(300):
            self.server.world.line("", "say", "bob", "b", text=f"line {i}")
        self.enter()
        self.sees("line 299")
        place = """const line = [...document.querySelectorAll('.text')].find((one) => one.textContent === arguments[0]);
          return Math.round(line.getBoundingClientRect().top)"""
        count = len(self.said())
        before = self.browser.run("const log = document.getElementById('log'); log.scrollTop = 200;" + place, "line 270")
        until(lambda: len(self.said()) > count, "older lines were loaded")
        self.assertAlmostEqual(self.browser.run(place, "line 270"), before, delta=2)
        self.server.world.line("", "say", "bob", "b", text="the newest")
        until(lambda: self.browser.is_shown("#newer"), "the button")
        self.assertAlmostEqual(self.browser.run(place, "line 270"), before, delta=2)
        self.assertIn("1 new", self.browser.text("#newer"))

    def test_the_accessibility_tree_names_its_parts(self):
        self.member("bob")
        self.enter()
        self.say("hello")
        self.sees("hello")
        nodes = self.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        roles = {one["role"]["value"] for one in nodes if not one.get("ignored")}
        self.assertLessEqual({"log", "status", "main", "navigation", "complementary", "textbox", "button", "heading"}, roles)
        unnamed = [one for one in nodes if not one.get("ignored") and one["role"]["value"] in ("button", "textbox", "link", "combobox")
                   and not one.get("name", {}).get("value")]
        self.assertEqual(unnamed, [])

    def test_a_browser_that_forbids_storage_can_talk(self):
        script = "for (const area of ['localStorage', 'sessionStorage']) Object.defineProperty(window, area, {get() { throw new DOMException('no'); }});"
        added = self.browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=script)
        self.addCleanup(lambda: self.browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"]))
        self.enter()
        self.say("hello")
        self.sees("hello")
        self.quiet_console()

    def test_a_page_over_the_network_says_that_it_is_not_encrypted(self):
        self.enter()
        self.assertFalse(self.browser.is_shown("#plain"))
        self.browser.click("#settings")
        self.assertNotIn("https", self.browser.text("#dialog"))
        if page_case.IS_REAL:
            return  # its Host rules do not know chat.lan
        self.enter("eve", self.server.url.replace("127.0.0.1", "chat.lan"))
        self.assertTrue(self.browser.is_shown("#plain"))
        self.assertIn("Not encrypted", self.browser.text("#plain"))
        self.browser.click("#settings")
        until(lambda: "Notifications need an encrypted page" in self.browser.text("#dialog"), "the reason")
        self.assertTrue(self.browser.run("return [...document.querySelectorAll('#dialog input')][1].disabled"))

    def test_a_mention_notifies_who_looks_elsewhere_and_an_old_one_does_not(self):
        bob = self.member("bob")
        bob.say("ada: from before")
        script = """window.notes = [];
          window.Notification = class { static permission = 'granted'; static requestPermission = async () => 'granted';
            constructor(title, {body}) { window.notes.push(`${title}: ${body}`); } };
          document.hasFocus = () => false;"""
        added = self.browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=script)
        self.addCleanup(lambda: self.browser.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"]))
        self.enter()
        self.sees("ada: from before")
        self.browser.click("#settings")
        until(lambda: self.browser.is_shown("#dialog"), "the settings")
        self.browser.run("document.querySelectorAll('#dialog input')[1].click()")
        until(lambda: self.browser.run("return JSON.parse(localStorage.getItem('chatd.settings'))?.notify"), "it is on")
        bob.say("for all")
        bob.say("ada: for you")
        bob.command("direct", to="ada", text="private")
        until(lambda: len(self.browser.run("return window.notes")) == 2, "two notes")
        title = self.browser.text("#title")
        self.assertEqual(self.browser.run("return window.notes"), [f"bob — {title}: ada: for you", "bob: private"])
        until(lambda: self.browser.run("return document.title").startswith("(3) "), "three are unread")
        self.assertEqual(self.browser.run("return document.querySelector('link[rel=icon]').href").rpartition("/")[2], "icon_new.svg")

    def test_a_taken_name_is_refused_and_another_one_offered(self):
        self.member("ada")
        self.browser.open(self.server.url)
        until(lambda: self.browser.is_shown("#enter_name"), "the form")
        self.browser.click("#enter_name")
        self.browser.insert("ada")
        self.browser.click("#enter_go")
        until(lambda: "this name is taken" in self.browser.text("#enter_error"), "the refusal")
        self.browser.click_text("Use ada2", "#enter_error")
        self.connected()
        self.assertEqual(self.browser.text("#me"), "ada2")

    @only_fake
    def test_a_password_and_a_code_are_asked_for(self):
        self.server.world.password, self.server.world.code = "secret", "AAAA-BBBB"
        self.browser.open(self.server.url)
        until(lambda: self.browser.is_shown("#enter_password") and self.browser.is_shown("#enter_code"), "both fields")
        for field, text in (("name", "ada"), ("password", "wrong"), ("code", "AAAA-BBBB")):
            self.browser.click("#enter_" + field)
            self.browser.insert(text)
        self.browser.click("#enter_go")
        until(lambda: "password is not right" in self.browser.text("#enter_error"), "the refusal")
        self.browser.insert("secret")
        self.browser.click("#enter_go")
        self.connected()
        self.browser.reload()
        self.connected()

    def test_the_page_is_small(self):
        self.enter()
        self.browser.click("#settings")
        until(lambda: self.browser.is_shown("#dialog"), "the last part is loaded")
        sizes = self.browser.run("""return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
          .filter((one) => !one.name.includes('/api/')).map((one) => [one.name, one.decodedBodySize])""")
        self.assertLess(sum(one[1] for one in sizes), BUDGET, sizes)

    def test_dark_and_light_follow_the_device_and_the_choice(self):
        self.enter()
        back = "return getComputedStyle(document.body).backgroundColor"
        self.addCleanup(lambda: self.browser.cdp("Emulation.setEmulatedMedia", features=[]))
        self.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        until(lambda: self.browser.run(back) == "rgb(22, 25, 31)", "dark")
        self.browser.click("#settings")
        self.browser.run("const one = document.querySelectorAll('#dialog select')[1]; one.value = 'light'; one.dispatchEvent(new Event('change'))")
        until(lambda: self.browser.run(back) == "rgb(255, 255, 255)", "light")


class PhoneTest(PageCase):
    def test_nothing_is_wider_than_a_small_phone(self):
        self.browser.cdp("Emulation.setDeviceMetricsOverride", width=360, height=640, deviceScaleFactor=2, mobile=True)
        bob = self.member("bob")
        self.enter()
        bob.say("x" * 800)
        bob.say("a long line of words " * 30)
        self.sees("x" * 800)
        self.assertEqual(self.browser.run("return document.documentElement.scrollWidth"), 360)
        self.assertEqual(self.browser.run("return document.getElementById('log').scrollWidth"), 360)
        self.assertFalse(self.browser.is_shown("#side"))
        self.browser.click("#side_open")
        until(lambda: self.browser.is_shown("#side"), "the rooms")
        self.browser.click("#room_list button")
        until(lambda: not self.browser.is_shown("#side"), "it is closed again")
        self.browser.click("#people_open")
        until(lambda: self.browser.is_shown("#people"), "the people")
        self.assertGreaterEqual(self.browser.run("return parseFloat(getComputedStyle(document.getElementById('text')).fontSize)"), 15)


class ChineseTest(PageCase):
    languages = "zh-CN,en"

    def test_the_page_is_chinese_and_can_be_english(self):
        self.member("bob")
        self.enter("王芳")
        self.assertEqual(self.browser.text("#send"), "发送")
        self.assertEqual(self.browser.run("return document.documentElement.lang"), "zh-CN")
        self.say("大家好")
        self.sees("大家好")
        self.say("/jion")
        until(lambda: "没有命令" in self.browser.text("#hint"), "also refusals")
        self.browser.click("#settings")
        self.browser.run("const one = document.querySelector('#dialog select'); one.value = 'en'; one.dispatchEvent(new Event('change'))")
        until(lambda: self.browser.text("#send") == "Send", "English")


if __name__ == "__main__":
    page_case.main()

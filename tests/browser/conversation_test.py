#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talking by the page: messages, rooms, direct messages, what is shown of them."""
from urllib.parse import quote

import fake_server
import page_case
from page_case import PageCase, only_fake
from webdriver import until

XSS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "javascript:alert(1)",
       "\"><iframe src=javascript:alert(1)>", "{{7*7}} ${7*7}", "<a href='javascript:alert(1)'>x</a>", "&lt;b&gt;",
       "http://x.test/\" onclick=alert(1) x=\"", "<style>*{display:none}</style>", "</div></main>")


class ConversationTest(PageCase):
    def test_a_message_reaches_others_and_gets_its_mark(self):
        bob = self.member("bob")
        self.enter()
        self.say("good morning")
        self.sees("good morning")
        self.all_sent()
        self.assertEqual(self.browser.run("return document.querySelectorAll('.own .mark.sent').length"), 1)
        until(lambda: bob.texts("ada") == ["good morning"], "bob hears it")
        bob.say("hello ada")
        self.sees("hello ada")
        self.assertIn("mention", self.browser.run("return [...document.querySelectorAll('.line')].at(-1).className"))
        self.quiet_console()

    def test_html_in_a_line_is_text(self):
        bob = self.member("bob")
        self.enter()
        for text in XSS:
            bob.say(text)
        self.sees(XSS[-1])
        self.assertEqual(self.said()[-len(XSS):], list(XSS))
        self.assertEqual(self.browser.run("return document.querySelectorAll('#log script, #log img, #log iframe, #log svg, #log style').length"), 0)
        self.assertEqual(self.browser.run("return [...document.querySelectorAll('#log a')].filter((one) => !/^https?:/.test(one.href)).length"), 0)
        self.quiet_console()

    @only_fake
    def test_characters_that_turn_the_direction_are_replaced(self):
        world = self.server.world
        world.rooms[""].topic = "t\u2066u"
        world.line("", "say", "m\u202eal", "b", text="a\u202eb\u0007c\u2028d")
        world.line("", "moderated", "m\u202eal", "b", action="kick", target="x\u202ey")
        self.enter()
        self.sees("a\ufffdb\ufffdc\ufffdd")
        self.assertEqual(self.browser.text("#topic"), "t\ufffdu")
        self.assertNotRegex(self.browser.run("return document.body.textContent + document.title"), "[\u202e\u2066]")
        self.assertIn("m\ufffdal removed x\ufffdy", self.browser.text("#log"))

    def test_what_the_server_would_replace_is_not_sent(self):
        bob = self.member("bob")
        self.enter()
        self.say("\tif (x)\u200e\u202e done")
        self.sees("  if (x) done")
        self.all_sent()
        until(lambda: bob.texts("ada") == ["  if (x) done"], "bob hears it")

    @only_fake
    def test_a_name_of_any_characters_is_found_in_a_text(self):
        for name, marked, plain in (("a.b", "hi a.b!", "axb"), ("c++", "C++: hi", "abc++"), ("x-y_z", "x-y_z", "x-y_zz"), ("(x", "see (x", "(xy"),
                                    ("[$^*\\", "a [$^*\\ b", "[$^*"), ("ａda", "Ada, hi", "adam")):
            with self.subTest(name):
                server = fake_server.FakeServer()
                self.addCleanup(server.stop)
                self.enter(name, server.url)
                for text in (marked, plain):
                    server.world.line("", "say", "bob", "b", text=text)
                self.sees(plain)
                self.assertEqual(self.browser.texts(".mention .text"), [marked])
        self.quiet_console()

    def test_links_end_where_a_reader_expects(self):
        bob = self.member("bob")
        self.enter()
        bob.say("see (https://a.test/x_(y)), https://b.test/q?a=1&b=2. and https://c.test/中。好 http://d.test，是")
        until(lambda: self.browser.texts("#log a"), "links")
        self.assertEqual(self.browser.texts("#log a"), ["https://a.test/x_(y)", "https://b.test/q?a=1&b=2", "https://c.test/中", "http://d.test"])
        self.assertEqual(self.browser.run("return document.querySelector('#log a').rel"), "noreferrer noopener")

    def test_a_link_with_a_user_name_stays_text(self):
        bob = self.member("bob")
        self.enter()
        bob.say("https://bank.example@evil.test https://bank.example:pay@evil.test/ https://a.test/@ada")
        until(lambda: self.browser.texts("#log a"), "a link")
        self.assertEqual(self.browser.texts("#log a"), ["https://a.test/@ada"])

    def test_lines_of_a_pasted_text_are_no_commands(self):
        bob = self.member("bob")
        self.enter()
        self.paste("see\n/quit\n//x\n/make lab")
        self.browser.key("Enter")
        until(lambda: bob.texts("ada") == ["see", "/quit", "//x", "/make lab"], "they are said")
        self.paste("/msg bob a secret\nof two lines")
        self.browser.key("Enter")
        until(lambda: "Send 2 messages as text?" in self.browser.text("#dialog"), "it asks")
        self.browser.click_text("Cancel", "#dialog")
        self.assertEqual(len(bob.texts("ada")), 4)
        self.assertEqual(self.browser.texts("#room_list button"), [self.browser.text("#title")])
        self.paste("//one\n")
        self.browser.key("Enter")
        until(lambda: bob.texts("ada")[4:] == ["/one"], "a line break at the end makes it no text of several lines")

    def test_room_commands_in_direct_messages_are_refused(self):
        bob = self.member("bob")
        self.enter()
        self.say("/msg bob hello")
        until(lambda: self.browser.text("#title") == "bob", "the conversation is open")
        self.all_sent()
        for command in ("/topic x", "/kick bob", "/mute bob 1h", "/set slow 5", "/role bob owner", "/erase", "/me waves", "/invite bob"):
            self.paste(command)
            self.browser.key("Enter")
            until(lambda: "in a room only" in self.browser.text("#hint"), command)
        self.assertEqual([one["event"] for one in bob.heard if one["event"] not in ("join", "direct")], [])
        self.paste("/leave")
        self.browser.key("Enter")
        until(lambda: self.browser.texts("#direct_list button") == [], "it is closed")
        self.assertNotEqual(self.browser.text("#title"), "bob")

    def test_a_wrong_argument_is_told_with_the_usage(self):
        self.enter()
        for command, usage in (("/erase foo", "/erase [NUMBER]"), ("/erase 1.5", "/erase [NUMBER]"), ("/whois", "/whois NAME")):
            self.paste(command)
            self.browser.key("Enter")
            until(lambda: self.browser.text("#hint") == f"usage: {usage}", command)

    def test_a_member_and_the_blocked_users_are_shown(self):
        bob = self.member("bob")
        self.enter()
        until(lambda: "bob" in self.browser.text("#people_list"), "bob is listed")
        self.say("/whois bob")
        until(lambda: self.browser.text("#dialog_title") == "bob", "bob")
        self.assertNotIn("nobody of that name", self.browser.text("#dialog"))
        self.browser.click("#dialog_close")
        self.say("/whois eve")
        until(lambda: "nobody of that name" in self.browser.text("#dialog"), "nobody")
        self.browser.click("#dialog_close")
        if not page_case.IS_REAL:
            self.say("/block")
            until(lambda: "blocked: bob" in self.browser.text("#log"), "the list")
        self.assertEqual(bob.texts("ada"), [])

    def test_a_member_goes_on_under_another_name(self):
        bob = self.member("bob")
        self.enter()
        self.say("/make lab")
        until(lambda: self.browser.text("#title") == "#lab", "the room is open")
        self.say("/nick bob")
        until(lambda: "this name is taken" in self.browser.text("#hint"), "the refusal")
        self.connected()
        self.paste("/nick eve")
        self.browser.key("Enter")
        until(lambda: self.browser.text("#me") == "eve", "the new name")
        self.say("it is me")
        until(lambda: "eve" in self.browser.text("#people_list"), "eve is in the room again")
        self.all_sent()
        self.browser.click("#room_list button")
        self.say("hello")
        until(lambda: bob.texts("eve") == ["hello"], "bob hears eve")
        until(lambda: "bob" in self.browser.text("#people_list") and "ada" not in self.browser.text("#people_list"), "ada has left")
        self.browser.reload()
        self.connected()
        self.assertEqual(self.browser.text("#me"), "eve")
        self.quiet_console()

    def test_a_room_is_made_joined_and_left(self):
        bob = self.member("bob")
        bob.command("make", room="lab")
        self.enter()
        self.browser.click("#browse")
        until(lambda: "#lab" in self.browser.text("#dialog_body"), "the room is listed")
        self.browser.click_text("Join", "#dialog_body .list")
        until(lambda: self.browser.text("#title") == "#lab", "the room is open")
        self.say("in the lab")
        until(lambda: bob.texts("ada") == ["in the lab"], "bob hears it")
        self.say("/leave")
        until(lambda: self.browser.texts("#room_list button") == [self.browser.text("#title")], "the room is gone")
        self.say("/join nowhere")
        until(lambda: "no such room" in self.browser.text("#dialog_body"), "it says so, and offers to make it")
        self.browser.click_text("Make", "#dialog_body")
        until(lambda: self.browser.text("#title") == "#nowhere", "it is made")

    def test_an_address_with_a_room_opens_it_once(self):
        bob = self.member("bob")
        bob.command("make", room="数学")
        self.enter(url=self.server.url + "/#" + quote("数学"))
        until(lambda: self.browser.text("#title") == "#数学", "the room is open")
        self.assertEqual(self.browser.run("return location.hash"), "")
        self.say("/leave")
        until(lambda: len(self.browser.texts("#room_list button")) == 1, "the room is left")
        self.browser.reload()
        self.connected()
        self.assertEqual(len(self.browser.texts("#room_list button")), 1)
        self.browser.run("location.hash = '%E0%A4%A'")  # not UTF-8: names no room
        self.assertEqual(len(self.browser.texts("#room_list button")), 1)
        self.browser.run("location.hash = arguments[0]", quote("数学"))
        until(lambda: self.browser.text("#title") == "#数学", "an address in a page that is open")

    def test_unread_lines_of_another_room_are_counted(self):
        bob = self.member("bob")
        self.enter()
        self.say("/make lab")
        until(lambda: self.browser.text("#title") == "#lab", "the room is open")
        bob.say("one")
        bob.say("ada: two")
        until(lambda: self.browser.text("#room_list .badge") == "2", "two are unread")
        self.assertIn("loud", self.browser.run("return document.querySelector('#room_list .badge').className"))
        self.assertTrue(self.browser.run("return document.title").startswith("(2) "))
        self.browser.click("#room_list button")
        until(lambda: not self.browser.texts("#room_list .badge"), "they are read")
        self.assertEqual(self.browser.texts(".rule.new"), ["new"])
        self.assertFalse(self.browser.run("return document.title").startswith("("))

    def test_direct_messages_have_a_conversation_of_their_own(self):
        bob = self.member("bob")
        self.enter()
        self.say("/msg bob with sugar?")
        until(lambda: self.browser.text("#title") == "bob", "the conversation is open")
        self.sees("with sugar?")
        self.all_sent()
        until(lambda: [one["text"] for one in bob.heard if one["event"] == "direct"] == ["with sugar?"], "bob gets it once")
        bob.command("direct", to="ada", text="two, please")
        self.sees("two, please")
        self.assertEqual(self.browser.texts("#log .name"), ["ada", "bob"])
        self.say("/msg nobody hello")
        until(lambda: "nobody of that name" in self.browser.text("#log"), "the refusal is shown")
        self.assertEqual(self.said(), [])

    def test_a_refused_message_is_shown_with_the_reason(self):
        bob = self.member("bob")
        bob.command("make", room="lab")
        self.enter()
        self.say("/join lab")
        until(lambda: self.browser.text("#title") == "#lab", "the room is open")
        bob.command("moderate", room="lab", action="mute", to="ada", seconds=60, text="noise")
        until(lambda: "bob muted ada for 1 minute: noise" in self.browser.text("#log"), "the mute is shown")
        self.say("hello?")
        until(lambda: "not sent: hello?: you are muted" in self.browser.text("#log"), "why it is not sent")
        self.assertNotIn("hello?", self.said())

    def test_who_is_removed_from_a_room_reads_why(self):
        bob = self.member("bob")
        bob.command("make", room="lab")
        self.enter()
        self.say("/join lab")
        until(lambda: self.browser.text("#title") == "#lab", "the room is open")
        bob.command("moderate", room="lab", action="ban", to="ada", text="spam")
        until(lambda: "spam" in self.browser.text("#gone"), "why")
        self.assertTrue(self.browser.run("return document.getElementById('text').disabled"))

    def test_lines_of_another_day_have_a_line_between(self):
        if page_case.IS_REAL:
            self.skipTest("needs lines of yesterday")
        self.server.world.line("", "say", "bob", "b", text="old", time="2020-02-03T10:00:00.000Z")
        self.server.world.line("", "say", "bob", "b", text="new")
        self.enter()
        self.sees("new")
        self.assertEqual(self.browser.texts(".rule.day"), ["Monday, February 3, 2020", "Today"])

    def test_a_line_is_taken_back(self):
        self.enter()
        self.say("wrong window")
        self.all_sent()
        until(lambda: self.browser.texts(".act"), "the button")
        self.browser.click_text("Take back", "#log")
        until(lambda: "ada took this back" in self.browser.text("#log"), "it is gone")
        self.assertNotIn("wrong window", self.said())

    def test_search_finds_older_lines(self):
        bob = self.member("bob")
        for text in ("the needle is here", "hay", "hay", "another NEEDLE"):
            bob.say(text)
        self.enter()
        self.sees("hay")
        self.say("/search needle")
        until(lambda: len(self.browser.texts(".result .text")) == 2, "two lines")
        self.assertEqual(self.browser.texts(".result .text"), ["another NEEDLE", "the needle is here"])
        self.browser.click_text("Open", ".result:nth-of-type(2)")
        until(lambda: not self.browser.is_shown("#dialog"), "it is in the log")
        self.assertEqual(self.browser.text(".flash .text"), "the needle is here")

    def test_joins_in_a_row_are_one_line(self):
        self.enter()
        others = [self.member(name) for name in ("bob", "cy", "dan", "eve", "fay")]
        until(lambda: "and 3 others joined" in self.browser.text("#log"), "one line")
        self.assertEqual(len(self.browser.texts(".presence")), 1)
        others[0].stop()
        until(lambda: "bob left" in self.browser.text(".presence"), "bob's leave is in it")
        until(lambda: "bob" not in self.browser.text("#people_list"), "bob is not listed")

    def test_commands_that_do_not_exist_are_not_sent(self):
        self.enter()
        self.say("/jion lab")
        until(lambda: "no command /jion" in self.browser.text("#hint"), "it says so")
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "/jion lab")
        self.browser.run("document.getElementById('text').value = ''")
        self.say("//shrug")
        self.sees("/shrug")


if __name__ == "__main__":
    page_case.main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection of the page: interruptions, reloads, tabs. Each line is sent and shown once."""
import page_case
from page_case import PageCase, only_fake
from webdriver import until

KILLS = 20


class ConnectionTest(PageCase):
    def test_kills_of_the_web_process_lose_and_double_no_line(self):
        bob = self.member("bob")
        self.enter()
        bob.command("direct", to="ada", text="private")
        expected = []
        for i in range(KILLS):
            self.say(f"ada {i}")
            bob.say(f"bob {i}")
            expected += [f"ada {i}", f"bob {i}"]
            self.server.kill_web(0.15)
        self.sees(f"bob {KILLS - 1}", 30)
        self.all_sent(30)
        until(lambda: len(bob.texts("ada")) >= KILLS, "bob hears all", 30)
        self.assertEqual(sorted(bob.texts()), sorted(expected))
        self.assertEqual(bob.texts("ada"), [f"ada {i}" for i in range(KILLS)])
        until(lambda: self.said() == bob.texts(), "the page shows the same in the same order")
        self.assertEqual(self.browser.text("#direct_list .badge"), "1")
        self.assertEqual(bob.leaves(), [])
        self.quiet_console()

    @only_fake
    def test_a_lost_answer_does_not_double_a_line(self):
        bob = self.member("bob")
        self.enter()
        said = []
        for fault in ("lose_answer", "lose_request", "refuse_rate"):
            self.server.faults = {fault: 1}
            for i in range(2):
                said.append(f"{fault} {i}")
                self.say(said[-1])
            self.all_sent(30)
        until(lambda: self.server.faults == {"refuse_rate": 0}, "the faults have happened")
        until(lambda: len(bob.texts("ada")) >= len(said), "bob hears all")
        self.assertEqual(bob.texts("ada"), said)
        self.assertEqual(self.said(), said)
        self.assertEqual(max(self.server.world.taken.values()), 1)

    def test_lines_that_are_typed_offline_wait_and_are_sent_once(self):
        bob = self.member("bob")
        self.enter()
        self.browser.offline(True)
        for i in range(3):
            self.say(f"line {i}")
        until(lambda: self.browser.run("return document.querySelectorAll('.line.waiting').length") == 3, "three wait")
        bob.say("meanwhile")
        self.browser.offline(False)
        self.browser.run("dispatchEvent(new Event('online'))")
        self.sees("meanwhile", 20)
        self.all_sent(20)
        until(lambda: bob.texts("ada") == ["line 0", "line 1", "line 2"], "all are there, in order")
        self.assertEqual(bob.leaves(), [])
        until(lambda: self.said() == bob.texts(), "the page shows the same")

    def test_a_reload_keeps_the_session_the_lines_and_the_draft(self):
        bob = self.member("bob")
        self.enter()
        self.say("before")
        bob.say("answer")
        self.sees("answer")
        self.type("a draft")
        self.browser.reload()
        self.connected()
        self.assertEqual(self.browser.run("return document.getElementById('text').value"), "a draft")
        self.assertEqual(self.said(), ["before", "answer"])
        if not page_case.IS_REAL:
            self.assertNotIn(self.server.cursors[-1], (None, f"{self.server.world.epoch}-0"))
        bob.say("after")
        self.sees("after")
        self.assertEqual(self.said(), ["before", "answer", "after"])
        self.assertEqual([one for one in bob.heard if one["event"] in ("leave", "join") and one["name"] == "ada"][1:], [])

    def test_a_reload_sends_what_was_typed_offline(self):
        bob = self.member("bob")
        self.enter()
        self.browser.offline(True)
        self.say("typed offline")
        self.browser.run("sessionStorage.setItem('kept', '1')")
        self.browser.offline(False)
        self.browser.reload()
        self.connected()
        self.all_sent()
        until(lambda: bob.texts("ada") == ["typed offline"], "it is sent once")

    def open_second_tab(self):
        """The same user in a second tab, with the first one in front. Returns both."""
        self.browser.run("localStorage.setItem('chatd.self', sessionStorage.getItem('chatd.self'))")
        first = self.browser.new_tab()
        self.browser.open(self.server.url)
        self.connected()
        second = self.browser.call("GET", "/window")
        self.browser.switch(first)
        until(lambda: "another tab" in self.browser.text("#state"), "the first tab says so")
        return first, second

    def test_another_tab_takes_over(self):
        self.enter()
        first, second = self.open_second_tab()
        self.browser.click_text("Use it here", "#state")
        self.connected()
        self.say("back here")
        self.all_sent()
        self.browser.switch(second)
        until(lambda: "another tab" in self.browser.text("#state"), "now the second one says so")
        self.browser.call("DELETE", "/window")
        self.browser.switch(first)

    def test_a_copy_of_a_tab_has_a_client_number_of_its_own(self):
        self.enter()
        handles = self.browser.call("GET", "/window/handles")
        self.browser.run("window.open(location.href)")
        copy = until(lambda: [one for one in self.browser.call("GET", "/window/handles") if one not in handles], "a copy")[0]
        self.browser.switch(copy)
        self.connected()
        if not page_case.IS_REAL:
            self.assertEqual(len(self.server.clients), 2)
        self.say("from the copy")
        self.all_sent()
        self.browser.call("DELETE", "/window")
        self.browser.switch(handles[0])
        until(lambda: "another tab" in self.browser.text("#state"), "the first tab has ended")

    def test_seven_tabs_load(self):
        self.enter()
        self.browser.run("localStorage.setItem('chatd.self', sessionStorage.getItem('chatd.self'))")
        first = self.browser.call("GET", "/window")
        for _ in range(6):
            self.browser.new_tab()
            self.browser.open(self.server.url)
            self.connected()
        for handle in self.browser.call("GET", "/window/handles"):
            if handle != first:
                self.browser.switch(handle)
                self.browser.call("DELETE", "/window")
        self.browser.switch(first)

    def test_going_back_to_the_page_connects_again(self):
        bob = self.member("bob")
        self.enter()
        self.say("before")
        self.sees("before")
        self.browser.open(self.server.url + "/healthz")
        bob.say("meanwhile")
        self.browser.run("history.back()")
        self.sees("meanwhile", 20)
        self.connected()
        self.assertEqual(self.said(), ["before", "meanwhile"])

    @only_fake
    def test_a_server_that_is_down_is_tried_again(self):
        self.enter()
        self.server.down.set()
        self.server.generation += 1
        until(lambda: "Reconnecting" in self.browser.text("#state"), "it says so")
        self.say("waits")
        until(lambda: "1 waiting" in self.browser.text("#state"), "it counts what waits")
        self.server.down.clear()
        self.connected(20)
        self.all_sent()

    @only_fake
    def test_a_server_without_its_memory_gets_what_it_does_not_have(self):
        self.enter()
        self.say("kept")
        self.sees("kept")
        self.server.faults = {"lose_request": 1000}
        self.say("not sent yet")
        until(lambda: self.server.faults["lose_request"] < 1000, "it was tried")
        self.server.world.__init__()
        self.server.faults = {}
        self.server.generation += 1
        until(lambda: any(one.get("text") == "not sent yet" for one in self.server.world.rooms[""].lines), "it is sent again", 20)
        bob = self.member("bob")
        self.assertEqual([one["text"] for one in self.server.world.rooms[""].lines if one["event"] == "say"], ["not sent yet"])
        self.assertEqual(bob.leaves(), [])

    @only_fake
    def test_an_answer_to_an_older_session_keeps_the_numbers_right(self):
        self.enter()
        self.server.faults = {"hold_answer": 1}
        self.say("old session")
        until(lambda: self.server.faults["hold_answer"] == 0, "the server has it")
        self.server.world.__init__()
        self.server.generation += 1
        until(lambda: len(self.server.cursors) == 2, "the page has another session", 20)
        self.server.released.set()
        self.say("new session")
        until(lambda: any(one.get("text") == "new session" for one in self.server.world.rooms[""].lines), "it is sent", 20)
        self.all_sent()
        numbers = self.browser.run("return sessionStorage.getItem('chatd.outbox')")
        self.assertRegex(numbers, '"next":[23],')

    @only_fake
    def test_a_bad_event_is_skipped_and_counted(self):
        bob = self.member("bob")
        self.enter()
        session = next(one for one in self.server.world.sessions.values() if one.name == "ada")
        streams = len(self.server.cursors)
        bad = ("{", "", [], None, {"event": "say"}, {"event": "say", "text": 7, "sequence": 5000, "name": "x"}, {"event": "of tomorrow"},
               {"event": "moderated", "name": "bob"}, {"event": "set", "name": "bob"}, {"event": "join"}, {"event": "blocks", "users": None})
        for event in bad:
            session.put(event)
        session.put({"event": "invited", "room": "lab"})
        bob.say("after them")
        self.sees("after them")
        self.assertEqual(self.said(), ["after them"])
        self.assertEqual(len(self.server.cursors), streams, "the stream goes on")
        self.assertIn("administrator invites you to #lab", self.browser.text("#log"))
        self.say("/help")
        until(lambda: f"could not read: {len(bad)}" in self.browser.text("#dialog"), "they are counted")
        self.browser.reload()
        self.connected()
        self.assertEqual(self.said(), ["after them"])

    @only_fake
    def test_who_is_removed_from_the_server_reads_why(self):
        self.enter()
        session = next(iter(self.server.world.sessions.values()))
        self.server.world.end(session, "kicked", "by the administrator: spam")
        until(lambda: "You were removed from the server: by the administrator: spam" in self.browser.text("#state"), "why")
        self.browser.click_text("Join again", "#state")
        self.connected()

    def test_leaving_in_one_tab_ends_the_others(self):
        self.enter()
        self.browser.run("localStorage.setItem('chatd.self', sessionStorage.getItem('chatd.self'))")
        first = self.browser.new_tab()
        self.browser.open(self.server.url)
        self.connected()
        self.say("/quit")
        until(lambda: self.browser.is_shown("#dialog"), "the question")
        self.browser.click_text("Leave the server", "#dialog")
        until(lambda: self.browser.is_shown("#enter_name"), "the form")
        self.browser.call("DELETE", "/window")
        self.browser.switch(first)
        until(lambda: "left the server in another tab" in self.browser.text("#enter_error"), "the other tab says so")
        self.assertNotIn("token", self.browser.run("return JSON.stringify([localStorage, sessionStorage])"))
        self.browser.reload()
        until(lambda: self.browser.is_shown("#enter_name"), "the form again")
        self.assertEqual(self.browser.text("#enter_error"), "")

    def test_leaving_in_a_tab_that_is_not_in_any_more_ends_the_session(self):
        bob = self.member("bob")
        self.enter()
        first, second = self.open_second_tab()
        self.say("/quit")
        until(lambda: self.browser.is_shown("#dialog"), "the question")
        self.browser.click_text("Leave the server", "#dialog")
        until(lambda: [one["name"] for one in bob.leaves()] == ["ada"], "ada has left")
        self.browser.switch(second)
        until(lambda: "left the server in another tab" in self.browser.text("#enter_error"), "the second tab says so")
        self.browser.call("DELETE", "/window")
        self.browser.switch(first)

    def test_leaving_forgets_the_user(self):
        bob = self.member("bob")
        self.enter()
        self.say("bye")
        self.all_sent()
        self.say("/quit")
        until(lambda: self.browser.is_shown("#dialog"), "the question")
        self.browser.click_text("Leave the server", "#dialog")
        until(lambda: self.browser.is_shown("#enter_name"), "the form")
        until(lambda: [one["name"] for one in bob.leaves()] == ["ada"], "ada has left")
        stored = self.browser.run("return JSON.stringify([localStorage, sessionStorage])")
        self.assertNotIn("token", stored)
        self.assertNotIn("bye", stored)


if __name__ == "__main__":
    page_case.main()

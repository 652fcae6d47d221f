# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests of the page share: a server for each test, a browser for each class.

CHATD_PAGE_SERVER=real runs them with the chatd of CHATD_BIN instead of fake_server.py; the tests that
need a fault of the fake server are skipped then.
"""
import os
import sys
import unittest

import fake_server
import member
import real_server
import webdriver
from webdriver import until

IS_REAL = os.environ.get("CHATD_PAGE_SERVER") == "real"
_driver = None


def driver():
    global _driver
    _driver = _driver or webdriver.Driver()
    return _driver


def main():
    """Runs the tests of the program. Exit status 77: they are skipped, there is no browser."""
    if not webdriver.is_installed():
        print("skipped: chromium and chromedriver are not installed")
        sys.exit(77)
    try:
        unittest.main()
    finally:
        if _driver is not None:
            _driver.stop()


def only_fake(test):
    return unittest.skipIf(IS_REAL, "needs a fault of the fake server")(test)


class PageCase(unittest.TestCase):
    size = (1280, 800)
    languages = "en-US"
    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.browser = webdriver.Browser(driver(), cls.size, cls.languages, cls.arguments)

    @classmethod
    def tearDownClass(cls):
        cls.browser.stop()

    def setUp(self):
        # Each server has a port of its own: another origin, with nothing stored.
        self.server = real_server.RealServer() if IS_REAL else fake_server.FakeServer()
        self.addCleanup(self.server.stop)
        self.addCleanup(lambda: self.browser.open("about:blank"))
        self.browser.console()

    def member(self, name, **more):
        return member.Member(self.server.url, name, **more)

    def enter(self, name="ada", url=None):
        b = self.browser
        b.open(url or self.server.url)
        until(lambda: b.is_shown("#enter_name"), "the form is there")
        b.run("document.getElementById('enter_name').value = ''")
        b.click("#enter_name")
        b.insert(name)
        b.click("#enter_go")
        until(lambda: b.is_shown("#log"), "the room is there")
        self.connected()

    def connected(self, seconds=15):
        until(lambda: self.browser.is_shown("#log") and self.browser.text("#state") == "" and self.browser.text("#people_list") != "",
              "connected", seconds)

    def type(self, text):
        self.browser.click("#text")
        self.browser.insert(text)

    def paste(self, text):
        """Puts a text into the field, which may have several lines."""
        self.browser.run("const t = document.getElementById('text'); t.focus(); t.value = arguments[0]; t.dispatchEvent(new Event('input'))", text)

    def say(self, text):
        self.type(text)
        self.browser.key("Enter")

    def said(self):
        """The texts that are shown, from the top."""
        return self.browser.texts(".line .text")

    def sees(self, text, seconds=10):
        until(lambda: text in self.said(), f"the page shows {text!r}", seconds)

    def all_sent(self, seconds=20):
        until(lambda: self.browser.run("return document.querySelectorAll('.waiting').length") == 0, "nothing waits", seconds)

    def quiet_console(self):
        self.assertEqual(self.browser.console(), [])

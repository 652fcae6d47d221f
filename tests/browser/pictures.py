#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pictures.py FOLDER: makes page.png (a desk) and page-phone.png (a phone, dark, Chinese), the pictures of
the page for README. The lines and their times are always the same. packaging/screenshot --page runs it.
"""
import pathlib
import struct
import sys
import zlib

import fake_room
import fake_server
import webdriver
from webdriver import until

DAY = "2026-11-28T"
LINES = (
    ("09:02", "bob", "say", "good morning! Is the lab open today?"),
    ("09:03", "carol", "say", "from ten on"),
    ("09:03", "carol", "say", "the notes are at https://example.org/notes/lecture-7.pdf"),
    ("09:05", "王芳", "say", "谢谢！第三页有一个小错误。"),
    ("09:10", None, "announce", "The server moves at noon; nobody has to do anything."),
    ("09:12", "dave", "action", "brings tea"),
    ("09:14", "bob", "say", "ada, could you look at the build? It fails since yesterday."),
)
NAMES = ("bob", "carol", "dave", "eve", "frank", "王芳", "李明")


def fill(world):
    for name in NAMES:
        world.enter({"name": name, "token": name, "client": "1"})
    world.rooms[""].lines.clear()
    world.rooms[""].topic = "Lecture 7: rings and fields"
    for time, name, event, text in LINES:
        person = world.sessions[name].person if name else None
        world.line("", event, name or "", person, text=text, time=f"{DAY}{time}:00.000Z")
    world.rooms["tea"] = fake_room.Room("tea")


def enter(browser, server):
    """The page as ada sees it, with a room, a direct message and an own line."""
    browser.cdp("Emulation.setTimezoneOverride", timezoneId="UTC")
    browser.open(server.url)
    until(lambda: browser.is_shown("#enter_name"), "the form")
    browser.click("#enter_name")
    browser.insert("ada")
    browser.click("#enter_go")
    until(lambda: len(browser.texts(".line .text")) == len(LINES), "the lines")
    world = server.world
    ada = next(one for one in world.sessions.values() if one.name == "ada")
    world.rooms["tea"].members.append(ada)
    world.line("tea", "say", "eve", world.sessions["eve"].person, text="four o'clock?", time=f"{DAY}09:15:00.000Z")
    ada.put({"schema": 1, "event": "direct", "room": "", "time": f"{DAY}09:15:00.000Z", "name": "carol",
             "by": world.sessions["carol"].person, "text": "with sugar?", "replay": False, "own": False})
    world.line("", "say", "ada", ada.person, text="I look at it now", time=f"{DAY}09:16:00.000Z", n=1)
    until(lambda: len(browser.texts("nav .badge")) == 2, "what is unread")
    until(lambda: not browser.texts(".note")[0].endswith("…"), "older lines")
    browser.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)
    browser.run("document.activeElement.blur()")


def shrink(path):
    """Compresses a PNG again: a browser takes little time for it."""
    png = path.read_bytes()
    head, data, at = png[:8], b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        content = png[at + 8:at + 8 + size]
        if kind == b"IDAT":
            data += content
        else:
            if kind == b"IEND":
                head += chunk(b"IDAT", zlib.compress(zlib.decompress(data), 9))
            head += chunk(kind, content)
        at += 12 + size
    path.write_bytes(head)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture(driver, path, languages, phone):
    server = fake_server.FakeServer()
    fill(server.world)
    # The lines that say who joins have the time of now.
    server.world.join = lambda session, room: (server.world.replay(session, room), room.members.append(session))
    browser = webdriver.Browser(driver, (1100, 760), languages)
    try:
        if phone:
            browser.cdp("Emulation.setDeviceMetricsOverride", width=390, height=720, deviceScaleFactor=1.5, mobile=True)
            browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        enter(browser, server)
        browser.screenshot(path)
        shrink(path)
    finally:
        browser.stop()
        server.stop()


def main(folder):
    driver = webdriver.Driver()
    try:
        picture(driver, folder / "page.png", "en-GB", phone=False)
        picture(driver, folder / "page-phone.png", "zh-CN", phone=True)
    finally:
        driver.stop()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))

# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a Chromium by the WebDriver protocol: what the tests of the page need of it."""
import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}


class WebDriverError(Exception):
    """The driver could not do it; the text says why."""


def is_installed():
    return bool(shutil.which("chromedriver") and shutil.which("chromium"))


class Driver:
    """A chromedriver process on a free port, for all browsers of a test program."""

    def __init__(self):
        self.process = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = None
        for line in self.process.stdout:
            if "started successfully on port" in line:
                port = line.split("on port")[1].strip(" .\n")
                break
        if port is None:
            raise WebDriverError("chromedriver does not start")
        self.url = f"http://127.0.0.1:{port}"

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise WebDriverError(json.load(error)["value"]["message"].splitlines()[0]) from None

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Browser:
    """One Chromium with a profile of its own. `languages`: as in Accept-Language."""

    def __init__(self, driver, size=(1280, 800), languages="en-US", arguments=()):
        self.driver = driver
        self.profile = tempfile.TemporaryDirectory(prefix="chatd-browser.", ignore_cleanup_errors=True)
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={self.profile.name}",
                     f"--window-size={size[0]},{size[1]}", "--host-resolver-rules=MAP chat.lan 127.0.0.1",
                     "--no-proxy-server", "--force-color-profile=srgb", *arguments],
            "prefs": {"intl.accept_languages": languages},
        }
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
        self.path = "/session/" + driver.call("POST", "/session", {"capabilities": capabilities})["sessionId"]

    def call(self, method, path, body=None):
        return self.driver.call(method, self.path + path, body)

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def reload(self):
        self.call("POST", "/refresh", {})

    def run(self, script, *arguments):
        """The value of a script's `return`."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText)", selector)

    def is_shown(self, selector):
        return self.run("const one = document.querySelector(arguments[0]); return Boolean(one && one.checkVisibility())", selector)

    def click(self, selector):
        element = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{next(iter(element.values()))}/click", {})

    def click_text(self, text, within="body"):
        """Clicks the button with this text."""
        found = self.run("""for (const one of document.querySelector(arguments[1]).querySelectorAll('button'))
          if (one.innerText.trim() === arguments[0] && one.checkVisibility()) { one.click(); return true; } return false""", text, within)
        if not found:
            raise WebDriverError(f"no button {text}")

    def insert(self, text):
        """Types a text into the field that has the focus."""
        self.cdp("Input.insertText", text=text)

    def key(self, key, code=None, modifiers=0):
        number = code or KEYS[key]
        event = {"key": key, "code": key, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        self.cdp("Input.dispatchKeyEvent", type="rawKeyDown" if code else "keyDown", **event,
                 **({"text": "\r"} if key == "Enter" and not code else {}))
        self.cdp("Input.dispatchKeyEvent", type="keyUp", **event)

    def offline(self, yes):
        self.cdp("Network.enable")
        self.cdp("Network.emulateNetworkConditions", offline=yes, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def console(self):
        """What the console of the page says, but for requests that failed."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [one["message"] for one in entries if "Failed to load resource" not in one["message"] and "net::ERR" not in one["message"]]

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("GET", "/screenshot")))

    def new_tab(self):
        """Opens a tab and works in it. The handle of the tab from before is returned."""
        old = self.call("GET", "/window")
        self.switch(self.call("POST", "/window/new", {"type": "tab"})["handle"])
        return old

    def switch(self, handle):
        self.call("POST", "/window", {"handle": handle})

    def stop(self):
        try:
            self.call("DELETE", "")
        finally:
            self.profile.cleanup()


def until(condition, what, seconds=10):
    """The first value of `condition` that is true."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"did not happen in {seconds} s: {what}")
        time.sleep(0.03)

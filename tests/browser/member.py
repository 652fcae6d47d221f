# SPDX-License-Identifier: GPL-3.0-or-later
"""A member of the room that uses the routes of the page without a browser."""
import base64
import http.client
import json
import os
import secrets
import threading
import urllib.parse


class Member:
    """Enters at once. `heard`: the events of its stream, in their order."""

    def __init__(self, url, name, **more):
        self.address = urllib.parse.urlsplit(url).netloc
        self.name = name
        self.token = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
        self.client = str(secrets.randbits(63) + 1)
        self.next = 1
        self.heard = []
        self.cursor = ""
        self.stopped = False
        answer = self.ask("POST", "/api/session", {"name": name, "token": self.token, "client": self.client, **more})
        self.person = answer["person"]
        self.cursor = answer["cursor"]
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def ask(self, method, path, body=None):
        """The answer, which must be one of success. A connection that is cut is tried again."""
        for _ in range(200):
            connection = http.client.HTTPConnection(self.address, timeout=10)
            try:
                connection.request(method, path, None if body is None else json.dumps(body),
                                   {"Authorization": f"Bearer {self.token}", "X-Client": self.client, "Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()
            if answer.status in (429, 503, 504):
                threading.Event().wait(0.2)
                continue
            if answer.status >= 300:
                raise AssertionError(f"{method} {path}: {answer.status} {text.decode()}")
            return json.loads(text or b"{}")
        raise AssertionError(f"{method} {path}: no answer")

    def command(self, kind, **more):
        self.ask("POST", "/api/commands", {"n": self.next, "kind": kind, "after": self.cursor, **more})
        self.next += 1

    def say(self, text, room=""):
        self.command("say", room=room, text=text)

    def listen(self):
        while not self.stopped:
            connection = http.client.HTTPConnection(self.address, timeout=20)
            try:
                connection.request("GET", "/api/events", headers={"Authorization": f"Bearer {self.token}", "X-Client": self.client,
                                                                  "Last-Event-ID": self.cursor})
                answer = connection.getresponse()
                if answer.status in (401, 409, 410):
                    return
                for line in answer:
                    self.take(line.decode().rstrip("\n"))
            except (OSError, http.client.HTTPException, ValueError):
                pass
            finally:
                connection.close()

    def take(self, line):
        if line.startswith("id: "):
            self.cursor = line[4:]
        elif line.startswith("data: "):
            self.heard.append(json.loads(line[6:]))

    def texts(self, name=None):
        """What was said, by all or by one member."""
        return [one["text"] for one in list(self.heard) if one["event"] == "say" and name in (None, one["name"])]

    def leaves(self):
        return [one for one in list(self.heard) if one["event"] in ("leave", "kick")]

    def stop(self):
        self.stopped = True
        self.ask("DELETE", "/api/session")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small server for the page: the routes of chatd's role web, and faults that chatd does not make on
demand. Run alone, it serves the page on a free port of loopback, which it prints.
"""
import collections
import functools
import hashlib
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import fake_room

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
         ".webmanifest": "application/manifest+json"}
HEARTBEAT = 15


def fixed_headers():
    """The headers that each response of chatd has, from its source."""
    source = (ROOT / "common/http/fixed_headers.hpp").read_text(encoding="utf-8")
    table = source[source.index("kFixedHeaders{{"):source.index("}};")]
    found = {name: "".join(re.findall(r'"([^"]*)"', value)) for name, value in re.findall(r'\{"([\w-]+)",\s*((?:"[^"]*"\s*)+)\}', table)}
    del found["Connection"]
    assert "script-src 'self'" in found["Content-Security-Policy"], found
    return found


HEADERS = fixed_headers()


@functools.cache
def packed_assets():
    """The files of the page by their paths, as chatd has them, and the hash that is in these paths."""
    with tempfile.TemporaryDirectory(prefix="chatd-page.") as folder:
        subprocess.run(["cmake", f"-DFOLDER={WEB}", f"-DTO={folder}", "-P", ROOT / "packaging/cmake/pack_page.cmake"], check=True)
        files = {path.name: path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())}
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()[:8]
    found = {f"/a/{digest}/{name}": (name, data) for name, data in files.items()}
    found["/"] = ("index.html", files["index.html"].replace(b"/a/ASSETS/", f"/a/{digest}/".encode()))
    return found, digest


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(data)),
                            "Cache-Control": "no-store", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def session(self):
        """The session of the request; None: the refusal was sent."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        found = self.server.world.sessions.get(token)
        if found is None:
            self.answer(401, {"error": "no_session", "message": "Enter again."})
        elif found.client != self.headers.get("X-Client"):
            self.answer(409, {"error": "replaced", "message": "Another tab is in."})
        elif found.over in ("kicked", "banned"):
            self.answer(410, {"error": found.over, "message": "You were removed."})
        elif found.over:
            self.answer(401, {"error": "no_session", "message": "Enter again."})
        else:
            return found
        return None

    def fault(self, name):
        """True: the next request of this kind is to fail, as a test wants it."""
        with self.server.fault_lock:
            if self.server.faults.get(name, 0) <= 0:
                return False
            self.server.faults[name] -= 1
            return True

    def is_down(self):
        if self.server.down.is_set():
            self.close_connection = True
            return True
        return False

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")

    def do_GET(self):
        if self.is_down():
            return None
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        world = self.server.world
        if url.path in self.server.assets:
            name, data = self.server.assets[url.path]
            return self.answer(200, data, TYPES[pathlib.Path(name).suffix])
        if url.path == "/healthz":
            return self.answer(200, b"ok", "text/plain")
        if url.path == "/api/room":
            return self.answer(200, {"schema": 1, "server": world.name, "room": world.name, "version": "0", "language": "en",
                                     "password_wanted": bool(world.password), "door": "invited" if world.code else "open",
                                     "max_text": 900, "fingerprint": "", "plain": self.server.plain, "assets": self.server.digest})
        if not url.path.startswith("/api/"):
            return self.answer(404, {"error": "not_found", "message": "There is no such page."})
        session = self.session()
        if session is None:
            return None
        if url.path == "/api/events":
            return self.events(session, self.headers.get("Last-Event-ID") or query.get("after"))
        room = query.get("room", "")
        if room not in world.rooms:
            return self.answer(404, {"error": "no_such_room", "message": "There is no such room."})
        self.server.asked[url.path] += 1
        if url.path == "/api/users":
            users = [{"name": one.name, "person": one.person, "away": False, "text_member": False, "owned": False}
                     for one in world.rooms[room].members]
            return self.answer(200, {"users": users})
        if url.path == "/api/rooms":
            return self.answer(200, {"rooms": [{"room": one.name, "members": len(one.members), "in": session in one.members,
                                                "topic": one.topic} for one in world.rooms.values()]})
        status, answer = world.page(room, query) if url.path == "/api/history" else world.search(query)
        return self.answer(status, answer)

    def events(self, session, cursor):
        self.send_response(200)
        for name, value in {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store",
                            "X-Accel-Buffering": "no", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        generation = self.server.generation
        self.server.cursors.append(cursor)
        epoch, _, at = (cursor or "-0").partition("-")
        at = int(at)
        if epoch and epoch != self.server.world.epoch:
            at = 0
            self.wfile.write(b'data: {"schema": 1, "event": "lost", "room": ""}\n\n')
        self.wfile.write(b": hello\n\n")
        beat = time.monotonic()
        while generation == self.server.generation and not self.server.down.is_set():
            with session.changed:
                if at >= len(session.events):
                    session.changed.wait(0.1)
                fresh = session.events[at:]
            for event in fresh:
                at += 1
                self.wfile.write(f"id: {self.server.world.epoch}-{at}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
            if session.over:
                return
            if time.monotonic() - beat > HEARTBEAT:
                beat = time.monotonic()
                self.wfile.write(b":\n\n")
            self.wfile.flush()

    def do_POST(self):
        body = self.body()
        if self.is_down():
            return None
        world = self.server.world
        if self.path == "/api/session":
            self.server.clients.add(body["client"])
            status, answer = world.enter(body)
            return self.answer(status, answer)
        session = self.session()
        if session is None:
            return None
        if self.fault("refuse_rate"):
            return self.answer(429, {"error": "rate", "message": "Too fast."}, Retry_After="1")
        if self.fault("lose_request"):
            self.close_connection = True
            return None
        status, answer = world.command(session, body)
        if self.fault("hold_answer"):
            self.server.released.wait(30)
        if self.fault("lose_answer"):
            # The browser repeats a request without any answer by itself.
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            return None
        return self.answer(status, answer)

    def do_DELETE(self):
        session = self.session()
        if session is not None:
            self.server.world.end(session, "quit")
            self.answer(200, {})


class FakeServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.world = fake_room.World()
        self.assets, self.digest = packed_assets()
        self.plain = "chat-only"
        self.faults = {}
        self.asked = collections.Counter()  # how often each of the lists was asked for
        self.released = threading.Event()  # ends the wait of the fault hold_answer
        self.clients = set()  # client numbers that have entered
        self.cursors = []  # with which streams were opened
        self.fault_lock = threading.Lock()
        self.down = threading.Event()
        self.generation = 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a browser that has gone

    def kill_web(self, seconds=0.3):
        """As if the process that serves the page was killed, and another one has begun."""
        self.down.set()
        self.generation += 1
        time.sleep(seconds)
        self.down.clear()

    def stop(self):
        self.shutdown()
        self.server_close()


if __name__ == "__main__":
    print(FakeServer().url, flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.exit(0)

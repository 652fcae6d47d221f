# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of fake_server.py: sessions, commands and lines, in memory, as the page sees them."""
import collections
import datetime
import secrets
import threading

REPLAY = 20  # lines from before the join that a new member gets
SAID = ("say", "action")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Room:
    def __init__(self, name):
        self.name = name
        self.lines = []
        self.members = []  # sessions, in the order in which they joined
        self.topic = ""
        self.owners = []
        self.banned = set()
        self.muted = set()


class Session:
    def __init__(self, name, token, client, person):
        self.name, self.token, self.client, self.person = name, token, client, person
        self.uplink = 0
        self.events = []  # the events of its streams; a cursor is an index
        self.over = ""    # why it has ended
        self.changed = threading.Condition()

    def put(self, event):
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()


class Refused(Exception):
    """A command is refused: its code."""


class World:
    """All rooms of one server. Each public function takes the lock."""

    def __init__(self, name="room 204"):
        self.lock = threading.RLock()
        self.name = name
        self.epoch = secrets.token_hex(4)
        self.rooms = {"": Room("")}
        self.sessions = {}  # by token
        self.persons = {}   # by token; never used again
        self.password = self.code = None
        self.taken = collections.Counter()  # how often each (token, n) was carried out

    def line(self, room, event, name="", by=None, **more):
        """Appends a line and tells the members of it."""
        found = self.rooms[room]
        record = {"schema": 1, "event": event, "room": room, "time": more.pop("time", None) or now(),
                  "sequence": 10 + 2 * len(found.lines), "name": name, "by": by, **more}
        record = {key: value for key, value in record.items() if value is not None and (value != "" or key == "room")}
        found.lines.append(record)
        for member in found.members:
            member.put({**record, "replay": False})
        return record

    def enter(self, body):
        """(status, answer) of POST /api/session."""
        with self.lock:
            old = self.sessions.get(body["token"])
            is_renamed = old and not old.over and old.name.lower() != body["name"].lower()
            if old and not old.over and old.client == body["client"] and not is_renamed:
                return 201, self.entered(old)
            if self.password and not old and body.get("password") != self.password:
                return 403, {"error": "wrong_password" if body.get("password") else "password_wanted", "message": "The password is wrong."}
            if self.code and not old and body.get("code") != self.code:
                return 403, {"error": "not_invited", "message": "Only invited persons enter this server."}
            if any(one.name.lower() == body["name"].lower() and not one.over and one is not old for one in self.sessions.values()):
                return 409, {"error": "name_taken", "message": "That name is taken; choose another name."}
            if " " in body["name"]:
                return 422, {"error": "name_refused", "message": "A name has no spaces."}
            if is_renamed:
                self.end(old, "quit")
                old = None
            person = self.persons.setdefault(body["token"], f"{0x1234 + len(self.persons):016x}")
            session = Session(body["name"], body["token"], body["client"], person)
            if old and not old.over:
                self.end(old, "replaced", leaves=False)
                session.uplink = old.uplink
            self.sessions[body["token"]] = session
            rooms = [room for room in self.rooms.values() if old in room.members] if old else []
            for room in rooms:
                room.members[room.members.index(old)] = session
            if self.rooms[""] not in rooms:
                self.join(session, self.rooms[""])
            else:
                self.replay(session, self.rooms[""])
            return 201, self.entered(session)

    def entered(self, session):
        rooms = [{"room": room.name, "topic": room.topic} for room in self.rooms.values() if session in room.members]
        return {"person": session.person, "name": session.name, "rooms": rooms, "cursor": f"{self.epoch}-0", "next": session.uplink + 1}

    def replay(self, session, room):
        for record in room.lines[-REPLAY:]:
            session.put({**record, "replay": True})

    def join(self, session, room):
        self.replay(session, room)
        room.members.append(session)
        self.line(room.name, "join", session.name, session.person, text_member=False)

    def leave(self, session, room, event="leave", text=""):
        if session in room.members:
            if event == "leave":
                room.members.remove(session)
            self.line(room.name, event, session.name, session.person, text=text)
            if session in room.members:
                room.members.remove(session)

    def end(self, session, outcome, text="", leaves=True):
        with self.lock:
            if leaves:
                for room in self.rooms.values():
                    self.leave(session, room, "kick" if outcome in ("kicked", "banned") else "leave", text)
            session.put({"schema": 1, "event": "ended", "room": "", "outcome": outcome, "text": text, "time": now()})
            session.over = outcome

    def command(self, session, body):
        """(status, answer) of POST /api/commands."""
        with self.lock:
            if body["kind"] == "read":
                return 200, {}
            number = body["n"]
            if number <= session.uplink:
                return 200, {"n": number}
            if number != session.uplink + 1:
                return 409, {"error": "hole", "next": session.uplink + 1}
            if len(body.get("text", "").encode()) > 900:
                return 413, {"error": "too_long", "message": "That is too long."}
            session.uplink = number
            self.taken[(session.token, number)] += 1
            try:
                getattr(self, "do_" + body["kind"], self.do_unknown)(session, body)
            except Refused as refusal:
                session.put({"schema": 1, "event": "refused", "room": body.get("room", ""), "n": number,
                             "code": str(refusal), "text": f"Refused: {refusal}.", "time": now()})
            return 200, {"n": number}

    def room_of(self, session, body):
        room = self.rooms.get(body.get("room", ""))
        if room is None or session not in room.members:
            raise Refused("not_in_room")
        return room

    def named(self, body):
        for session in self.sessions.values():
            if session.name == body["to"] and not session.over:
                return session
        raise Refused("no_such_member")

    def do_unknown(self, session, body):
        raise Refused("unknown_command")

    def do_say(self, session, body):
        room = self.room_of(session, body)
        if session.person in room.muted:
            raise Refused("muted")
        self.line(room.name, body["kind"], session.name, session.person, n=body["n"], text=body["text"], text_member=False)

    do_action = do_say

    def do_direct(self, session, body):
        self.named(body).put({"schema": 1, "event": "direct", "room": "", "time": now(), "name": session.name,
                              "by": session.person, "text": body["text"], "replay": False, "own": False})

    def do_join(self, session, body, make=False):
        room = self.rooms.get(body["room"])
        if make == (room is not None):
            raise Refused("room_exists" if make else "no_such_room")
        if make:
            room = self.rooms[body["room"]] = Room(body["room"])
            room.owners.append(session.name)
        if session.person in room.banned:
            raise Refused("no_such_room")
        session.put({"schema": 1, "event": "room_joined", "room": room.name, "topic": room.topic, "resumed": False, "time": now()})
        if session not in room.members:
            self.join(session, room)

    def do_make(self, session, body):
        self.do_join(session, body, make=True)

    def do_leave(self, session, body):
        room = self.room_of(session, body)
        self.leave(session, room)
        session.put({"schema": 1, "event": "room_left", "room": room.name, "time": now()})

    def do_topic(self, session, body):
        room = self.room_of(session, body)
        room.topic = body["text"]
        self.line(room.name, "topic", session.name, session.person, n=body["n"], text=body["text"])

    def do_about(self, session, body):
        room = self.room_of(session, body)
        session.put({"schema": 1, "event": "about", "room": room.name, "topic": room.topic, "members": len(room.members), "owners": room.owners,
                     "moderators": [], "history": "default", "rules": [], "time": now()})

    def do_erase(self, session, body):
        room = self.room_of(session, body)
        for record in room.lines:
            if record["sequence"] == body["sequence"]:
                record["text"] = ""
        self.line(room.name, "erased", session.name, session.person, first=body["sequence"], last=body["sequence"])

    def do_block(self, session, body):
        if body["action"] == "list":
            session.put({"schema": 1, "event": "blocks", "room": "", "users": [{"name": "bob", "person": "1"}], "time": now()})

    def do_moderate(self, session, body):
        room = self.room_of(session, body)
        if session.name not in room.owners:
            raise Refused("no_right")
        target = self.named(body)
        self.line(room.name, "moderated", session.name, session.person, action=body["action"], target=target.name,
                  text=body.get("text", ""), duration_seconds=body.get("seconds"))
        if body["action"] == "mute":
            room.muted.add(target.person)
        if body["action"] in ("kick", "ban"):
            if body["action"] == "ban":
                room.banned.add(target.person)
            why = f"by {session.name}" + (f": {body['text']}" if body.get("text") else "")
            self.leave(target, room, "kick", why)
            target.put({"schema": 1, "event": "room_left", "room": room.name, "text": body.get("text", ""), "time": now()})

    def page(self, room, query):
        """(status, answer) of GET /api/history."""
        with self.lock:
            lines = self.rooms[room].lines
            limit = int(query.get("limit", 50))
            if "around" in query:
                at = next((i for i, one in enumerate(lines) if one["sequence"] >= int(query["around"])), 0)
                return 200, {"lines": lines[max(0, at - limit // 2):at + limit // 2 + 1], "more": True}
            before = int(query.get("before", 1 << 60))
            found = [one for one in lines if one["sequence"] < before]
            return 200, {"lines": [{key: value for key, value in one.items() if key != "n"} for one in found[-limit:]], "more": len(found) > limit}

    def search(self, query):
        with self.lock:
            before = int(query.get("before", 1 << 60))
            lines = [one for room in self.rooms.values() if query.get("room", room.name) == room.name for one in room.lines]
            found = [one for one in sorted(lines, key=lambda one: one["time"])
                     if query["q"].lower() in one.get("text", "").lower() and one["event"] in SAID and one["sequence"] < before]
            return 200, {"lines": found[-20:], "more": len(found) > 20}

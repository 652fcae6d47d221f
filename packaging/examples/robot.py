#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A text client: sends one message to the room of a chatd on this machine.

    robot.py TEXT

The text protocol is described in chatd-protocol(7). It has no acknowledgements; a script that must
know whether the server has the message uses `uchat send`.
"""
import socket
import sys

if len(sys.argv) != 2:
    sys.exit("usage: robot.py TEXT")
room = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
room.settimeout(5)
room.connect(("127.0.0.1", 8888))
room.send(b"L robot")
try:
    reply = room.recv(2048).decode()
except OSError as error:
    sys.exit(f"robot.py: no reply: {error}")
if reply != "OK":
    sys.exit(f"robot.py: refused: {reply}")
room.send(b"C " + sys.argv[1].encode())
room.send(b"Q")

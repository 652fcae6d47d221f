#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A minimal server of the text protocol, as courses on sockets teach it: one process, one
dictionary, one sendto() for each member. The benchmark compares chatd with it."""
import socket
import sys


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.bind(("127.0.0.1", int(sys.argv[1])))
    print("ready", flush=True)
    members = {}
    while True:
        data, address = sock.recvfrom(2048)
        command, _, rest = data.decode().partition(" ")
        if command == "L":
            if rest in members.values():
                sock.sendto("the name is taken".encode(), address)
                continue
            sock.sendto(b"OK", address)
            tell_others(sock, members, address, f"{rest} joined the chat")
            members[address] = rest
        elif command == "C" and address in members:
            tell_others(sock, members, address, f"{members[address]} : {rest}")
        elif command == "Q" and address in members:
            tell_others(sock, members, address, f"{members.pop(address)} left the chat")
            sock.sendto(b"EXIT", address)


def tell_others(sock, members, sender, line):
    data = line.encode()
    for address in members:
        if address != sender:
            sock.sendto(data, address)


if __name__ == "__main__":
    main()

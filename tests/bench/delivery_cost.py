#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions and system calls of the server for each delivery, in a fixed run.

usage: delivery_cost.py PROGRAM...

PROGRAM is delivery_cost of an optimized build; with two of them the second is compared with the
first. Each run is made with N and with 2N messages, and the difference is divided by N messages'
deliveries, so that the members' logins do not count. The rows "room ..." are about ten members in a
further room: first without other members, then with OTHERS members in the default room only. The
ratio in these rows is that of the second run to the first, of the same program. A program of a
version without further rooms has no such rows. Needs valgrind and strace.
"""
import re
import subprocess
import sys
import tempfile

MESSAGES = 160
OTHERS = 300
# The functions of the server. None of them calls another one of them.
SERVER = ("chatd::gateway::TextService::handle*", "chatd::gateway::TextService::finish*",
          "chatd::gateway::NativeService::handle*", "chatd::gateway::NativeService::finish*",
          "chatd::worker::FanOut::pass*")


def output(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done


def instructions(run):
    toggles = [f"--toggle-collect={name}" for name in SERVER]
    with tempfile.NamedTemporaryFile() as out:
        output(["valgrind", "--tool=callgrind", "--collect-atstart=no", *toggles,
                f"--callgrind-out-file={out.name}", *run])
        with open(out.name, encoding="utf-8") as lines:
            return next(int(line.split()[1]) for line in lines
                        if line.startswith(("summary:", "totals:")))


def system_calls(run):
    # The members only receive, with recvfrom(2); the server only sends.
    with tempfile.NamedTemporaryFile("r") as out:
        output(["strace", "-f", "-o", out.name, "-e", "trace=sendto,sendmsg,sendmmsg", *run])
        return sum(1 for line in out if re.search(r"\bsend\w+\(", line))


def cost(program, protocol, load, *options):
    def of(messages):
        run = [program, protocol, load, str(messages), *options]
        return int(output(run).stdout), instructions(run), system_calls(run)

    once, twice = of(MESSAGES), of(2 * MESSAGES)
    deliveries = twice[0] - once[0]
    return (twice[1] - once[1]) / deliveries, (twice[2] - once[2]) / deliveries


def has_rooms(program):
    # A version without further rooms refuses a fifth argument.
    run = [program, "room", "paced", "16", "0"]
    return subprocess.run(run, capture_output=True, check=False).returncode == 0


def row(name, load, each, ratio):
    print(f"{name:14} {load:10} {each[0]:9.1f} instructions {each[1]:7.4f} system calls"
          f"  ratio {' '.join(ratio)}", flush=True)


def ratio_of(each, base):
    return [f"{a / b:.3f}" if b else "-" for a, b in zip(each, base)]


def main():
    programs = sys.argv[1:]
    if not programs:
        sys.exit(__doc__)
    for protocol in ("text", "native"):
        for load in ("paced", "saturated"):
            costs = [cost(program, protocol, load) for program in programs]
            for each in costs:
                row(protocol, load, each, ratio_of(each, costs[0]))
    for program in filter(has_rooms, programs):
        for load in ("paced", "saturated"):
            alone = cost(program, "room", load, "0")
            row("room alone", load, alone, ratio_of(alone, alone))
            crowded = cost(program, "room", load, str(OTHERS))
            row(f"room + {OTHERS}", load, crowded, ratio_of(crowded, alone))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions and system calls of the server for each delivery, in a fixed run.

usage: delivery_cost.py [--short] PROGRAM...

PROGRAM is delivery_cost of an optimized build; with two of them the second is compared with the
first. Each run is made with N and with 2N messages, and the difference is divided by N messages'
deliveries, so that the members' logins do not count. The rows of ROOMS are about further rooms of ten
members each: their ratio is that to the row before them of one room without other members, of the
same program. A ratio above the limit of its row is a failure. A program of an older version has no
such rows. --short: only a few of these rows, with fewer rooms, members and messages, of a build of
any kind. Needs valgrind and strace; without them, the exit status is 77.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile

MESSAGES = 160  # in each room
SHORT_MESSAGES = 16
# Number of rooms, number of members that are in none of them, and the highest ratio that is no
# failure. That of several rooms is above 1, because a worker looks at all members whose timers run
# when the first of these ends.
ROOMS = ((1, 300, 1.2), (30, 0, 1.2))
SHORT_ROOMS = ((1, 30, 1.05), (3, 0, 1.3))
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
    # The members only receive, with recvfrom(2); the server only sends. --seccomp-bpf: only these calls
    # stop the program.
    with tempfile.NamedTemporaryFile("r") as out:
        output(["strace", "-f", "--seccomp-bpf", "-o", out.name, "-e", "trace=sendto,sendmsg,sendmmsg", *run])
        return sum(1 for line in out if re.search(r"\bsend\w+\(", line))


def cost(messages, program, protocol, load, *options):
    def of(count):
        run = [program, protocol, load, str(count), *map(str, options)]
        return int(output(run).stdout), instructions(run), system_calls(run)

    once, twice = of(messages), of(2 * messages)
    deliveries = twice[0] - once[0]
    return (twice[1] - once[1]) / deliveries, (twice[2] - once[2]) / deliveries


def has_rooms(program):
    # A version without further rooms, or with one room only, refuses these arguments.
    run = [program, "rooms", "paced", "16", "1", "0"]
    return subprocess.run(run, capture_output=True, check=False).returncode == 0


def row(name, load, each, ratio):
    print(f"{name:16} {load:10} {each[0]:9.1f} instructions {each[1]:7.4f} system calls"
          f"  ratio {' '.join(f'{value:.3f}' for value in ratio)}", flush=True)


def ratio_of(each, base):
    return [a / b if b else float("nan") for a, b in zip(each, base)]


def compare(programs):
    for protocol in ("text", "native"):
        for load in ("paced", "saturated"):
            costs = [cost(MESSAGES, program, protocol, load) for program in programs]
            for each in costs:
                row(protocol, load, each, ratio_of(each, costs[0]))


def rooms_fail(program, load, messages, sizes):
    """Prints the rows of further rooms; True if a ratio is above its limit."""
    alone = cost(messages, program, "rooms", load, 1, 0)
    row("a room alone", load, alone, ratio_of(alone, alone))
    fails = False
    for rooms, others, limit in sizes:
        each = cost(messages, program, "rooms", load, rooms, others)
        ratio = ratio_of(each, alone)
        row(f"{rooms} rooms + {others}", load, each, ratio)
        if any(value > limit for value in ratio):
            print(f"this costs more than {limit} of a room alone")
            fails = True
    return fails


def main():
    parser = argparse.ArgumentParser(usage="delivery_cost.py [--short] PROGRAM...")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("programs", nargs="+")
    arguments = parser.parse_args()
    missing = [tool for tool in ("valgrind", "strace") if shutil.which(tool) is None]
    if missing:
        print(f"not installed: {' '.join(missing)}")
        return 77
    if arguments.short:
        fails = [rooms_fail(program, "paced", SHORT_MESSAGES, SHORT_ROOMS)
                 for program in arguments.programs]
    else:
        compare(arguments.programs)
        fails = [rooms_fail(program, load, MESSAGES, ROOMS)
                 for program in filter(has_rooms, arguments.programs)
                 for load in ("paced", "saturated")]
    return 1 if any(fails) else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the speed of common/process and common/toolkit with Python's multiprocessing on this machine.

    tests/bench/toolkit_bench.py [PROGRAM]

PROGRAM is toolkit_bench. Without it, the script builds one with the release flags in build/bench.
Both do the same work with one worker for each usable core. Their rounds alternate, so that both
run under the same conditions; the medians are compared.
"""
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = 5
TASKS = 100_000
INTEGERS = 1_000_000
MESSAGES = 200_000
QUEUED = 1000


def add_one(value):
    return value + 1


def put_all(queue):
    for i in range(MESSAGES):
        queue.put(i)


def send_all(connection):
    for i in range(MESSAGES):
        connection.send(i)


def rate(count, run):
    start = time.monotonic()
    assert run()
    return count / (time.monotonic() - start)


def many_tasks(pool):
    results = [pool.apply_async(add_one, (i,)) for i in range(TASKS)]
    return all(result.get() == i + 1 for i, result in enumerate(results))


def one_map(pool):
    return pool.map(add_one, range(INTEGERS)) == list(range(1, INTEGERS + 1))


def through_a_queue():
    queue = multiprocessing.Queue(QUEUED)
    writer = multiprocessing.Process(target=put_all, args=(queue,))
    writer.start()
    right = all(queue.get() == i for i in range(MESSAGES))
    writer.join()
    return right


def through_a_pipe():
    receiver, sender = multiprocessing.Pipe(duplex=False)
    writer = multiprocessing.Process(target=send_all, args=(sender,))
    writer.start()
    right = all(receiver.recv() == i for i in range(MESSAGES))
    writer.join()
    return right


def python_round():
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        return {
            "apply_async": rate(TASKS, lambda: many_tasks(pool)),
            "map": rate(INTEGERS, lambda: one_map(pool)),
            "queue": rate(MESSAGES, through_a_queue),
            "pipe": rate(MESSAGES, through_a_pipe),
        }


def toolkit_round(program):
    output = subprocess.run([program], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: float(figure) for name, figure in map(str.split, output.splitlines())}


def build():
    folder = ROOT / "build" / "bench"
    subprocess.run(["cmake", "--preset", "release", "-B", folder, "-DCHATD_TESTS=ON"], cwd=ROOT,
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", "toolkit_bench"], check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "bin" / "toolkit_bench"


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else build()
    multiprocessing.set_start_method("fork")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(toolkit_round(program))
        theirs.append(python_round())
    print(f"| a second | chatd | Python {sys.version.split()[0]} | faster |")
    print("| --- | -: | -: | -: |")
    for name in ours[0]:
        our = statistics.median(figures[name] for figures in ours)
        their = statistics.median(figures[name] for figures in theirs)
        print(f"| {name} | {our:,.0f} | {their:,.0f} | {our / their:.0f} times |")


if __name__ == "__main__":
    main()

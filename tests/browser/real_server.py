# SPDX-License-Identifier: GPL-3.0-or-later
"""chatd with its role web, on free ports, in a folder of its own."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("CHATD_BIN", "build/dev/bin"))
START_SECONDS = 20


class RealServer:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="chatd-page.")
        folder = pathlib.Path(self.folder.name)
        (folder / "state").mkdir()
        (folder / "chatd.toml").write_text('[web]\nenabled = true\nlisten = ["127.0.0.1:0"]\n', encoding="utf-8")
        self.control = folder / "control.sock"
        self.log_file = folder / "log"
        command = [BIN / "chatd", "--foreground", "--control", self.control, "--state-dir", folder / "state",
                   "--listen", "127.0.0.1:0", "--config", folder / "chatd.toml"]
        if os.geteuid() == 0:
            command += ["--user", "root"]
        environment = {name: value for name, value in os.environ.items() if name not in ("NOTIFY_SOCKET", "LISTEN_FDS")}
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**environment, "LC_ALL": "C.UTF-8"})
        self.url = f"http://{self.web_address()}"

    def web_address(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if any(one["state"] == "ready" for one in self.processes()):
                    return json.loads(self.chatctl("status", "--json"))["web"][0]
            except (subprocess.CalledProcessError, json.JSONDecodeError, IndexError):
                pass
            time.sleep(0.05)
        self.process.kill()
        raise AssertionError(self.log_file.read_text(encoding="utf-8"))

    def chatctl(self, *words):
        return subprocess.run([BIN / "chatctl", "--socket", self.control, *words], capture_output=True, text=True, check=True).stdout

    def processes(self):
        """Those that serve the page."""
        return [one for one in json.loads(self.chatctl("workers", "--json"))["processes"] if one["role"] == "web"]

    def kill_web(self, _seconds=0):
        for process in self.processes():
            if process["pid"]:
                os.kill(process["pid"], signal.SIGKILL)

    def stop(self):
        self.process.terminate()
        self.process.wait(START_SECONDS)
        self.folder.cleanup()

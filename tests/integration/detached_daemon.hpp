// SPDX-License-Identifier: GPL-3.0-or-later
// detached_daemon.hpp — a chatd that was started with --daemon, as an init script does.
//
// Runs in:   test programs.
// Owns:      its directory, and the daemon: it does not outlive the test.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/processes.hpp"

namespace chatd::test {

class DetachedDaemon {
 public:
  DetachedDaemon() { adopt_orphans(); }
  DetachedDaemon(const DetachedDaemon&) = delete;
  DetachedDaemon& operator=(const DetachedDaemon&) = delete;
  ~DetachedDaemon() {
    if (runs_) stop();
  }

  // Starts the daemon and returns what its caller sees. By default the daemon listens on a port
  // that the kernel chooses.
  Finished start(const std::vector<std::string>& options = {"--listen", "127.0.0.1:0"}) {
    std::vector<std::string> argv{program,     "--daemon", "--pid-file",  pid_file(),
                                  "--control", control(),  "--state-dir", directory_ / "state"};
    argv.insert(argv.begin(), starter.begin(), starter.end());
    argv.insert(argv.end(), options.begin(), options.end());
    if (::geteuid() == 0) argv.insert(argv.end(), {"--user", user});
    Finished finished =
        run_program(argv, {.environment = {{"LC_ALL", "C.UTF-8"}, {"NOTIFY_SOCKET", ""}}});
    runs_ = runs_ || finished.status == 0;
    return finished;
  }

  [[nodiscard]] Finished ctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {chatctl_program(), "--timeout", "60", "--socket", control()});
    return run_program(arguments);
  }

  // The number in the pid file; 0 if there is no pid file.
  [[nodiscard]] pid_t pid() const {
    const std::string text = file_text(pid_file());
    return text.empty() ? 0 : std::stoi(text);
  }
  [[nodiscard]] std::string pid_file() const { return directory_ / "chatd.pid"; }
  [[nodiscard]] std::string control() const { return directory_ / "control.sock"; }
  [[nodiscard]] const std::string& directory() const { return directory_.path(); }
  [[nodiscard]] std::string config_file() const { return directory_ / "chatd.toml"; }

  std::string program{chatd_program()};
  std::string user{"root"};            // the user that root changes to
  std::vector<std::string> starter{};  // a program that executes the arguments behind it

  void stop() { end_by(SIGTERM, 0); }
  void kill() { end_by(SIGKILL, -1); }

 private:
  void end_by(int signal, int expected) {
    const pid_t daemon = pid();
    runs_ = false;
    if (daemon <= 0) {  // kill(2) with 0 or -1 would reach this program and others
      ADD_FAILURE() << "the daemon's pid is gone";
      return;
    }
    EXPECT_EQ(::kill(daemon, signal), 0);
    // This program adopts orphans, so it is the daemon's parent.
    EXPECT_EQ(wait_for_program(daemon, kGenerous), expected);
    EXPECT_TRUE(eventually([] {
      while (::waitpid(-1, nullptr, WNOHANG) > 0) {
      }
      return errno == ECHILD;
    })) << "somebody outlives the daemon";
  }

  TempDir directory_;
  bool runs_{false};
};

}  // namespace chatd::test

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

  // What its caller sees. Without options it listens where the kernel chooses.
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

  [[nodiscard]] Finished ctl(std::vector<std::string> words) const {
    words.insert(words.begin(), {chatctl_program(), "--timeout", "60", "--socket", control()});
    return run_program(words);
  }

  // From the pid file; 0 if there is none.
  [[nodiscard]] pid_t pid() const {
    const std::string text = file_text(pid_file());
    return text.empty() ? 0 : std::stoi(text);
  }
  [[nodiscard]] std::string pid_file() const { return directory_ / "chatd.pid"; }
  [[nodiscard]] std::string control() const { return directory_ / "control.sock"; }
  [[nodiscard]] const std::string& directory() const { return directory_.path(); }
  [[nodiscard]] std::string config_file() const { return directory_ / "chatd.toml"; }

  std::string program{chatd_program()};
  std::string user{"root"};            // whom root becomes
  std::vector<std::string> starter{};  // a program that executes the words behind it

  void stop() { end_by(SIGTERM, 0); }
  void kill() { end_by(SIGKILL, -1); }

 private:
  void end_by(int signal, int expected) {
    const pid_t daemon = pid();
    runs_ = false;
    if (daemon <= 0) {  // or the signal would go to this program and its group
      ADD_FAILURE() << "the daemon's pid is gone";
      return;
    }
    EXPECT_EQ(::kill(daemon, signal), 0);
    // Whoever adopts orphans here is this program.
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

// SPDX-License-Identifier: GPL-3.0-or-later
// daemon_under_test.hpp — starts a chatd for one test, and runs chatctl against it.
//
// Runs in:   test programs.
// Owns:      the daemon, its directory (configuration, control socket, log) and the processes
//            that outlive it: they are killed, and fail the test.
// Invariant: after construction the daemon is ready; after stop() no process of it is left.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/address.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

// Paths of the built programs.
[[nodiscard]] std::string chatd_program();
[[nodiscard]] std::string chatctl_program();
[[nodiscard]] std::string uchat_program();

class DaemonUnderTest {
 public:
  struct Options {
    std::string config{};  // TOML; "": no configuration file
    std::vector<std::string> listen{"127.0.0.1:0"};
    std::vector<std::string> web{"off"};  // addresses of the page
    std::vector<std::string> arguments{};
    std::vector<std::pair<std::string, std::string>> environment{};
    std::string state{};  // directory; "": one of its own
  };

  DaemonUnderTest() : DaemonUnderTest(Options{}) {}
  // Throws std::runtime_error, with the daemon's log, if the daemon does not become ready.
  explicit DaemonUnderTest(Options options);
  DaemonUnderTest(const DaemonUnderTest&) = delete;
  DaemonUnderTest& operator=(const DaemonUnderTest&) = delete;
  ~DaemonUnderTest();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] const Endpoint& endpoint(std::size_t i = 0) const { return endpoints_.at(i); }
  [[nodiscard]] std::string control() const { return directory_ / "control.sock"; }
  [[nodiscard]] std::string config_file() const { return directory_ / "chatd.toml"; }
  [[nodiscard]] std::string log() const { return file_text(log_file()); }
  void write_config(std::string_view toml) const { write_file(config_file(), toml); }

  // Runs chatctl with these arguments.
  [[nodiscard]] Finished ctl(std::vector<std::string> arguments,
                             const ProgramOptions& options = {}) const;
  // The same with --json; an exit status other than 0 fails the test.
  [[nodiscard]] nlohmann::json ctl_json(std::vector<std::string> arguments) const;
  // One counter of `chatctl status`.
  [[nodiscard]] std::uint64_t counter(std::string_view name) const;
  // The rows of `chatctl workers` with that role.
  [[nodiscard]] std::vector<nlohmann::json> processes(std::string_view role) const;
  // Names in the roster, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

  // Sends the signal, waits for the end, and expects status 0 and no process left, except those
  // that the test itself has started.
  void stop(int signal = SIGTERM);
  // After stop(): starts it again, with the same configuration, directory and addresses.
  void start_again();
  // Waits for an end that was requested in another way, and expects the same.
  void expect_end();
  // Kills the supervisor; its children must follow by themselves.
  void kill();

 private:
  [[nodiscard]] std::string log_file() const { return directory_ / "log"; }
  void start(const std::vector<std::string>& listen);
  void await_ready();
  // `others`: children of this process that are not the daemon's.
  void expect_end(const std::set<pid_t>& others);

  TempDir directory_;
  Options options_;
  pid_t pid_{-1};
  std::vector<Endpoint> endpoints_;
};

}  // namespace chatd::test

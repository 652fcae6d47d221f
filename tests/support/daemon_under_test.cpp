// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/daemon_under_test.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/eventually.hpp"
#include "tests/support/processes.hpp"

namespace chatd::test {

namespace {

std::string program_path(const std::string& name) {
  const char* const folder = std::getenv("CHATD_PROGRAMS");
  return (folder != nullptr ? folder : CHATD_PROGRAMS) + ("/" + name);
}

}  // namespace

std::string chatd_program() { return program_path("chatd"); }
std::string chatctl_program() { return program_path("chatctl"); }
std::string uchat_program() { return program_path("uchat"); }

DaemonUnderTest::DaemonUnderTest(Options options) : options_{std::move(options)} {
  adopt_orphans();
  // An unprivileged chatctl must reach the socket, and fail there and not at the directory.
  std::filesystem::permissions(directory_.path(), std::filesystem::perms{0755});
  std::filesystem::create_directory(directory_ / "state");
  if (!options_.config.empty()) write_config(options_.config);
  options_.environment.insert(options_.environment.begin(),
                              {{"LC_ALL", "C.UTF-8"}, {"NOTIFY_SOCKET", ""}, {"LISTEN_FDS", ""}});
  start(options_.listen);
}

void DaemonUnderTest::start(const std::vector<std::string>& listen) {
  const std::string state = options_.state.empty() ? directory_ / "state" : options_.state;
  std::vector<std::string> argv{chatd_program(), "--foreground", "--control",
                                control(),       "--state-dir",  state};
  for (const auto& where : listen) argv.insert(argv.end(), {"--listen", where});
  for (const auto& where : options_.web) argv.insert(argv.end(), {"--web", where});
  if (!options_.config.empty()) argv.insert(argv.end(), {"--config", config_file()});
  if (::geteuid() == 0) argv.insert(argv.end(), {"--user", "root"});
  argv.insert(argv.end(), options_.arguments.begin(), options_.arguments.end());
  pid_ = start_program(argv, {.environment = options_.environment},
                       {.out = directory_ / "out", .err = log_file()});
  await_ready();
}

void DaemonUnderTest::start_again() {
  ASSERT_LE(pid_, 0) << "it is running";
  std::vector<std::string> listen;
  for (const Endpoint& endpoint : std::exchange(endpoints_, {}))
    listen.push_back(to_text(endpoint));
  std::filesystem::remove(log_file());  // its "ready" is that of the first start
  start(listen);
}

DaemonUnderTest::~DaemonUnderTest() {
  if (pid_ <= 0) return;
  EXPECT_EQ(::kill(pid_, SIGTERM), 0);
  expect_end();
}

// Reads the endpoints from the log: "... ready: 2 workers, listening on 127.0.0.1:40123
// [::1]:40124"
void DaemonUnderTest::await_ready() {
  static constexpr std::string_view kBefore = " listening on ";
  std::string line;
  const auto is_ready = [&] {
    const std::string text = log();
    const auto at = text.find(" ready: ");
    const auto end = at == std::string::npos ? at : text.find('\n', at);
    if (end == std::string::npos) return false;
    line = text.substr(at, end - at);
    return true;
  };
  const auto is_gone = [&] { return ::waitpid(pid_, nullptr, WNOHANG) == pid_; };
  bool gone = false;
  const bool came = eventually([&] { return is_ready() || (gone = is_gone()); });
  if (!came || line.empty()) {
    if (!gone) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    throw std::runtime_error{"chatd did not become ready: " + log()};
  }
  std::istringstream rest{line.substr(line.find(kBefore) + kBefore.size())};
  for (std::string text; rest >> text;) endpoints_.push_back(parse_endpoint(text).value());
}

Finished DaemonUnderTest::ctl(std::vector<std::string> arguments,
                              const ProgramOptions& options) const {
  arguments.insert(arguments.begin(),
                   {chatctl_program(), "--socket", control(), "--timeout", "30"});
  return run_program(arguments, options);
}

nlohmann::json DaemonUnderTest::ctl_json(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "--json");
  const Finished finished = ctl(arguments);
  EXPECT_EQ(finished.status, 0) << arguments.at(1) << ": " << finished.err;
  auto json = nlohmann::json::parse(finished.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << finished.out;
  return json;
}

std::uint64_t DaemonUnderTest::counter(std::string_view name) const {
  return ctl_json({"status"}).at("counters").at(std::string{name}).get<std::uint64_t>();
}

std::vector<nlohmann::json> DaemonUnderTest::processes(std::string_view role) const {
  std::vector<nlohmann::json> rows;
  const auto report = ctl_json({"workers"});
  for (const auto& row : report.at("processes")) {
    if (row.at("role") == role) rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> DaemonUnderTest::names() const {
  std::vector<std::string> names;
  const auto report = ctl_json({"users"});
  for (const auto& row : report.at("users")) names.push_back(row.at("name"));
  return names;
}

void DaemonUnderTest::stop(int signal) {
  ASSERT_GT(pid_, 0) << "it is not running";
  std::set<pid_t> others;  // programs that the test has started
  for (const auto& child : children_of(::getpid())) others.insert(child.pid);
  ASSERT_EQ(::kill(pid_, signal), 0);
  expect_end(others);
}

void DaemonUnderTest::kill() {
  const pid_t pid = std::exchange(pid_, -1);
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  EXPECT_EQ(wait_for_program(pid, kGenerous), -1);
  EXPECT_TRUE(eventually([] {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    return errno == ECHILD;
  })) << "somebody outlives the supervisor";
}

void DaemonUnderTest::expect_end() { expect_end({}); }

void DaemonUnderTest::expect_end(const std::set<pid_t>& others) {
  const pid_t pid = std::exchange(pid_, -1);
  const auto status = wait_for_program(pid, kGenerous);
  EXPECT_EQ(status, 0) << log();
  if (!status) ::kill(pid, SIGKILL);
  // Processes that outlive the daemon are children of this one (adopt_orphans()).
  for (const auto& left : children_of(::getpid())) {
    // A program has a process group of its own, which those that it starts are in.
    if (others.contains(left.pid) || others.contains(left.group)) continue;
    ADD_FAILURE() << "left behind: " << left.pid << ' ' << command_line_of(left.pid);
    ::kill(left.pid, SIGKILL);
    ::waitpid(left.pid, nullptr, 0);
  }
}

}  // namespace chatd::test

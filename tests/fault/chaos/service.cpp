// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/service.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace chatd::test {

namespace {

constexpr const char* kUnit = "chatd.service";

// Returns what read() makes of the output of a command. nullopt: the command fails, or its output
// is not such a document.
template <class Read>
auto read_json(const std::vector<std::string>& command, Read read)
    -> std::optional<decltype(read(nlohmann::json{}))> {
  const auto told = run_program(command);
  if (told.status != 0) return std::nullopt;
  try {
    return read(nlohmann::json::parse(told.out));
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

pid_t Service::supervisor() {
  const auto shown =
      run_program({"/usr/bin/systemctl", "show", "--property=MainPID", "--value", kUnit});
  return shown.status == 0 ? static_cast<pid_t>(std::stol(shown.out)) : 0;
}

bool Service::has_started() {
  const auto shown =
      run_program({"/usr/bin/systemctl", "show", "--property=ActiveState", "--value", kUnit});
  return shown.out == "active\n";
}

std::vector<Victim> Service::children() {
  const pid_t parent = supervisor();
  return parent == 0 ? std::vector<Victim>{} : victims(parent);
}

std::optional<Service::Roster> Service::roster(const std::string& room) {
  std::vector<std::string> command{"/usr/bin/chatctl", "--json", "users"};
  if (!room.empty()) command.insert(command.end(), {"--room", room});
  return read_json(command, [](const nlohmann::json& json) {
    Roster roster;
    for (const auto& row : json.at("users")) roster.emplace(row.at("name"), row.at("programs"));
    return roster;
  });
}

std::optional<std::vector<StoredRow>> Service::stored(const std::string& room) {
  const std::vector<std::string> command{"/usr/bin/timeout", "5",  "/usr/bin/chatctl", "--json",
                                         "history",          room, "--lines",          "10000"};
  return read_json(command, [](const nlohmann::json& json) {
    std::vector<StoredRow> rows;
    for (const auto& line : json.at("lines")) {
      const std::string kind = line.at("kind");
      rows.push_back({.name = line.at("name"),
                      .text = line.at("text"),
                      .is_gap = kind == "gap",
                      .is_said = kind == "say" || kind == "action"});
    }
    return rows;
  });
}

bool Service::give_name(const std::string& name, const std::string& key) {
  return run_program({"/usr/bin/chatctl", "name", "give", name, key}).status == 0;
}

std::optional<OwnedNames> Service::owned_names() {
  return read_json({"/usr/bin/chatctl", "--json", "names"}, [](const nlohmann::json& json) {
    OwnedNames names;
    for (const auto& row : json.at("names")) {
      std::vector<std::string> keys;
      for (const auto& key : row.at("keys")) keys.push_back(key.at("key"));
      names.emplace(row.at("name"), fmt::format("{}", fmt::join(keys, " ")));
    }
    return names;
  });
}

std::uint64_t Service::memory() {
  std::uint64_t kib = memory_of(supervisor());
  for (const Victim& child : children()) kib += memory_of(child.pid);
  return kib;
}

void Service::run(std::vector<std::string> argv) {
  const pid_t pid = start_program(argv, {}, {.out = "/dev/null", .err = "/dev/null"});
  running_.push_back({.pid = pid, .command = fmt::format("{}", fmt::join(argv, " "))});
}

std::vector<Service::Ended> Service::ended() {
  std::vector<Ended> ended;
  std::erase_if(running_, [&](const Running& running) {
    int status = 0;
    if (::waitpid(running.pid, &status, WNOHANG) == 0) return false;
    ended.push_back(
        {.command = running.command, .status = WIFEXITED(status) ? WEXITSTATUS(status) : -1});
    return true;
  });
  return ended;
}

// A child with the uid of the target calls prlimit(2): root in a container may lack the capability
// (CAP_SYS_RESOURCE) to change the limits of other users' processes.
bool Service::limit_descriptors(pid_t pid, std::optional<std::uint64_t> most) {
  struct stat owner {};
  if (::stat(fmt::format("/proc/{}", pid).c_str(), &owner) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit{};
    if (::setresgid(owner.st_gid, owner.st_gid, owner.st_gid) != 0 ||
        ::setresuid(owner.st_uid, owner.st_uid, owner.st_uid) != 0 ||
        ::prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) != 0) {
      ::_exit(1);
    }
    limit.rlim_cur = most.value_or(limit.rlim_max);
    ::_exit(::prlimit(pid, RLIMIT_NOFILE, &limit, nullptr) == 0 ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace chatd::test

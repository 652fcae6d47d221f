// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/state_dirs.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "common/base/umask.hpp"

namespace chatd::sys {

namespace {

// The XDG base directory specification says that relative paths are ignored; empty ones
// count as unset. systemd's variables may hold several paths, with colons between.
std::optional<std::string> path_in(const char* variable) {
  const char* const value = ::getenv(variable);
  if (value == nullptr || *value != '/') return std::nullopt;
  const std::string_view paths{value};
  return std::string{paths.substr(0, paths.find(':'))};
}

// Without a chmod(2) afterwards, when the name could lead to another file. errno is set.
bool make_exactly(const std::string& path, mode_t mode) {
  const ScopedUmask exact{0};
  return ::mkdir(path.c_str(), mode) == 0;
}

Result<> make_parents(const std::filesystem::path& path) {
  if (path.empty() || ::access(path.c_str(), F_OK) == 0) return {};
  if (auto above = make_parents(path.parent_path()); !above) return above;
  if (make_exactly(path, S_IRWXU) || errno == EEXIST) return {};
  return fail(Error::from_errno(fmt::format("make directory {}", path.string())));
}

}  // namespace

Result<std::string> runtime_directory(uid_t user) {
  if (auto given = path_in("RUNTIME_DIRECTORY")) return *given;
  if (user == 0) return "/run/chatd";
  if (auto session = path_in("XDG_RUNTIME_DIR")) return *session + "/chatd";
  return fail(
      "$XDG_RUNTIME_DIR is not set to an absolute path, so there is no place for the control "
      "socket and the pid file: log in through a session that sets it, or give --control PATH, "
      "and --pid-file FILE with --daemon");
}

Result<std::string> state_directory(uid_t user) {
  if (auto given = path_in("STATE_DIRECTORY")) return *given;
  if (user == 0) return "/var/lib/chatd";
  if (auto state = path_in("XDG_STATE_HOME")) return *state + "/chatd";
  if (auto home = path_in("HOME")) return *home + "/.local/state/chatd";
  return fail(
      "neither $XDG_STATE_HOME nor $HOME is set to an absolute path, so there is no place for "
      "the state: set one of them, or give --state-dir DIR");
}

Result<> check_directory(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) < 0) return fail(Error::from_errno(path));
  if (!S_ISDIR(file.st_mode)) return fail(fmt::format("{} is not a directory", path));
  if (::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) < 0) {
    return fail(Error::from_errno(fmt::format("{} is not writable", path)));
  }
  return {};
}

Result<> make_directory(const std::string& path, mode_t mode, Parents parents) {
  if (parents == Parents::create) {
    auto above = make_parents(std::filesystem::path{path}.parent_path());
    if (!above) return above;
  }
  if (!make_exactly(path, mode)) {
    if (errno == EEXIST) return check_directory(path);
    if (errno == ENOENT) {
      return fail(fmt::format("{} cannot be made: its parent directory does not exist", path));
    }
    return fail(Error::from_errno(fmt::format("make directory {}", path)));
  }
  return {};
}

}  // namespace chatd::sys

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/pid_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "common/io/lock_file.hpp"

namespace chatd::sys {

namespace {

std::optional<pid_t> read_pid(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  if (got <= 0) return std::nullopt;
  pid_t pid = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + got, pid);
  if (parsed.ec != std::errc{} || pid <= 0) return std::nullopt;
  return pid;
}

// A pid file may be empty or hold the pid that a daemon wrote. Another content means that the path
// names another file by mistake.
bool is_pid_or_nothing(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  if (got < 0) return false;
  const std::string_view held{text.data(), static_cast<std::size_t>(got)};
  return held.size() < text.size() &&
         held.find_first_not_of("0123456789 \n") == std::string_view::npos;
}

Error why_not_locked(const std::string& path) {
  const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  const auto pid = fd.is_open() ? read_pid(fd.get()) : std::nullopt;
  if (!pid) {
    return Error{fmt::format("another chatd is starting (it holds {})", path), EWOULDBLOCK};
  }
  if (::kill(*pid, 0) < 0 && errno == ESRCH) {
    return Error{fmt::format("another process has locked {}, though the chatd that made it, with "
                             "pid {}, is gone: remove the file",
                             path, *pid),
                 EWOULDBLOCK};
  }
  return Error{fmt::format("chatd runs already, with pid {} (it holds {})", *pid, path),
               EWOULDBLOCK};
}

}  // namespace

PidFile::PidFile(std::string path, UniqueFd fd) noexcept
    : path_{std::move(path)}, fd_{std::move(fd)}, owner_{::getpid()} {}

Result<PidFile> PidFile::lock(const std::string& path) {
  std::error_code error;
  const std::string absolute = std::filesystem::absolute(path, error).string();
  if (error || path.empty()) return fail(fmt::format("\"{}\" is not a path of a pid file", path));
  auto fd = io::lock_file(AT_FDCWD, absolute, absolute);
  if (!fd && fd.error().code() == EWOULDBLOCK) return fail(why_not_locked(absolute));
  if (!fd) return fail(std::move(fd).error());
  if (!is_pid_or_nothing(fd->get())) {
    return fail(fmt::format("{} is no pid file: something else is in it", absolute));
  }
  // The pid of a killed daemon must not be read as the pid of this one.
  if (::ftruncate(fd->get(), 0) < 0) {
    return fail(Error::from_errno(fmt::format("truncate {}", absolute)));
  }
  return PidFile{absolute, std::move(*fd)};
}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::move(other.path_);
  fd_ = std::move(other.fd_);
  owner_ = std::exchange(other.owner_, 0);
  return *this;
}

Result<> PidFile::write_own_pid() {
  owner_ = ::getpid();
  const std::string text = fmt::format("{}\n", owner_);
  if (::ftruncate(fd_.get(), 0) < 0 ||
      ::pwrite(fd_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return fail(Error::from_errno(fmt::format("write {}", path_)));
  }
  return {};
}

void PidFile::remove() noexcept {
  // The lock is still held: no other process can take the file over between test and unlink.
  // Another pid in it: that process has inherited the lock and owns the file.
  if (fd_.is_open() && owner_ == ::getpid() && io::leads_to(AT_FDCWD, path_, fd_.get()) &&
      read_pid(fd_.get()).value_or(owner_) == owner_) {
    // In a folder that only root can write, an empty file stays: the pid of another process must
    // never be in it.
    if (::unlink(path_.c_str()) < 0) {
      [[maybe_unused]] const int emptied = ::ftruncate(fd_.get(), 0);
    }
  }
  fd_.reset();
}

}  // namespace chatd::sys

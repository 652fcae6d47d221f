// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "common/base/unique_fd.hpp"

namespace chatd {

namespace {

using Kind = SecretFileFault::Kind;

constexpr gid_t kRootGroup = 0;

bool is_own_group(gid_t group) {
  if (group == kRootGroup || group == ::getegid()) return true;
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
  const int got = ::getgroups(static_cast<int>(groups.size()), groups.data());
  return got > 0 && std::ranges::find(groups, group) != groups.end();
}

bool is_open_to_others(const struct stat& file, const SecretFileRules& rules) {
  const bool is_file = S_ISREG(file.st_mode) || S_ISFIFO(file.st_mode);
  if (!is_file) return false;  // a terminal: only its user can type there
  mode_t open = file.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  const bool group_is_right = file.st_gid == rules.other_group || is_own_group(file.st_gid);
  if (file.st_uid == 0 && group_is_right) open &= ~mode_t{S_IRGRP};
  return open != 0;
}

std::expected<UniqueFd, SecretFileFault> open_secret(const std::string& path,
                                                     const SecretFileRules& rules) {
  // open(2) of a named pipe without a writer would block.
  const int wait = rules.must_be_plain ? O_NONBLOCK : 0;
  UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | wait)};
  struct stat file {};
  if (!fd.is_open() || ::fstat(fd.get(), &file) < 0) {
    return std::unexpected{SecretFileFault{.kind = Kind::unreadable, .code = errno}};
  }
  if (S_ISDIR(file.st_mode) || (rules.must_be_plain && !S_ISREG(file.st_mode))) {
    return std::unexpected{SecretFileFault{.kind = Kind::not_plain}};
  }
  if (is_open_to_others(file, rules)) {
    return std::unexpected{
        SecretFileFault{.kind = Kind::open_to_others, .mode = file.st_mode & 07777U}};
  }
  return fd;
}

// Reads until `text` has a whole line, or more bytes than a line may have. Returns the bytes read.
std::expected<std::size_t, SecretFileFault> read_line(int fd, std::string& text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected{SecretFileFault{.kind = Kind::unreadable, .code = errno}};
    const char* const begin = text.data() + size;
    size += static_cast<std::size_t>(got);
    if (got == 0 || std::memchr(begin, '\n', static_cast<std::size_t>(got)) != nullptr) break;
  }
  return size;
}

}  // namespace

std::expected<std::string, SecretFileFault> read_secret_line(const std::string& path,
                                                             const SecretFileRules& rules) {
  const auto fd = open_secret(path, rules);
  if (!fd) return std::unexpected{fd.error()};
  std::string text(rules.most_bytes + 2, '\0');  // space for CR LF
  const auto size = read_line(fd->get(), text);
  if (!size) return std::unexpected{size.error()};
  std::size_t end = std::min(text.find('\n'), *size);
  if (end > 0 && text[end - 1] == '\r') --end;
  // The bytes behind the line can be secret, too.
  ::explicit_bzero(text.data() + end, text.size() - end);
  text.resize(end);
  if (text.empty()) return std::unexpected{SecretFileFault{.kind = Kind::empty}};
  if (text.size() <= rules.most_bytes) return text;
  ::explicit_bzero(text.data(), text.size());
  return std::unexpected{SecretFileFault{.kind = Kind::too_long}};
}

}  // namespace chatd

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/password.hpp"

#include <cstring>

#include <fmt/format.h>

#include "common/base/secret_file.hpp"

namespace chatd::config {

namespace {

std::string what_is_wrong(const SecretFileFault& fault) {
  using Kind = SecretFileFault::Kind;
  switch (fault.kind) {
    case Kind::unreadable:
      return fmt::format("cannot be read: {}", std::strerror(fault.code));
    case Kind::not_plain:
      return "is not a plain file, as it must be to be read again at a reload";
    case Kind::open_to_others:
      return fmt::format(
          "can be read or written by others (mode {:04o}); chmod 600 it, or give it to root and "
          "the group of the daemon, with mode 640",
          fault.mode);
    case Kind::empty:
      return "has an empty first line; it should be the password";
    case Kind::too_long:
      break;
  }
  return fmt::format("has a first line of more than {} bytes", kMaxPasswordBytes);
}

}  // namespace

std::expected<std::optional<std::string>, Problem> read_password(
    const Config& config, std::string_view source, std::optional<gid_t> service_group) {
  const std::string& path = config.room.password_file;
  if (path.empty()) return std::nullopt;
  auto password = read_secret_line(
      path, {.most_bytes = kMaxPasswordBytes, .must_be_plain = true, .other_group = service_group});
  if (password) return std::move(*password);
  return std::unexpected{Problem{.where = std::string{source},
                                 .key = "room.password_file",
                                 .why = path + " " + what_is_wrong(password.error())}};
}

}  // namespace chatd::config

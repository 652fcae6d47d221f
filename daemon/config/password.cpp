// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/config/password.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace chatd::config {

std::expected<std::optional<std::string>, Problem> read_password(const Config& config,
                                                                 std::string_view source) {
  const std::string& path = config.room.password_file;
  if (path.empty()) return std::nullopt;
  const auto problem = [&](const std::string& why) {
    return std::unexpected{Problem{
        .where = std::string{source}, .key = "room.password_file", .why = path + " " + why}};
  };
  errno = 0;
  std::ifstream file{path};
  if (!file) return problem(std::string{"cannot be read: "} + std::strerror(errno));
  // One byte more than allowed, so that a file of another kind is not read whole.
  std::string line(kMostPasswordBytes + 2, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  if (file.bad()) return problem("cannot be read");
  line.resize(static_cast<std::size_t>(file.gcount()));
  line.resize(std::min(line.find_first_of("\r\n"), line.size()));
  if (line.empty()) return problem("has an empty first line; it should be the password");
  if (line.size() > kMostPasswordBytes) {
    return problem("has a first line of more than " + std::to_string(kMostPasswordBytes) +
                   " bytes");
  }
  return line;
}

}  // namespace chatd::config

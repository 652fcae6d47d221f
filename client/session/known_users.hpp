// SPDX-License-Identifier: GPL-3.0-or-later
// known_users.hpp — the users that the user has seen, each with its server, its name and the number
// of its person, in a file for later runs.
//
// Runs in:   uchat: the session process reads, the terminal process adds those that it has shown.
// Format:    one user a line: the server's public key, the time in seconds, the name and the number
//            of the person, with tabs between them. Of several lines with the same server and name,
//            the last one counts.
// Invariant: add() appends lines. If the file becomes longer than kMaxFileBytes, a file with the
//            last kMaxOfServer users of each server and the last kMaxUsers of all replaces it. A
//            reader and a writer lock the file, so that clients that run at the same time lose no
//            line. The file is for its user only.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/member/member_event.hpp"
#include "common/base/result.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class KnownUsers {
 public:
  static constexpr std::size_t kMaxOfServer = 1'000;
  static constexpr std::size_t kMaxUsers = 4'000;
  static constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;  // of 4000 users: 600 kB

  // "": no file; nothing is known, and nothing is kept.
  explicit KnownUsers(std::string file) : file_{std::move(file)} {}

  // The users of a server in the text of a file, the last ones at the end.
  struct Text {
    std::vector<KnownUser> users{};
    std::size_t broken_lines{0};  // they are ignored
    std::size_t first_broken{0};  // from 1
  };
  [[nodiscard]] static Text read(std::string_view text, std::string_view server);
  // The line of a user; "" if no user can have the name or the number.
  [[nodiscard]] static std::string line_of(std::string_view server, const KnownUser& user);

  struct Found {
    std::vector<KnownUser> users{};
    std::string fault{};  // of the file, for the user; a line that cannot be read is ignored
  };
  // The users of a server. None if the file does not exist.
  [[nodiscard]] Found of(std::string_view server, wire::Language language) const;
  // Creates the file and its folder if they do not exist. A name that no user can have is left out.
  [[nodiscard]] Result<> add(std::string_view server, std::span<const KnownUser> users) const;

 private:
  [[nodiscard]] Result<> shorten(int fd) const;

  std::string file_;
};

}  // namespace chatd::client

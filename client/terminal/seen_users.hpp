// SPDX-License-Identifier: GPL-3.0-or-later
// seen_users.hpp — the users whose messages were shown, and those that the user was warned of, for
// the file of known users.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: at most kMaxUsers names, whatever a server sends; beyond them another one is
//            forgotten, and is for the file again when it writes again. While so many wait for the
//            file, no other one is noted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/session/message.hpp"
#include "common/base/time.hpp"

namespace chatd::client {

class SeenUsers {
 public:
  static constexpr std::size_t kMaxUsers = 1'000;
  // The time of a user in the file is at most so old while it writes.
  static constexpr std::chrono::hours kBetweenTimes{24};

  // A report that is shown. A name without a key is left out, and so are lines from before the
  // join: the name may have had another key then.
  void note(const Report& report, WallTime now);
  [[nodiscard]] bool has_new() const noexcept { return !new_.empty(); }
  // The users that are new or have another key since the last call.
  [[nodiscard]] std::vector<KnownUser> take() { return std::exchange(new_, {}); }
  // The server of these users, as Joined names it.
  [[nodiscard]] const std::string& server() const noexcept { return server_; }

 private:
  struct Seen {
    std::uint64_t person{0};
    WallTime time{};
  };
  void add(std::string_view name, std::uint64_t person, WallTime now);

  std::string server_;
  std::map<std::string, Seen, std::less<>> by_folded_name_;
  std::vector<KnownUser> new_;
};

}  // namespace chatd::client

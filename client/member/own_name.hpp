// SPDX-License-Identifier: GPL-3.0-or-later
// own_name.hpp — the name of a member, to find out which lines this member has sent.
//
// Runs in:   client (Member). Pure.
// See:       common/wire/name.hpp, which says when two names are the same.
#pragma once

#include <string>
#include <string_view>

#include "client/member/event.hpp"

namespace chatd::client {

class OwnName {
 public:
  OwnName() = default;
  explicit OwnName(std::string_view name);

  // A program of the member has sent this line, which is not a replay. Another program than this
  // one has another slot, but no other member has the same name. A replayed line is from before the
  // session: its name may have been that of another user. The name of a direct message is its
  // sender here.
  [[nodiscard]] bool has_sent(const Line& line) const;

 private:
  [[nodiscard]] bool is(std::string_view name) const;

  std::string name_;
  std::string folded_;
};

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// name_change.hpp — a login under another name, beside the session that goes on until the server
// has accepted it.
//
// Runs in:   client. Private to member*.cpp.
// See:       member_rename.cpp.
#pragma once

#include <optional>
#include <string>

#include "client/member/goodbye.hpp"
#include "client/member/own_session.hpp"

namespace chatd::client {

struct NameChange {
  std::string name{};     // the new one; "": no change is under way
  bool has_begun{false};  // the handshake is that of the new name
  // The session under the old name, after the change.
  std::optional<Goodbye> goodbye{};
  // The same session as records name it: its leave is the member's own.
  std::optional<OwnSession> former{};

  [[nodiscard]] bool is_leave_of_former(const wire::RecordHeader& header) const noexcept {
    return header.kind == wire::RecordKind::leave && former && former->is_sender_of(header);
  }
  [[nodiscard]] bool is_under_way() const noexcept { return !name.empty(); }
  void end() {
    name.clear();
    has_begun = false;
  }
};

}  // namespace chatd::client

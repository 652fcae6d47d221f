// SPDX-License-Identifier: GPL-3.0-or-later
// native_login.hpp — the login, the payload of the last message of a native handshake.
//
// Runs in:   client (writes), gateway.
// Borrows:   a decoded login borrows the payload. Pure; nothing allocates.
// Shape:     the fields of the struct. More at the end are those of a newer sender.
// Invariant: it is sealed, and sent to a server that the client trusts only.
// See:       native_handshake.hpp; chatd-protocol(7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/bytes.hpp"
#include "common/wire/fields.hpp"

namespace chatd::wire {

// The payload of the Noise message in CONFIRM.
struct LoginPayload {
  std::string_view name{};
  std::uint64_t history_id{};   // of the room that the client knows; 0: none
  std::uint64_t room_offset{};  // the client has that room's log up to here; or kNoReplay
  std::uint64_t client{};       // random, drawn when the program began: tells clients apart
  bool is_brief{};              // it comes to write something and leave
  bool wants_saved{};           // it wants SAVED
  // The secret of an invitation code (crypto::InvitationCode); empty: none.
  std::string_view code{};
  bool reads_direct{};  // it shows direct messages to its user

  static constexpr void fields(auto& v, auto& login) {
    v("name", login.name);
    v("history_id", login.history_id);
    v("room_offset", login.room_offset);
    v("client", login.client);
    v("is_brief", Later{login.is_brief});
    v("wants_saved", Later{login.wants_saved});
    v("code", Later{login.code});
    v("reads_direct", Later{login.reads_direct});
  }
  static constexpr std::uint64_t kNoReplay = ~std::uint64_t{0};  // without a history id
};
[[nodiscard]] std::optional<LoginPayload> read_login(Bytes payload) noexcept;
void write_login(ByteWriter& out, const LoginPayload& login) noexcept;

}  // namespace chatd::wire

// SPDX-License-Identifier: GPL-3.0-or-later
// waiting_fixture.hpp — members that own names, and direct messages that wait for them.
//
// Runs in:   test programs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "common/crypto/hash.hpp"
#include "tests/daemon/chat/rooms_fixture.hpp"

namespace chatd::chat {

class WaitingFixture : public RoomsFixture {
 protected:
  static constexpr state::Geometry kWithNames{
      .sessions = 70, .ring_bytes = 16384, .rooms = 8, .room_ring_bytes = 16384, .names = 40};
  WaitingFixture() : RoomsFixture{kWithNames} {}

  Waiting& waiting() { return chat_->waiting; }
  state::PersonId person(Slot slot) { return sessions().person(slot); }
  // The name of the session belongs to its key from now on.
  void own(Slot slot) {
    const auto name = wire::check_name(sessions().name(slot));
    const auto claimed = chat_->names.claim(
        {.name = *name, .person = person(slot), .key = crypto::sha256({sessions().identity(slot)})},
        now().wall);
    ASSERT_TRUE(claimed);
  }
  // bob owns its name and is not in any more. Returns its person.
  state::PersonId bob_leaves() {
    const Slot bob = enter("bob", 2, "10.0.0.2:5").slot;
    own(bob);
    const state::PersonId owner = person(bob);
    quit(bob);
    return owner;
  }
  Slot bob_comes(std::uint64_t client = 0) {
    const Slot bob = enter("bob", 2, "10.0.0.2:5", client).slot;
    waiting().serve(bob);
    return bob;
  }
  NativeCommands::Order next(Slot slot) {
    return order(slot, state_.native_slots()[slot].uplink + 10);
  }
  void write(Slot from, std::string_view to, std::string_view text) {
    commands().say_to(next(from), to, text);
  }
  // The client has read its whole mailbox.
  void acknowledge(Slot slot) {
    state::update_peer(state_.native_slots()[slot], [&](state::NativePeer& peer) {
      peer.acked[wire::kMailboxStream] = chat_->mailboxes.tail(slot);
    });
  }
  std::ptrdiff_t in_mailbox(Slot slot, std::string_view line) {
    return std::ranges::count(mailbox(slot), line);
  }
};

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
// native_sessions.hpp — the part of a session that only a native one has: its key, its client, and
// the address at which its worker reaches it.
//
// Runs in:   gateway.
// Borrows:   the native slots of the StateView.
// Invariant: that of native_slot.hpp: a worker, or a successor, finds each NativePeer whole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "daemon/chat/types.hpp"
#include "daemon/state/native_slot.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::chat {

// The client of a native session, from its handshake, or the page of a browser.
struct NativeClient {
  state::Identity identity;  // the member's public key, or that of its token
  std::uint64_t client{0};   // identifies the client among the member's clients
  std::uint32_t random;      // for the connection's number
  std::uint32_t window;      // of both streams until the first acknowledgement
  bool wants_saved{false};   // see saved_waits.hpp
  bool reads_direct{true};   // see waiting.hpp
  state::SessionKind kind{state::SessionKind::native};
  std::optional<Slot> continues{};  // of a browser: the session of its token
  bool is_plain{false};             // of a browser: others can read what it sends
};

class NativeSessions {
 public:
  explicit NativeSessions(const state::StateView& state) : slots_{state.native_slots()} {}

  // The session begins, or continues with another client or address.
  struct Begin {
    const NativeClient& client;
    WallTime now;
    const state::Delivery& from;
    std::uint64_t room_start;   // where its room stream begins
    std::uint64_t live_offset;  // bytes below are a replay
    bool is_new;
    bool is_brief;  // the room's stream does not begin yet
    // Another session of the same member, for a new one.
    std::optional<Slot> other;
  };
  void begin(Slot slot, const Begin& begin);

  // The room's stream begins.
  void open_room(Slot slot);
  // A packet of a member that was away arrived: its worker tries again.
  void attach(Slot slot);
  void detach(Slot slot, MonoTime now);
  // The member's address has changed, and is validated.
  void move(Slot slot, const state::Delivery& to);

  [[nodiscard]] const state::NativeSlot& slot(Slot slot) const { return slots_[slot]; }
  [[nodiscard]] const state::NativePeer& peer(Slot slot) const {
    return state::peer_of(slots_[slot]);
  }
  [[nodiscard]] bool is_away(Slot slot) const { return slots_[slot].away_since != 0; }

 private:
  std::span<state::NativeSlot> slots_;
};

}  // namespace chatd::chat

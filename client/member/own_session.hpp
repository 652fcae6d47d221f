// SPDX-License-Identifier: GPL-3.0-or-later
// own_session.hpp — a session of the member, as records name it, the commands that caused them, and
// its end by the user.
//
// Runs in:   client (Member). Pure.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"
#include "common/transport/command_mask.hpp"
#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::client {

struct OwnSession {
  std::uint32_t slot{0};
  std::uint64_t generation{0};
  wire::CommandKey command_key{};

  [[nodiscard]] bool is_sender_of(const wire::RecordHeader& header) const noexcept {
    return header.sender_slot == slot && header.sender_generation == generation;
  }
};

// The session before this one, while commands that were in flight in it are held. The log of the
// default room up to settled_at, and the others up to their live offsets, show their results.
struct OldSession {
  OwnSession session;
  std::uint64_t settled_at;  // offset in the default room
};

// The user has asked to quit.
struct OwnLeave {
  bool has_begun{false};
  MonoTime gives_up_at{MonoTime::max()};
  std::uint32_t byes{0};  // that were sent
  MonoTime next_bye{};
};

class OwnCommands {
 public:
  // Where the command ends in the session's stream. `header`: of a record that is from the session,
  // in that room. 0: no command has caused it.
  [[nodiscard]] std::uint64_t end_of(const wire::RecordHeader& header, wire::RoomId room,
                                     const OwnSession& session) {
    if (!wire::has_command(header)) return 0;
    return mask_.apply(session.command_key, room, header.sequence, header.uplink_offset);
  }

 private:
  transport::CommandMask mask_;
};

}  // namespace chatd::client

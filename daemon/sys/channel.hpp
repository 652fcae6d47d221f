// SPDX-License-Identifier: GPL-3.0-or-later
// channel.hpp — what the supervisor and its children say to each other.
//
// Runs in:   supervisor and every child; one duplex process::PipeEnd each, made per fork.
// Trust:     both ends are this program, so a message that cannot be read is our own bug.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/process/pipe.hpp"

namespace chatd::sys {

enum class Say : std::uint8_t {
  // child to supervisor
  ready,      // set up, and doing its work
  failed,     // words: why it cannot be set up; its end follows
  reload,     // gateway: an administrator asks for it; answered by reloaded or refused
  stop,       // gateway: an administrator asks for it
  upgrade,    // gateway: the same; answered by upgrade_refused or hand_over
  quiescent,  // gateway: no datagram will be appended any more
  // supervisor to gateway
  reloaded,         // words: "+key" changed and in force, "!key" changed but needs a restart,
                    // "?sentence" is a warning about the new configuration;
                    // the gateway answers whoever asked and ends; its successor has the new one
  refused,          // words: each problem of the new configuration
  upgrade_refused,  // words: why
  quiesce,          // the service stops: take nothing in any more
  send_goodbyes,    // the service stops: tell every member, then end
  hand_over,        // the service ends, and its sessions go on in another one: end without a word
};

struct ChannelMessage {
  Say say{};
  std::vector<std::string> words{};
};

// Does not wait in practice: the channel holds far more than is ever said at once.
[[nodiscard]] Result<> send(process::PipeEnd& end, const ChannelMessage& message);
// Never waits. nullopt: the other end is gone. process::is_timeout(error): nothing there.
[[nodiscard]] Result<std::optional<ChannelMessage>> receive(process::PipeEnd& end);

}  // namespace chatd::sys

// SPDX-License-Identifier: GPL-3.0-or-later
// link.hpp — seals and opens packets under the keys of one handshake.
//
// Runs in:   client (Member). Pure.
// Owns:      the keys, the counter, the replay window, the round trip time.
// Invariant: a counter is used once. A packet that was received before, or that the keys do not
//            open, changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/time.hpp"
#include "common/transport/phase_keys.hpp"
#include "common/transport/replay_window.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::client {

class Link {
 public:
  struct Keys {
    crypto::Key to_server;
    crypto::Key from_server;
  };
  Link(const Keys& keys, MonoTime now) : tx_{keys.to_server}, rx_{keys.from_server}, since_{now} {}

  // The frames of a packet that the server sealed and that is new. Valid until the next open().
  [[nodiscard]] std::optional<wire::Bytes> open(wire::Bytes datagram, MonoTime now);

  // The first packet that was opened has named the connection; seal() needs it.
  [[nodiscard]] bool is_named() const noexcept { return named_; }
  [[nodiscard]] std::uint64_t connection() const noexcept { return connection_; }
  void seal(wire::Bytes frames, MonoTime now, std::vector<std::byte>& datagram);

  [[nodiscard]] const transport::Rtt& rtt() const noexcept { return rtt_; }

 private:
  void note_clock(const wire::SealedHeader& header, bool newest, MonoTime now);

  transport::PhaseKeys tx_;
  transport::PhaseKeys rx_;
  transport::ReplayWindow replay_;
  transport::Rtt rtt_;
  MonoTime since_;  // of the key in use
  std::uint64_t counter_{0};
  std::uint64_t connection_{0};
  std::uint32_t clock_offset_{0};  // the server's clock minus the client's
  bool named_{false};
  bool has_clock_{false};
  std::vector<std::byte> opened_;
};

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// goodbye.hpp — leaves a session while the member goes on in another one: sends BYE until the
// server has ended the session.
//
// Runs in:   client (Member). Pure.
// Owns:      the keys of the session.
// Invariant: a server that does not answer gets kMaxByes of them.
#pragma once

#include <cstdint>
#include <vector>

#include "client/member/link.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::client {

class Goodbye {
 public:
  static constexpr std::uint32_t kMaxByes = 6;

  Goodbye(Link link, const wire::ResetToken& reset_token)
      : link_{std::move(link)}, reset_token_{reset_token} {}

  // Takes any packet. A BYE or a RESET of this session ends it.
  void receive(wire::Bytes datagram, MonoTime now);
  [[nodiscard]] bool next_datagram(std::vector<std::byte>& datagram, MonoTime now);
  [[nodiscard]] MonoTime deadline() const noexcept;
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }

 private:
  Link link_;
  wire::ResetToken reset_token_;
  std::uint32_t byes_{0};
  MonoTime next_{};
  bool is_over_{false};
};

}  // namespace chatd::client

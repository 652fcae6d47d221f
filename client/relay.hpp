// SPDX-License-Identifier: GPL-3.0-or-later
// relay.hpp — keeps reports for a terminal that does not read, without growing.
//
// Runs in:   chat's session process.
// Invariant: at most kMaxLines room lines are kept; beyond that the oldest go, are counted,
//            and the count is told where they would have stood. What is not a room's line is
//            never dropped, but of several changes between connected and not connected only
//            the last is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>

#include "client/message.hpp"

namespace chatd::client {

class Relay {
 public:
  static constexpr std::size_t kMaxLines = 2000;

  // Sends one whole message or returns false: there is no room now.
  using Send = std::function<bool(std::span<const std::byte>)>;

  explicit Relay(Send send) : send_{std::move(send)} {}

  // Sends it at once if nothing waits and there is room.
  void push(const Report& report);
  // Sends what can be sent. True: nothing waits any more.
  bool flush();

  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty() && missed_ == 0; }

 private:
  struct Waiting {
    process::Bytes bytes;
    enum class Kind : std::uint8_t { line, link, other } kind;
  };
  void keep(Waiting waiting);
  void drop_oldest_line();
  [[nodiscard]] bool send_missed();

  Send send_;
  std::deque<Waiting> waiting_;
  std::size_t lines_{0};  // of those that wait
  std::uint64_t missed_{0};
};

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// relay.hpp — keeps reports for a terminal that does not read, without growing.
//
// Runs in:   uchat's session process.
// Invariant: at most kMaxLines room lines are kept; beyond that the oldest go, are counted,
//            and the count is told where they would have stood. Of several changes between
//            connected and not connected only the last is told. What else there is is kept,
//            as far as it can come from an honest server (kMaxOtherBytes).
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
  // The longest line that a server passes on is 900 bytes of text behind a name of 64. One that
  // sends longer ones shall not fill the memory: then fewer lines are kept.
  static constexpr std::size_t kMaxLineBytes = kMaxLines * 2048;
  // Twice the longest list of members: 100000 names of 64 bytes, each with its mark. Everything
  // else answers an order of the terminal's, which gives none while it reads nothing.
  static constexpr std::size_t kMaxOtherBytes = 16'000'000;

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
  void drop_oldest(Waiting::Kind kind);
  void count_in(const Waiting& waiting);
  void count_out(const Waiting& waiting);
  [[nodiscard]] bool send_missed();

  Send send_;
  std::deque<Waiting> waiting_;
  std::size_t lines_{0};  // of those that wait
  std::size_t line_bytes_{0};
  std::size_t other_bytes_{0};
  std::uint64_t missed_{0};
};

}  // namespace chatd::client

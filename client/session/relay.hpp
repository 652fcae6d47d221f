// SPDX-License-Identifier: GPL-3.0-or-later
// relay.hpp — a bounded queue of reports for a terminal process that reads slowly.
//
// Runs in:   uchat's session process.
// Invariant: at most kMaxLines room lines are kept; beyond that the oldest are dropped and
//            counted, and the count is reported in their place. Of several changes between
//            connected and not connected only the last is reported. Other reports are kept, up to
//            kMaxOtherBytes, more than a correct server causes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>

#include "client/session/message.hpp"

namespace chatd::client {

class Relay {
 public:
  static constexpr std::size_t kMaxLines = 2000;
  // The longest line of a server is 900 bytes of text behind a name of 64. If a server sends
  // longer ones, fewer lines are kept, so that they cannot fill the memory.
  static constexpr std::size_t kMaxLineBytes = kMaxLines * 2048;
  // Twice the longest list of members: 100000 names of 64 bytes, each with its mark. Everything
  // else answers an order of the terminal's, which gives none while it reads nothing.
  static constexpr std::size_t kMaxOtherBytes = 16'000'000;

  // Sends one whole message, or returns false if the pipe is full.
  using Send = std::function<bool(std::span<const std::byte>)>;

  explicit Relay(Send send) : send_{std::move(send)} {}

  // Sends the report at once if no other waits and the pipe is not full.
  void push(const Report& report);
  // Sends as many reports as the pipe takes. True: no report waits any more.
  bool flush();

  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty() && missed_ == 0; }

 private:
  struct Waiting {
    process::Bytes bytes;
    enum class Kind : std::uint8_t { line, link, other } kind;
  };
  [[nodiscard]] static Waiting::Kind kind_of(const Report& report);
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

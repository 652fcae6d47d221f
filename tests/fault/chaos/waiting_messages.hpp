// SPDX-License-Identifier: GPL-3.0-or-later
// waiting_messages.hpp — the direct messages of a history that may wait for their recipient on the
// server, as far as their senders know.
//
// Runs in:   test programs. Pure.
// Owns:      each message from the time when it may wait until a program of its recipient has
//            received it, or it is known that it does not wait.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace chatd::test {

struct DirectMessage {
  std::string to;
  std::string from;
  std::string text;
  auto operator<=>(const DirectMessage&) const = default;
};
// The bytes of a direct message in a mailbox, or more.
[[nodiscard]] inline std::size_t mailbox_bytes(const std::string& text) {
  return text.size() + 100;
}

class WaitingMessages {
 public:
  // A member has sent the message to a recipient that is not in.
  void sent(const DirectMessage& message);
  // The server has said that it waits.
  void confirmed(const DirectMessage& message);
  // Its sender has ended without an answer: it waits, or the server has never received it. `at` is
  // the number of the event.
  void abandoned(const DirectMessage& message, std::uint64_t at);
  // The message is received, refused or delivered at once. False: it is not one of these messages.
  bool remove(const DirectMessage& message);
  // The recipient has received a message that was sent at this event: removes those for it whose
  // senders had ended before. They would have come before this one.
  void remove_abandoned(const std::string& to, std::uint64_t before);

  // The bytes of the messages for the recipient.
  [[nodiscard]] std::size_t bytes(const std::string& to) const;
  // Whether there is a message that the server has said to wait.
  [[nodiscard]] bool has_confirmed() const;
  [[nodiscard]] bool empty() const noexcept { return messages_.empty(); }

 private:
  struct State {
    bool is_confirmed{false};
    std::uint64_t abandoned_at{0};  // 0: its sender has not ended
  };
  std::map<DirectMessage, State> messages_;
};

}  // namespace chatd::test

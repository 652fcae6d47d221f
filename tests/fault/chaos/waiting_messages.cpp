// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/waiting_messages.hpp"

#include <algorithm>

namespace chatd::test {

void WaitingMessages::sent(const DirectMessage& message) { messages_.try_emplace(message); }

void WaitingMessages::confirmed(const DirectMessage& message) {
  messages_[message].is_confirmed = true;
}

void WaitingMessages::abandoned(const DirectMessage& message, std::uint64_t at) {
  const auto found = messages_.find(message);
  if (found != messages_.end()) found->second.abandoned_at = at;
}

bool WaitingMessages::remove(const DirectMessage& message) { return messages_.erase(message) != 0; }

void WaitingMessages::remove_abandoned(const std::string& to, std::uint64_t before) {
  std::erase_if(messages_, [&](const auto& entry) {
    const State& state = entry.second;
    return entry.first.to == to && state.abandoned_at != 0 && state.abandoned_at < before;
  });
}

std::size_t WaitingMessages::bytes(const std::string& to) const {
  std::size_t bytes = 0;
  for (auto at = messages_.lower_bound({.to = to, .from = {}, .text = {}}); at != messages_.end();
       ++at) {
    if (at->first.to != to) break;
    bytes += mailbox_bytes(at->first.text);
  }
  return bytes;
}

bool WaitingMessages::has_confirmed() const {
  return std::ranges::any_of(messages_,
                             [](const auto& entry) { return entry.second.is_confirmed; });
}

}  // namespace chatd::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/channel.hpp"

#include <chrono>
#include <string_view>

namespace chatd::sys {

namespace {
// Far longer than it takes; a peer that is stuck for that long is found by its heartbeat.
constexpr std::chrono::milliseconds kPatience{1000};
constexpr char kEndOfWord = '\0';
}  // namespace

Result<> send(process::PipeEnd& end, const ChannelMessage& message) {
  std::string bytes(1, static_cast<char>(message.say));
  for (const auto& word : message.words) {
    bytes += word;
    bytes += kEndOfWord;
  }
  return end.send(std::as_bytes(std::span{bytes}), kPatience);
}

Result<std::optional<ChannelMessage>> receive(process::PipeEnd& end) {
  auto bytes = end.receive(process::kNoWait);
  if (!bytes) return fail(std::move(bytes).error());
  if (!*bytes) return std::nullopt;
  std::string_view rest{reinterpret_cast<const char*>((*bytes)->data()), (*bytes)->size()};
  if (rest.empty()) return fail("an empty message on the channel");
  ChannelMessage message{.say = static_cast<Say>(rest.front())};
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const auto end_of_word = rest.find(kEndOfWord);
    if (end_of_word == std::string_view::npos) return fail("a cut message on the channel");
    message.words.emplace_back(rest.substr(0, end_of_word));
    rest.remove_prefix(end_of_word + 1);
  }
  return message;
}

}  // namespace chatd::sys

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/outbox.hpp"

#include <variant>

namespace chatd::client {

namespace {

// The room that the message is sent to; "" for the default room and for messages without a room.
std::string room_of(const Message& message) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.room; }) return one.room;
        return std::string{};
      },
      message);
}

}  // namespace

void Outbox::post(Message message) {
  const std::string room = room_of(message);
  const std::uint64_t number = ++last_number_;
  unconfirmed_.emplace(number, message);
  Post post{.number = number, .message = std::move(message)};
  if (!joins_.hold(room, post)) orders_.emplace_back(std::move(post));
}

void Outbox::post_join(Message message, const std::string& room) {
  post(std::move(message));
  joins_.begin({.number = last_number_, .room = room});
}

void Outbox::quit() {
  quitting_ = true;
  order_quit();
}

void Outbox::quit_now() {
  if (!std::exchange(quit_ordered_, true)) orders_.emplace_back(Quit{});
}

// The session process leaves as soon as it has sent the messages that it has received. Quit is
// ordered after the held messages.
void Outbox::order_quit() {
  if (quitting_ && !joins_.is_holding()) quit_now();
}

void Outbox::release(const std::vector<Post>& held) {
  orders_.insert(orders_.end(), held.begin(), held.end());
  order_quit();
}

std::optional<Message> Outbox::confirm(std::uint64_t number) {
  auto message = take(number);
  if (!message) return std::nullopt;
  if (const auto join = joins_.end(number)) release(join->held);
  return message;
}

std::optional<Outbox::Refusal> Outbox::refuse(std::uint64_t number) {
  auto message = take(number);
  if (!message) return std::nullopt;
  Refusal refusal{.message = *std::move(message)};
  if (const auto join = joins_.end(number)) {
    refusal.room = join->room;
    for (const Post& post : join->held) {
      if (auto held = take(post.number)) refusal.waiting.push_back(*std::move(held));
    }
    order_quit();
  }
  return refusal;
}

std::optional<Message> Outbox::take(std::uint64_t number) {
  auto found = unconfirmed_.extract(number);
  if (found.empty()) return std::nullopt;
  Message message = std::move(found.mapped());
  return message;
}

std::vector<Message> Outbox::take_held() {
  std::vector<Message> messages;
  for (const Post& post : joins_.end_all()) {
    if (auto message = take(post.number)) messages.push_back(*std::move(message));
  }
  return messages;
}

std::vector<Message> Outbox::take_unconfirmed() {
  std::vector<Message> messages;
  for (auto& [number, message] : std::exchange(unconfirmed_, {})) {
    messages.push_back(std::move(message));
  }
  return messages;
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// outbox.hpp — the orders for the session process, and the messages among them that the server has
// not confirmed.
//
// Runs in:   uchat's terminal process. Pure.
// Invariant: each message is ordered once, in the order in which it was typed; one to a room that
//            the user is joining is ordered when the user is in it. Quit is ordered once, behind
//            all messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/session/message.hpp"
#include "client/terminal/room_joins.hpp"

namespace chatd::client {

class Outbox {
 public:
  void order(Order order) { orders_.push_back(std::move(order)); }
  void post(Message message);
  // `message` joins the room, whose name is as it was typed: messages to it wait for the answer.
  void post_join(Message message, const std::string& room);
  void quit();      // when all messages are ordered
  void quit_now();  // also if messages wait for the answer to a join

  // The user is in this room: what waited for it is ordered.
  void on_room_joined(std::string_view room) { release(joins_.enter(room)); }
  // The server has confirmed the message with this number. nullopt: it is not waited for.
  std::optional<Message> confirm(std::uint64_t number);
  // The server has refused the message with this number.
  struct Refusal {
    Message message;
    std::optional<std::string> room{};  // if it was a join: the room, as it was typed
    std::vector<Message> waiting{};     // for this join: they are not sent
  };
  std::optional<Refusal> refuse(std::uint64_t number);

  [[nodiscard]] bool is_joining(std::string_view room) const { return joins_.has(room); }
  [[nodiscard]] std::size_t unconfirmed() const noexcept { return unconfirmed_.size(); }
  // The messages that wait for the answer to a join, and were not ordered.
  [[nodiscard]] std::vector<Message> take_held();
  // The others, in the order in which they were typed.
  [[nodiscard]] std::vector<Message> take_unconfirmed();
  [[nodiscard]] std::vector<Order> take_orders() { return std::exchange(orders_, {}); }

 private:
  std::optional<Message> take(std::uint64_t number);
  void release(const std::vector<Post>& held);
  void order_quit();

  std::vector<Order> orders_;
  RoomJoins joins_;
  std::uint64_t last_number_{0};
  std::map<std::uint64_t, Message> unconfirmed_;  // by the number of the order
  bool quitting_{false};
  bool quit_ordered_{false};
};

}  // namespace chatd::client

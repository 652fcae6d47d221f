// SPDX-License-Identifier: GPL-3.0-or-later
// dialogue_fixture.hpp — a Dialogue for tests: the test sets the clock, types lines and sends
// reports.
//
// Runs in:   test programs.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "client/terminal/dialogue.hpp"
#include "tests/client/in_utc.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {

class DialogueTest : public InUtc {
 protected:
  [[nodiscard]] Dialogue::Now now() const { return {.mono = mono_, .wall = kFriday}; }
  void type(std::string_view line) { dialogue_.on_line(line, now()); }
  void report(const Report& report) { dialogue_.on_report(report, now()); }
  [[nodiscard]] std::string prompt() const { return dialogue_.prompt(mono_); }
  // Joins the room, and removes the text and the orders so far.
  void join_room() {
    dialogue_.start();
    report(joined("ada"));
    report(users("ada\nbob"));
    (void)dialogue_.take_text();
    (void)dialogue_.take_orders();
  }
  // Joins a room besides the default room, and writes to it.
  void enter_room(const std::string& name, wire::RoomId id) {
    type("/join " + name);
    const auto post = one_order<Post>();
    EXPECT_EQ(post.message, (Message{JoinRoom{name}}));
    report(RoomJoined{.room = {.id = id, .name = name}});
    report(Confirmed{post.number});
  }
  // The only order since the last call, which must be a T.
  template <class T>
  [[nodiscard]] T one_order() {
    auto orders = dialogue_.take_orders();
    EXPECT_EQ(orders.size(), 1U);
    EXPECT_TRUE(!orders.empty() && std::holds_alternative<T>(orders.front()));
    return orders.empty() ? T{} : std::get<T>(orders.front());
  }
  // All orders since the last call, which must be messages.
  [[nodiscard]] std::vector<Message> messages() {
    std::vector<Message> messages;
    for (const Order& order : dialogue_.take_orders()) {
      messages.push_back(std::get<Post>(order).message);
    }
    return messages;
  }

  MonoTime mono_{std::chrono::hours{1}};
  Dialogue dialogue_{{.name = "ada", .host = "host:8888"}};
};

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// chat_fixture.hpp — the chat in a small region, with a clock that the test moves.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>

#include "daemon/chat/chat.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {

class ChatFixture : public test::StateFixture {
 protected:
  static constexpr std::string_view kAda = "127.0.0.1:4001";
  static constexpr std::string_view kBob = "127.0.0.1:4002";
  static constexpr std::string_view kEve = "127.0.0.2:4003";

  Chat& chat() {
    if (!chat_) {
      chat_.emplace(state_, config_, Persons{crypto::SecretKey{}}, 42);
      (void)chat_->adopt(now());
    }
    return *chat_;
  }
  Sessions& sessions() { return chat().sessions; }
  // A new gateway over the same region: only the shared memory remains.
  Sessions::Unfinished take_over() {
    chat_.emplace(state_, config_, Persons{crypto::SecretKey{}}, 43);
    return chat_->adopt(now());
  }

  Now now() const {
    return {.mono = test::mono_at(time_), .wall = test::wall_at(time_ + std::chrono::hours{1})};
  }
  void wait(std::chrono::microseconds time) { time_ += time; }

  static state::Delivery from(std::string_view peer) {
    return test::delivery_to(test::endpoint(peer));
  }
  Sessions::Admission login(std::string_view peer, std::string_view name) {
    return sessions().admit({.name = name, .from = from(peer)}, now());
  }
  // A new member, after settle().
  Slot enter(std::string_view peer, std::string_view name) {
    const auto outcome = login(peer, name);
    EXPECT_EQ(outcome.status, Sessions::Status::admitted) << name;
    sessions().settle();
    return outcome.slot;
  }
  TextCommands::SayStatus say(Slot member, std::string_view argument) {
    return chat().text.say(member, argument, now()).status;
  }
  std::vector<test::SeenRecord> records() const { return test::records_of(state_); }
  // The messages, without joins and leaves: "ada: hello".
  std::vector<std::string> said() const {
    std::vector<std::string> lines;
    for (const auto& record : records()) {
      if (record.kind == state::RecordKind::say) lines.push_back(record.name + ": " + record.text);
    }
    return lines;
  }
  std::uint64_t figure(state::Counter state::GatewayCounters::*counter) const {
    return (state_.counters().*counter).load();
  }

  config::Config config_;
  std::chrono::microseconds time_{std::chrono::seconds{100}};
  std::optional<Chat> chat_;
};

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
// fake_session.hpp — a session process for tests that has no server.
//
// Runs in:   test programs.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "client/session/message.hpp"
#include "common/process/pipe.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {

// A fake session process that confirms every message at once. It knows these messages: "ask X"
// makes bob say X, "crash" ends the process, "bye" makes the server stop, "lose it" is not
// confirmed, and after "hold the goodbye" a quit order is not answered. The name "taken" is taken;
// as "slow" it leaves some time after the order, and prints "left" if it could.
class FakeSession {
 public:
  explicit FakeSession(process::PipeEnd link) : link_{std::move(link)} {}

  // Returns the exit status of the process.
  int run() {
    for (;;) {
      const auto message = link_.receive();
      if (!message || !*message) return 0;
      const auto order = decode_order(**message);
      if (!order) return 1;
      std::visit([this](const auto& one) { take(one); }, *order);
    }
  }

 private:
  void take(const Enter& enter) {
    name_ = enter.name;
    if (name_ == "taken") return send(ended(Outcome::name_taken));
    send(joined(name_));
  }
  void take(const Rename& order) {
    name_ = order.name;
    Joined again = joined(name_);
    again.again = true;
    send(again);
  }
  void take(const Quit& /*order*/) {
    if (name_ == "slow") leave_slowly();
    if (!holds_goodbye_) send(ended(Outcome::done));
  }
  void take(const AskRooms& /*order*/) { send(RoomList{}); }
  void take(const AskPrograms& /*order*/) { send(ProgramList{.list = "1\there\t0\t0\tthis"}); }
  void take(const AskMember& order) { send(MemberAbout{.name = order.name}); }
  void take(const AskBlocks& /*order*/) { send(BlockList{.from = "anyone"}); }
  void take(const HistoryRequest& order) { send(HistoryPage{.request = order}); }
  void take(const AskAbout& order) { send(RoomAbout{.room = order.room}); }
  void take(const AskUsers& /*order*/) { send(users("bob\n小明\taway\n" + name_)); }
  void take(const Post& post) {
    const std::string text = text_of(post.message);
    if (text == "crash") std::_Exit(3);
    if (text == "bye") send(ended(Outcome::stopped));
    if (text == "lose it") return;
    if (text == "hold the goodbye") holds_goodbye_ = true;
    if (std::holds_alternative<Say>(post.message)) send(said_by_me(name_, text));
    if (std::holds_alternative<JoinRoom>(post.message)) {
      send(RoomJoined{.room = {.id = 1, .name = text}});
    }
    send(Confirmed{post.number});
    if (text.starts_with("ask ")) send(said_by_person(7, "bob", text.substr(4)));
  }
  void send(const Report& report) { (void)link_.send(encode(report)); }
  void leave_slowly() {
    const bool is_open = !link_.receive(std::chrono::milliseconds{200});  // no order, and no end
    if (is_open) std::fputs("left\n", stderr);
  }

  process::PipeEnd link_;
  std::string name_;
  bool holds_goodbye_{false};
};

inline int run_fake_session(process::PipeEnd link) {
  // Ctrl-C of the terminal sends SIGINT to this process, too.
  (void)std::signal(SIGINT, SIG_IGN);
  return FakeSession{std::move(link)}.run();
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// reports.hpp — makes reports of a session process for tests, and runs a fake session process.
//
// Runs in:   test programs.
#pragma once

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "client/session/message.hpp"
#include "common/process/pipe.hpp"

namespace chatd::client {

// 2026-11-20 23:15:04 UTC
inline constexpr WallTime kFriday{Micros{1'795'216'504'000'000}};

inline Line line_of(wire::RecordKind record, std::string_view name, std::string_view text = {}) {
  return {.record = record, .name = std::string{name}, .text = std::string{text}, .time = kFriday};
}

inline Line said(std::string_view name, std::string_view text) {
  return line_of(wire::RecordKind::say, name, text);
}

inline Line said_by_me(std::string_view name, std::string_view text) {
  Line line = said(name, text);
  line.own = true;
  return line;
}

// Records of the kinds `set` and `moderated`.
inline Line set_by(std::string_view who, const wire::RoomSetting& setting) {
  std::array<char, wire::kMaxSettingBytes> text{};
  return line_of(wire::RecordKind::set, who, wire::write_setting(setting, text));
}

inline Line moderated_by(std::string_view who, const wire::Moderation& moderation) {
  std::array<char, wire::kMaxModerationBytes> text{};
  return line_of(wire::RecordKind::moderated, who, wire::write_moderation(moderation, text));
}

inline Joined joined(std::string_view name, std::size_t max_text = 900) {
  return {.name = std::string{name}, .server = "the lab", .max_text = max_text};
}

inline Users users(std::string_view list, bool more = false) {
  return {.list = std::string{list}, .more = more};
}

inline Refused refused(std::uint64_t number, std::string_view text) {
  return {.number = number, .text = std::string{text}};
}

inline Ended ended(Outcome outcome, std::string_view text = {}) {
  return {.reason = outcome, .text = std::string{text}};
}

// The text of a message; the name of a room or of a member, or the number of a program, in an order
// about it.
inline std::string text_of(const Message& message) {
  const auto text = []<class T>(const T& one) {
    if constexpr (requires { one.text; }) {
      return one.text;
    } else if constexpr (requires { one.name; }) {
      return one.name;
    } else if constexpr (requires { one.number; }) {
      return std::to_string(one.number);
    } else {
      return one.room;
    }
  };
  return std::visit(text, message);
}

// A fake session process that confirms every message at once. It knows these messages: "ask X"
// makes bob say X, "crash" ends the process, "bye" makes the server stop, "lose it" is not
// confirmed, and after "hold the goodbye" a quit order is not answered. The name "taken" is taken.
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
    if (!holds_goodbye_) send(ended(Outcome::done));
  }
  void take(const AskRooms& /*order*/) { send(RoomList{}); }
  void take(const AskPrograms& /*order*/) { send(ProgramList{.list = "1\there\t0\t0\tthis"}); }
  void take(const AskMember& order) { send(MemberAbout{.name = order.name}); }
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
    if (text.starts_with("ask ")) send(said("bob", text.substr(4)));
  }
  void send(const Report& report) { (void)link_.send(encode(report)); }

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

// SPDX-License-Identifier: GPL-3.0-or-later
// reports.hpp — what a session reports, made by hand; and a session that is none.
//
// Runs in:   test programs.
#pragma once

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "client/message.hpp"
#include "common/process/pipe.hpp"

namespace chatd::client {

// 2026-11-20 23:15:04 UTC
inline constexpr WallTime kFriday{Micros{1'795'216'504'000'000}};

inline Report event_of(Event::Kind kind, std::string_view name = {}, std::string_view text = {}) {
  return {.kind = Report::Kind::event,
          .event = {.kind = kind, .name = std::string{name}, .text = std::string{text}}};
}

inline Report line_of(wire::RecordKind record, std::string_view name, std::string_view text = {}) {
  Report report = event_of(Event::Kind::line, name, text);
  report.event.record = record;
  report.event.time = kFriday;
  return report;
}

inline Report said(std::string_view name, std::string_view text) {
  return line_of(wire::RecordKind::say, name, text);
}

inline Report joined(std::string_view name, std::uint64_t max_text = 900) {
  Report report = event_of(Event::Kind::joined_room, name, "the lab");
  report.count = max_text;
  return report;
}

inline Report fate(Event::Kind kind, std::uint64_t order, std::string_view why = {}) {
  Report report = event_of(kind, {}, why);
  report.order = order;
  return report;
}

inline Report ended(Outcome outcome, std::string_view text = {}) {
  return {.kind = Report::Kind::ended, .outcome = outcome, .text = std::string{text}};
}

// A session process that has everything said at once: what is said comes back, "ask X" makes
// bob say X, "crash" ends it, "bye" is the server's goodbye, and after "hold the goodbye" a quit is
// not answered. The name "taken" is taken.
inline int run_fake_session(process::PipeEnd link) {
  const auto tell = [&](const Report& report) { (void)link.send(encode(report)); };
  std::string name;
  bool holds_goodbye = false;
  // The terminal's Ctrl-C is not for it.
  (void)std::signal(SIGINT, SIG_IGN);
  for (;;) {
    const auto message = link.receive();
    if (!message || !*message) return 0;
    const auto order = decode_order(**message);
    if (!order) return 1;
    switch (order->kind) {
      case Order::Kind::enter:
        name = order->name;
        tell(name == "taken" ? ended(Outcome::name_taken) : joined(name));
        break;
      case Order::Kind::quit:
        if (!holds_goodbye) tell(ended(Outcome::done));
        break;
      case Order::Kind::users:
        tell(event_of(Event::Kind::users, {}, "bob\n小明\taway\n" + name));
        tell(fate(Event::Kind::confirmed, order->number));
        break;
      default:
        if (order->text == "crash") std::_Exit(3);
        if (order->text == "bye") tell(ended(Outcome::stopped));
        if (order->text == "lose it") break;
        if (order->text == "hold the goodbye") holds_goodbye = true;
        if (order->kind == Order::Kind::say) {
          Report own = said(name, order->text);
          own.event.own = true;
          tell(own);
        }
        tell(fate(Event::Kind::confirmed, order->number));
        if (order->text.starts_with("ask ")) tell(said("bob", order->text.substr(4)));
    }
  }
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// reports.hpp — makes reports of a session process for tests, and runs a fake session process.
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

// The event of a confirmed or refused order.
inline Report fate(Event::Kind kind, std::uint64_t order, std::string_view why = {}) {
  Report report = event_of(kind, {}, why);
  report.order = order;
  return report;
}

inline Report ended(Outcome outcome, std::string_view text = {}) {
  return {.kind = Report::Kind::ended, .outcome = outcome, .text = std::string{text}};
}

// A fake session process that confirms every message at once. It knows these messages: "ask X"
// makes bob say X, "crash" ends the process, "bye" makes the server stop, "lose it" is not
// confirmed, and after "hold the goodbye" a quit order is not answered. The name "taken" is taken.
inline int run_fake_session(process::PipeEnd link) {
  const auto send_report = [&](const Report& report) { (void)link.send(encode(report)); };
  std::string name;
  bool holds_goodbye = false;
  // Ctrl-C of the terminal sends SIGINT to this process, too.
  (void)std::signal(SIGINT, SIG_IGN);
  for (;;) {
    const auto message = link.receive();
    if (!message || !*message) return 0;
    const auto order = decode_order(**message);
    if (!order) return 1;
    switch (order->kind) {
      case Order::Kind::enter:
        name = order->name;
        send_report(name == "taken" ? ended(Outcome::name_taken) : joined(name));
        break;
      case Order::Kind::quit:
        if (!holds_goodbye) send_report(ended(Outcome::done));
        break;
      case Order::Kind::users:
        send_report(event_of(Event::Kind::users, {}, "bob\n小明\taway\n" + name));
        send_report(fate(Event::Kind::confirmed, order->number));
        break;
      default:
        if (order->text == "crash") std::_Exit(3);
        if (order->text == "bye") send_report(ended(Outcome::stopped));
        if (order->text == "lose it") break;
        if (order->text == "hold the goodbye") holds_goodbye = true;
        if (order->kind == Order::Kind::say) {
          Report own = said(name, order->text);
          own.event.own = true;
          send_report(own);
        }
        send_report(fate(Event::Kind::confirmed, order->number));
        if (order->text.starts_with("ask ")) send_report(said("bob", order->text.substr(4)));
    }
  }
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// control_status.hpp — the report of `chatctl status`: what is not well, and the figures.
//
// Runs in:   gateway.
// Borrows:   the Inheritance, the StateView, the Chat.
// Owns:      the figures of the last minute.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/wire/control/status_reports.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/minute_figures.hpp"
#include "daemon/gateway/session_gauges.hpp"
#include "daemon/state/state_view.hpp"

namespace chatd::gateway {

class ControlStatus {
 public:
  // The figures begin now.
  ControlStatus(const Inheritance& inheritance, const state::StateView& state,
                const chat::Chat& chat, MonoTime now)
      : inheritance_{inheritance}, state_{state}, chat_{chat}, sessions_{state} {
    tick(now);
  }

  // The report; the caller adds the warnings about rooms.
  [[nodiscard]] wire::StatusReport report(chat::Now now) const;
  [[nodiscard]] wire::WorkersReport workers() const;
  [[nodiscard]] wire::MetricsReport metrics(MonoTime now) const;
  // About once a second.
  void tick(MonoTime now) {
    minute_.sample(figures(), now);
    sessions_.tick(now);
  }

 private:
  // The counters of which the growth in the last minute is reported.
  [[nodiscard]] wire::LastMinute figures() const;
  // A sentence for each condition that an administrator should look at.
  [[nodiscard]] std::vector<std::string> problems(const wire::StatusReport& report,
                                                  chat::Now now) const;

  const Inheritance& inheritance_;
  const state::StateView& state_;
  const chat::Chat& chat_;
  MinuteFigures minute_;
  SessionGauges sessions_;
};

// "gateway", "worker 1"
[[nodiscard]] std::string name_of(const roles::Process& process);

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/follow.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/wire/control/verbs.hpp"
#include "ctl/ask.hpp"
#include "ctl/render.hpp"

namespace chatd::ctl {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using wire::ControlError;

auto ask_for_events(Client& client, const std::string& cursor) {
  wire::ControlRequest request{.verb = std::string{wire::verb::kEvents.row.name}, .args = {}};
  if (!cursor.empty()) request.args.push_back(cursor);
  return ask<wire::EventsReport>(client, request);
}

// False: it cannot be written.
bool print(const std::string& lines) {
  (void)std::fputs(lines.c_str(), stdout);
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace

bool may_end_soon(const ControlError& error) {
  namespace code = wire::code;
  return error.code == code::kNotRunning || error.code == code::kFailed ||
         error.code == code::kTimeout || error.code == code::kBusy;
}

bool has_reader_after(milliseconds pause) {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, static_cast<int>(pause.count())) == 0;
}

std::string event_lines(const wire::EventsReport& report, bool json) {
  if (!json) return render(report);
  std::string lines;
  if (report.missed != 0) {
    lines += fmt::format("{{\"schema\":{},\"event\":\"missed\",\"count\":{}}}\n",
                         wire::kControlSchema, report.missed);
  }
  for (const auto& event : report.events) {
    lines += wire::with_schema(wire::to_json(event)) + '\n';
  }
  return lines;
}

std::expected<void, ControlError> follow(const std::string& socket, const FollowOptions& options) {
  const milliseconds timeout = std::max(options.timeout, kShortestTimeout);
  Client client{socket, timeout};
  std::string cursor;
  auto answered = steady_clock::now();
  for (;;) {
    const auto asked = ask_for_events(client, cursor);
    if (asked) {
      cursor = asked->report.cursor;
      answered = steady_clock::now();
      if (!print(event_lines(asked->report, options.json))) return {};
    } else if (cursor.empty() || !may_end_soon(asked.error()) ||
               steady_clock::now() - answered > options.timeout) {
      return std::unexpected{asked.error()};
    }
    if (!has_reader_after(asked ? milliseconds{0} : kBetweenAttempts)) return {};
  }
}

}  // namespace chatd::ctl

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/follow_history.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "common/wire/control/report_json.hpp"
#include "common/wire/control/verbs.hpp"
#include "ctl/client.hpp"
#include "ctl/render.hpp"

namespace chatd::ctl {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using wire::ControlError;
using wire::ControlRequest;

// The daemon sends a blank line every few seconds.
constexpr milliseconds kShortestTimeout{10'000};
constexpr milliseconds kBetweenAttempts{200};

// Errors while a process of the daemon is replaced.
bool may_end(const ControlError& error) {
  namespace code = wire::code;
  return error.code == code::kNotRunning || error.code == code::kFailed ||
         error.code == code::kTimeout || error.code == code::kBusy;
}

bool has_reader_after(milliseconds pause) {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, static_cast<int>(pause.count())) == 0;
}

class Follower {
 public:
  Follower(const std::string& socket, ControlRequest request, const FollowOptions& options)
      : client_{socket, std::max(options.timeout, kShortestTimeout)},
        request_{std::move(request)},
        options_{options} {
    request_.args.resize(wire::verb::kHistory.row.all_args());
  }

  // Until the connection ends. nullopt: standard output has no reader.
  std::optional<ControlError> follow() {
    auto begun = client_.begin(request_);
    if (!begun) return begun.error();
    const auto report = wire::parse_report<wire::HistoryReport>(begun->report);
    if (!report) return malformed(report.error());
    has_begun_ = true;
    for (const auto& line : report->lines) {
      if (!print(wire::export_row(report->room, report->room_number, line))) return std::nullopt;
    }
    std::string rest = std::move(begun->bytes);
    for (;;) {
      answered_ = steady_clock::now();
      for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
        const std::string line = rest.substr(0, end);
        rest.erase(0, end + 1);
        if (line.empty()) continue;
        const auto row = wire::parse_report<wire::ExportRow>(line);
        if (!row) return malformed(row.error());
        if (!print(*row)) return std::nullopt;
      }
      if (!flush() || !has_reader_after(milliseconds{0})) return std::nullopt;
      auto more = client_.more();
      if (!more) return more.error();
      if (more->empty()) {
        return ControlError{.code = std::string{wire::code::kFailed},
                            .message = "chatd has ended the answer"};
      }
      rest += *more;
    }
  }
  [[nodiscard]] bool may_go_on() const {
    return has_begun_ && steady_clock::now() - answered_ <= options_.timeout;
  }

 private:
  static ControlError malformed(const Error& error) {
    return {.code = std::string{wire::code::kMalformed}, .message = error.message()};
  }
  // The next request begins behind the line. False: it cannot be written.
  bool print(const wire::ExportRow& row) {
    request_.args[wire::verb::kHistory.row.argument_of("--after")] = std::to_string(row.number);
    request_.args[wire::verb::kHistory.row.argument_of("--before")].clear();
    const std::string text =
        options_.json ? wire::with_schema(to_json(row)) + '\n' : render(wire::line_of(row));
    return std::fputs(text.c_str(), stdout) >= 0;
  }
  static bool flush() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

  Client client_;
  ControlRequest request_;
  const FollowOptions& options_;
  bool has_begun_{false};
  steady_clock::time_point answered_{steady_clock::now()};
};

}  // namespace

std::expected<void, ControlError> follow_history(const std::string& socket,
                                                 const ControlRequest& request,
                                                 const FollowOptions& options) {
  Follower follower{socket, request, options};
  for (;;) {
    const auto error = follower.follow();
    if (!error) return {};
    if (!follower.may_go_on() || !may_end(*error)) return std::unexpected{*error};
    if (!has_reader_after(kBetweenAttempts)) return {};
  }
}

}  // namespace chatd::ctl

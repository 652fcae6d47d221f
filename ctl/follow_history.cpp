// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/follow_history.hpp"

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
      const auto printed = print_lines(rest);
      if (!printed) return printed.error();
      if (!*printed || !flush() || !has_reader_after(milliseconds{0})) return std::nullopt;
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
  // Prints the whole lines, and removes them. False: they cannot be written.
  std::expected<bool, ControlError> print_lines(std::string& bytes) {
    for (std::size_t end = bytes.find('\n'); end != std::string::npos; end = bytes.find('\n')) {
      const std::string line = bytes.substr(0, end);
      bytes.erase(0, end + 1);
      if (line.empty()) continue;
      const auto row = wire::parse_report<wire::ExportRow>(line);
      if (!row) return std::unexpected{malformed(row.error())};
      if (!print(*row)) return false;
    }
    return true;
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
    if (!follower.may_go_on() || !may_end_soon(*error)) return std::unexpected{*error};
    if (!has_reader_after(kBetweenAttempts)) return {};
  }
}

}  // namespace chatd::ctl

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/answers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/time.hpp"
#include "common/base/version.hpp"
#include "common/wire/control/control_reports.hpp"
#include "common/wire/control/room_reports.hpp"
#include "common/wire/control/verbs.hpp"
#include "ctl/ask.hpp"
#include "ctl/long_requests.hpp"
#include "ctl/page.hpp"
#include "ctl/render.hpp"

namespace chatd::ctl {

namespace {

using wire::ControlError;
using wire::ControlReply;
using wire::ControlRequest;
using Outcome = std::expected<Answer, ControlError>;

constexpr std::uint64_t kMaxLines = 10'000;

// The number of chatctl --lines.
std::expected<std::uint64_t, ControlError> lines_in(const ControlRequest& request,
                                                    const wire::Verb& verb) {
  constexpr std::uint64_t kUsual = 50;
  const std::size_t at = verb.argument_of("--lines");
  if (at >= request.args.size() || request.args[at].empty()) return kUsual;
  const std::string& text = request.args[at];
  std::uint64_t lines = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), lines);
  const bool is_number = end.ec == std::errc{} && end.ptr == text.data() + text.size();
  if (is_number && lines != 0 && lines <= kMaxLines) return lines;
  return std::unexpected{
      ControlError{.code = std::string{wire::code::kUsage},
                   .message = fmt::format("--lines takes a number from 1 to {}", kMaxLines)}};
}

// A change that is in force and not on disk is a failure, see saving.hpp.
std::expected<void, ControlError> outcome_of(std::optional<bool> is_saved,
                                             const std::string& problem) {
  if (is_saved.value_or(true)) return {};
  return std::unexpected{
      ControlError{.code = std::string{wire::code::kNotSaved},
                   .message = fmt::format("in force, but not on disk: {}", problem)}};
}

// The answer to a verb that needs nothing but its render() of render.hpp.
template <class Report>
Outcome ask_and_show(Client& client, const ControlRequest& request, const Style& style) {
  auto asked = ask<Report>(client, request);
  if (!asked) return std::unexpected{std::move(asked).error()};
  auto& [report, json] = *asked;
  Answer answer{.json = std::move(json), .text = {}};
  if constexpr (requires { render(report); }) {
    answer.text = render(report);
  } else {
    answer.text = render(report, style, wall_now());
  }
  if constexpr (wire::SaidToLast<Report>) {
    answer.outcome = outcome_of(report.is_saved, report.save_problem);
  }
  return answer;
}

// Returns when the daemon has ended, so that a script may start it again at once.
Outcome ask_stop(Client& client, const ControlRequest& request, const Style& /*style*/) {
  auto asked = ask<wire::StopReport>(client, request);
  if (!asked) return std::unexpected{std::move(asked).error()};
  if (auto gone = client.wait_until_gone(asked->report.pid); !gone) {
    return std::unexpected{std::move(gone).error()};
  }
  return Answer{.json = std::move(asked->json), .text = render(asked->report)};
}

// During an upgrade the old processes end, and the new ones answer on the same socket.
Outcome ask_upgrade(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const auto status = [&] {
    return ask<wire::StatusReport>(client,
                                   {.verb = std::string{wire::verb::kStatus.row.name}, .args = {}});
  };
  const auto before = status();
  if (!before) return std::unexpected{before.error()};
  if (const auto reply = client.ask(request); !reply) return std::unexpected{reply.error()};
  if (auto gone = client.wait_until_gone(0); !gone) return std::unexpected{gone.error()};
  const auto after = status();
  if (!after) return std::unexpected{after.error()};
  const wire::StatusReport& now = after->report;
  if (now.started == before->report.started) {
    return std::unexpected{ControlError{.code = std::string{wire::code::kFailed},
                                        .message = "the old program still runs; its log says why"}};
  }
  const wire::UpgradeSummary report{
      .from = before->report.version, .to = now.version, .pid = now.pid, .sessions = now.sessions};
  return Answer{.json = to_json(report), .text = render(report)};
}

Outcome ask_ping(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const MonoTime before = mono_now();
  const ControlReply reply = client.ask(request);
  if (!reply) return std::unexpected{reply.error()};
  const auto micros = (mono_now() - before).count();
  return Answer{
      .json = fmt::format(R"({{"round_trip_seconds":{:.6f}}})", static_cast<double>(micros) / 1e6),
      .text = fmt::format("chatd answered after {:.3f} ms\n", static_cast<double>(micros) / 1000)};
}

// The daemon says on which addresses it listens, and this program which ones the machine has.
Outcome ask_web(Client& client, const ControlRequest& request, const Style& style) {
  auto asked = ask<wire::WebReport>(client, request);
  if (!asked) return std::unexpected{std::move(asked).error()};
  asked->report.urls = urls_of(asked->report, own_addresses());
  return Answer{.json = to_json(asked->report), .text = render(asked->report, style)};
}

// The version of chatctl is printed even when no daemon answers.
Outcome ask_version(Client& client, const ControlRequest& request, const Style& /*style*/) {
  wire::VersionPair versions{.client = std::string{kVersion}, .daemon = std::nullopt};
  Answer answer;
  if (auto asked = ask<wire::VersionReport>(client, request); !asked) {
    answer.outcome = std::unexpected{std::move(asked).error()};
  } else {
    versions.daemon = std::move(asked->report.version);
  }
  answer.json = to_json(versions);
  answer.text = fmt::format("chatctl {}\n", versions.client);
  if (versions.daemon) {
    answer.text += fmt::format("chatd   {}\n", escape_controls(*versions.daemon));
  }
  return answer;
}

// The daemon answers with a page at a time, the newest one first.
Outcome ask_history(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const auto lines = lines_in(request, wire::verb::kHistory.row);
  if (!lines) return std::unexpected{lines.error()};
  wire::HistoryReport all;
  ControlRequest page = request;
  page.args.resize(wire::verb::kHistory.row.all_args());
  const bool is_upwards = !page.args[wire::verb::kHistory.row.argument_of("--after")].empty();
  do {
    page.args[wire::verb::kHistory.row.argument_of("--lines")] =
        std::to_string(*lines - all.lines.size());
    auto asked = ask<wire::HistoryReport>(client, page);
    if (!asked) return std::unexpected{std::move(asked).error()};
    auto& report = asked->report;
    if (report.lines.empty()) report.more = false;
    if (is_upwards) std::swap(report.lines, all.lines);
    std::ranges::move(all.lines, std::back_inserter(report.lines));
    all = std::move(report);
    if (!all.lines.empty()) {
      const auto& next = is_upwards ? all.lines.back() : all.lines.front();
      page.args[wire::verb::kHistory.row.argument_of(is_upwards ? "--after" : "--before")] =
          std::to_string(next.number);
    }
  } while (all.more && all.lines.size() < *lines);
  if (is_upwards && all.more) all.more = false;  // it says that there are older lines
  return Answer{.json = to_json(all), .text = render(all)};
}

// The daemon looks for a short time, and answers with what it has found; then it is asked again.
Outcome ask_search(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const wire::Verb& verb = wire::verb::kSearch.row;
  const auto lines = lines_in(request, verb);
  if (!lines) return std::unexpected{lines.error()};
  wire::SearchReport all;
  ControlRequest page = request;
  page.args.resize(verb.all_args());
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  do {
    page.args[verb.argument_of("--lines")] = std::to_string(*lines - all.lines.size());
    auto asked = ask<wire::SearchReport>(client, page);
    if (!asked) return std::unexpected{std::move(asked).error()};
    auto& report = asked->report;
    std::ranges::move(report.lines, std::back_inserter(all.lines));
    all.more = report.more;
    all.next = report.next;
    all.complete = report.complete;
    page.args[verb.argument_of("--before")] = std::to_string(report.next);
    if (std::exchange(last, report.next) <= report.next) break;  // it does not come to an end
  } while (all.more && all.lines.size() < *lines);
  return Answer{.json = to_json(all), .text = render(all)};
}

Outcome ask_export(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const auto timed = with_times(request, wire::verb::kExport.row);
  if (!timed) return std::unexpected{timed.error()};
  if (auto done = run_export(client, *timed); !done) return std::unexpected{done.error()};
  return Answer{};  // the lines are on standard output already
}

Outcome ask_backup(Client& client, const ControlRequest& request, const Style& /*style*/) {
  return run_backup(client, request);
}

Outcome ask_erase(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const auto timed = with_times(request, wire::verb::kErase.row);
  if (!timed) return std::unexpected{timed.error()};
  return run_erase(client, *timed);
}

struct Asker {
  std::string_view verb;
  Outcome (*ask)(Client&, const ControlRequest&, const Style&);
};

// The row of a verb that is asked and shown.
template <class Report>
constexpr Asker show(const wire::VerbOf<Report>& verb) {
  return {verb.row.name, &ask_and_show<Report>};
}

namespace verb = wire::verb;
constexpr std::array kAskers{
    show(verb::kStatus),
    show(verb::kUsers),
    show(verb::kRooms),
    show(verb::kRoom),
    show(verb::kRoomMake),
    show(verb::kRoomKeep),
    show(verb::kRoomDrop),
    show(verb::kRoomRename),
    show(verb::kRoomSet),
    show(verb::kRoomOwner),
    show(verb::kRoomModerator),
    show(verb::kAnnounce),
    show(verb::kKick),
    show(verb::kBan),
    show(verb::kMute),
    show(verb::kUnban),
    show(verb::kUnmute),
    show(verb::kBans),
    show(verb::kNames),
    show(verb::kNameGive),
    show(verb::kNameTake),
    show(verb::kNameRest),
    show(verb::kToken),
    show(verb::kInvite),
    show(verb::kInvites),
    show(verb::kInviteRevoke),
    Asker{verb::kHistory.row.name, &ask_history},
    Asker{verb::kSearch.row.name, &ask_search},
    Asker{verb::kExport.row.name, &ask_export},
    Asker{verb::kBackup.row.name, &ask_backup},
    Asker{verb::kErase.row.name, &ask_erase},
    show(verb::kArchive),
    show(verb::kEvents),
    show(verb::kWorkers),
    Asker{verb::kWeb.row.name, &ask_web},
    show(verb::kMetrics),
    show(verb::kFingerprint),
    show(verb::kKey),
    show(verb::kKeyRenew),
    show(verb::kKeyInstall),
    show(verb::kReload),
    Asker{verb::kUpgrade.row.name, &ask_upgrade},
    Asker{verb::kStop.row.name, &ask_stop},
    Asker{verb::kPing.row.name, &ask_ping},
    Asker{verb::kVersion.row.name, &ask_version},
};

// A verb of the table that chatctl cannot show must not compile.
consteval bool every_verb_has_its_asker() {
  std::size_t expected = 0;
  for (const wire::Verb& verb : wire::kVerbs) {
    if (verb.client_only) continue;
    ++expected;
    if (std::ranges::find(kAskers, verb.name, &Asker::verb) == kAskers.end()) return false;
  }
  return expected == kAskers.size();
}
static_assert(every_verb_has_its_asker());

}  // namespace

std::expected<Answer, ControlError> answer_of(Client& client, const ControlRequest& request,
                                              const Style& style) {
  const auto* const asker = std::ranges::find(kAskers, request.verb, &Asker::verb);
  return asker->ask(client, request, style);
}

std::expected<Answer, ControlError> answer_with_rates(Client& client, const ControlRequest& request,
                                                      const Style& style, StatusRates& rates) {
  auto asked = ask<wire::StatusReport>(client, request);
  if (!asked) return std::unexpected{std::move(asked).error()};
  const Rates since = rates.take(asked->report, mono_now());
  return Answer{.json = std::move(asked->json),
                .text = render(asked->report, style, wall_now(), since)};
}

}  // namespace chatd::ctl

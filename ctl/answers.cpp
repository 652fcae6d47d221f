// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/answers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/time.hpp"
#include "common/base/version.hpp"
#include "common/wire/control_reports.hpp"
#include "common/wire/verbs.hpp"
#include "ctl/render.hpp"

namespace chatd::ctl {

namespace {

using wire::ControlError;
using wire::ControlReply;
using wire::ControlRequest;
using Outcome = std::expected<Answer, ControlError>;

std::unexpected<ControlError> malformed(const Error& error) {
  return std::unexpected{
      ControlError{.code = std::string{wire::code::kMalformed}, .message = error.message()}};
}

// Asks the daemon, reads the report with `parse` and shows it with `show`, as most verbs do.
template <class Parse, class Show>
Outcome ask_and_show(Client& client, const ControlRequest& request, Parse parse, Show show) {
  ControlReply reply = client.ask(request);
  if (!reply) return std::unexpected{std::move(reply).error()};
  const auto report = parse(*reply);
  if (!report) return malformed(report.error());
  return Answer{.json = std::move(*reply), .text = show(*report)};
}

Outcome ask_status(Client& client, const ControlRequest& request, const Style& style) {
  return ask_and_show(client, request, wire::parse_status,
                      [&](const auto& report) { return render(report, style, wall_now()); });
}

Outcome ask_users(Client& client, const ControlRequest& request, const Style& style) {
  return ask_and_show(client, request, wire::parse_users,
                      [&](const auto& users) { return render(users, style, wall_now()); });
}

Outcome ask_workers(Client& client, const ControlRequest& request, const Style& style) {
  return ask_and_show(client, request, wire::parse_processes,
                      [&](const auto& rows) { return render(rows, style, wall_now()); });
}

Outcome ask_announce(Client& client, const ControlRequest& request, const Style& /*style*/) {
  return ask_and_show(client, request, wire::parse_announce,
                      [](const auto& report) { return render(report); });
}

Outcome ask_kick(Client& client, const ControlRequest& request, const Style& /*style*/) {
  return ask_and_show(client, request, wire::parse_kick,
                      [](const auto& report) { return render(report); });
}

Outcome ask_reload(Client& client, const ControlRequest& request, const Style& /*style*/) {
  return ask_and_show(client, request, wire::parse_reload,
                      [](const auto& report) { return render(report); });
}

// Returns when the daemon has ended, so that a script may start it again at once.
Outcome ask_stop(Client& client, const ControlRequest& request, const Style& /*style*/) {
  ControlReply reply = client.ask(request);
  if (!reply) return std::unexpected{std::move(reply).error()};
  const auto report = wire::parse_stop(*reply);
  if (!report) return malformed(report.error());
  if (auto gone = client.wait_until_gone(report->pid); !gone) {
    return std::unexpected{std::move(gone).error()};
  }
  return Answer{.json = std::move(*reply), .text = render(*report)};
}

// During an upgrade the old processes end, and the new ones answer on the same socket.
Outcome ask_upgrade(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const auto status = [&]() -> std::expected<wire::StatusReport, ControlError> {
    const ControlReply reply = client.ask({.verb = "status", .args = {}});
    if (!reply) return std::unexpected{reply.error()};
    auto report = wire::parse_status(*reply);
    if (!report) return malformed(report.error());
    return std::move(*report);
  };
  const auto before = status();
  if (!before) return std::unexpected{before.error()};
  if (const auto reply = client.ask(request); !reply) return std::unexpected{reply.error()};
  if (auto gone = client.wait_until_gone(0); !gone) return std::unexpected{gone.error()};
  const auto after = status();
  if (!after) return std::unexpected{after.error()};
  if (after->started == before->started) {
    return std::unexpected{ControlError{.code = std::string{wire::code::kFailed},
                                        .message = "the old program still runs; its log says why"}};
  }
  const wire::UpgradeReport report{.from = before->version,
                                   .to = after->version,
                                   .pid = after->pid,
                                   .sessions = after->sessions};
  return Answer{.json = to_json(report), .text = render(report)};
}

Outcome ask_ping(Client& client, const ControlRequest& request, const Style& /*style*/) {
  const MonoTime before = mono_now();
  const ControlReply reply = client.ask(request);
  if (!reply) return std::unexpected{reply.error()};
  const auto micros = (mono_now() - before).count();
  return Answer{
      .json = fmt::format(R"({{"round_trip_microseconds":{}}})", micros),
      .text = fmt::format("chatd answered after {:.3f} ms\n", static_cast<double>(micros) / 1000)};
}

// The version of chatctl is printed even when no daemon answers.
Outcome ask_version(Client& client, const ControlRequest& request, const Style& /*style*/) {
  wire::VersionPair versions{.client = std::string{kVersion}, .daemon = std::nullopt};
  Answer answer;
  if (const ControlReply reply = client.ask(request); !reply) {
    answer.outcome = std::unexpected{reply.error()};
  } else if (auto report = wire::parse_version(*reply); !report) {
    answer.outcome = malformed(report.error());
  } else {
    versions.daemon = std::move(report->version);
  }
  answer.json = to_json(versions);
  answer.text = fmt::format("chatctl {}\n", versions.client);
  if (versions.daemon) {
    answer.text += fmt::format("chatd   {}\n", escape_controls(*versions.daemon));
  }
  return answer;
}

Outcome ask_fingerprint(Client& client, const ControlRequest& request, const Style& /*style*/) {
  return ask_and_show(client, request, wire::parse_fingerprint, [](const auto& report) {
    return escape_controls(report.fingerprint) + "\n";
  });
}

struct Asker {
  std::string_view verb;
  Outcome (*ask)(Client&, const ControlRequest&, const Style&);
};

constexpr std::array kAskers{
    Asker{"status", &ask_status},     Asker{"users", &ask_users},
    Asker{"announce", &ask_announce}, Asker{"kick", &ask_kick},
    Asker{"workers", &ask_workers},   Asker{"reload", &ask_reload},
    Asker{"stop", &ask_stop},         Asker{"ping", &ask_ping},
    Asker{"version", &ask_version},   Asker{"fingerprint", &ask_fingerprint},
    Asker{"upgrade", &ask_upgrade},
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

}  // namespace chatd::ctl

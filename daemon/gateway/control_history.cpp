// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_history.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/history_verbs.hpp"
#include "daemon/gateway/control_refusals.hpp"
#include "daemon/sys/archive_channel.hpp"

namespace chatd::gateway {

namespace {

using state::ArchiveState;
using state::ProcessState;

// A message that waits for longer is reported, also while the archive waits for the disk.
constexpr std::chrono::seconds kSlow{5};

}  // namespace

bool ControlHistory::is_in(state::ProcessState state) const {
  return std::ranges::any_of(inheritance_.processes, [this, state](const roles::Process& process) {
    return process.role == roles::kArchive &&
           state_.process(process.row).state.load(std::memory_order_relaxed) == state;
  });
}

std::chrono::seconds ControlHistory::behind(const state::DatabaseFigures& figures, MonoTime now) {
  const std::int64_t since = figures.behind_since.load(std::memory_order_relaxed);
  if (since == 0) return {};
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(now - MonoTime{Micros{since}}),
                  std::chrono::seconds{0});
}

std::string_view ControlHistory::state_name(const state::DatabaseFigures& figures,
                                            MonoTime now) const {
  if (!is_in(ProcessState::ready)) return "down";
  const ArchiveState state = figures.state.load(std::memory_order_relaxed);
  const bool waits = state == ArchiveState::ok && behind(figures, now) >= kSlow;
  return row_of(waits ? ArchiveState::slow : state).name;
}

wire::ArchiveReport ControlHistory::archive(MonoTime now) const {
  const state::ArchiveFigures& figures = state_.archive();
  const state::RegistryFigures& registry = state_.registry_figures();
  const auto figure = [](const state::Counter& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  const bool stores = inheritance_.config->history.enabled;
  const std::uint64_t lines = figure(figures.stored);
  return {.state = std::string{stores ? state_name(figures, now) : row_of(ArchiveState::off).name},
          .lines = lines,
          .indexed = lines - std::min(figure(figures.unindexed), lines),
          .bytes = figure(figures.bytes),
          .max_bytes = inheritance_.config->history.max_bytes,
          .max_age = inheritance_.config->history.max_age,
          .behind = behind(figures, now),
          .gaps = figure(figures.gaps),
          .set_aside = figure(figures.set_aside),
          .error = error_of(figures),
          .registry = std::string{state_name(registry, now)},
          .registry_behind = behind(registry, now),
          .registry_set_aside = figure(registry.set_aside),
          .registry_error = error_of(registry)};
}

std::vector<std::string> ControlHistory::problems(MonoTime now) const {
  if (inheritance_.archive < 0) return {};
  if (is_in(ProcessState::starting)) return {};  // the service does not wait for it
  if (!is_in(ProcessState::ready)) {
    return {"the archive is not running: messages and changes wait in memory meanwhile"};
  }
  std::vector<std::string> problems;
  if (auto problem = history_problem(now)) problems.push_back(std::move(*problem));
  if (auto problem = registry_problem(now)) problems.push_back(std::move(*problem));
  return problems;
}

std::optional<std::string> ControlHistory::history_problem(MonoTime now) const {
  const state::ArchiveFigures& figures = state_.archive();
  const auto& row = row_of(figures.state.load(std::memory_order_relaxed));
  if (row.is_problem) {
    return fmt::format("messages are not stored: {}, see chatctl archive", row.words);
  }
  const auto waited = behind(figures, now);
  if (waited < kSlow) return std::nullopt;
  return fmt::format("messages wait for {} s to be stored", waited.count());
}

std::optional<std::string> ControlHistory::registry_problem(MonoTime now) const {
  const state::RegistryFigures& figures = state_.registry_figures();
  const ArchiveState state = figures.state.load(std::memory_order_relaxed);
  if (row_of(state).is_problem) {
    return fmt::format("changes are not saved: {}, see chatctl archive", registry_words(state));
  }
  const auto waited = behind(figures, now);
  if (waited < kSlow) return std::nullopt;
  return fmt::format("changes wait for {} s to be saved", waited.count());
}

std::string ControlHistory::why_not_saved() const {
  if (!is_in(ProcessState::ready)) return "the archive is not running";
  const ArchiveState state = state_.registry_figures().state.load(std::memory_order_relaxed);
  if (row_of(state).is_problem) return std::string{registry_words(state)};
  return "the disk has not answered yet";
}

std::optional<control::Refusal> ControlHistory::reason_not_to_pass(const wire::Verb& verb) const {
  const auto refusal = [](std::string_view code, std::string message) {
    return control::Refusal{.code = std::string{code}, .message = std::move(message)};
  };
  // A backup has the rooms, the rules and the keys as well.
  if (!is_enabled() && verb.name != wire::verb::kBackup.row.name) {
    return refusal(wire::code::kFailed, "nothing is stored: history.enabled is false");
  }
  if (!is_in(ProcessState::ready)) {
    return refusal(wire::code::kBusy, "the archive is not running now");
  }
  return std::nullopt;
}

std::optional<control::Refusal> ControlHistory::reason_not_to_erase() const {
  if (auto reason = reason_not_to_pass(wire::verb::kErase.row)) return reason;
  const ArchiveState state = state_.archive().state.load(std::memory_order_relaxed);
  if (state == ArchiveState::ok || state == ArchiveState::slow || state == ArchiveState::full) {
    return std::nullopt;
  }
  return control::Refusal{
      .code = std::string{state == ArchiveState::off ? wire::code::kBusy : wire::code::kFailed},
      .message = "what is on disk cannot be erased now, and nothing was: see chatctl archive"};
}

control::Passed ControlHistory::pass(const wire::Verb& verb, const control::Args& args,
                                     const control::Caller& caller) const {
  if (auto reason = reason_not_to_pass(verb)) return std::unexpected{std::move(*reason)};
  const sys::Request request{wire::encode(wire::ControlRequest{std::string{verb.name}, args})};
  if (auto passed = sys::send(inheritance_.archive, request, caller.fd); !passed) {
    return refuse_request(wire::code::kBusy, passed.error().code() == EAGAIN
                                                 ? "the archive is busy"
                                                 : passed.error().message());
  }
  return {};
}

}  // namespace chatd::gateway

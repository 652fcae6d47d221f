// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_history.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fmt/format.h>

#include "common/wire/control/control_message.hpp"
#include "common/wire/control/verbs.hpp"
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

std::chrono::seconds ControlHistory::behind(MonoTime now) const {
  const std::int64_t since = state_.archive().behind_since.load(std::memory_order_relaxed);
  if (since == 0) return {};
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(now - MonoTime{Micros{since}}),
                  std::chrono::seconds{0});
}

std::string_view ControlHistory::state_name(MonoTime now) const {
  if (inheritance_.archive < 0) return row_of(ArchiveState::off).name;
  if (!is_in(ProcessState::ready)) return "down";
  const ArchiveState state = state_.archive().state.load(std::memory_order_relaxed);
  const bool waits = state == ArchiveState::ok && behind(now) >= kSlow;
  return row_of(waits ? ArchiveState::slow : state).name;
}

wire::ArchiveReport ControlHistory::archive(MonoTime now) const {
  const state::ArchiveFigures& figures = state_.archive();
  const auto figure = [](const state::Counter& counter) {
    return counter.load(std::memory_order_relaxed);
  };
  return {.state = std::string{state_name(now)},
          .lines = figure(figures.stored),
          .bytes = figure(figures.bytes),
          .max_bytes = inheritance_.config->history.max_bytes,
          .max_age = inheritance_.config->history.max_age,
          .behind = behind(now),
          .gaps = figure(figures.gaps),
          .set_aside = figure(figures.set_aside),
          .error = error_of(figures)};
}

std::optional<std::string> ControlHistory::problem(MonoTime now) const {
  if (inheritance_.archive < 0) return std::nullopt;
  if (is_in(ProcessState::starting)) return std::nullopt;  // the service does not wait for it
  if (!is_in(ProcessState::ready)) {
    return "the archive is not running: messages wait in memory meanwhile";
  }
  const auto& row = row_of(state_.archive().state.load(std::memory_order_relaxed));
  if (row.is_problem) {
    return fmt::format("messages are not stored: {}, see chatctl archive", row.words);
  }
  if (behind(now) < kSlow) return std::nullopt;
  return fmt::format("messages wait for {} s to be stored", behind(now).count());
}

control::Passed ControlHistory::pass(const control::Args& args,
                                     const control::Caller& caller) const {
  const std::string_view verb = wire::verb::kHistory.row.name;
  if (!control::is_privileged(caller.uid)) {
    return refuse_request(wire::code::kDenied,
                          "only root and the daemon's own user read what was said");
  }
  if (inheritance_.archive < 0) {
    return refuse_request(wire::code::kFailed, "nothing is stored: history.enabled is false");
  }
  if (!is_in(ProcessState::ready))
    return refuse_request(wire::code::kBusy, "the archive is not running now");
  const sys::Request request{wire::encode(wire::ControlRequest{std::string{verb}, args})};
  if (auto passed = sys::send(inheritance_.archive, request, caller.fd); !passed) {
    return refuse_request(wire::code::kBusy, passed.error().code() == EAGAIN
                                                 ? "the archive is busy"
                                                 : passed.error().message());
  }
  return {};
}

}  // namespace chatd::gateway

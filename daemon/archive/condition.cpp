// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/condition.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "daemon/store/fault.hpp"
#include "daemon/store/set_aside.hpp"

namespace chatd::archive {

using state::ArchiveState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using store::Fault;

namespace {

// Between two attempts after a fault; doubled each time.
constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLongestPause{60'000};
// A transaction that takes so long is reported.
constexpr seconds kSlow{5};

ArchiveState state_of(Fault fault) {
  switch (fault) {
    case Fault::full:
      return ArchiveState::full;
    case Fault::locked:
      return ArchiveState::locked;
    case Fault::newer:
      return ArchiveState::newer;
    case Fault::damaged:
    case Fault::index:
    case Fault::other:
      break;
  }
  return ArchiveState::broken;
}

}  // namespace

void Condition::enter(ArchiveState state, std::string_view why) {
  if (!why.empty()) set_error(figures_, why);
  if (figures_.state.load(std::memory_order_relaxed) == state) return;
  figures_.state.store(state, std::memory_order_relaxed);
  std::string message = fmt::format("{}: {}", database_.name, database_.words(state));
  message += why.empty() ? fmt::format(" in {}", database_.path) : fmt::format(": {}", why);
  log(state == ArchiveState::ok ? LogLevel::notice : LogLevel::warning, message,
      {{"CHATD_EVENT", database_.name}, {"CHATD_STATE", row_of(state).name}});
}

void Condition::pause(MonoTime now) {
  pause_ = std::clamp(2 * pause_, kFirstPause, kLongestPause);
  try_at_ = now + pause_;
}

void Condition::note_behind(MonoTime since) {
  behind_since_ = since;
  figures_.behind_since.store(since.time_since_epoch().count(), std::memory_order_relaxed);
}

void Condition::note_stored(Micros time) {
  pause_ = milliseconds{0};
  if (time < kSlow) return enter(ArchiveState::ok, "");
  enter(ArchiveState::slow,
        fmt::format("a transaction took {} s", std::chrono::duration_cast<seconds>(time).count()));
}

void Condition::on_fault(const Error& error, MonoTime now) {
  const Fault fault = store::fault_of(error);
  enter(state_of(fault), error.message());
  if (fault == Fault::damaged) set_damaged_aside();
  pause(now);
}

void Condition::set_damaged_aside() {
  const auto name = store::set_aside(database_.path);
  if (!name) {
    return enter(ArchiveState::broken, name.error().message());
  }
  state::count(figures_.set_aside);
  log(LogLevel::error,
      fmt::format("{}: the damaged database is kept as {}, and a new one is begun", database_.name,
                  *name),
      {{"CHATD_EVENT", database_.name}, {"CHATD_STATE", "broken"}});
}

}  // namespace chatd::archive

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_host.hpp"

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "common/base/log.hpp"
#include "common/base/version.hpp"
#include "common/crypto/random.hpp"
#include "daemon/chat/programs.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/control_page.hpp"

namespace chatd::gateway {

namespace {

// chatctl --remove
bool is_removal(const control::Args& args, const wire::Verb& verb) {
  return !option_in(args, verb, "--remove").empty();
}

std::uint64_t random_id() {
  std::uint64_t id = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&id, 1}));
  return id;
}

}  // namespace

ControlHost::ControlHost(const Inheritance& inheritance, const state::StateView& state,
                         chat::Chat& chat, Hooks hooks)
    : inheritance_{inheritance},
      state_{state},
      chat_{chat},
      hooks_{std::move(hooks)},
      status_{inheritance, state, chat, mono_now()},
      rooms_{state, chat, *inheritance.config},
      changes_{chat, rooms_, hooks_.remove},
      rules_{{.chat = chat,
              .rooms = rooms_,
              .persons = chat.persons,
              .language = inheritance.language},
             hooks_.remove},
      names_{chat, hooks_.remove, inheritance.language},
      invitations_{chat_, rooms_, crypto::sha256({inheritance.certificate.identity}),
                   hooks_.remove},
      history_{inheritance, state},
      key_{inheritance},
      saves_{state},
      erase_{state, chat, rooms_, history_},
      events_{random_id(), state.counters().events.load(std::memory_order_relaxed)} {
  for (const auto& process : inheritance.processes) deaths_.push_back(deaths_of(process));
  note_start();
  set_handlers();
  set_room_handlers();
  set_rule_handlers();
  // The answers to members' changes wait for the disk as those to administrators do.
  chat.own.set_when_saved([this](std::function<void(bool)> answer) {
    saves_.wait(mono_now(), std::move(answer));
    if (inheritance_.archive < 0) saves_.release(mono_now());  // nobody saves
  });
}

void ControlHost::set_handlers() {
  namespace verb = wire::verb;
  handlers_.on(verb::kStatus, [this] { return status(); });
  handlers_.on(verb::kWorkers, [this] { return workers(); });
  handlers_.on(verb::kWeb, [this](const control::Args& args) { return page(args); });
  handlers_.on(verb::kMetrics, [this] { return status_.metrics(mono_now()); });
  handlers_.on(verb::kEvents, [this](const control::Args& args, const control::Caller& caller,
                                     control::Done<wire::EventsReport> done) {
    events_.follow(args.empty() ? std::string_view{} : args[0], caller.uid, std::move(done),
                   mono_now());
  });
  pass_to_archive(verb::kHistory);
  pass_to_archive(verb::kSearch);
  pass_to_archive(verb::kExport);
  pass_to_archive(verb::kBackup);
  handlers_.pass(verb::kErase, [this](const control::Args& args, const control::Caller& caller) {
    auto answer = erase_.erase(args, caller);
    hooks_.changed();
    return answer;
  });
  handlers_.on(verb::kArchive, [this] { return history_.archive(mono_now()); });
  key_.set(handlers_);
  handlers_.on(verb::kReload,
               [this](control::Done<wire::ReloadReport> done) { reload(std::move(done)); });
  handlers_.on(verb::kUpgrade,
               [this](control::Done<wire::EmptyReport> done) { upgrade(std::move(done)); });
  handlers_.on(verb::kStop, [this] { return stop(); });
  handlers_.on(verb::kPing, [] { return wire::EmptyReport{}; });
  handlers_.on(verb::kVersion, [] { return wire::VersionReport{std::string{kVersion}}; });
}

void ControlHost::set_room_handlers() {
  namespace verb = wire::verb;
  using control::Args;
  handlers_.on(verb::kRooms, [this] { return rooms_.rooms(); });
  handlers_.on(verb::kRoom, [this](const Args& args) { return room(args[0]); });
  on_lasting(verb::kRoomMake, [this](const Args& args) { return rooms_.make(args[0]); });
  on_lasting(verb::kRoomKeep, [this](const Args& args) { return rooms_.keep(args[0]); });
  on_lasting(verb::kRoomDrop, [this](const Args& args) { return rooms_.drop(args[0]); });
  on_lasting(verb::kRoomRename,
             [this](const Args& args) { return changes_.rename(args[0], args[1]); });
  on_lasting(verb::kRoomSet,
             [this](const Args& args) { return changes_.set(args[0], args[1], args[2]); });
  on_lasting(verb::kRoomOwner, [this](const Args& args) {
    return changes_.role(state::RuleKind::owner, args[0], args[1],
                         is_removal(args, verb::kRoomOwner.row));
  });
  on_lasting(verb::kRoomModerator, [this](const Args& args) {
    return changes_.role(state::RuleKind::moderator, args[0], args[1],
                         is_removal(args, verb::kRoomModerator.row));
  });
  handlers_.on(verb::kUsers, [this](const Args& args) -> control::Answer<wire::UsersReport> {
    const auto room = room_in(args, verb::kUsers.row);
    if (room) return rooms_.users(*room);
    return rooms_.users();
  });
  handlers_.on(verb::kAnnounce, [this](const Args& args) {
    return changed(rooms_.announce(room_in(args, verb::kAnnounce.row), args[0]));
  });
  handlers_.on(verb::kKick, [this](const Args& args) {
    const auto room = room_in(args, verb::kKick.row);
    const std::string_view reason = args.size() > 1 ? std::string_view{args[1]} : "";
    return room ? changed(rooms_.kick(*room, args[0], reason)) : kick(args[0], reason);
  });
}

void ControlHost::set_rule_handlers() {
  namespace verb = wire::verb;
  using control::Args;
  using control::Caller;
  on_lasting(verb::kBan, [this](const Args& args, const Caller& caller) {
    return rules_.place(state::RuleKind::ban, args, caller);
  });
  on_lasting(verb::kMute, [this](const Args& args, const Caller& caller) {
    return rules_.place(state::RuleKind::mute, args, caller);
  });
  on_lasting(verb::kUnban, [this](const Args& args, const Caller& caller) {
    return rules_.lift(state::RuleKind::ban, args, caller);
  });
  on_lasting(verb::kUnmute, [this](const Args& args, const Caller& caller) {
    return rules_.lift(state::RuleKind::mute, args, caller);
  });
  on_lasting(verb::kInvite, [this](const Args& args, const Caller& caller) {
    return invitations_.invite(args, caller);
  });
  on_lasting(verb::kInviteRevoke, [this](const Args& args, const Caller& caller) {
    return invitations_.revoke(args, caller);
  });
  handlers_.on(verb::kInvites, [this] { return invitations_.list(); });
  handlers_.on(verb::kBans,
               [this](const Args& args) { return rules_.list(room_in(args, verb::kBans.row)); });
  handlers_.on(verb::kNames, [this] { return names_.names(); });
  on_lasting(verb::kNameGive, [this](const Args& args, const Caller& caller) {
    return names_.give(args[0], args[1], caller);
  });
  on_lasting(verb::kNameTake, [this](const Args& args, const Caller& caller) {
    return names_.take(args[0], caller);
  });
  on_lasting(verb::kNameRest, [this](const Args& args, const Caller& caller) {
    return names_.rest(args[0], caller);
  });
  on_lasting(verb::kToken, [this](const Args& args, const Caller& caller) {
    const bool ends = !option_in(args, verb::kToken.row, "--revoke").empty();
    return ends ? names_.revoke_token(args[0], caller) : names_.make_token(args[0], caller);
  });
}

// --- events ------------------------------------------------------------------------

std::uint64_t ControlHost::deaths_of(const roles::Process& process) const {
  return state_.process(process.row).restarts.load(std::memory_order_relaxed);
}

void ControlHost::note(const LogRecord& record) {
  events_.note(record, wall_now());
  state_.counters().events.store(events_.end(), std::memory_order_relaxed);
}

// The first events of each gateway: they tell a follower that the last gateway has ended or died. A
// process that replaced a dead one since the start of this gateway, or is this gateway, has died
// when there was no gateway.
void ControlHost::note_start() {
  const auto& self = state_.process(inheritance_.row);
  const std::int64_t started = self.started_wall.load(std::memory_order_relaxed);
  for (const auto& process : inheritance_.processes) {
    const auto replaced = state_.process(process.row).replaced_wall.load(std::memory_order_relaxed);
    if (replaced != 0 && replaced >= started) note_death(process);
  }
  const std::uint64_t deaths = self.restarts.load(std::memory_order_relaxed);
  std::string message = fmt::format("a gateway was started, pid {}", ::getpid());
  if (deaths != 0) message += fmt::format("; deaths of gateways so far: {}", deaths);
  note({LogLevel::notice, message,
        std::initializer_list<LogField>{{"CHATD_EVENT", "process_started"},
                                        {"CHATD_PROCESS", roles::kGateway}}});
}

// The supervisor logs the deaths of processes. Its log records are not in the feed of the gateway.
void ControlHost::note_deaths() {
  for (std::size_t i = 0; i < deaths_.size(); ++i) {
    const std::uint64_t deaths = deaths_of(inheritance_.processes[i]);
    if (std::exchange(deaths_[i], deaths) != deaths) note_death(inheritance_.processes[i]);
  }
}

void ControlHost::note_death(const roles::Process& process) {
  const std::string name = name_of(process);
  note({LogLevel::notice, name + " has died, and is replaced",
        std::initializer_list<LogField>{{"CHATD_EVENT", "process_died"}, {"CHATD_PROCESS", name}}});
}

void ControlHost::sweep(chat::Now now) {
  rules_.sweep(now);
  names_.sweep(now);
}

void ControlHost::release_followers(MonoTime now) {
  events_.release(now);
  saves_.release(now);
}

void ControlHost::tick(chat::Now now) {
  (void)saves_.look(now.mono);
  status_.tick(now.mono);
  note_deaths();
  events_.tick(now.mono);
}

wire::StatusReport ControlHost::status() const {
  wire::StatusReport report = status_.report(control_now());
  std::ranges::move(history_.problems(mono_now()), std::back_inserter(report.problems));
  if (auto problem = key_.problem(wall_now())) report.problems.push_back(std::move(*problem));
  if (const auto warning = room_name_warning()) report.warnings.push_back(*warning);
  return report;
}

control::Answer<wire::RoomReport> ControlHost::room(std::string_view name) const {
  auto report = rooms_.room(name);
  if (!report) return report;
  const auto room = rooms_.find(name);
  changes_.describe(*room, *report);
  report->rules = rules_.rows(*room);
  return report;
}

control::Answer<wire::WebReport> ControlHost::page(const control::Args& args) const {
  auto report = page_report(inheritance_);
  const auto name = room_in(args, wire::verb::kWeb.row);
  if (!report || !name) return report;
  const auto room = rooms_.find(*name);
  if (!room) return std::unexpected{room.error()};
  if (*room) report->room = rooms_.name_of(*room);
  return report;
}

std::optional<std::string> ControlHost::room_name_warning() const {
  auto why = rooms_.default_name_conflict();
  if (!why) return std::nullopt;
  const std::string& file = inheritance_.config_file;
  return config::to_text({.where = file.empty() ? "built-in defaults" : file,
                          .key = "room.name",
                          .why = std::move(*why)});
}

void ControlHost::log_warnings() const {
  if (const auto warning = room_name_warning()) {
    log(LogLevel::warning, *warning, {{"CHATD_EVENT", "config_warning"}});
  }
}

control::Answer<wire::KickReport> ControlHost::kick(std::string_view name,
                                                    std::string_view reason) {
  auto kick = find_kick(chat_.sessions, name, reason);
  if (!kick) return std::unexpected{std::move(kick).error()};
  for (const chat::Slot program : chat::programs_of(chat_.sessions, kick->slot)) {
    hooks_.remove(program, state::LeaveKind::kicked, kick->reason, control_now());
  }
  hooks_.changed();
  return std::move(kick->report);
}

void ControlHost::reload(control::Done<wire::ReloadReport> done) {
  waiting_for_reload_.push_back(std::move(done));
  // Each request is sent, even while others wait: the file may have changed since the last one.
  if (auto sent = sys::send(*inheritance_.supervisor, sys::AskReload{}); !sent) {
    on_reload_refused({{sent.error().message()}});
  }
}

void ControlHost::on_reloaded(const sys::Reloaded& reloaded) {
  wire::ReloadReport report;
  for (const auto& change : reloaded.changes) {
    (change.needs_restart ? report.needs_restart : report.changed).push_back(change.setting);
  }
  report.warnings = reloaded.warnings;
  answer_reloads(report);
}

void ControlHost::on_reload_refused(const sys::ReloadRefused& refused) {
  std::string problems;
  for (const auto& problem : refused.problems) problems += (problems.empty() ? "" : "\n") + problem;
  answer_reloads(refuse_request(wire::code::kBadConfig, std::move(problems)));
}

void ControlHost::answer_reloads(const control::Answer<wire::ReloadReport>& answer) {
  for (const auto& done : std::exchange(waiting_for_reload_, {})) done(answer);
}

void ControlHost::upgrade(control::Done<wire::EmptyReport> done) {
  waiting_for_upgrade_.push_back(std::move(done));
  if (auto sent = sys::send(*inheritance_.supervisor, sys::AskUpgrade{}); !sent) {
    on_upgrade_outcome(sent.error().message());
  }
}

void ControlHost::on_upgrade_outcome(std::optional<std::string> why_not) {
  control::Answer<wire::EmptyReport> answer;
  if (why_not) answer = refuse_request(wire::code::kFailed, std::move(*why_not));
  for (const auto& done : std::exchange(waiting_for_upgrade_, {})) done(answer);
}

wire::StopReport ControlHost::stop() {
  // If this fails the supervisor is dead, and this process ends as well.
  (void)sys::send(*inheritance_.supervisor, sys::AskStop{});
  return {.pid = inheritance_.supervisor_pid};
}

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
// control_host.hpp — carries out the requests of administrators: the handler of each verb.
//
// Runs in:   gateway.
// Borrows:   everything; the Gateway owns it and outlives the ControlHost.
// Invariant: a verb that changes a room ends with `changed`, so that replies are sent and
//            workers woken as after any datagram.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/control/handlers.hpp"
#include "daemon/gateway/control_answers.hpp"
#include "daemon/gateway/control_erase.hpp"
#include "daemon/gateway/control_history.hpp"
#include "daemon/gateway/control_invitations.hpp"
#include "daemon/gateway/control_key.hpp"
#include "daemon/gateway/control_names.hpp"
#include "daemon/gateway/control_room_changes.hpp"
#include "daemon/gateway/control_rules.hpp"
#include "daemon/gateway/control_status.hpp"
#include "daemon/gateway/event_feed.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/saves.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::gateway {

class ControlHost {
 public:
  struct Hooks {
    // Ends a session of any protocol.
    std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)> remove;
    std::function<void()> changed;
  };
  ControlHost(const Inheritance& inheritance, const state::StateView& state, chat::Chat& chat,
              Hooks hooks);
  ControlHost(const ControlHost&) = delete;
  ControlHost& operator=(const ControlHost&) = delete;
  ControlHost(ControlHost&&) = delete;
  ControlHost& operator=(ControlHost&&) = delete;
  ~ControlHost() = default;

  // Logs the warnings that depend on the adopted state, too; the supervisor logs all others.
  void log_warnings() const;

  // The handlers of all verbs. Each calls this object, which must outlive them.
  [[nodiscard]] const control::Handlers& handlers() const noexcept { return handlers_; }

  [[nodiscard]] wire::StatusReport status() const;
  [[nodiscard]] wire::UsersReport users() const { return rooms_.users(); }
  [[nodiscard]] wire::WorkersReport workers() const { return status_.workers(); }
  // The report on a room, with its properties and rules.
  [[nodiscard]] control::Answer<wire::RoomReport> room(std::string_view name) const;
  // Where the page is, for `web [ROOM]`.
  [[nodiscard]] control::Answer<wire::WebReport> page(const control::Args& args) const;
  // Ends the session of the member. An empty reason means that none was given.
  control::Answer<wire::KickReport> kick(std::string_view name, std::string_view reason);
  void reload(control::Done<wire::ReloadReport> done);
  // Answers with a refusal or, shortly before this process ends, with an empty report.
  void upgrade(control::Done<wire::EmptyReport> done);
  // Begins an orderly stop; ControlServer::drain() writes the reply before the Gateway ends.
  wire::StopReport stop();

  // Removes the members that a ban hits, and those whose name belongs to somebody else.
  void sweep(chat::Now now);
  void note(const LogRecord& record);  // keeps it for `chatctl events`
  void tick(chat::Now now);            // about once a second
  // The process ends: answers those that wait for an event or for the disk.
  void release_followers(MonoTime now);
  // Administrators wait until their changes are on disk.
  [[nodiscard]] bool waits_for_archive() const noexcept { return !saves_.is_empty(); }
  // The archive has saved something. Returns true if an administrator has waited for it.
  bool look_at_saved(MonoTime now) { return saves_.look(now); }

  // The supervisor's answers to reload(); each goes to every administrator who waits for one.
  void on_reloaded(const sys::Reloaded& reloaded);
  void on_reload_refused(const sys::ReloadRefused& refused);
  // Its answer to upgrade(): why there is none, or nothing if it begins.
  void on_upgrade_outcome(std::optional<std::string> why_not);
  void on_key_answer(const sys::KeyAnswer& answer) { key_.on_answer(answer); }

 private:
  void set_handlers();
  template <class Report>
  void pass_to_archive(const wire::VerbOf<Report>& verb) {
    handlers_.pass(
        verb, [this, &row = verb.row](const control::Args& args, const control::Caller& caller) {
          return history_.pass(row, args, caller);
        });
  }
  void set_room_handlers();
  void set_rule_handlers();
  [[nodiscard]] std::uint64_t deaths_of(const roles::Process& process) const;
  void note_start();
  void note_deaths();
  void note_death(const roles::Process& process);
  // The answer, after the workers were woken.
  template <class Report>
  control::Answer<Report> changed(control::Answer<Report> answer) {
    if (answer) hooks_.changed();
    return answer;
  }
  // The handler of a verb whose changes last: its answer waits until they are on disk.
  template <class Report, class Handler>
  void on_lasting(const wire::VerbOf<Report>& verb, Handler handler) {
    handlers_.on(verb, [this, handler](const control::Args& args, const control::Caller& caller,
                                       control::Done<Report> done) {
      auto answer = call_handler<Report>(handler, args, caller);
      if (!answer || !answer->is_saved) return done(changed(std::move(answer)));
      saves_.wait(mono_now(), [this, answer, done](bool is_saved) mutable {
        answer->is_saved = is_saved;
        if (!is_saved) answer->save_problem = history_.why_not_saved();
        done(answer);
      });
      hooks_.changed();
      if (inheritance_.archive < 0) saves_.release(mono_now());  // nobody saves
    });
  }
  [[nodiscard]] std::optional<std::string> room_name_warning() const;
  void answer_reloads(const control::Answer<wire::ReloadReport>& answer);

  const Inheritance& inheritance_;
  const state::StateView& state_;
  chat::Chat& chat_;
  Hooks hooks_;
  ControlStatus status_;
  ControlRooms rooms_;
  ControlRoomChanges changes_;
  ControlRules rules_;
  ControlNames names_;
  ControlInvitations invitations_;
  ControlHistory history_;
  ControlKey key_;
  Saves saves_;
  ControlErase erase_;
  EventFeed events_;
  std::vector<std::uint64_t> deaths_;  // of each process: those that are in `events_`
  control::Handlers handlers_;
  std::vector<control::Done<wire::ReloadReport>> waiting_for_reload_;
  std::vector<control::Done<wire::EmptyReport>> waiting_for_upgrade_;
};

}  // namespace chatd::gateway

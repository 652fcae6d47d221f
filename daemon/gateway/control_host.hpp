// SPDX-License-Identifier: GPL-3.0-or-later
// control_host.hpp — carries out the requests of administrators on the control socket.
//
// Runs in:   gateway.
// Borrows:   everything; the Gateway owns it and outlives the ControlHost.
// Invariant: a verb that changes the room ends with `changed`, so that replies are sent and
//            workers woken as after any datagram.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/chat/room.hpp"
#include "daemon/control/host.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::gateway {

class ControlHost final : public control::Host {
 public:
  struct Hooks {
    // Ends a session of any protocol.
    std::function<void(chat::Slot, state::LeaveKind, std::string_view reason, chat::Now)> remove;
    std::function<void()> changed;
  };
  ControlHost(const Inheritance& inheritance, const state::StateView& state, chat::Room& room,
              Hooks hooks);

  wire::StatusReport status() override;
  std::vector<wire::UserRow> users() override;
  std::vector<wire::ProcessRow> workers() override;
  control::Answer<std::uint64_t> announce(std::string_view text) override;
  control::Answer<wire::KickReport> kick(std::string_view name, std::string_view reason) override;
  void reload(std::function<void(control::Answer<wire::ReloadReport>)> done) override;
  void upgrade(std::function<void(std::optional<control::Refusal>)> done) override;
  void stop() override;
  std::string version() override;
  std::string fingerprint() override;

  // The supervisor's answers to reload(); each goes to every administrator who waits for one.
  void on_reloaded(const sys::Reloaded& reloaded);
  void on_reload_refused(const sys::ReloadRefused& refused);
  // Its answer to upgrade(): why there is none, or nothing if it begins.
  void on_upgrade_outcome(std::optional<std::string> why_not);

 private:
  using ReloadAnswer = control::Answer<wire::ReloadReport>;
  void answer_reloads(const ReloadAnswer& answer);

  const Inheritance& inheritance_;
  const state::StateView& state_;
  chat::Room& room_;
  Hooks hooks_;
  std::vector<std::function<void(control::Answer<wire::ReloadReport>)>> waiting_for_reload_;
  std::vector<std::function<void(std::optional<control::Refusal>)>> waiting_for_upgrade_;
};

}  // namespace chatd::gateway

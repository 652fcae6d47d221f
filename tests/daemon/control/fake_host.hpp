// SPDX-License-Identifier: GPL-3.0-or-later
// fake_host.hpp — handlers of some verbs, for a room of two members.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/control/control_message.hpp"
#include "daemon/control/handlers.hpp"

namespace chatd::control {

class FakeHost {
 public:
  FakeHost() {
    namespace verb = wire::verb;
    handlers.on(verb::kPing, [] { return wire::EmptyReport{}; });
    handlers.on(verb::kVersion, [] { return wire::VersionReport{"9.8.7"}; });
    handlers.on(verb::kUsers, [this] { return users; });
    handlers.on(verb::kAnnounce, [this](const Args& args) {
      announced.push_back(args[0]);
      return wire::AnnounceReport{users.users.size()};
    });
    handlers.on(verb::kKick, [](const Args& args) -> Answer<wire::KickReport> {
      if (args[0] != "ada") return std::unexpected{Refusal{"not_found", "nobody is called so"}};
      return wire::KickReport{.name = "ada", .address = "127.0.0.1:40000"};
    });
    handlers.on(verb::kReload, [this](Done<wire::ReloadReport> done) {
      reload_done = std::move(done);
      if (answer_reload_at_once) finish_reload();
    });
    handlers.on(verb::kUpgrade,
                [this](Done<wire::EmptyReport> done) { upgrade_done = std::move(done); });
    handlers.on(verb::kStop, [this] {
      ++stops;
      if (on_stop) on_stop();
      return wire::StopReport{.pid = 4711};
    });
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  void finish_reload() {
    std::exchange(reload_done, nullptr)(wire::ReloadReport{.changed = {"log.level"}});
  }

  Handlers handlers;
  wire::UsersReport users{{{.name = "ada"}, {.name = "bob"}}};
  std::vector<std::string> announced;
  Done<wire::ReloadReport> reload_done;
  Done<wire::EmptyReport> upgrade_done;
  bool answer_reload_at_once{false};
  int stops{0};
  std::function<void()> on_stop;
};

}  // namespace chatd::control

// SPDX-License-Identifier: GPL-3.0-or-later
// fake_host.hpp — a room of two members that remembers what it was asked.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/wire/control_message.hpp"
#include "daemon/control/host.hpp"

namespace chatd::control {

class FakeHost final : public Host {
 public:
  StatusReport status() override { return {.version = "9.8.7", .pid = 4711, .sessions = 2}; }
  std::vector<UserRow> users() override { return users_; }
  std::vector<ProcessRow> workers() override { return {{.role = "gateway", .pid = 12}}; }

  Answer<std::uint64_t> announce(std::string_view text) override {
    announced.emplace_back(text);
    return users_.size();
  }
  Answer<KickReport> kick(std::string_view name, std::string_view reason) override {
    if (name != "ada") return std::unexpected{Refusal{"not_found", "nobody is called so"}};
    kick_reason = reason;
    return KickReport{.name = "ada", .address = "127.0.0.1:40000"};
  }
  void reload(std::function<void(Answer<ReloadReport>)> done) override {
    reload_done = std::move(done);
    if (answer_reload_at_once) finish_reload();
  }
  void upgrade(std::function<void(std::optional<Refusal>)> done) override {
    upgrade_done = std::move(done);
  }
  void stop() override {
    ++stops;
    if (on_stop) on_stop();
  }
  std::string version() override { return "9.8.7"; }
  std::string fingerprint() override { return "SHA256:abc"; }

  void finish_reload() {
    std::exchange(reload_done, nullptr)(ReloadReport{.changed = {"log.level"}});
  }

  std::vector<UserRow> users_{{.name = "ada"}, {.name = "bob"}};
  std::vector<std::string> announced;
  std::string kick_reason{"none"};
  std::function<void(Answer<ReloadReport>)> reload_done;
  std::function<void(std::optional<Refusal>)> upgrade_done;
  bool answer_reload_at_once{false};
  int stops{0};
  std::function<void()> on_stop;
};

}  // namespace chatd::control

// SPDX-License-Identifier: GPL-3.0-or-later
// control_host_fixture.hpp — a ControlHost without a gateway around it, and the replies of its
// verbs.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/gateway/control_host.hpp"
#include "tests/daemon/gateway/gateway_fixture.hpp"

namespace chatd::gateway {

// The end of an answer without an archive.
inline const std::string kUnsaved{R"("saved":false,"save_problem":"the archive is not running"})"};

class ControlHostFixture : public GatewayFixture {
 protected:
  ControlHostFixture() : GatewayFixture{{.sessions = 70, .ring_bytes = 65536, .rooms = 8}} {}

  ControlHost& host() {
    if (!host_) {
      inheritance_ = {.state = region_.get(),
                      .keys = key_region_.get(),
                      .control = -1,
                      .sockets = {{.fd = server_.get(), .where = server_endpoint_}},
                      .page = {},
                      .page_problem = {},
                      .row = 0,
                      .processes = {{.role = roles::kGateway},
                                    {.role = roles::kWorker, .row = 1},
                                    {.role = roles::kWorker, .index = 1, .row = 2}},
                      .supervisor = &ends_.first,
                      .supervisor_pid = 4711,
                      .config = &config_,
                      .config_file = "/etc/chatd.toml",
                      .language = language_,
                      .identity = {},
                      .persons = {},
                      .certificate = {},
                      .password = {}};
      host_.emplace(
          inheritance_, state_, chat(),
          ControlHost::Hooks{
              .remove = [this](chat::Slot slot, state::LeaveKind kind, std::string_view reason,
                               chat::Now when) { remove(slot, kind, reason, when); },
              .changed =
                  [this] {
                    ++changes_;
                    text().finish();
                  }});
    }
    return *host_;
  }
  // Returns the reply of the verb's handler: the report, or the code of the error.
  std::string ask(const wire::Verb& verb, const control::Args& args) {
    std::string answer;
    host().handlers().run(verb, args, [&](const wire::ControlReply& reply) {
      answer = reply ? *reply : reply.error().code;
    });
    return answer;
  }
  // As the gateway does, without the packets of a native session.
  void remove(chat::Slot slot, state::LeaveKind kind, std::string_view reason, chat::Now when) {
    if (sessions().is_member(slot, state::SessionKind::native)) {
      return sessions().remove(slot, kind, reason, when);
    }
    text().remove(slot, kind, reason, when);
  }
  sys::ToSupervisor asked() { return sys::receive_from_child(ends_.second).value().value(); }

  std::pair<process::PipeEnd, process::PipeEnd> ends_{process::make_pipe().value()};
  Inheritance inheritance_{};
  std::optional<ControlHost> host_;
  int changes_{0};
};

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
// host.hpp — the interface of the process that the control socket belongs to.
//
// Runs in:   gateway. The ControlServer calls it on the event loop: no call may block.
// Errors:    a Refusal, with a code of common/wire/control_message.hpp (wire::code).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/control_message.hpp"
#include "common/wire/control_reports.hpp"

namespace chatd::control {

using wire::KickReport;
using wire::ProcessRow;
using wire::ReloadReport;
using wire::StatusReport;
using wire::UserRow;

// The process at the other end, as the kernel reported it when it connected (SO_PEERCRED).
struct Caller {
  uid_t uid{0};
  pid_t pid{0};
};

using Refusal = wire::ControlError;

template <class T>
using Answer = std::expected<T, Refusal>;

class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;
  virtual ~Host() = default;

  virtual StatusReport status() = 0;
  virtual std::vector<UserRow> users() = 0;
  virtual std::vector<ProcessRow> workers() = 0;

  // Returns the number of members. The text is valid UTF-8 and not empty.
  virtual Answer<std::uint64_t> announce(std::string_view text) = 0;
  virtual Answer<KickReport> kick(std::string_view name, std::string_view reason) = 0;

  // Calls `done` exactly once, now or later; it may be called after the ControlServer
  // has been destroyed.
  virtual void reload(std::function<void(Answer<ReloadReport>)> done) = 0;

  // Replaces this program by the one that is installed now. Calls `done` exactly once,
  // with a refusal or, shortly before this process ends, with nothing.
  virtual void upgrade(std::function<void(std::optional<Refusal>)> done) = 0;

  // Begins an orderly stop and returns at once. The process calls ControlServer::drain() before
  // it exits, so that the reply is written.
  virtual void stop() = 0;

  virtual std::string version() = 0;
  virtual std::string fingerprint() = 0;
};

}  // namespace chatd::control

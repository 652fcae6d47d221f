// SPDX-License-Identifier: GPL-3.0-or-later
// server.hpp — starts the servers that are compared, each with its usual options and without limits
// on its members.
//
// Runs in:   benchmarks.
// Owns:      the server's processes, directory and port.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/base/address.hpp"
#include "tests/bench/members.hpp"

namespace chatd::bench {

class Server {
 public:
  virtual ~Server() = default;
  [[nodiscard]] virtual pid_t pid() const = 0;
  [[nodiscard]] virtual Endpoint endpoint() const = 0;
};

// Stores no messages: what is said costs it no disk.
inline constexpr std::string_view kChatdNoHistory{"chatd no history"};

struct ServerKind {
  std::string_view name;  // in tables
  Dialect dialect;
  std::string_view program;  // a path that must exist; "chatd" is the built one
  // Logins in progress over TCP. Fewer than the listen backlog (ngircd: 10, mosquitto: 100): while
  // it is full, the kernel drops connections, and tries each again only after a second.
  std::size_t logins_at_once{512};
  bool is_in_all{true};  // false: only in the workloads that name it
};

[[nodiscard]] std::span<const ServerKind> server_kinds();
[[nodiscard]] const ServerKind* find_server(std::string_view name);
[[nodiscard]] bool is_installed(const ServerKind& kind);
// Starts the server on kServerCore; the generator has the other core. Throws if the server does not
// become ready.
[[nodiscard]] std::unique_ptr<Server> start_server(const ServerKind& kind);

// Moves this process, and the processes that it starts later, to a core. False: no such core.
bool pin_to(std::size_t core);
inline constexpr std::size_t kServerCore = 0;
inline constexpr std::size_t kGeneratorCore = 1;

}  // namespace chatd::bench

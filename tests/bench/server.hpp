// SPDX-License-Identifier: GPL-3.0-or-later
// server.hpp — the servers that are compared, each started as its own users would have it,
// with every throttle off.
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

struct ServerKind {
  std::string_view name;  // as in tables
  Dialect dialect;
  std::string_view program;  // that must be there
};

[[nodiscard]] std::span<const ServerKind> server_kinds();
[[nodiscard]] const ServerKind* find_server(std::string_view name);
[[nodiscard]] bool is_installed(const ServerKind& kind);
// It runs on the first of the two cores; the generator has the other. Throws when it does
// not come up.
[[nodiscard]] std::unique_ptr<Server> start_server(const ServerKind& kind);

// This process, and what it starts, from now on runs there. False: there is no such core.
bool pin_to(std::size_t core);
inline constexpr std::size_t kServerCore = 0;
inline constexpr std::size_t kGeneratorCore = 1;

}  // namespace chatd::bench

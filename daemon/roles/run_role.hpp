// SPDX-License-Identifier: GPL-3.0-or-later
// run_role.hpp — the main function of a role that works on the shared memory in an event loop.
//
// Runs in:   every child, once.
// Owns:      the mappings and the event loop, which the role's object takes over.
// Errors:    the reason goes to the log and to the supervisor (sys::Failed); the exit status is 1.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "common/base/log.hpp"
#include "common/io/event_loop.hpp"
#include "daemon/state/key_table.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/sys/channel.hpp"

namespace chatd::roles {

// Everything that the object of a role is constructed from, besides its inheritance.
struct Parts {
  state::StateView state;
  io::EventLoop loop;
};
// Of a role that inherits the keys of native sessions.
struct PartsWithKeys : Parts {
  state::KeyTable keys;
};

[[nodiscard]] inline Result<Parts> make_parts(int state_file, state::Access access) {
  auto state = state::StateView::map(state_file, access);
  if (!state) return fail(state.error());
  auto loop = io::EventLoop::create();
  if (!loop) return fail(loop.error());
  return Parts{.state = std::move(*state), .loop = std::move(*loop)};
}

[[nodiscard]] inline Result<PartsWithKeys> make_parts(int state_file, int keys_file,
                                                      state::Access access) {
  auto parts = make_parts(state_file, access);
  if (!parts) return fail(parts.error());
  auto keys = state::KeyTable::map(keys_file, parts->state.geometry().sessions, access);
  if (!keys) return fail(keys.error());
  return PartsWithKeys{std::move(*parts), std::move(*keys)};
}

// `Main` is made of an inheritance and Parts. start() tells the supervisor that the process is
// ready; run() returns when the process is to end. Returns the exit status.
template <class Main, class Inheritance>
[[nodiscard]] int run_role(std::string_view title, const Inheritance& inheritance,
                           state::Access access) {
  const auto give_up = [&](const Error& error) {
    log(LogLevel::critical, std::string{title} + ": " + error.message());
    (void)sys::send(*inheritance.supervisor, sys::ToSupervisor{sys::Failed{error.message()}});
    return 1;
  };
  auto parts = [&] {
    if constexpr (requires { inheritance.keys; }) {
      return make_parts(inheritance.state, inheritance.keys, access);
    } else {
      return make_parts(inheritance.state, access);
    }
  }();
  if (!parts) return give_up(parts.error());
  Main main{inheritance, std::move(*parts)};
  if (auto started = main.start(); !started) return give_up(started.error());
  if (auto done = main.run(); !done) return give_up(done.error());
  return 0;
}

}  // namespace chatd::roles

// SPDX-License-Identifier: GPL-3.0-or-later
// leave_reason.hpp — the reason that a session's kind of leave stands for.
//
// Runs in: gateway.
// See:     daemon/state/layout.hpp, in whose shared memory the kinds are kept.
#pragma once

#include "common/wire/reasons.hpp"
#include "daemon/state/layout.hpp"

namespace chatd::gateway {

[[nodiscard]] constexpr wire::Reason reason_of(state::LeaveKind kind) noexcept {
  switch (kind) {
    case state::LeaveKind::quit:
      return wire::Reason::quit;
    case state::LeaveKind::kicked:
      return wire::Reason::kicked;
    case state::LeaveKind::idle:
      return wire::Reason::idle;
    case state::LeaveKind::unreachable:
      return wire::Reason::unreachable;
  }
  return wire::Reason::unreachable;
}

}  // namespace chatd::gateway

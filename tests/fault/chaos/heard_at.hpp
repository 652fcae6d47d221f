// SPDX-License-Identifier: GPL-3.0-or-later
// heard_at.hpp — a record with a small time, for tests of histories.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <utility>

#include "tests/fault/chaos/history.hpp"

namespace chatd::test {

inline Heard at(int time, wire::RecordKind kind, std::string name, std::string text = {}) {
  return {.kind = kind,
          .name = std::move(name),
          .text = std::move(text),
          .time = WallTime{Micros{time}}};
}

}  // namespace chatd::test

// SPDX-License-Identifier: GPL-3.0-or-later
// types.hpp — the slot of a session, and the time, for all files of this folder.
//
// Runs in:   gateway. Pure.
#pragma once

#include <cstdint>

#include "common/base/time.hpp"

namespace chatd::chat {

// The index of a session in the session table.
using Slot = std::uint32_t;

// Read once for a batch of datagrams.
struct Now {
  MonoTime mono;
  WallTime wall;
};

}  // namespace chatd::chat

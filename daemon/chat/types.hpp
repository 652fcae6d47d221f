// SPDX-License-Identifier: GPL-3.0-or-later
// types.hpp — the slot of a session, and the time, for all files of this folder.
//
// Runs in:   gateway. Pure.
#pragma once

#include "common/base/time.hpp"
#include "daemon/log/numbers.hpp"

namespace chatd::chat {

using logs::Slot;

// Read once for a batch of datagrams.
struct Now {
  MonoTime mono;
  WallTime wall;
};

}  // namespace chatd::chat

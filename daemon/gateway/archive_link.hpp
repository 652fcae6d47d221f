// SPDX-License-Identifier: GPL-3.0-or-later
// archive_link.hpp — the gateway's end of the channel to the archive.
//
// Runs in:   gateway. No function waits.
// Borrows:   the descriptor.
// Owns:      nothing that a successor needs; messages to a predecessor may still be in the channel.
#pragma once

#include <functional>

#include "common/base/time.hpp"
#include "daemon/gateway/hurries.hpp"
#include "daemon/sys/archive_channel.hpp"

namespace chatd::gateway {

class ArchiveLink {
 public:
  struct Handlers {
    // Something in shared memory has moved. Returns true if somebody has waited for it.
    std::function<bool()> stored;
  };
  // `end`: -1: there is no archive.
  ArchiveLink(int end, Handlers handlers) : end_{end}, handlers_{std::move(handlers)} {}

  // The descriptor is readable. Reads some of the messages.
  void take();
  // Called while somebody waits until what was said is on disk.
  void hurry(MonoTime now);
  // About once a second: also looks without a message, which may have been lost.
  void tick(MonoTime now);

 private:
  void on_message(const sys::ToGateway& message);

  int end_;
  Handlers handlers_;
  Hurries hurries_;
};

}  // namespace chatd::gateway

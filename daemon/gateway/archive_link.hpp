// SPDX-License-Identifier: GPL-3.0-or-later
// archive_link.hpp — the gateway's end of the channel to the archive.
//
// Runs in:   gateway. No function waits.
// Borrows:   the descriptor.
// Owns:      nothing that a successor needs; messages to a predecessor may still be in the channel.
#pragma once

#include <cstdint>
#include <functional>

#include "common/base/time.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/hurries.hpp"
#include "daemon/state/state_view.hpp"
#include "daemon/sys/archive_channel.hpp"

namespace chatd::gateway {

// The process at the other end, as the gateway sees it.
struct ArchiveProcess {
  bool exists{false};       // and stores lines: history.enabled
  bool answers{false};      // it runs, or starts and will read what is in the channel
  std::int64_t started{0};  // another number: another process
};
[[nodiscard]] ArchiveProcess archive_process(const Inheritance& inheritance,
                                             const state::StateView& state);

class ArchiveLink {
 public:
  struct Handlers {
    // Something in shared memory has moved. Returns true if somebody has waited for it.
    std::function<bool()> stored;
    // The answer to a question, which may be a predecessor's.
    std::function<void(sys::Answer)> answered{};
  };
  // `end`: -1: there is no archive.
  ArchiveLink(int end, Handlers handlers) : end_{end}, handlers_{std::move(handlers)} {}

  // The descriptor is readable. Reads some of the messages.
  void take();
  // False: it was not sent.
  [[nodiscard]] bool ask(const sys::Question& question) const {
    return end_ >= 0 && sys::send(end_, question).has_value();
  }
  // Called while somebody waits until what was said is on disk.
  void hurry(MonoTime now);
  // About once a second: also looks without a message, which may have been lost.
  void tick(MonoTime now);

 private:
  void on_message(sys::ToGateway message);

  int end_;
  Handlers handlers_;
  Hurries hurries_;
};

}  // namespace chatd::gateway

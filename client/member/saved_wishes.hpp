// SPDX-License-Identifier: GPL-3.0-or-later
// saved_wishes.hpp — the commands of which the server has not said yet whether they are on its
// disk.
//
// Runs in:   client (Member). Pure.
// Invariant: each command that is added is answered once: by the server, or by give_up() when its
//            session is lost. An answer that is lost is asked for again, after growing intervals.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "client/member/saved_event.hpp"
#include "common/base/time.hpp"
#include "common/wire/native/native_frame.hpp"

namespace chatd::client {

class SavedWishes {
 public:
  static constexpr Micros kFirstInterval{1'000'000};
  static constexpr Micros kLongestInterval{8'000'000};
  using Report = std::function<void(Saved)>;

  // The command was confirmed; `end`: in the session's stream. Commands are added in their order.
  void add(std::uint64_t number, std::uint64_t end, MonoTime now, const Report& report);
  void on_frame(const wire::SavedFrame& frame, MonoTime now, const Report& report);
  // Another session begins, whose stream has other offsets.
  void give_up(const Report& report);

  // Writes the question that is due. False: none, or no space.
  bool write(wire::ByteWriter& out, MonoTime now);
  [[nodiscard]] bool is_due(MonoTime now) const noexcept { return now >= ask_at_; }
  [[nodiscard]] MonoTime deadline() const noexcept { return ask_at_; }

 private:
  struct Command {
    std::uint64_t number;
    std::uint64_t end;
  };
  void ask_later(MonoTime now);

  std::deque<Command> waiting_;
  // The last answers: a command that is confirmed later is one of these.
  wire::SavedFrame unknown_{};
  wire::SavedFrame last_{};
  MonoTime ask_at_{MonoTime::max()};
  Micros interval_{kFirstInterval};
};

}  // namespace chatd::client

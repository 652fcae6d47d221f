// SPDX-License-Identifier: GPL-3.0-or-later
// uplink.hpp — the commands that the server does not have yet.
//
// Runs in:   client (Member). Pure.
// Owns:      each command's bytes until its fate is known.
// Invariant: commands go out in order, whole, and are confirmed in order; one is sent again
//            only under the offset that it had, so that the server carries it out once.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"
#include "common/transport/congestion.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native_command.hpp"

namespace chatd::client {

class Uplink {
 public:
  // As the server's WELCOME and LIMITS say. 0, of either: no limit.
  struct Pace {
    std::uint32_t messages_per_1000_seconds{0};
    std::uint32_t burst{1};
  };

  // Returns the command's number, from 1 on. Too long a one is cut.
  std::uint64_t add(wire::CommandKind kind, std::string_view name, std::string_view text);

  // A session whose command stream the server has read up to `offset`: what it has is
  // confirmed, the rest goes again.
  void resume(std::uint64_t offset, Pace pace);
  // Another session: what is left gets new offsets. One in which somebody has said something
  // before us, which is what an offset other than 0 means, may have no burst left.
  void restart(std::uint64_t offset, Pace pace, MonoTime now);

  // Another pace holds from now on.
  void set_pace(Pace pace);
  // The server says that the command that begins there came too early, and is to be sent again,
  // with all that is behind it, when `wait` is over.
  void on_wait(std::uint64_t offset, Micros wait, MonoTime now);
  // The server says that it has read so far.
  void on_ack(std::uint64_t offset, const transport::Rtt& rtt, MonoTime now);
  // The number of the command that ends at this offset; 0: none that waits.
  [[nodiscard]] std::uint64_t number_at(std::uint64_t offset) const;
  // Takes it off: it was confirmed, or refused. In order, each once.
  struct Done {
    std::uint64_t number;
    wire::CommandKind kind;
  };
  [[nodiscard]] std::optional<Done> take_confirmed(std::uint64_t up_to);
  void forget(std::uint64_t number);
  [[nodiscard]] std::uint64_t first_unconfirmed() const {
    return waiting_.empty() ? 0 : waiting_.front().number;
  }

  // Puts what is due into the packet. False: nothing.
  bool write(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now);
  [[nodiscard]] MonoTime deadline() const;

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::uint64_t acked() const noexcept { return acked_; }
  [[nodiscard]] bool is_waiting_for_ack() const noexcept { return sent_ > acked_; }

 private:
  struct Command {
    std::uint64_t number;
    wire::CommandKind kind;
    std::string bytes;
    std::uint64_t end;  // its end in the stream
  };
  void begin(std::uint64_t offset, Pace pace);
  // How far the pace lets commands go, now.
  void let_go(MonoTime now);
  // Nobody answered for a while: the server got these commands only now.
  void charge_again(std::uint64_t up_to, MonoTime now);
  // All that is not acknowledged, when it is time to.
  void send_again(MonoTime now);

  std::deque<Command> waiting_;
  std::uint64_t last_number_{0};
  std::uint64_t acked_{0};
  std::uint64_t let_go_{0};  // the pace was asked about everything below
  std::uint64_t sent_{0};    // everything below is on the way
  std::uint64_t end_{0};     // of the stream
  RateLimit pace_{0, 0};     // a little slower than what we were told
  std::int64_t arrival_{0};
  MonoTime next_let_go_{};  // when to ask the pace again; the clock's epoch: no need
  MonoTime timer_{};        // when to send again; the clock's epoch: nothing is on the way
  MonoTime repaired_{};
  std::uint32_t probes_{0};
  transport::Congestion congestion_;
  bool held_back_{false};  // the window was in the way last time
};

}  // namespace chatd::client

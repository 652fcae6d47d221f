// SPDX-License-Identifier: GPL-3.0-or-later
// uplink.hpp — the commands that the server has not confirmed yet.
//
// Runs in:   client (Member). Pure.
// Owns:      the bytes of each command until it is confirmed or refused.
// Invariant: commands are sent whole and in order, and confirmed in order. A command is sent again
//            at the same offset only, so that the server carries it out once. In another session
//            the commands are held until release(), so that the Member can find out which of them
//            the server has carried out, and can join the rooms that they are for.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/rate_limit.hpp"
#include "common/base/time.hpp"
#include "common/transport/congestion.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native/native_command.hpp"

namespace chatd::client {

class Uplink {
 public:
  // Of the server's WELCOME or LIMITS. 0 in either field: no limit.
  struct Pace {
    std::uint32_t messages_per_1000_seconds{0};
    std::uint32_t burst{1};
  };

  // Returns the command's number, from 1 on. A command that is too long is cut. `room`: the further
  // room that it is for, whose RoomAddress `name` is.
  std::uint64_t add(wire::CommandKind kind, std::string_view name, std::string_view text,
                    std::string_view room = {});
  // A command of the Member, not of the user. It is not held, and is dropped with its session.
  std::uint64_t add_own(wire::CommandKind kind, std::string_view name, std::string_view text);
  // The next number; no command has it.
  std::uint64_t skip_number() { return ++last_number_; }

  // The same session: the server has read the command stream up to `offset`. Commands below are
  // confirmed, the others are sent again.
  void resume(std::uint64_t offset, Pace pace);
  // Another session: all commands are held. An offset other than 0 means that another client of the
  // member has sent commands in it, so that no burst may be left. `same_history`: records may show
  // which of the commands were carried out.
  void hold(std::uint64_t offset, Pace pace, bool same_history, MonoTime now);
  // New commands are held beyond release(), until end_hold_new().
  void hold_new() noexcept { new_from_ = last_number_ + 1; }
  // All commands are held until release(). Does nothing without hold_new() before.
  void end_hold_new() noexcept;
  // Until release().
  [[nodiscard]] bool is_holding() const noexcept { return holding_; }
  // The commands before hold_new() get new offsets, behind those that were sent since hold(), and
  // their rooms the ids that they have now. Returns the numbers of all held commands whose room has
  // none; they are removed.
  using RoomIds = std::function<std::optional<wire::RoomId>(std::string_view room)>;
  std::vector<std::uint64_t> release(const RoomIds& id_of);

  // Commands for the room `before` are for the room `name` from now on.
  void rename_room(std::string_view before, std::string_view name);

  void set_pace(Pace pace);
  // A WAIT: the command that begins at `offset` came too early. It is sent again, with all commands
  // behind it, when `wait` is over.
  void on_wait(std::uint64_t offset, Micros wait, MonoTime now);
  // An ACK: the server has read up to `offset`.
  void on_ack(std::uint64_t offset, const transport::Rtt& rtt, MonoTime now);
  // The number of the command that ends at this offset.
  [[nodiscard]] std::optional<std::uint64_t> number_at(std::uint64_t offset) const;
  // The number of the held command that ended there in the session in which it was sent.
  [[nodiscard]] std::optional<std::uint64_t> held_number_at(std::uint64_t offset) const;
  // Removes the first command if it ends at or below `up_to`.
  struct Done {
    std::uint64_t number;
    bool is_reported;   // false: the Member's own, or a question, whose answer is its report
    std::uint64_t end;  // where it ends in the stream
  };
  [[nodiscard]] std::optional<Done> take_confirmed(std::uint64_t up_to);
  void forget(std::uint64_t number);
  // A record shows that the command that ends at this offset was carried out. Its ACK may never
  // come, if the session ends before.
  void note_carried_out(std::uint64_t offset);
  // Removes these commands, and returns their numbers.
  std::vector<std::uint64_t> take_carried_out();
  // 0: none, besides those that are held.
  [[nodiscard]] std::uint64_t first_unconfirmed() const {
    return waiting_.empty() ? 0 : waiting_.front().number;
  }

  // The lowest number of the commands that are held or not confirmed; 0: there are none.
  [[nodiscard]] std::uint64_t first_unanswered() const;

  // Writes a DATA frame with the commands that are due. False: none.
  bool write(wire::ByteWriter& out, const transport::Rtt& rtt, MonoTime now);
  [[nodiscard]] MonoTime deadline() const;

  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + held_.size(); }
  [[nodiscard]] std::uint64_t acked() const noexcept { return acked_; }
  [[nodiscard]] bool is_waiting_for_ack() const noexcept { return sent_ > acked_; }

 private:
  struct Command {
    std::uint64_t number;
    wire::CommandKind kind;
    bool is_own;
    bool is_carried_out;
    std::string room;  // the further room that it is for
    std::string bytes;
    std::uint64_t end;  // its end in the stream; of a held one in its old stream, or 0
  };
  [[nodiscard]] Command made(wire::CommandKind kind, std::string_view name, std::string_view text);
  void append(Command command);
  void begin(std::uint64_t offset, Pace pace);
  // Asks the pace how many commands may be sent now.
  void let_go(MonoTime now);
  // After a silence: the server has received the commands up to here only now.
  void charge_again(std::uint64_t up_to, MonoTime now);
  // When the timer ends, everything that is not acknowledged is sent again.
  void send_again(MonoTime now);

  std::deque<Command> waiting_;
  std::deque<Command> held_;
  bool holding_{false};
  std::uint64_t new_from_{0};  // commands from this number on are held by hold_new(); 0: none are
  std::uint64_t last_number_{0};
  std::uint64_t acked_{0};
  std::uint64_t let_go_{0};  // the pace was asked for everything below
  std::uint64_t sent_{0};    // everything below was sent
  std::uint64_t end_{0};     // of the stream
  RateLimit pace_{0, 0};     // a little slower than the server's limit
  std::int64_t arrival_{0};
  MonoTime next_let_go_{};  // when to ask the pace again; 0: never
  MonoTime timer_{};        // when to send again; 0: nothing is in flight
  MonoTime repaired_{};
  std::uint32_t probes_{0};
  transport::Congestion congestion_;
  std::uint64_t recovery_{0};  // a loss below this offset does not reduce the window again
  bool held_back_{false};      // the window was full last time
};

}  // namespace chatd::client

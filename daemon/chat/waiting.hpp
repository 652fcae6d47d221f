// SPDX-License-Identifier: GPL-3.0-or-later
// waiting.hpp — direct messages that wait for a person that is not in, until one of its programs
// has acknowledged them.
//
// Runs in:   gateway.
// Owns:      indexes of the rows. Borrows: the StateView, the Sessions and the Mailboxes.
// Pure:      no descriptor, no clock, no log.
// Invariant: a message is acknowledged by one program of its receiver once, also if the gateway is
//            killed at any instruction: the row says in which mailbox the message is before it is
//            put there, and is removed when that program has acknowledged it. If the session ends
//            before, the message goes to another one. After the death of all processes a message
//            that was acknowledged just before may come a second time; none is lost that was saved.
// Limits:    kForAPerson messages wait for a person, of these kOfAuthorForPerson of one author,
//            kOfNetworkForPerson of the authors in one network, and kOfUnownedForPerson of authors
//            that do not own their name: keys are free, and owned names are not. kOfAnAuthor of an
//            author, kOfANetwork of a network and kOfUnowned of authors that do not own their name
//            wait for all persons together. The server's machine is no network.
// Time:      a message that is older than history.max_age is removed unread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/wire/reasons.hpp"
#include "daemon/chat/mailboxes.hpp"
#include "daemon/chat/sessions.hpp"
#include "daemon/config/config.hpp"
#include "daemon/state/kept_table.hpp"
#include "daemon/state/waiting_row.hpp"

namespace chatd::chat {

class Waiting {
 public:
  static constexpr std::size_t kForAPerson = 100;
  static constexpr std::size_t kOfAuthorForPerson = 5;
  static constexpr std::size_t kOfNetworkForPerson = 25;
  static constexpr std::size_t kOfUnownedForPerson = kForAPerson / 2;
  static constexpr std::uint32_t kOfAnAuthor = 50;
  static constexpr std::uint32_t kOfANetwork = state::kWaitingRows / 8;
  static constexpr std::uint32_t kOfUnowned = state::kWaitingRows / 2;

  Waiting(const state::StateView& state, const Sessions& sessions, Mailboxes& mailboxes,
          const config::Config::History& history);
  // Called once, after Sessions::adopt(), and before anything is put into a mailbox.
  void adopt();
  // False: the server stores no text of members, also not of these messages.
  [[nodiscard]] bool is_enabled() const noexcept { return is_enabled_; }

  // A message of a session. The text is cleaned.
  struct Message {
    Slot author;
    std::uint64_t command_end;  // in the stream of the session
    state::PersonId receiver;
    std::string_view text;
    WallTime now;
    bool is_proved;  // the author owns its name
  };
  // nullopt: it waits. Else why it may not.
  std::optional<wire::Reason> add(const Message& message);

  // True for a session that shows a direct message to its user: its client has said at its login
  // that it does, and it is neither brief nor away.
  [[nodiscard]] bool can_read(Slot session) const;
  // Puts what waits for the person of the session into its mailbox, as long as half of that is
  // free, and forgets what the session has acknowledged. To be called when a session can read: it
  // has logged in, is attached again, has acknowledged something.
  void serve(Slot session);
  [[nodiscard]] bool is_empty() const noexcept { return for_person_.empty(); }
  // Called about once a second: removes old messages, and calls serve() for the programs of each
  // person for whom a message waits. Another program of the person may have ended before it had
  // acknowledged the message.
  // `slot_of(person)`: a session of the member of that person, if it is in.
  template <class SlotOf>
  void tick(MonoTime now, SlotOf slot_of) {
    remove_old(now);
    for (const state::PersonId person : persons()) {
      if (const std::optional<Slot> slot = slot_of(person)) serve_all(*slot);
    }
  }
  // The number of messages that wait for the person.
  [[nodiscard]] std::size_t count(state::PersonId person) const;

  // The messages of the authors of that name, in any case, that were said before `before`.
  struct Selection {
    std::string_view author{};  // empty: of all
    std::optional<WallTime> before{};
    bool is_dry_run{false};
  };
  // Removes them, and returns their number.
  std::uint64_t erase(const Selection& selection);

  // Calls take(row) for each message that a session of now has sent.
  template <class Take>
  void for_each_sent(Take take) const {
    rows_.for_each([&](std::uint32_t /*at*/, const state::WaitingRow& row) {
      if (row.epoch == epoch_ && sessions_.is_member(sender_of(row))) take(row);
    });
  }
  [[nodiscard]] static logs::Sender sender_of(const state::WaitingRow& row) noexcept {
    return {.slot = Slot{row.sender_slot}, .generation = logs::Generation{row.sender_generation}};
  }

 private:
  using Rows = std::vector<std::uint32_t>;  // in the order in which they were made

  [[nodiscard]] std::optional<wire::Reason> reason_not_to(const Message& message) const;
  // The session in whose mailbox the message is. nullopt: in none that is there now.
  [[nodiscard]] std::optional<Slot> placed_in(const state::WaitingRow& row) const;
  // False: there is no space in the mailbox now.
  bool place(std::uint32_t at, Slot session);
  void forget_read(Slot session);
  void serve_all(Slot member);
  void remove_old(MonoTime now);
  [[nodiscard]] std::vector<state::PersonId> persons() const;
  void note(std::uint32_t at);
  void drop(std::uint32_t at);

  state::KeptTable<state::WaitingRow> rows_;
  std::span<state::NativeSlot> natives_;
  const Sessions& sessions_;
  Mailboxes& mailboxes_;
  const state::ArchiveFigures& archive_;  // has the time by which messages become too old
  std::uint64_t epoch_;                   // of the history
  bool is_enabled_;
  std::chrono::seconds max_age_;  // 0: without limit
  std::unordered_map<std::uint64_t, Rows> for_person_;
  // Numbers of messages that wait, for all persons together.
  std::unordered_map<std::uint64_t, std::uint32_t> of_author_;
  std::map<IpAddress, std::uint32_t, AddressOrder> of_network_;
  std::uint32_t of_unowned_{0};  // those of authors that do not own their name
};

}  // namespace chatd::chat

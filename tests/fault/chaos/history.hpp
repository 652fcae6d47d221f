// SPDX-License-Identifier: GPL-3.0-or-later
// history.hpp — a record of all that the clients of one room sent, saw acknowledged, and received.
//
// Runs in:   test programs.
// Owns:      the events of all readers. A reader is one client program: a client that is killed and
//            started again under the same name is another reader, and so is each program of a user
//            that runs several. In the history of a further room a reader is one membership of a
//            client: from its join until it leaves or is removed.
// Invariant: the events of a reader are kept in the order in which they happened.
// See:       history_check.hpp, which finds violations in it.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/fault/chaos/ended_clients.hpp"
#include "tests/fault/chaos/heard.hpp"
#include "tests/fault/chaos/waiting_messages.hpp"

namespace chatd::test {

class History {
 public:
  // The protocol of a reader.
  enum class Dialect : std::uint8_t { native, text };
  // The state of a message or a change that a reader sent, as far as it knows.
  enum class Fate : std::uint8_t { unknown, confirmed, refused };
  // A message, or a change of the room: `text` is that of its record.
  struct Sent {
    std::string text;
    wire::RecordKind kind{wire::RecordKind::say};
    std::string to{};  // the recipient of a direct message; else empty
    Fate fate{Fate::unknown};
    std::string why{};  // the code of the refusal, if any
    // Of a direct message: the programs of its recipient that were in when it was sent, and the
    // other programs of its sender, each of which gets a record `sent`.
    std::vector<std::size_t> receivers{};
    std::vector<std::size_t> informed{};
    bool has_no_other{false};          // no other session of the recipient can get it
    bool waits{false};                 // the server has said that it waits for its recipient
    std::set<std::size_t> may_miss{};  // of these programs, those whose mailbox may have been full
    std::uint64_t at{0};               // the number of the event: sent
    std::uint64_t refused_at{0};       // the number of the event, if it was refused
  };
  struct Reader {
    std::string name;
    Dialect dialect{};
    std::map<std::uint64_t, Sent> sent{};  // by the number that the client gave it
    std::vector<Heard> heard{};            // lines of the room, of a native member
    std::set<std::size_t> replayed{};      // indices in `heard` of lines from before the session
    std::vector<Heard> earlier{};          // lines from before its join, in their order
    std::vector<Heard> direct_messages{};
    std::vector<std::uint64_t> direct_at{};  // of each of them, the number of the event
    std::vector<Heard> copies{};             // records `sent`: the name is that of the recipient
    std::size_t unread{};   // bytes of direct messages for it that it has not received
    std::size_t answers{};  // bytes of other records that its mailbox may have
    std::set<std::pair<std::size_t, std::uint64_t>> awaited{};  // unconfirmed: sender, number
    std::vector<std::string> lines{};                           // lines that a text member received
    std::vector<std::string> complaints{};
    std::uint64_t begun_at{0};  // the number of the event: the client began
    std::uint64_t in_at{0};     // the same: it was told that it is in; 0: it was not
    bool continues{false};      // the client was in when the history began
    bool is_over{false};  // the client was killed or has quit: it does not receive the last line
    std::uint64_t ends_at{0};  // the number of the event: it was killed, or begins to quit; 0: not
    bool is_ended_by_server{false};  // before the client learned of it
    bool has_repeated_login{false};  // its login began again after its CONFIRM
    bool has_left{false};            // the client left the further room, and is still connected
    bool is_removed{false};          // the client was removed from the further room
  };
  // An announcement or a change by chatctl.
  struct Announced {
    std::string text;  // of its record
    bool is_confirmed{};
    wire::RecordKind kind{wire::RecordKind::announce};
  };

  // The time of the events that follow.
  void set_time(MonoTime now) noexcept { now_ = now; }
  // Adds a reader. Returns its number.
  std::size_t begin_reader(std::string name, Dialect dialect, bool continues = false);
  void sent(std::size_t reader, std::uint64_t number, Sent what);
  // `waits`: a direct message that waits for its recipient.
  void confirmed(std::size_t reader, std::uint64_t number, bool waits = false);
  void refused(std::size_t reader, std::uint64_t number, std::string why);
  void heard(std::size_t reader, Heard what, bool is_replay = false);
  void earlier(std::size_t reader, Heard what);
  void direct(std::size_t reader, Heard what);
  void copy(std::size_t reader, Heard what);
  void answers(std::size_t reader, std::size_t bytes);  // sets `answers`
  void line(std::size_t reader, std::string line);
  // Records an event that must not happen to a client here: a missed line, a removal, ...
  void complaint(std::size_t reader, std::string what);
  void quits(std::size_t reader);  // the client begins to quit; over() follows
  void over(std::size_t reader, bool is_by_server = false);  // sets is_over
  void left(std::size_t reader);                             // sets has_left
  // The client was told that it is in. A later call counts as long as it has heard nothing.
  void came_in(std::size_t reader);
  void login_repeated(std::size_t reader);  // sets has_repeated_login
  void removed(std::size_t reader);         // sets is_removed
  void client_ended(const std::string& user, EndedClients::Life life) { ended_.add(user, life); }
  void announced(Announced what);
  // The command of an announced text has ended well.
  void confirm_announced(const std::string& text);

  [[nodiscard]] const std::vector<Reader>& readers() const noexcept { return readers_; }
  [[nodiscard]] const std::vector<Announced>& announcements() const noexcept { return announced_; }
  // The sessions of this user are brief: its messages may come without its join, and once that is
  // told, it also reads lines from before it.
  void brief(const std::string& name) { brief_.insert(name); }
  // The number of the event: the first reader received the line. 0: none did.
  [[nodiscard]] std::uint64_t first_heard_at(const Heard& heard) const {
    const auto found = heard_at_.find(heard);
    return found == heard_at_.end() ? 0 : found->second.event;
  }
  [[nodiscard]] bool is_brief(const std::string& name) const { return brief_.contains(name); }
  // Whether a client of the same user that has ended may have made the join.
  [[nodiscard]] bool may_be_of_ended_client(const Heard& join) const;
  [[nodiscard]] const WaitingMessages& waiting() const noexcept { return waiting_; }
  // Writes the whole history as text, one line for each event.
  void write(std::ostream& out) const;

 private:
  // Where a direct message is in `readers_`.
  struct Place {
    std::size_t sender{};
    std::uint64_t number{};
    bool is_received{false};
  };
  void note_crowd(std::size_t reader);
  void note_wait(const DirectMessage& message, const Sent& sent);
  void end_wait(std::size_t sender, std::uint64_t number, bool is_refused);
  [[nodiscard]] bool has(std::size_t reader, const DirectMessage& message) const;

  std::vector<Reader> readers_;
  std::uint64_t events_{0};  // of all readers, for their order
  MonoTime now_{};
  std::map<Heard, FirstHeard> heard_at_;  // each line of the room
  std::map<DirectMessage, Place> direct_;
  WaitingMessages waiting_;
  EndedClients ended_;
  std::set<std::string> brief_;  // users
  std::vector<Announced> announced_;
};

}  // namespace chatd::test

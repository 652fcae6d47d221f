// SPDX-License-Identifier: GPL-3.0-or-later
// history.hpp — what every client of a room sent, saw acknowledged, and received.
//
// Runs in:   test programs.
// Owns:      the stories of all readers. A reader is one client program: whoever dies and
//            comes back under the same name is another one.
// Invariant: what is told of a reader is kept in the order in which it happened to it.
// See:       history_check.hpp, which says what is wrong with it.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native_record.hpp"

namespace chatd::test {

// A record of the room as a native member was shown it. Two are the same record if all is the
// same: nothing is said twice in one microsecond.
struct Heard {
  wire::RecordKind kind{};
  std::string name{};
  std::string text{};
  WallTime time{};
  auto operator<=>(const Heard&) const = default;
};
[[nodiscard]] std::string to_text(const Heard& heard);

class History {
 public:
  enum class Dialect : std::uint8_t { native, text };
  enum class Fate : std::uint8_t { unknown, confirmed, refused };
  struct Sent {
    std::string text;
    std::string to{};  // a letter's
    Fate fate{Fate::unknown};
    std::string why{};  // the code of its refusal
  };
  struct Reader {
    std::string name;
    Dialect dialect{};
    std::map<std::uint64_t, Sent> sent{};  // by the number that the client gave it
    std::vector<Heard> heard{};            // of a native member
    std::vector<Heard> letters{};
    std::vector<std::string> lines{};  // of a text member
    std::vector<std::string> complaints{};
    bool is_over{false};  // killed, or gone home: it does not hear the end
  };
  struct Announced {
    std::string text;
    bool is_confirmed{};
  };

  // The new reader's number.
  std::size_t begin_reader(std::string name, Dialect dialect);
  void sent(std::size_t reader, std::uint64_t number, Sent what);
  void confirmed(std::size_t reader, std::uint64_t number);
  void refused(std::size_t reader, std::uint64_t number, std::string why);
  void heard(std::size_t reader, Heard what);
  void letter(std::size_t reader, Heard what);
  void line(std::size_t reader, std::string line);
  // What no client should ever be told here: that it missed something, was thrown out, ...
  void complaint(std::size_t reader, std::string what);
  void over(std::size_t reader);
  void announced(std::string text, bool is_confirmed);

  [[nodiscard]] const std::vector<Reader>& readers() const noexcept { return readers_; }
  [[nodiscard]] const std::vector<Announced>& announcements() const noexcept { return announced_; }

  // All of it, a line for each thing that happened.
  void write(std::ostream& out) const;

 private:
  std::vector<Reader> readers_;
  std::vector<Announced> announced_;
};

}  // namespace chatd::test

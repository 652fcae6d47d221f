// SPDX-License-Identifier: GPL-3.0-or-later
// native_history.hpp — questions of members about lines that are stored on the server's disk, and
// the texts of the records that answer them.
//
// Runs in:   client (writes questions, reads records), gateway.
// Borrows:   a decoded struct borrows the text. Pure; nothing allocates.
// Shape:     an answer is any number of records `stored`, the oldest line first, and one `page`. A
//            line is named by its room and its number, which grows in the room and is never used
//            again there.
// Invariant: any bytes are a value or nothing. A `serial` is chosen by the client for each
//            question, so that the rest of an answer to an earlier one is not taken for this one's.
// See:       chatd-protocol(7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::wire {

// The most lines of an answer.
inline constexpr std::uint8_t kMaxPageLines = 50;

enum class HistoryWay : std::uint8_t {
  before = 1,  // the newest lines below the number
  after = 2,   // the oldest lines above it
  around = 3,  // some below it, and some from it on
  since = 4,   // the oldest lines since a time
  search = 5,  // of the lines below the number, the newest ones that a text is found in
  // The same in all rooms that the member is in: of the lines that were stored before the line with
  // the number, in the room of the command.
  search_all = 6,
};
[[nodiscard]] constexpr bool is_search(HistoryWay way) noexcept {
  return way == HistoryWay::search || way == HistoryWay::search_all;
}
// The text of a command `history`.
struct HistoryQuestion {
  std::uint32_t serial{};
  HistoryWay way{};
  std::uint64_t value{};    // a number; of `since`: microseconds since 1970
  std::uint8_t lines{};     // at most so many; 0: kMaxPageLines
  std::string_view text{};  // of a search: see search_query.hpp; else empty

  static constexpr void fields(auto& v, auto& question) {
    v("serial", question.serial);
    v("way", question.way);
    v("value", question.value);
    v("lines", question.lines);
    v("text", Rest{question.text});
  }
};

// In place of a RecordKind: lines that are not stored, from `number` to `last`.
inline constexpr std::uint16_t kStoredGap = 0;

// The text of a record `stored`, whose name is the author's and whose time is that of the line.
struct StoredLine {
  std::uint32_t serial{};
  std::uint32_t room{};    // its id
  std::uint64_t number{};  // of the line
  std::uint16_t kind{};    // a RecordKind, or kStoredGap
  std::uint64_t person{};  // the author, see named_person.hpp; 0: not known, or no key
  std::uint64_t last{};    // of a gap: the last number; 0: not known. Else 0
  std::string_view text{};

  static constexpr void fields(auto& v, auto& line) {
    v("serial", line.serial);
    v("room", line.room);
    v("number", line.number);
    v("kind", line.kind);
    v("person", line.person);
    v("last", line.last);
    v("text", Rest{line.text});
  }
};
// The text of a record `page`: the answer is complete.
struct StoredPage {
  std::uint32_t serial{};
  std::uint32_t room{};  // its id; of `search_all`: of the room that `first` is a number of
  // The numbers to go on from, with `before` and with `after`: those of the first and of the last
  // line that were looked at, which may be none of the answer's.
  std::uint64_t first{};
  std::uint64_t last{};
  bool has_older{};  // there may be lines before `first`
  bool has_newer{};  // and behind `last`
  // Of `search_all`: "id\tname\n" of each room that has a line in the answer, see room_name_in().
  std::string_view rooms{};

  static constexpr void fields(auto& v, auto& page) {
    v("serial", page.serial);
    v("room", page.room);
    v("first", page.first);
    v("last", page.last);
    v("has_older", page.has_older);
    v("has_newer", page.has_newer);
    v("rooms", Rest{page.rooms});
  }
};

inline constexpr std::size_t kStoredBytes = encoded_bytes(StoredLine{});
inline constexpr std::size_t kPageBytes = encoded_bytes(StoredPage{});

// nullopt: the text has another size, or the way is not known. No text of a search is looked at.
[[nodiscard]] std::optional<HistoryQuestion> read_history(std::string_view text) noexcept;
// nullopt: the text is too short.
[[nodiscard]] std::optional<StoredLine> read_stored(std::string_view text) noexcept;
[[nodiscard]] std::optional<StoredPage> read_page(std::string_view text) noexcept;
// The name of a room in StoredPage::rooms. nullopt: it is not there, or is no possible name.
[[nodiscard]] std::optional<std::string_view> room_name_in(std::string_view rooms,
                                                           std::uint32_t id);

}  // namespace chatd::wire

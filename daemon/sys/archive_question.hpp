// SPDX-License-Identifier: GPL-3.0-or-later
// archive_question.hpp — the question of a member about stored lines, and the answer, as gateway
// and archive exchange them.
//
// Runs in:   gateway (asks), archive (answers).
// Shape:     see archive_channel.hpp. The values are those of the native protocol, see
//            common/wire/native/native_history.hpp, which this folder does not know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chatd::sys {

// A room as the gateway knows it.
struct QuestionRoom {
  std::uint32_t id{};     // in the memory of this service
  std::uint64_t born{};   // names the room in the database, too, see state::RoomSlot
  std::uint64_t begin{};  // the number with which its log begins in the memory
  std::uint64_t from{};   // the first number that the member may read; 0: all
  static constexpr void fields(auto& v, auto& room) {
    v("id", room.id);
    v("born", room.born);
    v("begin", room.begin);
    v("from", room.from);
  }
};

// The gateway has checked that the member is in the rooms.
struct Question {
  std::uint64_t id{};  // never used again by any gateway; the answer has it
  QuestionRoom room{};
  std::uint8_t way{};                 // a wire::HistoryWay
  std::uint64_t value{};              // a number, or microseconds since 1970
  std::uint8_t lines{};               // at most so many; 0: the largest number
  std::string text{};                 // of a search
  std::vector<QuestionRoom> rooms{};  // of `search_all`: all rooms of the member, and this one
  static constexpr void fields(auto& v, auto& question) {
    v("id", question.id);
    v("room", question.room);
    v("way", question.way);
    v("value", question.value);
    v("lines", question.lines);
    v("text", question.text);
    v("rooms", question.rooms);
  }
};

struct StoredLine {
  std::uint64_t number{};
  std::int64_t at{};       // microseconds since 1970
  std::uint16_t kind{};    // a wire::RecordKind; 0: lines that are not stored
  std::uint64_t person{};  // 0: not known, or no key
  std::uint64_t last{};    // of lines that are not stored; 0: not known
  std::string name{};
  std::string text{};
  // Of `search_all`: the id of the room, and as Answer::base.
  std::uint32_t room{};
  std::uint64_t base{};
  static constexpr void fields(auto& v, auto& line) {
    v("number", line.number);
    v("at", line.at);
    v("kind", line.kind);
    v("person", line.person);
    v("last", line.last);
    v("name", line.name);
    v("text", line.text);
    v("room", line.room);
    v("base", line.base);
  }
};
struct Answer {
  std::uint64_t id{};    // of the question
  bool is_read{};        // false: the database is not open, or reading it failed
  std::uint64_t base{};  // is added to numbers of the memory: they are those of the database then
  std::vector<StoredLine> lines{};  // the oldest one first
  // As in wire::StoredPage.
  std::uint32_t room{};
  std::uint64_t first{};
  std::uint64_t last{};
  bool has_older{};
  bool has_newer{};
  static constexpr void fields(auto& v, auto& answer) {
    v("id", answer.id);
    v("is_read", answer.is_read);
    v("base", answer.base);
    v("lines", answer.lines);
    v("room", answer.room);
    v("first", answer.first);
    v("last", answer.last);
    v("has_older", answer.has_older);
    v("has_newer", answer.has_newer);
  }
};

}  // namespace chatd::sys

// SPDX-License-Identifier: GPL-3.0-or-later
// native_record.hpp — a record of the room or of a mailbox. Its bytes are the same in shared memory
// and in the streams to native members.
//
// Runs in:   gateway (writes), worker and client (read). Pure.
// Shape:     the header, the name, the text, then zeros up to the next multiple of 8; integers
//            are little-endian.
// Errors:    a record of a kind that is not known is a record; its reader ignores it.
// See:       chatd-protocol(7); record_text.hpp; native_room.hpp, which has RoomSetting and
//            Moderation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <type_traits>

#include "common/wire/field_writer.hpp"
#include "common/wire/native/record_text.hpp"

namespace chatd::wire {

enum class RecordKind : std::uint16_t {
  join = 1,
  leave = 2,
  say = 3,
  announce = 4,
  kick = 5,
  action = 6,     // "/me": what the sender does
  topic = 7,      // name: the member that set the topic, "": the administrator; text: the topic
  set = 8,        // name: as of topic; text: a RoomSetting
  moderated = 9,  // name: as of topic; text: a Moderation
  crowd = 10,     // members joined and left that have no record each; text: a Crowd
  speaker = 11,   // before a message of a member whose join is not told: who has the name
  erased = 12,    // lines before it were taken back; name: as of topic; text: ErasedLines
  // In mailboxes only.
  direct = 16,  // a direct message; name: its sender; one that has waited: native_block.hpp
  notice = 17,  // a command was refused; name: a code, text: why
  who = 18,     // name: the room, "" for the server; text: NamedPersons, one a line, with "\taway"
             // behind one that is away; sender_slot: where the next part begins, kNobody: the list
             // is complete
  joined = 19,  // the member has joined a room; name: the room's name, text: a JoinedRoom
  left = 20,  // the member has left a room, or was removed; name: the room's name, text: a LeftRoom
  rooms = 21,    // text: rooms, one a line, "name\tmembers", "name\tmembers\tin" of a room that the
                 // member is in; sender_slot: as of who
  about = 22,    // name: the room's name; text: facts about it, one a line, "key\tvalue", see
                 // chatd-protocol(7); sender_slot: as of who
  invited = 23,  // the member was invited; name: the room's name; text: the member that invites,
                 // "": the administrator
  sent = 24,     // another program of the member sent a direct message; name: its receiver
  program = 25,  // another program of the member logged in; text: its address;
                 // sender_slot: its number, see `programs`
  programs = 26,  // text: the programs of the member, one a line, "number\taddress\tjoined\tidle":
                  // seconds since 1970 and seconds; behind the reader's own "\tthis". A number is
                  // kept while the program is in; sender_slot: as of who
  whois = 27,     // name: a user; text: facts about it, as of `about`; sender_slot: kNobody
  away = 28,      // name: a member that is away, to which the reader has sent a direct message;
                  // empty: the reader itself is away; text: the member's text about that
  back = 29,      // the reader itself is not away any more
  stored = 30,    // a line from the disk; name: its author; time: its time; text: a StoredLine
  page = 31,      // the end of an answer of records `stored`; text: a StoredPage
  own = 32,       // about an owned name; name: that name; text: an OwnAnswer
  device = 33,    // another device wants to have the reader's name; text: a DeviceQuestion
  blocks = 34,    // name: that of a DirectFrom; text: BlockedUsers, one a line; slot: as of who
  waits = 35,     // the reader's direct message waits for a user that is not in; name: that user
};

// Of the text of a member that is away.
inline constexpr std::size_t kMaxAwayBytes = 120;

struct RecordHeader {
  std::uint32_t size;  // of the whole record, a multiple of 8
  RecordKind kind;
  std::uint16_t name_bytes;
  std::uint32_t sender_slot;
  std::uint32_t text_bytes;
  std::uint64_t sender_generation;
  std::uint64_t sequence;  // grows strictly; a crash may skip a number
  std::int64_t wall_time;  // microseconds since 1970
  // Behind this command in the sender's command stream; masked in rooms, and in a `direct` and a
  // `sent`. 0: no command. Of a `join` and a `speaker`: the number of the person, see
  // named_person.hpp.
  std::uint64_t uplink_offset;

  static constexpr void fields(auto& v, auto& header) {
    v("size", header.size);
    v("kind", header.kind);
    v("name_bytes", header.name_bytes);
    v("sender_slot", header.sender_slot);
    v("text_bytes", header.text_bytes);
    v("sender_generation", header.sender_generation);
    v("sequence", header.sequence);
    v("wall_time", header.wall_time);
    v("uplink_offset", header.uplink_offset);
  }
};
inline constexpr std::size_t kMaxRecordBytes = 8192;
inline constexpr std::uint32_t kNobody = 0xFFFF'FFFF;  // as a sender_slot: no member

// Its memory is its encoding.
static_assert(sizeof(RecordHeader) == 48 && std::is_trivially_copyable_v<RecordHeader>);
static_assert(sizeof(RecordHeader) == encoded_bytes(RecordHeader{}));

// Has the record the number of a person in place of a command offset?
[[nodiscard]] constexpr bool has_person(RecordKind kind) noexcept {
  return kind == RecordKind::join || kind == RecordKind::speaker;
}

// Is the record the result of a command of its sender?
[[nodiscard]] constexpr bool has_command(const RecordHeader& header) noexcept {
  return !has_person(header.kind) && header.uplink_offset != 0;
}

// Is the record a message of a text member, which has no key and no command stream?
[[nodiscard]] constexpr bool is_from_text_member(const RecordHeader& header) noexcept {
  const bool is_message = header.kind == RecordKind::say || header.kind == RecordKind::action;
  return is_message && header.sender_slot != kNobody && header.uplink_offset == 0;
}

// Can a record of this size begin where `available` bytes of the log are left?
[[nodiscard]] constexpr bool is_record_size(std::uint64_t size, std::uint64_t available) noexcept {
  return size % 8 == 0 && size >= sizeof(RecordHeader) && size <= kMaxRecordBytes &&
         size <= available;
}

// Borrows the bytes that it was read from.
struct RecordView {
  RecordHeader header;
  std::string_view name;
  std::string_view text;
};

// True: the text of a line was erased, and is blanks now. No member can write such a line.
[[nodiscard]] constexpr bool is_erased(const RecordView& record) noexcept {
  using enum RecordKind;
  const RecordKind kind = record.header.kind;
  const bool is_line = kind == say || kind == action || kind == announce || kind == topic;
  return is_line && !record.text.empty() &&
         record.text.find_first_not_of(' ') == std::string_view::npos;
}

enum class RecordFault : std::uint8_t {
  incomplete,  // more bytes of the stream are needed
  malformed,   // no record can begin here
};
// The record at the front of `stream`.
[[nodiscard]] std::expected<RecordView, RecordFault> read_record(Bytes stream) noexcept;

}  // namespace chatd::wire

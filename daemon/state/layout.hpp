// SPDX-License-Identifier: GPL-3.0-or-later
// layout.hpp — every byte that two processes share. A change here also changes kLayoutVersion.
//
// Runs in:   supervisor (creates it), gateway, worker.
// Invariant: every 64-bit word has one writer, named below, and no lock exists. A process that
//            is killed at any instruction leaves the region usable by its successor.
//
//   +--------+-----------+----------+---------+--------+---------+--------+--------+------------+
//   | Header | Processes | Counters | archive | active | session | native | stored | sub-       |
//   | 1 page |           |          |         | bitmap | slots   | slots  | places | scriptions |
//   +--------+-----------+----------+---------+--------+---------+--------+--------+------------+
//   '------------------------------ read and write for every role ------------------------------'
//   +------+-------+------+------------+-------+--------+---------+------+------+-------------+
//   | ring | mail- | room | properties | rules | kept   | room    | room | room | default     |
//   | head | boxes | rows | of rooms   |       | tables | members | news | logs | room, twice |
//   +------+-------+------+------------+-------+--------+---------+------+------+-------------+
//   '-------------------------------- read-only for workers ---------------------------------'
// Session slot, generation g: odd while the slot holds a session, even while it is free.
//   open:  fields, then generation := g + 1 (release), then the bit in the active bitmap
//   close: the bit, then generation := g + 1 (release), then the fields may change
// A worker that copies a slot's Delivery reads the generation before and after.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "common/base/address.hpp"
#include "common/wire/native/native_record.hpp"
#include "daemon/log/crash_point.hpp"
#include "daemon/log/record.hpp"
#include "daemon/state/archive_figures.hpp"
#include "daemon/state/counters.hpp"
#include "daemon/state/process_control.hpp"
#include "daemon/state/room_head.hpp"

namespace chatd::state {

inline constexpr std::uint64_t kMagic = 0x6465'7461'7463'6843;  // "Chatated"
inline constexpr std::uint32_t kLayoutVersion = 17;
inline constexpr std::size_t kMaxWorkers = 16;
inline constexpr std::size_t kMaxProcesses = 3 + kMaxWorkers;  // 0: gateway; one archive, one web
inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxSockets = 16;

// Written by: supervisor, once, before the first fork.
struct Header {
  std::uint64_t magic;
  std::uint32_t layout_version;
  std::uint32_t abi_hash;
  std::uint64_t epoch;  // the history id: random; another one is another room history
  std::uint64_t total_bytes;
  std::uint64_t ring_bytes;
  std::uint32_t sessions;         // capacity of the session table
  std::uint32_t rooms;            // further rooms beside the default one
  std::uint64_t room_ring_bytes;  // of each further room
  std::uint32_t names;            // owned names that there can be
  std::uint32_t web_sessions;     // capacity for sessions of kind web, at the end of the table
  std::int64_t started_wall;      // microseconds since 1970, when the service started
};

// How the sessions outlive the processes of the service. Written by: supervisor, while no
// child runs.
struct Keeping {
  std::uint32_t handed_over;  // 1: after an orderly stop, with every line sent and recorded
  std::uint32_t take_overs;   // after crashes, each soon after the last one
  std::int64_t last_take_over_wall;
  std::uint64_t last_room;  // the highest room id that services before this memory used
  std::uint64_t sockets;
  std::array<Endpoint, kMaxSockets> socket;  // Delivery.socket is an index into it
};
inline constexpr std::size_t kKeepingOffset = 1024;  // on the header's page
static_assert(sizeof(Header) <= kKeepingOffset && kKeepingOffset + sizeof(Keeping) <= 2048);

// A person: all sessions with one key; without a key, one session. 0: no person. See
// daemon/chat/person.hpp.
enum class PersonId : std::uint64_t {};

// How a member is reached; copied as 64-bit words, see words.hpp. Written by: gateway.
struct alignas(8) Delivery {
  Endpoint peer;
  IpAddress local;  // wildcard: the socket is bound to one address
  std::uint16_t socket;
  std::uint8_t newline;  // 1: the member's own datagrams end in a newline, so ours do, too
  // 1: a text session of another machine whose address is not proven yet, see chat/unproved.hpp.
  std::uint8_t unproved;
};

enum class SessionPhase : std::uint8_t { free, joining, active, leaving };
enum class LeaveKind : std::uint8_t { quit, kicked, idle, unreachable };
enum class SessionKind : std::uint8_t { text, native, web };  // web: of a browser
// text.chat_form, decided per session by its first message.
enum class NamingHabit : std::uint8_t { unknown, names_itself, plain };

struct SessionSlot {
  // Written by: gateway.
  alignas(kCacheLine) std::atomic<std::uint64_t> generation;
  std::atomic<SessionPhase> phase;
  LeaveKind leave_kind;
  NamingHabit naming_habit;
  SessionKind kind;  // native, web: the rest is in native_slot.hpp
  std::uint8_t name_bytes;
  // 1: nobody is told of its join, or of its leave: the member is in with another program.
  std::uint8_t is_quiet_join;
  std::uint8_t is_quiet_leave;
  Delivery delivery;                               // of a text member
  alignas(kCacheLine) std::uint64_t start_offset;  // the first byte of the room log that it gets
  std::uint64_t leave_offset;                      // where its leave record begins
  std::int64_t joined_wall;
  std::int64_t last_heard;         // monotonic
  std::int64_t rate_arrival;       // theoretical arrival time of the rate limit (GCRA)
  std::int64_t notice_not_before;  // monotonic; at most one notice a second
  std::uint64_t messages;
  PersonId person;
  std::array<char, kMaxNameBytes> name;
  // Written by: the slot's worker (slot number modulo the count of workers).
  alignas(kCacheLine) std::atomic<std::uint64_t> sent_generation;
  std::atomic<std::uint64_t> sent;  // room-log offset up to which lines were handed over
  // Written by: gateway, once each: see Telling. A quiet join has the flag of its member's join.
  std::uint32_t counted_before_join;
  std::uint32_t counted_before_leave;
  std::uint8_t is_counted_join;
  std::uint8_t is_counted_leave;
  std::atomic<LateJoin> late_join;        // the gateway's, as the next two
  std::uint64_t late_join_offset;         // where the record of a late join belongs
  std::atomic<std::int64_t> brief_since;  // monotonic; 0: not brief, see daemon/chat/brief.hpp
};

// Records are sent to native members as they are stored here.
using wire::is_record_size;
using wire::kMaxRecordBytes;
using wire::RecordHeader;
using wire::RecordKind;

// How shared memory is written, read, and numbered.
using logs::crash_point;
using logs::Generation;
using logs::load_value;
using logs::Offset;
using logs::Sender;
using logs::Slot;
using logs::store_value;

static_assert(sizeof(Delivery) % 8 == 0 && std::is_trivially_copyable_v<Delivery>);
static_assert(sizeof(SessionSlot) == 4 * kCacheLine);
static_assert(offsetof(SessionSlot, sent_generation) % kCacheLine == 0);

}  // namespace chatd::state

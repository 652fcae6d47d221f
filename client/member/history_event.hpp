// SPDX-License-Identifier: GPL-3.0-or-later
// history_event.hpp — questions about lines that the server has stored on its disk, and the events
// with the answers.
//
// Runs in:   uchat; tests and the load generator. Pure.
// Shape:     as event.hpp.
// See:       native_history.hpp; chatd-protocol(7).
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "common/base/time.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/native/native_session_frames.hpp"

namespace chatd::client {

// For how long the server stores lines, as its WELCOME says.
struct KeptHistory {
  wire::HistoryKept is{};
  std::uint32_t seconds{0};  // 0: no limit in time
  static constexpr void fields(auto& v, auto& kept) {
    v("is", kept.is);
    v("seconds", kept.seconds);
  }
  friend bool operator==(const KeptHistory&, const KeptHistory&) = default;
};

// A line is named by its room and its number, see Line::sequence.
struct HistoryRequest {
  std::string room{};  // "": the default room
  wire::HistoryWay way{wire::HistoryWay::before};
  std::uint64_t value{std::numeric_limits<std::uint64_t>::max()};  // as in wire::HistoryQuestion
  std::uint8_t lines{0};                                           // 0: wire::kMaxPageLines
  std::string text{};                                              // of a search
  std::uint32_t at{0};  // of `search_all`: the id of the room that `value` is a number of
  static constexpr void fields(auto& v, auto& request) {
    v("room", request.room);
    v("way", request.way);
    v("value", request.value);
    v("lines", request.lines);
    v("text", request.text);
    v("at", request.at);
  }
  friend bool operator==(const HistoryRequest&, const HistoryRequest&) = default;
};

struct HistoryLine {
  std::uint16_t kind{wire::kStoredGap};  // a wire::RecordKind; kStoredGap: lines that are not
                                         // stored, from `number` to `last`
  std::uint64_t number{0};
  std::uint64_t last{0};  // of a gap; 0: not known
  std::uint64_t person{0};
  std::string name{};
  std::string text{};
  WallTime time{};
  std::uint32_t room_id{0};
  std::string room{};  // of `search_all`: its name; "": the default room
  static constexpr void fields(auto& v, auto& line) {
    v("kind", line.kind);
    v("number", line.number);
    v("last", line.last);
    v("person", line.person);
    v("name", line.name);
    v("text", line.text);
    v("time", line.time);
    v("room_id", line.room_id);
    v("room", line.room);
  }
  friend bool operator==(const HistoryLine&, const HistoryLine&) = default;
};
// The answer to a HistoryRequest, also if it is a refusal. The oldest line comes first.
struct HistoryPage {
  HistoryRequest request{};
  std::vector<HistoryLine> lines{};
  std::uint64_t first{0};       // go on with `before` this number
  std::uint32_t first_room{0};  // of `search_all`: of the room with this id
  std::uint64_t last{0};        // or with `after` this one
  bool has_older{false};
  bool has_newer{false};
  bool more{false};    // on the pipe: another piece follows
  std::string code{};  // of a refusal; see wire::message_refusal_of()
  std::string text{};  // the reason of a refusal, as the server sent it
  static constexpr void fields(auto& v, auto& page) {
    v("request", page.request);
    v("lines", page.lines);
    v("first", page.first);
    v("first_room", page.first_room);
    v("last", page.last);
    v("has_older", page.has_older);
    v("has_newer", page.has_newer);
    v("more", page.more);
    v("code", page.code);
    v("text", page.text);
  }
  [[nodiscard]] bool is_refused() const noexcept { return !code.empty() || !text.empty(); }
};

}  // namespace chatd::client

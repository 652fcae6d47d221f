// SPDX-License-Identifier: GPL-3.0-or-later
// render.hpp — records as the events of a stream to a browser.
//
// Runs in:   web. Pure.
// See:       common/wire/events/event_json.hpp, which has the objects; chatd-web(7).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::web {

// The events of a mailbox, by the kinds of their records. Other kinds are no events for a browser.
struct MailboxEvent {
  wire::RecordKind kind{};
  std::string_view event{};
};
inline constexpr std::array kMailboxEvents{
    MailboxEvent{wire::RecordKind::direct, "direct"},
    MailboxEvent{wire::RecordKind::sent, "direct"},
    MailboxEvent{wire::RecordKind::notice, "refused"},
    MailboxEvent{wire::RecordKind::joined, "room_joined"},
    MailboxEvent{wire::RecordKind::left, "room_left"},
    MailboxEvent{wire::RecordKind::about, "about"},
    MailboxEvent{wire::RecordKind::invited, "invited"},
    MailboxEvent{wire::RecordKind::waits, "waits"},
    MailboxEvent{wire::RecordKind::away, "away"},
    MailboxEvent{wire::RecordKind::back, "back"},
    MailboxEvent{wire::RecordKind::blocks, "blocks"},
    MailboxEvent{wire::RecordKind::program, "program"},
};
// Of no record: lines were overwritten before they were read; the last event of a stream.
inline constexpr std::string_view kLostEvent = "lost";
inline constexpr std::string_view kEndedEvent = "ended";

// The person of a session that has sent a record, as text; "": not known.
using FindPerson = std::function<std::string(const wire::RecordHeader& header)>;

// A record of a room's log as an object without its last brace, the same for all browsers; "": no
// event.
[[nodiscard]] std::string shared_part(const wire::RecordView& record, std::string_view room,
                                      const FindPerson& find);
// The rest, with the newline. `n`: of the reader's own command; 0: another member's.
[[nodiscard]] std::string own_part(bool is_replay, std::uint64_t n);

// A record of a mailbox as one line; "": no event. `n`: of the command that it answers; 0: of none.
// `facts`: those of the records `about` before it, whose list is not complete; it is changed.
[[nodiscard]] std::string mailbox_event(const wire::RecordView& record, std::uint64_t n,
                                        std::string& facts);

[[nodiscard]] std::string ended_event(std::string_view code, std::string_view text, WallTime now);
[[nodiscard]] std::string lost_event(std::string_view room, WallTime now);

// 16 hexadecimal digits.
[[nodiscard]] std::string person_text(std::uint64_t person);

// An event of a stream: "id: ...\ndata: ...\n\n"; `id` may be empty. `line` has its newline.
void append_event(std::string& stream, std::string_view id, std::string_view line);

}  // namespace chatd::web

// SPDX-License-Identifier: GPL-3.0-or-later
// member_impl.hpp — the state of a Member.
//
// Runs in:   client. Private to member*.cpp.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "client/member/downlink.hpp"
#include "client/member/handshake.hpp"
#include "client/member/history_question.hpp"
#include "client/member/joined_rooms.hpp"
#include "client/member/link.hpp"
#include "client/member/list_text.hpp"
#include "client/member/member.hpp"
#include "client/member/name_change.hpp"
#include "client/member/own_name.hpp"
#include "client/member/own_session.hpp"
#include "client/member/path_state.hpp"
#include "client/member/persons.hpp"
#include "client/member/saved_wishes.hpp"
#include "client/member/uplink.hpp"

namespace chatd::client {

struct Member::Impl : PathState {
  explicit Impl(Options given) : options{std::move(given)} {}
  // member_packets.cpp: received packets and frames
  void receive(wire::Bytes datagram, MonoTime now);
  void on_handshake(wire::Bytes datagram, MonoTime now);
  void on_reset(const wire::Reset& reset, MonoTime now);
  bool on_sealed(Link& from, wire::Bytes datagram, MonoTime now);
  void on_frame(const wire::Frame& frame, std::size_t datagram_bytes, MonoTime now);
  void on_welcome(const wire::WelcomeFrame& welcome, MonoTime now);
  void begin_session(const wire::WelcomeFrame& welcome, bool same_history, MonoTime now);
  void on_ack(const wire::AckFrame& ack, MonoTime now);
  void on_limits(const wire::LimitsFrame& limits);
  void on_bye(const wire::ByeFrame& bye, MonoTime now);
  void on_refused(const wire::RefusedFrame& refused, MonoTime now);
  // member_events.cpp: records and answers as events
  void drain(MonoTime now);
  void on_room_record(const Downlink::Item& item);
  void on_further_room_record(const Downlink::Item& item);
  void report_line(const Downlink::Item& item, RoomRef room, std::uint64_t live);
  void note_person(const wire::RecordHeader& header, std::string_view name);
  void report_other_persons();
  void on_mailbox_record(const Downlink::Item& item, MonoTime now);
  void on_notice(const Downlink::Item& item, MonoTime now);
  void confirm(MonoTime now);
  void confirm(const Uplink::Done& done, MonoTime now);
  void confirm_of_lost_session(std::uint64_t number);
  void confirm_answered(std::uint64_t offset, MonoTime now);  // a record is the answer
  // member_rooms.cpp: the further rooms, and the commands about rooms
  std::uint64_t command_to(std::string_view room, wire::CommandKind kind, std::string_view text);
  std::uint64_t moderate(const Moderate& message);
  std::uint64_t write_to(const Direct& message);
  void refuse(std::uint64_t number, wire::Reason reason);  // a command that is not sent
  void report_refusal(std::optional<std::uint64_t> number, Refused refused, std::uint64_t end = 0);
  std::uint64_t ask(wire::CommandKind kind, std::string_view room);
  std::uint64_t ask_part(PartialList list, std::uint32_t place);
  void on_list(const wire::RecordView& record);
  [[nodiscard]] std::uint64_t read_of(const JoinedRooms::Room& room) const;
  void on_joined_room(const wire::RecordView& record);
  // `before`: the entry that `rooms` has under the name of `room`; null if it has none.
  void open_room(const JoinedRooms::Room& room, const JoinedRooms::Room* before,
                 std::uint64_t start);
  void give_up(const JoinedRooms::Room& room);
  void learn_name(wire::RoomId id, const wire::RecordView& record);
  void on_left_room(const wire::RecordView& record);
  void on_room_set(std::uint8_t stream, std::string_view text);
  void rename(JoinedRooms::Room& room, std::string_view name);
  bool on_rejoin_refused(std::uint64_t number, const wire::RecordView& notice);  // a rejoin?
  void rejoin_rooms();
  void release_commands();
  [[nodiscard]] bool is_settled() const;
  std::uint64_t block(const Block& message);             // member_blocks.cpp
  std::uint64_t end_program(const EndProgram& message);  // member_programs.cpp
  void refuse_unanswered();
  // member_rename.cpp: another name
  void continue_rename(MonoTime now);
  void refuse_rename(End why, std::string text, MonoTime now);
  void forget_rename();
  void leave_old_name();
  void settle_rename(std::string_view name);
  std::uint64_t send_own(const OwnOrder& order);  // member_own.cpp
  // member_whois.cpp, member_history.cpp: questions about users and about stored lines
  std::uint64_t ask_member(std::string_view name);
  std::uint64_t ask_history(HistoryRequest request, MonoTime now);
  std::uint64_t send_history(MonoTime now);
  void repeat_history(MonoTime now);
  void on_stored(const wire::RecordView& record, MonoTime now);
  void on_page(const wire::RecordView& record);
  bool on_history_refused(std::optional<std::uint64_t> number, std::uint64_t end, Refused& refused);
  // member.cpp: sent packets and timers
  void begin_handshake(MonoTime now);
  bool next_datagram(std::vector<std::byte>& datagram, MonoTime now);
  bool next_sealed(std::vector<std::byte>& datagram, MonoTime now);
  [[nodiscard]] bool has_frames_to_send(MonoTime now) const;
  void write_frames(wire::ByteWriter& out, MonoTime now);
  void tick(MonoTime now);
  [[nodiscard]] bool bye_is_due(MonoTime now) const;
  [[nodiscard]] MonoTime deadline() const;
  void lose_touch(MonoTime now);
  void lose_session(MonoTime now);  // the server ended it: its packets are ignored
  void touched(MonoTime now);
  void end(End why, std::string text = {});
  void emit(Event event) { events.push_back(std::move(event)); }
  double jitter();

  Options options;
  std::optional<Handshake> handshake;
  std::optional<Link> link;       // in use
  std::optional<Link> next_link;  // of a handshake whose WELCOME has not come
  Downlink downlink;
  Uplink uplink;
  SavedWishes saved;
  std::deque<Event> events;
  std::uint64_t client{0};  // random, drawn at the first handshake; not 0
  // State of the session.
  bool joined{false};   // at least once
  OwnName own_name;     // as the server accepted it
  bool is_over{false};  // the server ended it; a handshake for another one runs
  bool stopped{false};  // by a BYE with the reason `stopped`
  OwnSession session;
  OwnCommands own_commands;
  std::uint64_t history_id{0};
  std::uint64_t live_offset{0};
  std::size_t message_bytes{wire::kMaxCommandBytes};
  std::uint64_t uplink_acked{0};
  std::uint64_t mailbox_tail{0};  // as of that acknowledgement, or newer
  std::uint64_t room_read_to{0};  // records of the default room that end there are reported
  JoinedRooms rooms;
  Persons persons;
  ReplayedTextMembers replayed_text_members;
  NameChange name_change;
  // The lists of which a part was requested, by the number of the requesting command. A part that
  // answers no such command is ignored: else a hostile server could cause requests without end.
  std::map<std::uint64_t, PartialList> lists;
  std::map<std::uint64_t, std::string> waits_for;  // users, by the number of the direct message
  std::optional<OldSession> old;
  std::optional<HistoryAsked> history;
  std::uint32_t history_serial{0};  // of the last question
  OwnLeave leave;
  bool ended{false};
};

}  // namespace chatd::client

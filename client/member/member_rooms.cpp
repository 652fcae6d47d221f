// SPDX-License-Identifier: GPL-3.0-or-later
// The rooms besides the default room, and the commands about rooms.
#include <algorithm>

#include "client/member/member_impl.hpp"
#include "common/base/possible_time.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

template <std::size_t Size>
std::string_view view(const std::array<char, Size>& text) {
  return {text.data(), text.size()};
}

// The event for a room that is gone, as a new room has its name.
RoomLeft gone(const JoinedRooms::Room& room) {
  const auto& row = wire::row_of(wire::Reason::no_such_room);
  return {.room = room.ref, .code = std::string{row.code}, .text = std::string{row.server.en}};
}

// The lines that were reported of the room `id`, if the entry `before` is about it. A room that a
// server keeps on its disk has the same id in another history.
Reported reported_of(wire::RoomId id, const JoinedRooms::Room* before, bool same_history) {
  if (before == nullptr || before->ref.id != id) return {};
  Reported reported = before->reported;
  if (!same_history) reported.begin_history();
  return reported;
}

// The event for a list that is whole.
Event event_of(PartialList list) {
  switch (list.kind) {
    case wire::CommandKind::who:
      return Users{.list = std::move(list.text), .room = std::move(list.room)};
    case wire::CommandKind::about:
      return RoomAbout{.room = std::move(list.room), .list = std::move(list.text)};
    case wire::CommandKind::programs:
      return ProgramList{.list = std::move(list.text), .ended = list.ended};
    case wire::CommandKind::whois:
      return MemberAbout{.name = std::move(list.member), .list = std::move(list.text)};
    case wire::CommandKind::block:
      return BlockList{.list = std::move(list.text), .from = std::move(list.member)};
    default:
      return RoomList{.list = std::move(list.text)};
  }
}

}  // namespace

// --- commands ---------------------------------------------------------------------------

// A command to a room, which is the default room if it has no name.
std::uint64_t Member::Impl::command_to(std::string_view room, wire::CommandKind kind,
                                       std::string_view text) {
  if (room.empty() && kind != wire::CommandKind::leave) return uplink.add(kind, {}, text);
  if (const auto* const found = rooms.find_ordered(room)) {
    const auto address = wire::as_argument(wire::RoomAddress{found->ref.id});
    return uplink.add(kind, view(address), text, found->ref.name);
  }
  const std::uint64_t number = uplink.skip_number();
  refuse(number, wire::Reason::not_in_that_room);
  return number;
}

// A name is not cut: its beginning may be the name of another member.
std::uint64_t Member::Impl::moderate(const Moderate& message) {
  if (message.name.size() > wire::kMaxNameBytes) {
    const std::uint64_t number = uplink.skip_number();
    refuse(number, wire::Reason::no_such_member);
    return number;
  }
  std::array<char, wire::kMaxModerationBytes> text{};
  std::array<char, wire::kMaxNamedBytes> name{};
  const wire::Moderation moderation{
      .action = message.action,
      .seconds = message.seconds,
      .name = wire::write_named({.name = message.name, .person = persons.of(message.name)}, name),
      .reason = wire::cut_to(message.reason, wire::kMaxModerationReason)};
  const std::uint64_t number = command_to(message.room, wire::CommandKind::moderate,
                                          wire::write_moderation(moderation, text));
  persons.sent(number, message.name, uplink.first_unanswered());
  return number;
}

std::uint64_t Member::Impl::write_to(const Direct& message) {
  const std::string& name = message.name;
  if (name.size() > wire::kMaxNameBytes) {
    return uplink.add(wire::CommandKind::direct, name, message.text);  // nobody has the name
  }
  const bool is_bound = message.person != 0;
  std::array<char, wire::kMaxNamedBytes> buffer{};
  const auto named = wire::write_named(
      {.name = name, .person = is_bound ? message.person : persons.of(name)}, buffer);
  const std::uint64_t number = uplink.add(wire::CommandKind::direct, named, message.text);
  if (!is_bound) persons.sent(number, name, uplink.first_unanswered());
  return number;
}

void Member::Impl::refuse(std::uint64_t number, wire::Reason reason) {
  const auto& row = wire::row_of(reason);
  report_refusal(number, {.code = std::string{row.code}, .text = std::string{row.server.en}});
}

// The answer to a question about a room is a RoomAbout, also if it is a refusal; that to a question
// about programs is a ProgramList, that to one about a user a MemberAbout.
// `end`: where the refused command ends in its stream; 0: it was not sent.
void Member::Impl::report_refusal(std::optional<std::uint64_t> number, Refused refused,
                                  std::uint64_t end) {
  if (on_history_refused(number, end, refused)) return;
  auto list = lists.extract(number.value_or(0));
  if (!list.empty() && list.mapped().kind == wire::CommandKind::about) {
    return emit(RoomAbout{.room = std::move(list.mapped().room),
                          .code = std::move(refused.code),
                          .text = std::move(refused.text)});
  }
  if (!list.empty() && list.mapped().kind == wire::CommandKind::programs) {
    return emit(ProgramList{.code = std::move(refused.code), .text = std::move(refused.text)});
  }
  if (!list.empty() && list.mapped().kind == wire::CommandKind::whois) {
    return emit(MemberAbout{.name = std::move(list.mapped().member),
                            .code = std::move(refused.code),
                            .text = std::move(refused.text)});
  }
  if (!list.empty() && list.mapped().kind == wire::CommandKind::block) {
    return emit(BlockList{.code = std::move(refused.code), .text = std::move(refused.text)});
  }
  refused.number = number;
  emit(std::move(refused));
}

std::uint64_t Member::Impl::ask(wire::CommandKind kind, std::string_view room) {
  const auto* const found = rooms.find_ordered(room);
  return ask_part({.kind = kind, .room = found == nullptr ? std::string{room} : found->ref.name},
                  0);
}

std::uint64_t Member::Impl::ask_part(PartialList list, std::uint32_t place) {
  if (!list.room.empty() && rooms.find(list.room) == nullptr) {
    const std::uint64_t number = uplink.skip_number();
    lists.emplace(number, std::move(list));
    refuse(number, wire::Reason::not_in_that_room);
    return number;
  }
  const auto argument = wire::as_argument(wire::ListPlace{place});
  const auto of_blocks = wire::as_argument(
      wire::BlockRequest{.act = wire::BlockAct::list, .from = {}, .place = place});
  const bool is_of_blocks = list.kind == wire::CommandKind::block;
  const std::uint64_t number =
      command_to(list.room, list.kind, is_of_blocks ? view(of_blocks) : view(argument));
  lists.emplace(number, std::move(list));
  return number;
}

// Takes a part of a list of members, of rooms, of facts about a room or a user, or of programs;
// asks for the next part or reports the list. The answer to a `whois` has one part.
void Member::Impl::on_list(const wire::RecordView& record) {
  const auto number = uplink.number_at(record.header.uplink_offset);
  auto entry = lists.extract(number.value_or(0));
  if (entry.empty()) return;
  PartialList& list = entry.mapped();
  const bool has_persons = record.header.kind == wire::RecordKind::who;
  const bool fits = has_persons ? append_part(list.text, persons.take_from(record.text))
                                : append_part(list.text, record.text);
  if (!fits) return end(End::other_version);
  if (list.kind == wire::CommandKind::block) list.member = record.name;
  // The other parts of the answer to an `end_program` are asked for as those of a `programs`.
  if (list.kind == wire::CommandKind::end_program) list.kind = wire::CommandKind::programs;
  const bool is_whole =
      record.header.sender_slot == wire::kNobody || list.kind == wire::CommandKind::whois;
  if (is_whole) {
    report_other_persons();
    return emit(event_of(std::move(list)));
  }
  ask_part(std::move(list), record.header.sender_slot);
}

// --- joining and leaving ----------------------------------------------------------------

// The offset behind the last record of the room that was reported.
std::uint64_t Member::Impl::read_of(const JoinedRooms::Room& room) const {
  return room.is_in() ? std::max(room.read_to, downlink.next_of(room.stream)) : room.read_to;
}

// The record of a new name may arrive later than that of a join. A room that is joined again may
// have got its new name while the member was away.
void Member::Impl::learn_name(wire::RoomId id, const wire::RecordView& record) {
  const auto number = uplink.number_at(record.header.uplink_offset);
  const auto renamed = std::ranges::find_if(rooms.all(), [&](const JoinedRooms::Room& one) {
    return one.ref.id == id && one.history_id == history_id &&
           (one.is_in() || one.rejoin == number);
  });
  if (renamed == rooms.all().end()) return;
  rename(*renamed, record.name);
  if (!renamed->is_in() && renamed->ref.name != record.name) give_up(*renamed);
}

void Member::Impl::on_joined_room(const wire::RecordView& record) {
  const auto answer = wire::read_joined(record.text);
  if (!answer) return;  // of another form: the room is not known here
  JoinedRooms::Room room{.ref = {.id = answer->room, .name = std::string{record.name}},
                         .stream = answer->stream,
                         .live_offset = answer->live_offset,
                         .read_to = options.wants_replay ? 0 : answer->live_offset,
                         .history_id = history_id};
  learn_name(answer->room, record);
  const auto* const before = rooms.find(record.name);
  // kMaxRoomStreams also limits rooms without a stream: those that wait for their rejoin.
  if (before == nullptr && rooms.all().size() >= wire::kMaxRoomStreams) return;
  const bool again = before != nullptr && !before->is_in();
  const bool same_history = before != nullptr && before->history_id == history_id;
  const bool same_log = same_history && before->ref.id == answer->room;
  // The answer to a join of a room that the member is in: its stream goes on.
  const bool goes_on = same_log && !again && before->stream == answer->stream;
  room.is_another = again && same_history && !same_log;
  room.reported = reported_of(answer->room, before, same_history);
  // Lines that were missed are reported without a replay, too.
  if (room.reported.has_before()) room.read_to = 0;
  if (same_log) {
    room.former_name = before->former_name;
    room.read_to = read_of(*before);
    if (before->is_renaming) room.live_offset = before->live_offset;
  }
  if (room.is_another) emit(gone(*before));
  if (same_log && !goes_on && answer->offset > room.read_to) emit(Missed{.room = room.ref});
  if (!goes_on) open_room(room, before, answer->offset);
  const WallTime topic_set{Micros{answer->topic_set}};
  emit(RoomJoined{.room = room.ref,
                  .topic = std::string{answer->topic},
                  .again = (again && !room.is_another) || goes_on,
                  .topic_by = std::string{answer->topic_by},
                  .topic_set = is_possible(topic_set) ? std::optional{topic_set} : std::nullopt});
}

// Its new name is that of another room here, which was renamed as well.
void Member::Impl::give_up(const JoinedRooms::Room& room) {
  constexpr std::string_view kNoRoom = "#";  // no room has this name
  uplink.rename_room(room.ref.name, kNoRoom);
  emit(gone(room));
  rooms.remove(room);
}

void Member::Impl::open_room(const JoinedRooms::Room& room, const JoinedRooms::Room* before,
                             std::uint64_t start) {
  if (before != nullptr && before->is_in()) downlink.close(before->stream);
  downlink.open(room.stream, start);
  rooms.put(room);
}

void Member::Impl::on_left_room(const wire::RecordView& record) {
  const auto left = wire::read_left(record.text);
  if (!left) return;
  const auto room = std::ranges::find_if(rooms.all(), [&](const JoinedRooms::Room& one) {
    return one.is_in() && one.ref.id == left->room;
  });
  if (room == rooms.all().end()) return;
  downlink.close(room->stream);
  emit(RoomLeft{.room = rooms.remove(*room), .text = std::string{left->reason}});
}

void Member::Impl::on_room_set(std::uint8_t stream, std::string_view text) {
  const auto setting = wire::read_setting(text);
  if (!setting || setting->property != wire::RoomProperty::name) return;
  if (auto* const room = rooms.find(stream)) rename(*room, setting->name);
}

// A name that another room has is not taken over: only a hostile server sends it.
void Member::Impl::rename(JoinedRooms::Room& room, std::string_view name) {
  const auto* const other = rooms.find(name);
  if (room.ref.name == name || (other != nullptr && other != &room)) return;
  room.former_name = std::exchange(room.ref.name, std::string{name});
  uplink.rename_room(room.former_name, room.ref.name);
  for (auto& [number, list] : lists) {
    if (list.room == room.former_name) list.room = room.ref.name;
  }
  emit(RoomRenamed{.room = room.ref, .before = room.former_name});
}

// A new session is in the default room only.
void Member::Impl::rejoin_rooms() {
  for (JoinedRooms::Room& room : rooms.all()) {
    room.read_to = read_of(room);
    room.is_renaming = name_change.has_begun;
    const auto position = wire::as_argument(
        wire::RoomPosition{.history_id = room.history_id, .offset = room.read_to});
    room.rejoin = uplink.add_own(wire::CommandKind::join, room.ref.name, view(position));
  }
  downlink.close_rooms();
}

bool Member::Impl::on_rejoin_refused(std::uint64_t number, const wire::RecordView& notice) {
  auto* const room = rooms.find_rejoin(number);
  if (room == nullptr) return false;
  emit(RoomLeft{.room = rooms.remove(*room),
                .code = std::string{notice.name},
                .text = std::string{notice.text}});
  return true;
}

// The logs have shown which of the held commands were carried out in the old session.
bool Member::Impl::is_settled() const {
  if (old && downlink.room_next() < old->settled_at) return false;
  return std::ranges::all_of(rooms.all(), [this](const JoinedRooms::Room& room) {
    return room.is_in() && (!old || downlink.next_of(room.stream) >= room.live_offset);
  });
}

void Member::Impl::release_commands() {
  const auto without_room = uplink.release([this](std::string_view name) {
    const auto* const room = rooms.find(name);
    const bool is_gone = room == nullptr || room->is_another;
    return is_gone ? std::nullopt : std::optional{room->ref.id};
  });
  for (JoinedRooms::Room& room : rooms.all()) room.is_another = false;
  for (const std::uint64_t number : without_room) refuse(number, wire::Reason::not_in_that_room);
  old.reset();
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
// Records become events; commands are confirmed or refused.
#include "client/member/member_impl.hpp"
#include "common/wire/native/named_person.hpp"

namespace chatd::client {

using wire::RecordKind;

namespace {

// A member can write to itself: then the message is a `direct` in the mailboxes of all its
// programs.
Line direct_line(const wire::RecordView& record, const OwnName& own_name, const Persons& persons) {
  Line line{.record = RecordKind::direct,
            .name = std::string{record.name},
            .text = std::string{record.text},
            .time = WallTime{Micros{record.header.wall_time}}};
  line.waited = record.header.sender_slot == wire::kNobody && record.header.sender_generation != 0;
  line.person = line.waited ? record.header.sender_generation : persons.of(line.name);
  line.own = record.header.kind == RecordKind::sent || own_name.has_sent(line);
  return line;
}

OwnNews news_of(const wire::RecordView& record) {
  return {.name = std::string{record.name},
          .facts = std::string{record.text},
          .is_answer = wire::has_command(record.header)};
}

// A record of a leave or a kick does not say it. Of a replay the records before say it: the name
// may have belonged to another person then.
bool is_of_text_member(const wire::RecordHeader& header, const Line& line, const Persons& persons,
                       ReplayedTextMembers& replayed) {
  if (header.kind == RecordKind::leave || header.kind == RecordKind::kick) {
    return line.replay ? replayed.take(line.room.id, line.name) : persons.is_text_member(line.name);
  }
  const bool is_join = header.kind == RecordKind::join;
  const bool is_text =
      is_join ? wire::is_text_person(header.uplink_offset) : wire::is_from_text_member(header);
  const bool says_who =
      is_join || header.kind == RecordKind::say || header.kind == RecordKind::action;
  if (line.replay && says_who) replayed.note(line.room.id, line.name, is_text);
  return is_text;
}

}  // namespace

void Member::Impl::drain(MonoTime now) {
  while (!ended) {
    const auto item = downlink.next();
    if (!item) break;
    if (item->stream == wire::kMailboxStream) {
      on_mailbox_record(*item, now);
    } else if (item->stream == wire::kRoomStream) {
      on_room_record(*item);
    } else {
      on_further_room_record(*item);
    }
  }
  if (ended) return;
  if (downlink.is_broken()) {
    end(End::other_version);
    return;
  }
  confirm(now);
  if (uplink.is_holding() && is_settled()) release_commands();
  continue_rename(now);
}

void Member::Impl::on_room_record(const Downlink::Item& item) {
  if (item.end <= room_read_to) return;
  const wire::RecordHeader& header = item.record.header;
  Reported& reported = rooms.in_default_room();
  reported.note(header);
  if (item.end <= live_offset && reported.was_before(header)) return;
  report_line(item, {}, live_offset);
}

void Member::Impl::on_further_room_record(const Downlink::Item& item) {
  auto* const room = rooms.find(item.stream);
  if (room == nullptr || item.end <= room->read_to) return;
  const bool is_live = item.end > room->live_offset;  // the answer to the join has the last name
  room->reported.note(item.record.header);
  if (!is_live && room->reported.was_before(item.record.header)) return;
  report_line(item, room->ref, room->live_offset);
  if (is_live && item.record.header.kind == RecordKind::set) {
    on_room_set(item.stream, item.record.text);
  }
}

void Member::Impl::report_line(const Downlink::Item& item, RoomRef room, std::uint64_t live) {
  const auto& header = item.record.header;
  const bool is_replay = item.end <= live;
  // Its message follows.
  if (header.kind == RecordKind::speaker) {
    if (!is_replay) note_person(header, item.record.name);
    return;
  }
  const wire::RoomId id = room.id;
  Line line{.record = header.kind,
            .name = std::string{item.record.name},
            .text = std::string{item.record.text},
            .time = WallTime{Micros{header.wall_time}},
            .replay = is_replay,
            .own = session.is_sender_of(header),
            .room = std::move(room),
            .sequence = header.sequence};
  if (old && old->session.is_sender_of(header)) {
    line.own = true;
    // The server has carried it out in the old session.
    const std::uint64_t end = own_commands.end_of(header, id, old->session);
    if (const auto number = uplink.held_number_at(end)) {
      confirm_of_lost_session(*number);
      uplink.forget(*number);
    }
  }
  if (session.is_sender_of(header)) {
    uplink.note_carried_out(own_commands.end_of(header, id, session));
  }
  line.text_member = is_of_text_member(header, line, persons, replayed_text_members);
  if (!line.replay) {
    note_person(header, line.name);
    line.person = persons.of(line.name);
  }
  if (own_name.has_sent(line) || name_change.is_leave_of_former(header)) line.own = true;
  // A line that was taken back since it was said is not shown.
  if (!wire::is_erased(item.record)) emit(std::move(line));
}

// A replay can be older than the list of members.
void Member::Impl::note_person(const wire::RecordHeader& header, std::string_view name) {
  if (wire::has_person(header.kind)) persons.note(name, header.uplink_offset);
  if (wire::is_from_text_member(header)) persons.note_text_member(name);
  report_other_persons();
}

void Member::Impl::report_other_persons() {
  for (OtherPerson& change : persons.take_changes()) emit(std::move(change));
}

void Member::Impl::on_mailbox_record(const Downlink::Item& item, MonoTime now) {
  const auto& record = item.record;
  switch (record.header.kind) {
    case RecordKind::direct:
    case RecordKind::sent:
      return emit(direct_line(record, own_name, persons));
    case RecordKind::program:
      emit(OtherProgram{.address = std::string{record.text},
                        .number = record.header.sender_slot,
                        .time = WallTime{Micros{record.header.wall_time}}});
      return;
    case RecordKind::notice:
      return on_notice(item, now);
    case RecordKind::invited:
      // A member that is in the room needs no command to join it.
      if (const auto* const room = rooms.find(record.name); room != nullptr && room->is_in())
        return;
      emit(RoomInvited{.room = std::string{record.name},
                       .name = std::string{record.text},
                       .person = persons.of(record.text)});
      return;
    case RecordKind::who:
    case RecordKind::rooms:
    case RecordKind::about:
    case RecordKind::programs:
    case RecordKind::whois:
    case RecordKind::blocks:
      on_list(record);
      break;
    case RecordKind::waits:
      if (const auto number = uplink.number_at(record.header.uplink_offset)) {
        waits_for.insert_or_assign(*number, std::string{record.name});
      }
      break;
    case RecordKind::joined:
      on_joined_room(record);
      break;
    case RecordKind::left:
      on_left_room(record);
      break;
    case RecordKind::away:
      emit(MemberAway{.name = std::string{record.name}, .text = std::string{record.text}});
      break;
    case RecordKind::back:
      emit(MemberBack{});
      break;
    case RecordKind::own:
      emit(news_of(record));
      break;
    case RecordKind::device:
      return emit(DeviceAsks{.name = std::string{record.name}, .facts = std::string{record.text}});
    case RecordKind::stored:
      return on_stored(record, now);
    case RecordKind::page:
      return on_page(record);
    default:
      return;  // a kind that only a newer client knows
  }
  if (!ended) confirm_answered(record.header.uplink_offset, now);
}

void Member::Impl::on_notice(const Downlink::Item& item, MonoTime now) {
  const auto& record = item.record;
  const auto number = uplink.number_at(record.header.uplink_offset);
  uplink.on_ack(record.header.uplink_offset, link->rtt(), now);  // the server has read up to there
  // The commands before it were carried out: they are reported first.
  while (number && uplink.first_unconfirmed() != *number) {
    const auto done = uplink.take_confirmed(record.header.uplink_offset);
    if (!done) break;
    confirm(*done, now);
  }
  if (number && record.name == wire::code_of(wire::Reason::other_person)) {
    persons.refused(*number);
  }
  if (number && on_rejoin_refused(*number, record)) return uplink.forget(*number);
  report_refusal(number, {.code = std::string{record.name}, .text = std::string{record.text}},
                 record.header.uplink_offset);
  if (number) uplink.forget(*number);
}

void Member::Impl::confirm(MonoTime now) {
  // A refusal arrives in the mailbox: nothing is known until the mailbox is read up to its tail.
  if (downlink.mailbox_next() < mailbox_tail) return;
  while (const auto done = uplink.take_confirmed(uplink_acked)) confirm(*done, now);
}

// The session that could say whether it is on disk is gone.
void Member::Impl::confirm_of_lost_session(std::uint64_t number) {
  emit(Confirmed{.number = number});
  if (options.wants_saved) emit(Saved{.number = number, .state = wire::Reason::not_saved});
}

// A record has answered the command that ends there; if the session ends early, no ACK comes.
void Member::Impl::confirm_answered(std::uint64_t offset, MonoTime now) {
  if (offset > uplink.acked()) uplink.on_ack(offset, link->rtt(), now);
  while (const auto done = uplink.take_confirmed(offset)) confirm(*done, now);
}

void Member::Impl::confirm(const Uplink::Done& done, MonoTime now) {
  lists.erase(done.number);
  if (history && history->number == done.number) history->end = done.end;
  if (done.is_reported) {
    const auto waits = waits_for.extract(done.number);
    emit(Confirmed{.number = done.number,
                   .waits_for = waits.empty() ? std::string{} : waits.mapped()});
    if (options.wants_saved) {
      saved.add(done.number, done.end, now, [this](Saved one) { emit(std::move(one)); });
    }
  }
  // A server that does not answer a join has not let the member in.
  if (auto* const room = rooms.find_rejoin(done.number)) emit(RoomLeft{rooms.remove(*room)});
}

}  // namespace chatd::client

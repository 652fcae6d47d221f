// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/native_commands.hpp"

#include <array>
#include <utility>

#include "common/wire/native/native_command.hpp"
#include "common/wire/native/native_record.hpp"
#include "common/wire/text/phrases.hpp"

namespace chatd::chat {

using state::RecordKind;

namespace {

// The further room that a command names; kDefaultRoom if it names none.
state::RoomId room_in(std::string_view name) {
  return state::RoomId{
      wire::room_of({.kind = {}, .name = name, .text = {}, .size = 0}).value_or(0)};
}

constexpr std::size_t kWhoBytes = 2000;  // of one part of a list
constexpr std::size_t kMaxJoinedBytes =
    wire::encoded_bytes(wire::JoinedRoom{}) + state::kMaxNameBytes + state::kMaxTopicBytes;

Commands::By by(const NativeCommands::Order& order) {
  return {.slot = order.slot, .now = order.now, .end = order.end};
}

Moderation::By changed_by(const NativeCommands::Order& order) {
  return {.member = order.slot, .end = order.end, .now = order.now};
}

std::string_view name_in(const Rooms& rooms, const Moderation::Where& where,
                         std::string_view default_name) {
  return where ? rooms.name(where->index) : default_name;
}

}  // namespace

NativeCommands::NativeCommands(const state::StateView& state, const config::Config& config,
                               Room& room, Sessions& sessions, Rooms& rooms, RoomAdmin& room_admin,
                               Mailboxes& mailboxes, Commands& commands, Moderation& moderation,
                               LineErasure& erasure, const RoomAbout& about,
                               const MemberAbout& member_about, Presence& presence,
                               Programs& programs, CommandMasks& masks, BlockCommands& blocks,
                               const Names& names, Waiting& waiting)
    : state_{state},
      room_{room},
      sessions_{sessions},
      rooms_{rooms},
      room_admin_{room_admin},
      mailboxes_{mailboxes},
      commands_{commands},
      moderation_{moderation},
      erasure_{erasure},
      about_{about},
      member_about_{member_about},
      presence_{presence},
      programs_{programs},
      masks_{masks},
      blocks_{blocks},
      names_{names},
      waiting_{waiting},
      default_name_{config.room.name},
      message_bytes_{config.limits.message_bytes},
      slots_{state.native_slots()} {}

void NativeCommands::done(const Order& order) {
  state::crash_point();
  slots_[order.slot].uplink = order.end;
  state::crash_point();
}

void NativeCommands::refuse(const Order& order, wire::Reason reason, std::size_t bytes,
                            std::size_t limit) {
  if (notify(order, reason, bytes, limit)) done(order);
}

bool NativeCommands::notify(const Order& order, wire::Reason reason, std::size_t bytes,
                            std::size_t limit) {
  // uchat has a sentence of its own for each code.
  std::array<char, kMaxReasonBytes> words{};
  std::string_view why =
      commands_.refusal_text(order.slot, reason, wire::Language::en, words, order.now.wall);
  if (reason == wire::Reason::text_too_long) {
    why = {words.data(), wire::render_too_long(wire::Language::en, bytes,
                                               limit != 0 ? limit : message_bytes_, words)};
  }
  return mailboxes_.deliver(order.slot, {.kind = RecordKind::notice,
                                         .sender = sessions_.sender(order.slot),
                                         .name = wire::code_of(reason),
                                         .text = why,
                                         .time = order.now.wall,
                                         .uplink_offset = order.end});
}

void NativeCommands::say(const Order& order, RecordKind kind, std::string_view room,
                         std::string_view text) {
  sessions_.heard(order.slot, order.now.mono);
  presence_.back(order.slot, order.now.wall);
  std::optional<wire::Reason> refused;
  if (room.empty()) {
    const auto said = commands_.say(by(order), kind, text);
    if (!said) refused = said.error();
  } else {
    const state::RoomId id = room_in(room);
    const auto said = commands_.say_in(by(order), id, kind, text);
    if (!said) refused = said.error();
  }
  if (refused) return refuse(order, *refused, text.size());
  done(order);
}

void NativeCommands::answer_list(const Order& order, RecordKind kind, std::string_view room,
                                 const Commands::Listed& listed, const char* text) {
  const bool taken = mailboxes_.deliver(
      order.slot, {.kind = kind,
                   .sender = state::Sender{.slot = listed.next.value_or(Slot{wire::kNobody}),
                                           .generation = sessions_.sender(order.slot).generation},
                   .name = room,
                   .text = {text, listed.bytes},
                   .time = order.now.wall,
                   .uplink_offset = order.end});
  if (taken) done(order);
}

void NativeCommands::list_members(const Order& order, std::string_view room, Slot from) {
  std::array<char, kWhoBytes> text{};
  if (room.empty()) {
    return answer_list(order, RecordKind::who, {}, commands_.list(from, text), text.data());
  }
  const auto found = room_of(order, room);
  if (!found) return refuse(order, wire::Reason::no_such_room);
  const state::RoomIndex index = (*found)->index;
  answer_list(order, RecordKind::who, rooms_.name(index), commands_.list_in(index, from, text),
              text.data());
}

void NativeCommands::list_rooms(const Order& order, std::uint32_t from) {
  std::array<char, kWhoBytes> text{};
  answer_list(order, RecordKind::rooms, {},
              commands_.list_rooms(order.slot, from, text, order.now.wall), text.data());
}

// The longest answer: a room's name, and the body of `joined`; and what the room itself keeps free.
bool NativeCommands::can_answer(const Order& order) const {
  constexpr std::array<char, state::kMaxNameBytes + kMaxJoinedBytes> kText{};
  return mailboxes_.has_space(order.slot,
                              {.kind = RecordKind::joined,
                               .sender = {},
                               .name = {},
                               .text = {kText.data(), kText.size()},
                               .time = {}},
                              1);
}

void NativeCommands::answer_entered(const Order& order, std::string_view name,
                                    const std::expected<Rooms::Entered, wire::Reason>& entered) {
  if (!entered) return refuse(order, entered.error());
  std::array<std::byte, kMaxJoinedBytes> body{};
  wire::ByteWriter out{body};
  const state::RoomTopic& topic = topic_of(state_.properties(entered->room.index));
  const bool has_topic = !view_of(topic.text).empty();
  wire::encode(out, wire::JoinedRoom{.stream = entered->stream(),
                                     .room = static_cast<std::uint32_t>(entered->room.id),
                                     .offset = entered->offset,
                                     .live_offset = entered->live_offset,
                                     .topic_set = has_topic ? topic.set_wall : 0,
                                     .topic_by = has_topic ? view_of(topic.by) : "",
                                     .topic = view_of(topic.text)});
  const bool taken = mailboxes_.deliver(
      order.slot, {.kind = RecordKind::joined,
                   .sender = sessions_.sender(order.slot),
                   .name = name,
                   .text = {reinterpret_cast<const char*>(body.data()), out.written().size()},
                   .time = order.now.wall,
                   .uplink_offset = order.end});
  if (taken) done(order);
}

void NativeCommands::make(const Order& order, std::string_view name) {
  if (!can_answer(order)) return;
  const Rooms::By maker{.slot = order.slot, .end = order.end, .now = order.now};
  auto made = rooms_.make(maker, name);
  const bool is_full = !made && made.error() == wire::Reason::rooms_full;
  if (is_full && rooms_.space() == 0 && room_admin_.drop_unused(order.now))
    made = rooms_.make(maker, name);
  answer_entered(order, made ? rooms_.name(made->room.index) : name, made);
}

void NativeCommands::join(const Order& order, std::string_view name, const Room::Position& known) {
  if (!can_answer(order)) return;
  const auto entered =
      rooms_.enter({.slot = order.slot, .end = order.end, .now = order.now}, name, known);
  answer_entered(order, entered ? rooms_.name(entered->room.index) : name, entered);
}

// The answer is the same when the member is not in the room: a command that is sent again because
// its gateway was killed has been carried out.
void NativeCommands::leave(const Order& order, std::string_view room) {
  if (!can_answer(order)) return;
  const state::RoomId id = room_in(room);
  wire::LeftRoom left{.stream = 0, .room = static_cast<wire::RoomId>(id)};
  std::array<char, state::kMaxNameBytes> name{};
  std::size_t name_bytes = 0;
  if (const auto found = commands_.own_room(order.slot, id)) {
    left.stream = static_cast<std::uint8_t>(wire::kFirstRoomStream + found->at);
    name_bytes = rooms_.name(found->room).copy(name.data(), name.size());
    rooms_.leave(order.slot, *found, state::LeaveKind::quit, {}, order.now);
  }
  const bool taken = mailboxes_.deliver_left(order.slot, {.room = left,
                                                          .name = {name.data(), name_bytes},
                                                          .reason = {},
                                                          .session = sessions_.sender(order.slot),
                                                          .time = order.now.wall,
                                                          .uplink_offset = order.end});
  if (taken) done(order);
}

std::optional<Moderation::Where> NativeCommands::room_of(const Order& order,
                                                         std::string_view room) {
  if (room.empty()) return Moderation::Where{};
  const state::RoomId id = room_in(room);
  const auto found = commands_.own_room(order.slot, id);
  if (!found) return std::nullopt;
  return state::RoomPlace{.id = id, .index = found->room};
}

template <class Done>
bool NativeCommands::finish(const Order& order, const Done& done, std::size_t bytes,
                            std::size_t limit) {
  sessions_.heard(order.slot, order.now.mono);
  if (done) {
    this->done(order);
  } else {
    refuse(order, done.error(), bytes, limit);
  }
  return done.has_value();
}

void NativeCommands::set_topic(const Order& order, std::string_view room, std::string_view topic) {
  const auto where = room_of(order, room);
  if (!where) return refuse(order, wire::Reason::no_such_room);
  finish(order, moderation_.set_topic(changed_by(order), *where, topic), topic.size(),
         state::kMaxTopicBytes);
}

void NativeCommands::set(const Order& order, std::string_view room, std::string_view setting) {
  const auto where = room_of(order, room);
  if (!where) return refuse(order, wire::Reason::no_such_room);
  const auto read = wire::read_setting(setting);
  if (!read) return refuse_unknown(order);
  finish(order, moderation_.set(changed_by(order), *where, *read), 0, 0);
}

std::optional<NativeCommands::Moderated> NativeCommands::moderate(const Order& order,
                                                                  std::string_view room,
                                                                  std::string_view moderation) {
  const auto where = room_of(order, room);
  const auto read = wire::read_moderation(moderation);
  if (!where || !read) {
    refuse(order, where ? wire::Reason::unknown_kind : wire::Reason::no_such_room);
    return std::nullopt;
  }
  auto done = moderation_.moderate(changed_by(order), *where, *read);
  const bool is_done = finish(order, done, read->reason.size(), wire::kMaxModerationReason);
  if (!is_done) return std::nullopt;
  return Moderated{.room = name_in(rooms_, *where, default_name_),
                   .action = read->action,
                   .done = std::move(*done)};
}

std::optional<NativeCommands::Erased> NativeCommands::erase(const Order& order,
                                                            std::string_view room,
                                                            std::string_view line) {
  const auto where = room_of(order, room);
  std::optional<std::uint64_t> number;
  if (!line.empty()) {
    number = wire::line_of({.kind = {}, .name = {}, .text = line, .size = 0});
    if (!number) {
      refuse_unknown(order);
      return std::nullopt;
    }
  }
  if (!where) {
    refuse(order, wire::Reason::no_such_room);
    return std::nullopt;
  }
  auto erased = erasure_.take_back(changed_by(order), *where, number);
  if (!finish(order, erased, 0, 0)) return std::nullopt;
  return Erased{name_in(rooms_, *where, default_name_), std::move(*erased)};
}

void NativeCommands::describe(const Order& order, std::string_view room, std::uint32_t from) {
  const auto where = room_of(order, room);
  if (!where) return refuse(order, wire::Reason::no_such_room);
  std::array<char, kWhoBytes> text{};
  const auto written = about_.write(order.slot, *where, from, text, order.now.wall);
  const Commands::Listed listed{
      .bytes = written.bytes,
      .next = written.next ? std::optional{Slot{*written.next}} : std::nullopt};
  answer_list(order, RecordKind::about, *where ? rooms_.name((*where)->index) : default_name_,
              listed, text.data());
}

void NativeCommands::describe_member(const Order& order, std::string_view name) {
  const auto named = wire::read_named(name);
  const auto member = sessions_.find_name(named.name);
  if (!member) return refuse(order, wire::Reason::no_such_member);
  if (is_another(named, sessions_.person(*member))) {
    return refuse(order, wire::Reason::other_person);
  }
  std::array<char, kWhoBytes> text{};
  const std::size_t bytes = member_about_.write(order.slot, *member, text, order.now);
  answer_list(order, RecordKind::whois, sessions_.name(*member), {.bytes = bytes, .next = {}},
              text.data());
}

void NativeCommands::list_programs(const Order& order) {
  std::array<char, kWhoBytes> text{};
  const std::size_t bytes = programs_.write(order.slot, text, order.now.mono);
  answer_list(order, RecordKind::programs, {}, {.bytes = bytes, .next = {}}, text.data());
}

std::optional<Slot> NativeCommands::find_program(const Order& order, std::uint32_t number) {
  constexpr std::array<char, kWhoBytes> kText{};
  const bool has_space = mailboxes_.has_space(order.slot, {.kind = RecordKind::programs,
                                                           .sender = {},
                                                           .name = {},
                                                           .text = {kText.data(), kText.size()},
                                                           .time = {}});
  if (!has_space) return std::nullopt;
  const auto program = programs_.find(order.slot, number);
  if (!program) refuse(order, wire::Reason::no_such_program);
  return program;
}

void NativeCommands::set_away(const Order& order, std::string_view text) {
  std::array<char, wire::kMaxAwayBytes> buffer{};
  std::string_view clean;
  if (!text.empty()) {
    if (commands_.is_muted(order.slot, order.now.wall)) return refuse(order, wire::Reason::muted);
    const auto cleaned = wire::clean_text(text, buffer.size(), buffer);
    if (!cleaned) return refuse(order, reason_of(cleaned.error()), text.size(), buffer.size());
    clean = *cleaned;
  }
  // Without space for the answer nothing is changed, and the command is sent again.
  const bool has_space = mailboxes_.has_space(order.slot, {.kind = RecordKind::away,
                                                           .sender = {},
                                                           .name = {},
                                                           .text = {buffer.data(), buffer.size()},
                                                           .time = {}});
  if (!has_space) return;
  const bool is_away = presence_.decide(order.slot, order.end, !clean.empty());
  presence_.set(order.slot, is_away, is_away ? clean : std::string_view{}, order.now.wall);
  logs::Entry answer = presence_.entry_of(order.slot, order.now.wall);
  answer.uplink_offset = order.end;
  if (mailboxes_.deliver(order.slot, answer)) done(order);
}

void NativeCommands::refuse_unknown(const Order& order) {
  refuse(order, wire::Reason::unknown_kind);
}

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/room_world.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace chatd::test {

namespace {

constexpr Micros kStep{2'000};
constexpr std::uint64_t kGone = 13;  // a person that has its name no more

// The record that a command in a room becomes.
wire::RecordKind record_of(wire::CommandKind kind) {
  switch (kind) {
    case wire::CommandKind::topic:
      return wire::RecordKind::topic;
    case wire::CommandKind::set:
      return wire::RecordKind::set;
    case wire::CommandKind::moderate:
      return wire::RecordKind::moderated;
    default:
      return wire::RecordKind::say;
  }
}

bool has_text(wire::CommandKind kind) {
  return kind == wire::CommandKind::say || kind == wire::CommandKind::action ||
         kind == wire::CommandKind::topic || kind == wire::CommandKind::leave;
}

}  // namespace

RoomWorld::RoomWorld(std::uint64_t seed, bool wants_replay)
    : member{{.name = "ada",
              .identity = crypto::generate_key_pair().value(),
              .is_trusted = [](const client::ServerProof&) { return true; },
              .known_users = [this] { return known_users; },
              .random =
                  [this](std::span<std::byte> out) {
                    for (auto& byte : out) byte = static_cast<std::byte>(random_());
                  },
              .wants_replay = wants_replay}},
      random_{seed},
      handshaking_{std::make_unique<Handshaking>(now())} {
  rooms_[wire::kDefaultRoom] = {.name = ""};
}

// --- the rooms --------------------------------------------------------------------------

wire::RoomId RoomWorld::make(std::string_view room) {
  ++last_room_;
  rooms_[last_room_] = {.name = std::string{room}, .base = std::uint64_t{last_room_} << 32U};
  return last_room_;
}

// Each session has another key.
wire::CommandKey RoomWorld::key_of(std::uint64_t generation) {
  wire::CommandKey key{};
  key.front() = static_cast<std::byte>(generation);
  return key;
}

std::optional<wire::RoomId> RoomWorld::find(std::string_view room) const {
  for (const auto& [id, log] : rooms_) {
    if (log.name == room) return id;
  }
  return std::nullopt;
}

// The room that the client knows, whatever name it has now; else that of the name.
std::optional<wire::RoomId> RoomWorld::find_joined(const wire::CommandView& join) const {
  const auto known = wire::position_of(join);
  if (known && known->history_id == history_id_) {
    const auto id = static_cast<wire::RoomId>(known->offset >> 32U);
    if (id != wire::kDefaultRoom && rooms_.contains(id)) return id;
  }
  return find(join.name);
}

void RoomWorld::append(Log& log, const RecordFacts& about, std::string_view name,
                       std::string_view text) {
  wire::RecordHeader full{};
  full.kind = about.kind;
  full.sender_slot = about.slot;
  full.sender_generation = about.generation;
  const std::size_t used = sizeof full + name.size() + text.size();
  full.size = static_cast<std::uint32_t>((used + 7) / 8 * 8);
  full.name_bytes = static_cast<std::uint16_t>(name.size());
  full.text_bytes = static_cast<std::uint32_t>(text.size());
  full.sequence = ++sequence_;
  const bool is_mailbox = session_ && &log == &session_->mailbox;
  full.uplink_offset =
      is_mailbox ? about.command
                 : mask_.apply(key_of(about.generation), log.id(), full.sequence, about.command);
  if (wire::has_person(about.kind)) full.uplink_offset = about.person;
  full.wall_time = time_.count();
  log.bytes.append(reinterpret_cast<const char*>(&full), sizeof full).append(name).append(text);
  log.bytes.append(full.size - used, '\0');
}

void RoomWorld::say(std::string_view room, std::string_view name, std::string_view text) {
  append(rooms_.at(find(room).value()), {.kind = wire::RecordKind::say, .slot = 9, .command = 1},
         name, text);
}

void RoomWorld::say_as_text_member(std::string_view name, std::string_view text) {
  put_in_room("", wire::RecordKind::say, name, text);
}

void RoomWorld::join(std::string_view name, std::uint64_t person, wire::RecordKind kind) {
  append(rooms_.at(wire::kDefaultRoom), {.kind = kind, .slot = 9, .person = person}, name, {});
}

void RoomWorld::put_in_room(std::string_view room, wire::RecordKind kind, std::string_view name,
                            std::string_view text) {
  append(rooms_.at(find(room).value()), {.kind = kind, .slot = 9}, name, text);
}

std::vector<std::string> RoomWorld::said_in(std::string_view room) const {
  const std::string& bytes = rooms_.at(find(room).value()).bytes;
  std::vector<std::string> texts;
  for (auto rest = std::as_bytes(std::span{bytes}); !rest.empty();) {
    const auto record = wire::read_record(rest).value();
    if (record.name == "ada" && record.header.kind == wire::RecordKind::say)
      texts.emplace_back(record.text);
    rest = rest.subspan(record.header.size);
  }
  return texts;
}

void RoomWorld::rename(std::string_view room, std::string_view name) {
  rooms_.at(find(room).value()).name = name;
}

void RoomWorld::drop(std::string_view room) {
  const wire::RoomId id = find(room).value();
  if (session_) {
    const auto subscribed = std::ranges::find_if(
        session_->streams, [&](const auto& one) { return one.first > 1 && one.second.room == id; });
    if (subscribed != session_->streams.end()) unsubscribe(subscribed->first, "dropped");
  }
  rooms_.erase(id);
}

void RoomWorld::unsubscribe(std::uint8_t stream, std::string_view reason) {
  const Stream state = session_->streams.at(stream);
  std::array<std::byte, 64> text{};
  wire::ByteWriter out{text};
  encode(out, wire::LeftRoom{.stream = stream, .room = state.room, .reason = reason});
  session_->streams.erase(stream);
  reply(wire::RecordKind::left, state.log->name,
        {reinterpret_cast<const char*>(out.written().data()), out.size()});
}

void RoomWorld::overwrite(std::string_view room) {
  Log& log = rooms_.at(find(room).value());
  log.gone = log.tail();
}

void RoomWorld::forget_session() {
  if (!session_ || !session_->is_welcomed) return;
  std::array<std::byte, 24> bytes{};
  wire::ByteWriter out{bytes};
  wire::write_reset(out, {.connection = kConnection, .token = {}});
  session_.reset();
  for (int copies = 0; copies < 20; ++copies) fly(false, bytes);
}

void RoomWorld::begin_history() {
  ++history_id_;
  rooms_.clear();
  last_room_ = 0;
  rooms_[wire::kDefaultRoom] = {.name = ""};
  forget_session();
}

void RoomWorld::begin_from_disk() {
  ++history_id_;
  forget_session();
}

void RoomWorld::resume_session() { resumes_ = true; }

// --- commands ---------------------------------------------------------------------------

void RoomWorld::reply(wire::RecordKind kind, std::string_view name, std::string_view text) {
  append(session_->mailbox, {.kind = kind, .slot = wire::kNobody, .command = session_->command_end},
         name, text);
}

// A list of this server has two parts.
void RoomWorld::reply_part(wire::RecordKind kind, std::string_view name,
                           const wire::CommandView& command, std::string_view first,
                           std::string_view second) {
  const bool is_first = wire::place_of(command) == 0U;
  append(session_->mailbox,
         {.kind = kind, .slot = is_first ? 1 : wire::kNobody, .command = session_->command_end},
         name, is_first ? first : second);
}

void RoomWorld::refuse(std::string_view code) { reply(wire::RecordKind::notice, code, "No."); }

void RoomWorld::subscribe(wire::RoomId room, const std::optional<wire::RoomPosition>& from) {
  std::uint8_t number = wire::kFirstRoomStream;
  for (const auto& [stream, state] : session_->streams) {
    if (stream > 1 && state.room == room) number = stream;
  }
  while (session_->streams.contains(number) && session_->streams[number].room != room) ++number;
  Log& log = rooms_.at(room);
  const bool is_new = !session_->streams.contains(number);
  Stream& stream = session_->streams[number];
  if (is_new) {
    stream = {.room = room, .log = &log, .acked = std::max(log.base, log.gone)};
    const bool knows = from && from->history_id == history_id_ && from->offset >= stream.acked &&
                       from->offset <= log.tail();
    if (knows) stream.acked = from->offset;
    // The record has no command offset, as a join record of the daemon.
    append(log, {.kind = wire::RecordKind::join, .slot = kSlot, .generation = session_->generation},
           "ada", {});
  }
  std::array<std::byte, 64> text{};
  wire::ByteWriter out{text};
  encode(out, wire::JoinedRoom{.stream = number,
                               .room = room,
                               .offset = stream.acked,
                               .live_offset = log.tail(),
                               .topic = "topic"});
  reply(wire::RecordKind::joined, log.name,
        {reinterpret_cast<const char*>(out.written().data()), out.size()});
}

void RoomWorld::carry_out_in_room(const wire::CommandView& command) {
  const auto room = wire::room_of(command).value();
  const auto stream = std::ranges::find_if(session_->streams, [&](const auto& one) {
    return one.first != 0 && one.second.room == room;
  });
  carried_out_.push_back(fmt::format("{} {} {}", static_cast<int>(command.kind), room,
                                     has_text(command.kind) ? command.text : ""));
  if (stream == session_->streams.end()) return refuse("not_in_room");
  Log& log = *stream->second.log;
  if (command.kind == wire::CommandKind::who) {
    return reply_part(wire::RecordKind::who, log.name, command, "ada", "bob");
  }
  if (command.kind == wire::CommandKind::about) {
    return reply_part(wire::RecordKind::about, log.name, command, "topic\ttea", "owner\tada");
  }
  if (command.kind == wire::CommandKind::leave) {
    return unsubscribe(stream->first, {});
  }
  append(log,
         {.kind = record_of(command.kind),
          .slot = kSlot,
          .generation = session_->generation,
          .command = session_->command_end},
         "ada", command.text);
}

void RoomWorld::carry_out(const wire::CommandView& command) {
  switch (command.kind) {
    case wire::CommandKind::make:
      if (find(command.name)) return refuse("room_exists");
      make(command.name);
      [[fallthrough]];
    case wire::CommandKind::join:
      carried_out_.push_back("join " + std::string{command.name});
      if (const auto room = find_joined(command)) return subscribe(*room, position_of(command));
      return refuse("no_such_room");
    case wire::CommandKind::direct: {
      const auto to = wire::read_named(command.name);
      carried_out_.push_back(fmt::format("direct {} {}", to.name, to.person));
      if (to.person == kGone) return refuse("other_person");
      if (waits_for == to.name) reply(wire::RecordKind::waits, to.name, "");
      return;
    }
    case wire::CommandKind::block:
      return block(command);
    case wire::CommandKind::rooms:
      return reply_part(wire::RecordKind::rooms, "", command, "lab\t2\tin", "pub\t7");
    case wire::CommandKind::programs:
      carried_out_.push_back(fmt::format("programs {}", wire::place_of(command).value()));
      return reply_part(wire::RecordKind::programs, "", command, "1\there\t9\t0\tthis",
                        "7\tthere\t8\t60");
    case wire::CommandKind::away:
      carried_out_.push_back(fmt::format("away {}", command.text));
      return reply(command.text.empty() ? wire::RecordKind::back : wire::RecordKind::away, "",
                   command.text);
    case wire::CommandKind::history:
      asked.push_back(wire::read_history(command.text).value());
      if (!refuses_history.empty()) refuse(refuses_history);
      return;
    case wire::CommandKind::own:
      carried_out_.push_back(fmt::format("own {}", wire::read_own_request(command.text)->label));
      return reply(wire::RecordKind::own, "ada", "event\tclaimed");
    case wire::CommandKind::whois:
      carried_out_.push_back("whois " + std::string{command.name});
      if (command.name != "bob") return refuse("no_such_member");
      return append(
          session_->mailbox,
          {.kind = wire::RecordKind::whois, .slot = whois_slot, .command = session_->command_end},
          "bob", "name\tbob\nprotocol\ttext");
    case wire::CommandKind::end_program:
      carried_out_.push_back(fmt::format("end {}", wire::program_of(command).value()));
      if (wire::program_of(command) != 2U) return refuse("no_such_program");
      return append(
          session_->mailbox,
          {.kind = wire::RecordKind::programs, .slot = 1, .command = session_->command_end}, "",
          "1\there\t9\t0\tthis");
    default:
      return carry_out_in_room(command);
  }
}

// --- the network ------------------------------------------------------------------------

void RoomWorld::fly(bool to_server, wire::Bytes bytes) {
  if (bytes.empty()) return;
  std::uniform_real_distribution<double> share{0, 1};
  for (int copy = 0; copy < (share(random_) < 0.1 ? 2 : 1); ++copy) {
    if (share(random_) < loss) continue;
    const auto delay =
        static_cast<std::int64_t>(share(random_) * static_cast<double>(most_delay.count()));
    flying_.emplace(time_ + Micros{delay},
                    std::pair{to_server, std::vector<std::byte>{bytes.begin(), bytes.end()}});
  }
}

void RoomWorld::step() {
  time_ += kStep;
  while (!flying_.empty() && flying_.begin()->first <= time_) {
    const auto [to_server, bytes] = std::move(flying_.begin()->second);
    flying_.erase(flying_.begin());
    if (to_server) {
      on_datagram(bytes);
    } else {
      member.receive(bytes, now());
    }
  }
  member.tick(now());
  std::vector<std::byte> datagram;
  for (int sent = 0; member.next_datagram(datagram, now()); ++sent) {
    EXPECT_LT(sent, 100) << "the member sends without an end";
    fly(true, datagram);
  }
  server_work();
  while (auto event = member.next_event()) events.push_back(std::move(*event));
}

std::vector<std::string> RoomWorld::lines_of(std::string_view room) const {
  std::vector<std::string> lines;
  for (const auto& event : events) {
    const auto* line = std::get_if<client::Line>(&event);
    if (line == nullptr || line->record != wire::RecordKind::say) continue;
    if (line->room.name != room) continue;
    lines.push_back(line->name + ": " + line->text);
  }
  return lines;
}

void RoomWorld::run_for(Micros time) {
  (void)run_until([] { return false; }, time);
}

bool RoomWorld::run_until(const std::function<bool()>& holds, Micros most) {
  for (const Micros end = time_ + most; time_ < end;) {
    step();
    if (holds()) return true;
  }
  return false;
}

}  // namespace chatd::test

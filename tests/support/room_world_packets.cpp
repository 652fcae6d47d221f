// SPDX-License-Identifier: GPL-3.0-or-later
// The packets of the server, and the records that no command causes.
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/base/overloaded.hpp"
#include "common/transport/packet_seal.hpp"
#include "common/transport/rtt.hpp"
#include "common/wire/native/native_block.hpp"
#include "tests/support/room_world.hpp"

namespace chatd::test {

namespace {

constexpr Micros kBetweenSends{20'000};

bool is_question(wire::CommandKind kind) {
  return kind == wire::CommandKind::who || kind == wire::CommandKind::rooms ||
         kind == wire::CommandKind::about || kind == wire::CommandKind::programs ||
         kind == wire::CommandKind::whois;
}

}  // namespace

void RoomWorld::put_in_mailbox(wire::RecordKind kind, std::string_view name, std::string_view text,
                               std::uint32_t slot) {
  append(session_->mailbox, {.kind = kind, .slot = slot}, name, text);
}

void RoomWorld::on_datagram(wire::Bytes datagram) {
  switch (wire::packet_type(datagram).value()) {
    case wire::PacketType::hello:
      return fly(false, handshaking_->server.on_hello(datagram, {}, now()).reply);
    case wire::PacketType::confirm:
      return on_confirm(datagram);
    default:
      if (session_ && !resumes_) on_sealed(datagram);
  }
}

void RoomWorld::on_confirm(wire::Bytes datagram) {
  const auto outcome = handshaking_->server.on_confirm(datagram, {}, now());
  if (!outcome.arrival) return fly(false, outcome.reply);
  const auto& login = outcome.arrival->login;
  const Log& log = rooms_.at(wire::kDefaultRoom);
  const bool resumes = std::exchange(resumes_, false) && session_ != nullptr;
  if (!resumes) {
    session_ = std::make_unique<Session>();
    session_->generation = ++generation_;
    carried_out_.clear();
    const bool knows = login.history_id == history_id_;
    session_->login_offset = knows ? login.room_offset : 0;
    session_->live_offset = log.tail();
    session_->streams[wire::kMailboxStream] = {.room = {}, .log = &session_->mailbox, .acked = 0};
    session_->streams[wire::kRoomStream] = {.room = wire::kDefaultRoom,
                                            .log = &rooms_.at(wire::kDefaultRoom),
                                            .acked = session_->login_offset};
  } else {
    session_->login_offset = login.room_offset;
    session_->streams[wire::kRoomStream].acked = login.room_offset;
  }
  session_->from_client = outcome.arrival->from_client;
  session_->to_client = outcome.arrival->to_client;
  session_->counter = 0;
  session_->seen.clear();
  session_->is_welcomed = false;
  session_->next_send = time_;
}

void RoomWorld::on_sealed(wire::Bytes datagram) {
  const auto header = wire::read_sealed(datagram);
  if (!header || session_->seen.contains(header->counter)) return;
  std::vector<std::byte> opened(datagram.size());
  wire::Bytes frames;
  crypto::Aead aead;
  if (!transport::open_packet(aead, session_->from_client, header->counter, datagram, opened,
                              frames)) {
    return;
  }
  session_->seen.insert(header->counter);
  session_->is_welcomed = true;
  wire::ByteReader in{frames};
  std::size_t count = 0;
  while (const auto frame = wire::next_frame(in)) {
    EXPECT_LE(++count, wire::kMaxFrames);
    std::visit(
        Overloaded{[&](const wire::DataFrame& data) { on_commands(data); },
                   [&](const wire::AckFrame& ack) { on_ack(ack); }, [](const auto& /*other*/) {}},
        *frame);
  }
}

void RoomWorld::on_ack(const wire::AckFrame& ack) {
  const auto stream = session_->streams.find(ack.stream);
  if (stream == session_->streams.end()) return;
  Stream& state = stream->second;
  if (ack.cumulative > state.acked && ack.cumulative <= state.log->tail()) {
    state.acked = ack.cumulative;
  }
}

void RoomWorld::seal(wire::Bytes frames) {
  std::vector<std::byte> packet(frames.size() + wire::kSealedOverhead);
  crypto::Aead aead;
  transport::seal_packet(aead, session_->to_client,
                         {.connection = kConnection,
                          .counter = session_->counter++,
                          .time = transport::clock_value(now()),
                          .echo = 0},
                         frames, packet);
  fly(false, packet);
}

// Sends the first bytes of each stream that are not acknowledged.
void RoomWorld::server_work() {
  if (!session_ || resumes_ || time_ < session_->next_send) return;
  Session& session = *session_;
  session.next_send = time_ + kBetweenSends;
  std::array<std::byte, wire::kBaseDatagram> buffer{};
  if (!session.is_welcomed) {
    wire::ByteWriter out{buffer};
    wire::write_frame(out, wire::WelcomeFrame{.slot = kSlot,
                                              .generation = session.generation,
                                              .history_id = history_id_,
                                              .uplink_offset = session.commands_read,
                                              .mailbox_offset = session.streams[0].acked,
                                              .mailbox_tail = session.mailbox.tail(),
                                              .room_offset = session.login_offset,
                                              .live_offset = session.live_offset,
                                              .ping_seconds = 20,
                                              .message_bytes = 900,
                                              .name = "ada",
                                              .server_name = "the lab",
                                              .command_key = key_of(session.generation),
                                              .history = wire::HistoryKept::kept,
                                              .history_seconds = 60});
    return seal(out.written());
  }
  wire::ByteWriter out{buffer};
  if (!ignores_commands && acknowledges) {
    wire::write_frame(out, wire::HeadFrame{.stream = 0, .tail = session.mailbox.tail()});
    wire::write_frame(out, wire::AckFrame{.stream = 0, .cumulative = session.commands_read});
  }
  seal(out.written());
  for (auto& [number, stream] : session.streams) {
    if (number == wire::kMailboxStream && ignores_commands) continue;
    wire::ByteWriter data{buffer};
    if (stream.acked < stream.log->gone) {
      wire::write_frame(
          data, wire::GapFrame{.stream = number, .from = stream.acked, .to = stream.log->gone});
    } else {
      const auto all = std::as_bytes(std::span{stream.log->bytes});
      const auto rest = all.subspan(stream.acked - stream.log->base);
      if (rest.empty()) continue;
      wire::write_frame(data, wire::DataFrame{.stream = number,
                                              .offset = stream.acked,
                                              .bytes = rest.first(std::min<std::size_t>(
                                                  rest.size(), 1 + random_() % 1000))});
    }
    seal(data.written());
  }
}

void RoomWorld::block(const wire::CommandView& command) {
  const auto request = wire::read_block(command.text).value();
  const auto user = wire::read_named(command.name);
  carried_out_.push_back(fmt::format("block {} {} {} {}", static_cast<int>(request.act), user.name,
                                     user.person, request.place));
  if (user.name == "zoe") return refuse("no_such_member");
  if (request.act != wire::BlockAct::list) return reply(wire::RecordKind::blocks, "anyone", "");
  const bool is_first = request.place == 0;
  append(session_->mailbox,
         {.kind = wire::RecordKind::blocks,
          .slot = is_first ? 1 : wire::kNobody,
          .command = session_->command_end},
         "owned", is_first ? "bob\t0000000000000007\t9" : "eve\t0000000000000008\t9");
}

void RoomWorld::on_commands(const wire::DataFrame& data) {
  Session& session = *session_;
  const std::uint64_t end = data.offset + data.bytes.size();
  if (data.offset > session.commands_read || end <= session.commands_read) return;
  for (auto rest = data.bytes.subspan(session.commands_read - data.offset); !rest.empty();) {
    const auto command = wire::read_command(rest).value();
    const bool asks_for_more =
        is_question(command.kind) && wire::place_of(command).value_or(0) != 0;
    if (asks_for_more && !reads_asks_for_more) return;
    session.command_end = session.commands_read + command.size;
    carry_out(command);
    session.commands_read = session.command_end;
    rest = rest.subspan(command.size);
  }
}

}  // namespace chatd::test

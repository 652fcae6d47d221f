// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/native_attacker.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "client/member/handshake.hpp"
#include "common/crypto/random.hpp"
#include "common/wire/native/native_frame.hpp"
#include "common/wire/native/native_record.hpp"

namespace chatd::test {

namespace {

constexpr IpAddress kHome{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1}};

}  // namespace

const std::vector<NativeAttacker::Kind>& NativeAttacker::kinds() {
  using A = NativeAttacker;
  static const std::vector<Kind> all{{"lists", &A::lists},
                                     {"unknown commands", &A::unknown_commands},
                                     {"changes without a right", &A::changes},
                                     {"says", &A::says},
                                     {"says that are refused", &A::bad_says},
                                     {"direct_messages", &A::direct_messages},
                                     {"PINGs", &A::pings},
                                     {"PATH_CHALLENGEs", &A::challenges},
                                     {"contradictory ACKs", &A::contradictory_acks},
                                     {"many ACKs a packet", &A::many_acks},
                                     {"PONGs and PATH_RESPONSEs", &A::pongs},
                                     {"nothing", &A::empty},
                                     {"unknown frames", &A::unknown_frames},
                                     {"padding", &A::padding},
                                     {"forged sources", &A::forged_sources},
                                     {"long packets", &A::long_packets},
                                     {"counters far ahead", &A::far_counters},
                                     {"its CONFIRM again", &A::repeated_confirms},
                                     {"L again, as text", &A::text_logins},
                                     {"blanks, as text", &A::text_blanks},
                                     {"garbage, as text", &A::text_garbage}};
  return all;
}

NativeAttacker::NativeAttacker(const Endpoint& server, const std::string& name)
    : server_{server},
      options_{.name = name,
               .identity = crypto::generate_key_pair().value(),
               .is_trusted = [](const client::ServerProof&) { return true; },
               .random = [](std::span<std::byte> out) { crypto::fill_random(out); }} {
  for (auto& datagram : batch_) datagram.reserve(wire::kMaxDatagram);
  enter(name);
  text_.send(server_, "L " + name + "t");
  if (text_.next() != "OK") throw std::runtime_error{"the text attacker was not let in"};
}

void NativeAttacker::enter(const std::string& name) {
  constexpr int kTries = 100;  // of 100 ms
  client::Handshake handshake{options_, {.client = 1}, mono_now()};
  std::array<std::byte, 65536> buffer;
  for (int i = 0; i < kTries; ++i) {
    while (handshake.next_datagram(confirm_, mono_now())) {
      const auto* bytes = reinterpret_cast<const char*>(confirm_.data());
      socket_.send(server_, {bytes, confirm_.size()});
    }
    pollfd waiting{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 100) <= 0) continue;
    const ssize_t got = ::recv(socket_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got <= 0) continue;
    const auto datagram = std::span{buffer}.first(static_cast<std::size_t>(got));
    if (handshake.receive(datagram, mono_now()) == client::Handshake::Step::keys) {
      link_.emplace(handshake.keys(), mono_now());
    }
    const auto frames = link_ ? link_->open(datagram, mono_now()) : std::nullopt;
    if (!frames) continue;
    return read_frames(*frames);
  }
  throw std::runtime_error{name + " was not let in"};
}

void NativeAttacker::read_frames(wire::Bytes frames) {
  wire::ByteReader in{frames};
  while (const auto frame = wire::next_frame(in)) {
    if (const auto* welcome = std::get_if<wire::WelcomeFrame>(&*frame)) {
      uplink_ = welcome->uplink_offset;
      mailbox_ = welcome->mailbox_tail;
      room_ = welcome->live_offset;
    } else if (const auto* ack = std::get_if<wire::AckFrame>(&*frame)) {
      uplink_ = std::max(uplink_, ack->cumulative);
    } else if (const auto* head = std::get_if<wire::HeadFrame>(&*frame)) {
      auto& tail = head->stream == wire::kMailboxStream ? mailbox_ : room_;
      tail = std::max(tail, head->tail);
    } else if (const auto* data = std::get_if<wire::DataFrame>(&*frame)) {
      const bool is_mailbox = data->stream == wire::kMailboxStream;
      const auto record = wire::read_record(data->bytes);
      if (is_mailbox && record) answer_bytes_ = record->header.size;
      auto& tail = is_mailbox ? mailbox_ : room_;
      tail = std::max(tail, data->offset + data->bytes.size());
    }
  }
}

void NativeAttacker::read_all() {
  std::array<std::byte, 65536> buffer;
  for (;;) {
    const ssize_t got = ::recv(socket_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) break;
    const auto frames =
        link_->open(std::span{buffer}.first(static_cast<std::size_t>(got)), mono_now());
    if (frames) read_frames(*frames);
  }
  while (::recv(text_.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT) >= 0) {
  }
}

void NativeAttacker::send(const Kind& kind) {
  writer_.clear();
  text_writer_.clear();
  claimed_ = answered_bytes_ = 0;
  for (used_ = 0; used_ < kBatch; ++used_) (this->*kind.make)();
  if (writer_.size() != 0) (void)writer_.send(socket_.fd());
  if (text_writer_.size() != 0) (void)text_writer_.send(text_.fd());
  read_all();
}

void NativeAttacker::add(wire::Bytes datagram, const UdpClient& socket, const IpAddress& from) {
  batch_[used_].assign(datagram.begin(), datagram.end());
  (&socket == &text_ ? text_writer_ : writer_).add_run(server_, from, batch_[used_], 0);
}

void NativeAttacker::add_sealed(const Frames& frames, std::optional<IpAddress> from) {
  std::array<std::byte, wire::kBaseDatagram - wire::kSealedOverhead> room;
  wire::ByteWriter out{room};
  frames(out);
  link_->seal(out.written(), mono_now(), sealed_);
  add(sealed_, socket_, from.value_or(kHome));
}

void NativeAttacker::add_text(std::string_view text) {
  add(std::as_bytes(std::span{text}), text_, kHome);
}

void NativeAttacker::add_commands(wire::CommandKind kind, std::string_view name,
                                  std::string_view text) {
  constexpr std::size_t kMailboxBytes = 4096;
  std::array<std::byte, 1000> room;
  wire::ByteWriter many{room};
  const std::size_t most = answer_bytes_ == 0 ? 1 : kMailboxBytes / answer_bytes_;
  std::size_t count = 0;
  add_sealed([&](wire::ByteWriter& out) {
    do {
      many = wire::ByteWriter{room};
      const std::size_t left = out.left();
      for (count = 0; count < most && many.size() + 64 + text.size() < left; ++count) {
        if (!wire::write_command(many, kind, name, text)) break;
      }
      wire::write_frame(out, wire::AckFrame{.stream = wire::kMailboxStream,
                                            .window = 65'536,
                                            .cumulative = mailbox_ + answered_bytes_});
      wire::write_frame(out, wire::DataFrame{.stream = wire::kCommandStream,
                                             .offset = uplink_ + claimed_,
                                             .bytes = many.written()});
      claimed_ += many.size();
      answered_bytes_ += count * answer_bytes_;
    } while (count == most && out.left() > 100);
  });
}

IpAddress NativeAttacker::somewhere() {
  IpAddress from = kHome;
  for (std::size_t i = 13; i < 16; ++i) {
    from.bytes[i] = static_cast<std::uint8_t>(1 + random_() % 254);
  }
  return from;
}

void NativeAttacker::lists() {
  constexpr std::string_view kFromTheFirst{"\0\0\0\0", 4};
  add_commands(wire::CommandKind::who, {}, kFromTheFirst);
}
// Of the default room.
void NativeAttacker::changes() {
  std::array<char, wire::kMaxModerationBytes> text{};
  add_commands(wire::CommandKind::moderate, {},
               wire::write_moderation({.action = wire::ModerateAction::ban, .name = "ada"}, text));
}
void NativeAttacker::unknown_commands() { add_commands(wire::CommandKind{99}, {}, {}); }
void NativeAttacker::says() { add_commands(wire::CommandKind::say, {}, "evil"); }
void NativeAttacker::bad_says() {
  static const std::string kWrongAtTheEnd = std::string(899, 'x') + "\xff";
  add_commands(wire::CommandKind::say, {}, kWrongAtTheEnd);
}
void NativeAttacker::direct_messages() {
  add_commands(wire::CommandKind::direct, random_() % 2 == 0 ? "m0" : "nobody", "psst");
}
void NativeAttacker::pings() {
  add_sealed([](wire::ByteWriter& out) { wire::write_frame(out, wire::PingFrame{}); });
}
void NativeAttacker::challenges() {
  add_sealed(
      [](wire::ByteWriter& out) { wire::write_frame(out, wire::PathChallenge{.value = 1}); });
}
// Each lets a worker think that something is missing, and the window is small.
void NativeAttacker::contradictory_acks() {
  add_sealed([this](wire::ByteWriter& out) {
    wire::AckFrame ack{
        .stream = wire::kRoomStream, .window = 2000, .cumulative = room_, .holes = 8};
    for (auto& hole : ack.hole) {
      hole = {.start = static_cast<std::uint32_t>(random_() % 5000), .bytes = ~0U};
    }
    wire::write_frame(out, ack);
  });
}
void NativeAttacker::many_acks() {
  add_sealed([this](wire::ByteWriter& out) {
    const wire::AckFrame ack{
        .stream = wire::kMailboxStream, .window = 65'536, .cumulative = mailbox_};
    while (wire::write_frame(out, ack)) {
    }
  });
}
void NativeAttacker::pongs() {
  add_sealed([this](wire::ByteWriter& out) {
    while (wire::write_frame(out, wire::PathResponse{.value = random_()}) &&
           wire::write_frame(out, wire::PongFrame{.size = 1452})) {
    }
  });
}
void NativeAttacker::empty() {
  add_sealed([](wire::ByteWriter&) {});
}
void NativeAttacker::unknown_frames() {
  add_sealed([](wire::ByteWriter& out) {
    while (wire::write_frame(out, wire::UnknownFrame{.type = wire::FrameType{200}, .body = {}})) {
    }
  });
}
void NativeAttacker::padding() {
  add_sealed([](wire::ByteWriter& out) { out.put_zeros(out.left()); });
}
void NativeAttacker::forged_sources() {
  add_sealed([](wire::ByteWriter& out) { wire::write_frame(out, wire::PingFrame{}); }, somewhere());
}
void NativeAttacker::long_packets() {
  static const std::vector<std::byte> zeros(wire::kMaxDatagram - wire::kSealedOverhead);
  link_->seal(zeros, mono_now(), sealed_);
  add(sealed_, socket_, kHome);
}
// Not sealed again: it opens under no key, and to find that out the server derives the keys.
void NativeAttacker::far_counters() {
  add_sealed([](wire::ByteWriter& out) { wire::write_frame(out, wire::PingFrame{}); });
  auto header = wire::read_sealed(batch_[used_]).value();
  header.counter += std::uint64_t{3} << wire::kKeyPhaseBits;
  wire::ByteWriter out{batch_[used_]};
  wire::write_sealed(out, header);
}
void NativeAttacker::repeated_confirms() { add(confirm_, socket_, kHome); }
void NativeAttacker::text_logins() { add_text("L ada"); }
void NativeAttacker::text_blanks() { add_text("C  \t "); }
void NativeAttacker::text_garbage() { add_text("CHAT with me"); }

}  // namespace chatd::test

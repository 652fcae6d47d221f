// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native_frame.hpp"

#include <algorithm>

namespace chatd::wire {

namespace {

// In front of the names of a WELCOME.
constexpr std::size_t kWelcomeFixedBytes = 99;

std::optional<Frame> read_data(ByteReader& in) noexcept {
  DataFrame data{.stream = in.take<std::uint8_t>(), .offset = {}, .bytes = {}};
  const auto size = in.take<std::uint16_t>();
  data.offset = in.take<std::uint64_t>();
  data.bytes = in.take_bytes(size);
  return data;
}

std::optional<Frame> read_ack_wish(ByteReader& in) noexcept {
  const auto wish = static_cast<AckWish>(in.take<std::uint8_t>());
  if (wish > AckWish::hurry) return std::nullopt;
  return AckWishFrame{.wish = wish};
}

std::optional<Frame> read_ack(ByteReader& in) noexcept {
  AckFrame ack{.stream = in.take<std::uint8_t>(), .holes = in.take<std::uint8_t>()};
  ack.window = in.take<std::uint32_t>();
  ack.cumulative = in.take<std::uint64_t>();
  if (ack.holes > kMaxGaps) return std::nullopt;
  for (Hole& hole : std::span{ack.hole}.first(ack.holes)) {
    hole.start = in.take<std::uint32_t>();
    hole.bytes = in.take<std::uint32_t>();
  }
  return ack;
}

std::optional<Frame> read_gap(ByteReader& in) noexcept {
  const GapFrame gap{.stream = in.take<std::uint8_t>(),
                     .from = in.take<std::uint64_t>(),
                     .to = in.take<std::uint64_t>()};
  if (gap.to < gap.from) return std::nullopt;
  return gap;
}

std::optional<Frame> read_welcome(ByteReader& in) noexcept {
  WelcomeFrame welcome{};
  welcome.slot = in.take<std::uint32_t>();
  for (auto field : {&WelcomeFrame::generation, &WelcomeFrame::epoch, &WelcomeFrame::uplink_offset,
                     &WelcomeFrame::mailbox_offset, &WelcomeFrame::mailbox_tail,
                     &WelcomeFrame::room_offset, &WelcomeFrame::live_offset}) {
    welcome.*field = in.take<std::uint64_t>();
  }
  in.take_into(welcome.reset_token);
  for (auto field :
       {&WelcomeFrame::ping_seconds, &WelcomeFrame::idle_seconds, &WelcomeFrame::linger_seconds,
        &WelcomeFrame::messages_per_1000_seconds, &WelcomeFrame::burst}) {
    welcome.*field = in.take<std::uint32_t>();
  }
  welcome.message_bytes = in.take<std::uint16_t>();
  welcome.name = in.take_text(in.take<std::uint8_t>());
  welcome.server_name = in.take_text(in.take<std::uint8_t>());
  return welcome;
}

std::optional<Frame> read_one(ByteReader& in, FrameType type) noexcept {
  switch (type) {
    case FrameType::padding:
      break;
    case FrameType::data:
      return read_data(in);
    case FrameType::ack:
      return read_ack(in);
    case FrameType::gap:
      return read_gap(in);
    case FrameType::head:
      return HeadFrame{.stream = in.take<std::uint8_t>(), .tail = in.take<std::uint64_t>()};
    case FrameType::ping:
      return PingFrame{.size = in.take<std::uint16_t>()};
    case FrameType::pong:
      return PongFrame{.size = in.take<std::uint16_t>()};
    case FrameType::path_challenge:
      return PathChallenge{.value = in.take<std::uint64_t>()};
    case FrameType::path_response:
      return PathResponse{.value = in.take<std::uint64_t>()};
    case FrameType::bye: {
      ByeFrame bye{.reason = static_cast<ByeReason>(in.take<std::uint8_t>()), .text = {}};
      bye.text = in.take_text(in.take<std::uint8_t>());
      return bye;
    }
    case FrameType::welcome:
      return read_welcome(in);
    case FrameType::refused: {
      RefusedFrame refused{.code = static_cast<RefusalCode>(in.take<std::uint8_t>()), .text = {}};
      refused.text = in.take_text(in.take<std::uint8_t>());
      return refused;
    }
    case FrameType::ack_wish:
      return read_ack_wish(in);
    case FrameType::limits:
      return LimitsFrame{.messages_per_1000_seconds = in.take<std::uint32_t>(),
                         .burst = in.take<std::uint32_t>(),
                         .message_bytes = in.take<std::uint16_t>()};
    case FrameType::wait:
      return WaitFrame{.offset = in.take<std::uint64_t>(),
                       .milliseconds = in.take<std::uint32_t>()};
  }
  return std::nullopt;
}

struct Writer {
  ByteWriter& out;

  void type(FrameType type) const noexcept { out.put(static_cast<std::uint8_t>(type)); }

  void operator()(const DataFrame& data) const noexcept {
    type(FrameType::data);
    out.put(data.stream);
    out.put(static_cast<std::uint16_t>(data.bytes.size()));
    out.put(data.offset);
    out.put_bytes(data.bytes);
  }
  void operator()(const AckFrame& ack) const noexcept {
    type(FrameType::ack);
    out.put(ack.stream);
    out.put(ack.holes);
    out.put(ack.window);
    out.put(ack.cumulative);
    for (const Hole& hole : std::span{ack.hole}.first(ack.holes)) {
      out.put(hole.start);
      out.put(hole.bytes);
    }
  }
  void operator()(const GapFrame& gap) const noexcept {
    type(FrameType::gap);
    out.put(gap.stream);
    out.put(gap.from);
    out.put(gap.to);
  }
  void operator()(const HeadFrame& head) const noexcept {
    type(FrameType::head);
    out.put(head.stream);
    out.put(head.tail);
  }
  void operator()(const PingFrame& ping) const noexcept {
    type(FrameType::ping);
    out.put(ping.size);
  }
  void operator()(const PongFrame& pong) const noexcept {
    type(FrameType::pong);
    out.put(pong.size);
  }
  void operator()(const PathChallenge& challenge) const noexcept {
    type(FrameType::path_challenge);
    out.put(challenge.value);
  }
  void operator()(const PathResponse& response) const noexcept {
    type(FrameType::path_response);
    out.put(response.value);
  }
  void operator()(const ByeFrame& bye) const noexcept {
    type(FrameType::bye);
    out.put(static_cast<std::uint8_t>(bye.reason));
    out.put(static_cast<std::uint8_t>(bye.text.size()));
    out.put_text(bye.text);
  }
  void operator()(const WelcomeFrame& welcome) const noexcept;
  void operator()(const RefusedFrame& refused) const noexcept {
    type(FrameType::refused);
    out.put(static_cast<std::uint8_t>(refused.code));
    out.put(static_cast<std::uint8_t>(refused.text.size()));
    out.put_text(refused.text);
  }
  void operator()(const AckWishFrame& wish) const noexcept {
    type(FrameType::ack_wish);
    out.put(static_cast<std::uint8_t>(wish.wish));
  }
  void operator()(const LimitsFrame& limits) const noexcept {
    type(FrameType::limits);
    out.put(limits.messages_per_1000_seconds);
    out.put(limits.burst);
    out.put(limits.message_bytes);
  }
  void operator()(const WaitFrame& wait) const noexcept {
    type(FrameType::wait);
    out.put(wait.offset);
    out.put(wait.milliseconds);
  }
};

void Writer::operator()(const WelcomeFrame& welcome) const noexcept {
  type(FrameType::welcome);
  out.put(welcome.slot);
  for (const std::uint64_t field :
       {welcome.generation, welcome.epoch, welcome.uplink_offset, welcome.mailbox_offset,
        welcome.mailbox_tail, welcome.room_offset, welcome.live_offset}) {
    out.put(field);
  }
  out.put_bytes(welcome.reset_token);
  for (const std::uint32_t field :
       {welcome.ping_seconds, welcome.idle_seconds, welcome.linger_seconds,
        welcome.messages_per_1000_seconds, welcome.burst}) {
    out.put(field);
  }
  out.put(welcome.message_bytes);
  out.put(static_cast<std::uint8_t>(welcome.name.size()));
  out.put_text(welcome.name);
  out.put(static_cast<std::uint8_t>(welcome.server_name.size()));
  out.put_text(welcome.server_name);
}

struct Size {
  std::size_t operator()(const DataFrame& data) const noexcept {
    return kDataFrameBytes + data.bytes.size();
  }
  std::size_t operator()(const AckFrame& ack) const noexcept {
    return 15 + std::size_t{8} * ack.holes;
  }
  std::size_t operator()(const GapFrame& /*gap*/) const noexcept { return 18; }
  std::size_t operator()(const HeadFrame& /*head*/) const noexcept { return 10; }
  std::size_t operator()(const PingFrame& /*ping*/) const noexcept { return 3; }
  std::size_t operator()(const PongFrame& /*pong*/) const noexcept { return 3; }
  std::size_t operator()(const PathChallenge& /*challenge*/) const noexcept { return 9; }
  std::size_t operator()(const PathResponse& /*response*/) const noexcept { return 9; }
  std::size_t operator()(const ByeFrame& bye) const noexcept { return 3 + bye.text.size(); }
  std::size_t operator()(const WelcomeFrame& welcome) const noexcept {
    return kWelcomeFixedBytes + 2 + welcome.name.size() + welcome.server_name.size();
  }
  std::size_t operator()(const RefusedFrame& refused) const noexcept {
    return 3 + refused.text.size();
  }
  std::size_t operator()(const AckWishFrame& /*wish*/) const noexcept { return kAckWishBytes; }
  std::size_t operator()(const LimitsFrame& /*limits*/) const noexcept { return 11; }
  std::size_t operator()(const WaitFrame& /*wait*/) const noexcept { return 13; }
};

}  // namespace

std::optional<Frame> next_frame(ByteReader& in) noexcept {
  if (in.at_end()) return std::nullopt;
  const auto type = static_cast<FrameType>(in.take<std::uint8_t>());
  if (type == FrameType::padding) {
    (void)in.take_bytes(in.rest().size());
    return std::nullopt;
  }
  auto frame = read_one(in, type);
  if (!frame) (void)in.take_bytes(in.rest().size() + 1);  // no longer ok()
  return in.ok() ? frame : std::nullopt;
}

bool write_frame(ByteWriter& out, const Frame& frame) noexcept {
  if (std::visit(Size{}, frame) > out.left()) return false;
  std::visit(Writer{out}, frame);
  return true;
}

}  // namespace chatd::wire

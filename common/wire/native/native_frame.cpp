// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_frame.hpp"

#include <concepts>

#include "common/wire/field_reader.hpp"
#include "common/wire/field_writer.hpp"

namespace chatd::wire {

namespace {

template <class T>
bool is_in_order(const T& /*frame*/) noexcept {
  return true;
}
bool is_in_order(const GapFrame& gap) noexcept { return gap.from <= gap.to; }

// The bytes of `body` behind the fields are fields of a newer sender, and ignored.
template <class T>
bool read_as(Bytes body, std::optional<Frame>& frame) noexcept {
  ByteReader in{body};
  T& read = std::get<T>(frame.emplace(T{}));
  decode(in, read);
  return in.ok() && is_in_order(read);
}

// Reads the frame whose type is in the list.
template <std::size_t Index = 0>
bool read_one(FrameType type, Bytes body, std::optional<Frame>& frame) noexcept {
  using T = std::variant_alternative_t<Index, Frame>;
  if constexpr (std::same_as<T, UnknownFrame>) {
    frame = UnknownFrame{.type = type, .body = body};
    return true;
  } else {
    if (type == T::kType) return read_as<T>(body, frame);
    return read_one<Index + 1>(type, body, frame);
  }
}

struct WriteFrame {
  ByteWriter& out;

  template <class T>
  bool operator()(const T& frame) const noexcept {
    const std::size_t size = encoded_bytes(frame);
    if (!put_header(T::kType, size)) return false;
    encode(out, frame);
    return true;
  }
  bool operator()(const UnknownFrame& frame) const noexcept {
    if (!put_header(frame.type, frame.body.size())) return false;
    out.put_bytes(frame.body);
    return true;
  }
  bool put_header(FrameType type, std::size_t size) const noexcept {
    if (size > UINT16_MAX || kFrameHeaderBytes + size > out.left()) return false;
    out.put(static_cast<std::uint8_t>(type));
    out.put(static_cast<std::uint16_t>(size));
    return true;
  }
};

}  // namespace

std::optional<Frame> next_frame(ByteReader& in) noexcept {
  if (in.at_end()) return std::nullopt;
  const auto type = static_cast<FrameType>(in.take<std::uint8_t>());
  if (type == FrameType::padding) {
    (void)in.take_bytes(in.rest().size());
    return std::nullopt;
  }
  const Bytes body = in.take_bytes(in.take<std::uint16_t>());
  std::optional<Frame> frame;
  if (!in.ok() || !read_one(type, body, frame)) {
    in.fail();
    return std::nullopt;
  }
  return frame;
}

bool write_frame(ByteWriter& out, const Frame& frame) noexcept {
  return std::visit(WriteFrame{out}, frame);
}

}  // namespace chatd::wire

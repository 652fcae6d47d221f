// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/transport/receive_stream.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace chatd::transport {

namespace {

// With more holes than this, further islands are ignored and sent again.
constexpr std::size_t kMaxIslands = 256;

}  // namespace

void ReceiveStream::restart(std::uint64_t start) {
  next_ = start;
  whole_ = 0;
  islands_.clear();
}

ReceiveStream::Outcome ReceiveStream::add(std::uint64_t offset, wire::Bytes bytes) {
  const std::uint64_t end = offset + bytes.size();
  if (bytes.empty() || end < offset || end <= cumulative() || end > next_ + window_) return {};
  if (offset < cumulative()) {
    bytes = bytes.subspan(cumulative() - offset);
    offset = cumulative();
  }
  if (offset == cumulative()) {
    place(offset, bytes);
    whole_ += bytes.size();
    absorb();
    return {.fresh = true};
  }
  // An island: merge it with the islands that it touches.
  std::uint64_t from = offset;
  std::uint64_t to = end;
  auto at = islands_.upper_bound(from);
  if (at != islands_.begin() && std::prev(at)->second >= from) --at;
  const bool known = at != islands_.end() && at->first <= from && at->second >= to;
  if (known || islands_.size() >= kMaxIslands) return {};
  const bool beyond = islands_.empty() || from > islands_.rbegin()->second;
  place(offset, bytes);
  while (at != islands_.end() && at->first <= to) {
    from = std::min(from, at->first);
    to = std::max(to, at->second);
    at = islands_.erase(at);
  }
  islands_.emplace(from, to);
  return {.fresh = true, .new_hole = beyond};
}

bool ReceiveStream::skip(std::uint64_t from, std::uint64_t to) {
  if (from > cumulative() || to <= cumulative()) return false;
  // The bytes before the jump end in the middle of a record, which cannot be read.
  next_ = to;
  whole_ = 0;
  while (!islands_.empty() && islands_.begin()->second <= to) islands_.erase(islands_.begin());
  if (!islands_.empty() && islands_.begin()->first < to) {
    const std::uint64_t end = islands_.begin()->second;
    islands_.erase(islands_.begin());
    islands_.emplace(to, end);
  }
  // Islands keep their positions in the buffer, which depend on their offsets only.
  absorb();
  return true;
}

void ReceiveStream::absorb() {
  while (!islands_.empty() && islands_.begin()->first <= cumulative()) {
    const std::uint64_t to = islands_.begin()->second;
    if (to > cumulative()) whole_ = to - next_;
    islands_.erase(islands_.begin());
  }
}

// The buffer is a ring of the window's size, stored in twice the space so that readable() is one
// piece: bytes behind the ring's end are stored there, and at their place in the ring as well.
// An empty stream begins at the front again. A reader that keeps up is nearly always empty, so it
// uses the same few cache lines.
void ReceiveStream::place(std::uint64_t offset, wire::Bytes bytes) {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<std::byte[]>(std::size_t{2} * window_);
  if (whole_ == 0 && islands_.empty()) origin_ = next_;
  const std::size_t at = (next_ - origin_) % window_ + (offset - next_);
  std::memcpy(buffer_.get() + at, bytes.data(), bytes.size());
  const std::size_t before_end =
      std::min<std::size_t>(window_ - std::min<std::size_t>(at, window_), bytes.size());
  const auto behind = bytes.subspan(before_end);
  if (behind.empty()) return;
  std::memcpy(buffer_.get() + at + before_end - window_, behind.data(), behind.size());
}

wire::Bytes ReceiveStream::readable() const {
  if (whole_ == 0) return {};
  return {buffer_.get() + (next_ - origin_) % window_, whole_};
}

void ReceiveStream::consume(std::size_t bytes) {
  const std::uint64_t taken = std::min<std::uint64_t>(bytes, whole_);
  next_ += taken;
  whole_ -= taken;
}

wire::AckFrame ReceiveStream::ack(std::uint8_t stream) const {
  wire::AckFrame ack{.stream = stream,
                     .window = static_cast<std::uint32_t>(next_ + window_ - cumulative()),
                     .cumulative = cumulative()};
  std::uint64_t edge = cumulative();
  for (const auto& [from, to] : islands_) {
    if (ack.holes == wire::kMaxGaps) break;
    ack.hole[ack.holes++] = {.start = static_cast<std::uint32_t>(edge - cumulative()),
                             .bytes = static_cast<std::uint32_t>(from - edge)};
    edge = to;
  }
  return ack;
}

}  // namespace chatd::transport

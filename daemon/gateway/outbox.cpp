// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/outbox.hpp"

#include <algorithm>

#include "common/wire/unicode.hpp"
#include "daemon/state/words.hpp"

namespace chatd::gateway {

namespace {
constexpr std::size_t kReplies = 64;
}

Outbox::Outbox(std::span<const int> sockets, state::GatewayCounters& counters)
    : counters_{counters} {
  lanes_.reserve(sockets.size());
  for (const int socket : sockets) {
    lanes_.push_back({.socket = socket,
                      .writer = io::DatagramWriter{kReplies},
                      .bytes = std::vector<Bytes>(kReplies)});
  }
}

Outbox::Lane* Outbox::lane_for(const state::Delivery& to) {
  if (to.socket >= lanes_.size()) return nullptr;  // a socket that this service no longer has
  Lane& lane = lanes_[to.socket];
  if (lane.writer.is_full()) flush(lane);
  return &lane;
}

void Outbox::put(const state::Delivery& to, std::string_view reply) {
  Lane* lane = lane_for(to);
  if (lane == nullptr) return;
  Bytes& bytes = lane->bytes[lane->writer.size()];
  const auto fits = std::as_bytes(std::span{wire::cut_to(reply, wire::kMaxTextDatagram - 1)});
  std::ranges::copy(fits, bytes.begin());
  std::size_t size = fits.size();
  if (to.newline != 0) bytes[size++] = std::byte{'\n'};
  lane->writer.add_run(to.peer, to.local, std::span{bytes}.first(size), 0);
}

void Outbox::put_bytes(const state::Delivery& to, std::span<const std::byte> datagram) {
  Lane* lane = lane_for(to);
  if (lane == nullptr) return;
  Bytes& bytes = lane->bytes[lane->writer.size()];
  const auto fits = datagram.first(std::min(datagram.size(), bytes.size()));
  std::ranges::copy(fits, bytes.begin());
  lane->writer.add_run(to.peer, to.local, std::span{bytes}.first(fits.size()), 0);
}

void Outbox::flush() {
  for (Lane& lane : lanes_) {
    if (lane.writer.size() != 0) flush(lane);
  }
}

void Outbox::flush(Lane& lane) {
  const auto outcome = lane.writer.send(lane.socket);
  state::count(counters_.replies_failed, outcome.failed + (lane.writer.size() - outcome.done));
  lane.writer.clear();
}

}  // namespace chatd::gateway

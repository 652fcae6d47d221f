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

void Outbox::put(const state::Delivery& to, std::string_view reply) {
  if (to.socket >= lanes_.size()) return;  // a socket that this service no longer has
  Lane& lane = lanes_[to.socket];
  if (lane.writer.is_full()) flush(lane);
  Bytes& bytes = lane.bytes[lane.writer.size()];
  const std::string_view fits = wire::cut_to(reply, bytes.size() - 1);
  std::ranges::copy(fits, bytes.begin());
  std::size_t size = fits.size();
  if (to.newline != 0) bytes[size++] = '\n';
  lane.writer.add(to.peer, to.local, {bytes.data(), size});
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

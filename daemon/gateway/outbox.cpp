// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/outbox.hpp"

#include <algorithm>

#include "common/wire/unicode.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

namespace {
constexpr std::size_t kReplies = 64;  // for each socket
}

Outbox::Outbox(std::span<const int> sockets, state::GatewayCounters& counters)
    : counters_{counters} {
  queues_.reserve(sockets.size());
  for (const int socket : sockets) {
    queues_.push_back({.socket = socket,
                       .writer = io::DatagramWriter{kReplies},
                       .bytes = std::vector<Bytes>(kReplies)});
  }
}

Outbox::SocketQueue* Outbox::queue_for(const state::Delivery& to) {
  if (to.socket >= queues_.size()) return nullptr;  // a socket that this service no longer has
  SocketQueue& queue = queues_[to.socket];
  if (queue.writer.is_full()) flush(queue);
  return &queue;
}

void Outbox::put(const state::Delivery& to, std::string_view reply) {
  SocketQueue* queue = queue_for(to);
  if (queue == nullptr) return;
  Bytes& bytes = queue->bytes[queue->writer.size()];
  const auto fits = std::as_bytes(std::span{wire::cut_to(reply, wire::kMaxTextDatagram - 1)});
  std::ranges::copy(fits, bytes.begin());
  std::size_t size = fits.size();
  if (to.newline != 0) bytes[size++] = std::byte{'\n'};
  queue->writer.add_run(to.peer, to.local, std::span{bytes}.first(size), 0);
}

void Outbox::put_bytes(const state::Delivery& to, std::span<const std::byte> datagram) {
  SocketQueue* queue = queue_for(to);
  if (queue == nullptr) return;
  Bytes& bytes = queue->bytes[queue->writer.size()];
  const auto fits = datagram.first(std::min(datagram.size(), bytes.size()));
  std::ranges::copy(fits, bytes.begin());
  queue->writer.add_run(to.peer, to.local, std::span{bytes}.first(fits.size()), 0);
}

void Outbox::flush() {
  for (SocketQueue& queue : queues_) {
    if (queue.writer.size() != 0) flush(queue);
  }
}

void Outbox::flush(SocketQueue& queue) {
  const auto outcome = queue.writer.send(queue.socket);
  state::count(counters_.replies_failed, outcome.failed + (queue.writer.size() - outcome.done));
  queue.writer.clear();
}

}  // namespace chatd::gateway

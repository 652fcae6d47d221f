// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/state/web_presence.hpp"

namespace chatd::state {

Result<UniqueFd> WebPresence::create(std::uint32_t sessions) {
  return sys::make_memory_file("chatd-web", bytes(sessions));
}

Result<WebPresence> WebPresence::map(int file, std::uint32_t sessions) {
  auto mapping = sys::Mapping::map(file, 0, bytes(sessions), sys::Access::read_write);
  if (!mapping) return fail(std::move(mapping).error());
  return WebPresence{std::move(*mapping), sessions};
}

void WebPresence::clear() const noexcept {
  for (auto& one : streams()) one.store(0, std::memory_order_relaxed);
  sleeping().store(0, std::memory_order_release);
}

Result<WebHeartbeat> WebHeartbeat::map(int file) {
  auto mapping = sys::Mapping::map(file, 0, sizeof(WebPresence::Head), sys::Access::read_only);
  if (!mapping) return fail(std::move(mapping).error());
  return WebHeartbeat{std::move(*mapping)};
}

std::uint64_t WebHeartbeat::read() const noexcept {
  const auto& head = *reinterpret_cast<const WebPresence::Head*>(mapping_.bytes().data());
  return head.heartbeat.load(std::memory_order_relaxed);
}

}  // namespace chatd::state

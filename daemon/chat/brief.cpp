// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/brief.hpp"

namespace chatd::chat {

// A time of another boot has no meaning.
std::vector<Slot> Brief::due(MonoTime now) const {
  const std::int64_t time = now.time_since_epoch().count();
  std::vector<Slot> over;
  for (const Slot slot : sessions_.with_mailbox()) {
    const std::int64_t since = table_.slot(slot).brief_since.load(std::memory_order_relaxed);
    if (since != 0 && (since > time || time - since >= kTime.count())) over.push_back(slot);
  }
  return over;
}

void Brief::end(Slot session, Now now) {
  if (!is_brief(table_.slot(session))) return;
  sessions_.joins().tell_late(session, now);
  rooms_.tell_late(session, now);
  natives_.open_room(session);
  rooms_.table().for_each(
      session, [&](std::size_t at) { rooms_.table().open_window(session, at, kFirstWindow); });
  table_.end_brief(session);
}

}  // namespace chatd::chat

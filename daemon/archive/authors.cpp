// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/authors.hpp"

#include <atomic>

#include "daemon/log/words.hpp"

namespace chatd::archive {

namespace {

// Adds what the slot knows, if it still has the session.
void read_slot(const state::StateView& state, const wire::RecordHeader& header, Author& author) {
  const state::SessionSlot& slot = state.slots()[header.sender_slot];
  const state::NativeSlot& native = state.native_slots()[header.sender_slot];
  if (slot.generation.load(std::memory_order_acquire) != header.sender_generation) return;
  const auto person = static_cast<std::uint64_t>(logs::load_value(slot.person));
  state::Identity key;
  logs::load_words(key.data(), native.identity.data(), key.size());
  std::atomic_thread_fence(std::memory_order_acquire);
  if (slot.generation.load(std::memory_order_relaxed) != header.sender_generation) return;
  author.person = person;
  author.key.assign(key.begin(), key.end());
}

}  // namespace

void Authors::note(const wire::RecordHeader& header) {
  if (!wire::has_person(header.kind) || header.sender_slot >= joined_.size()) return;
  joined_[header.sender_slot] = {.generation = header.sender_generation,
                                 .person = header.uplink_offset};
}

Author Authors::of(const wire::RecordView& record) const {
  const wire::RecordHeader& header = record.header;
  Author author{.person = 0, .name = std::string{record.name}, .key = {}};
  if (header.sender_slot >= joined_.size() || wire::is_from_text_member(header)) return author;
  const Joined& joined = joined_[header.sender_slot];
  if (joined.generation == header.sender_generation) author.person = joined.person;
  read_slot(state_, header, author);
  return author;
}

}  // namespace chatd::archive

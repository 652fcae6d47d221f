// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room_about.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace chatd::chat {

using state::RuleIndex;
using state::RuleKind;
using state::RuleSlot;

namespace {

std::string_view key_for(RuleKind kind) {
  switch (kind) {
    case RuleKind::ban:
      return "ban";
    case RuleKind::mute:
      return "mute";
    case RuleKind::invitation:
      return "invitation";
    case RuleKind::moderator:
      return "moderator";
    case RuleKind::owner:
      return "owner";
  }
  return {};
}

// A part of the list: numbers all lines, and writes lines from number `from` on while they fit.
class Part {
 public:
  Part(std::uint32_t from, std::span<char> out) : from_{from}, out_{out} {}

  template <class Value>
  void add(std::string_view key, const Value& value) {
    add_made(key, [&] { return value; });
  }
  // The value is made only for a line of this part.
  template <class Make>
  void add_made(std::string_view key, Make make) {
    const std::uint32_t line = line_++;
    if (line < from_ || next_) return;
    std::string text = fmt::format("{}{}\t{}", used_ == 0 ? "" : "\n", key, make());
    if (text.size() > out_.size() - used_) {
      next_ = line;
      return;
    }
    used_ += text.copy(out_.data() + used_, text.size());
  }
  [[nodiscard]] RoomAbout::Written written() const { return {.bytes = used_, .next = next_}; }

 private:
  std::uint32_t from_;
  std::span<char> out_;
  std::uint32_t line_{0};
  std::size_t used_{0};
  std::optional<std::uint32_t> next_;
};

// A text without tabs, which separate the fields of a line.
std::string one_field(std::string_view text) {
  std::string field{text};
  std::ranges::replace(field, '\t', ' ');
  return field;
}

std::string fields_of(const RuleSlot& rule) {
  return fmt::format("{}\t{}\t{}\t{}\t{}", rule.id, view_of(rule.name),
                     rule.until_wall.load(std::memory_order_relaxed), view_of(rule.by),
                     one_field(view_of(rule.reason)));
}

void add_properties(Part& part, const state::RoomProperties& properties) {
  if (properties.is_invited.load(std::memory_order_relaxed)) part.add("invited", 1);
  if (properties.is_hidden.load(std::memory_order_relaxed)) part.add("hidden", 1);
  if (properties.is_lecture.load(std::memory_order_relaxed)) part.add("lecture", 1);
  const std::uint16_t slow = properties.slow_seconds.load(std::memory_order_relaxed);
  if (slow != 0) part.add("slow", slow);
  const wire::MayEnter enter = properties.enter.load(std::memory_order_relaxed);
  if (enter != wire::MayEnter::anyone) part.add("enter", name_of(enter));
  const std::uint16_t history = properties.history.load(std::memory_order_relaxed);
  if (history != wire::kHistoryOfServer) {
    part.add_made("history", [&] { return wire::history_text(history); });
  }
}

}  // namespace

RoomAbout::Written RoomAbout::write(Slot reader, const RoomRights::Where& room, std::uint32_t from,
                                    std::span<char> out, WallTime now) const {
  Part part{from, out};
  const state::RoomProperties& properties = rights_.properties(room);
  const state::RoomTopic& topic = topic_of(properties);
  if (!view_of(topic.text).empty()) {
    part.add("topic", one_field(view_of(topic.text)));
    part.add("topic_by", view_of(topic.by));
    part.add("topic_set", topic.set_wall);
  }
  part.add("made", room ? rooms_.row(room->index).made_wall : state_.header().started_wall);
  part.add("members", room ? rooms_.members(room->index) : sessions_.size());
  add_properties(part, properties);
  const bool sees_rules = rights_.role(reader, room, now) != Role::none;
  rules_.for_each_of(RoomRights::id_of(room), [&](RuleIndex index) {
    const RuleSlot& rule = rules_.row(index);
    if (has_ended(rule, now) || rule.target == state::RuleTarget::network) return;
    if (role_given_by(rule.kind)) {
      part.add(key_for(rule.kind), view_of(rule.name));
    } else if (sees_rules) {
      part.add_made(key_for(rule.kind), [&] { return fields_of(rule); });
    }
  });
  return part.written();
}

}  // namespace chatd::chat

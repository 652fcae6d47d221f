// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "common/wire/name.hpp"
#include "common/wire/native/named_person.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/proved.hpp"
#include "daemon/chat/rule_text.hpp"

namespace chatd::chat {

using state::count;
using state::RecordKind;

Commands::Commands(const state::StateView& state, const config::Config& config, Room& room,
                   Sessions& sessions, Rooms& rooms, RoomRights& rights, Programs& programs,
                   const Names& names, const DirectRights& direct, Waiting& waiting)
    : counters_{state.counters()},
      room_{room},
      sessions_{sessions},
      rooms_{rooms},
      rights_{rights},
      programs_{programs},
      names_{names},
      direct_{direct},
      waiting_{waiting},
      message_bytes_{config.limits.message_bytes},
      rows_{state.geometry().rooms},
      clean_(wire::kMaxMessageBytes) {}

std::expected<std::string_view, wire::TextFault> Commands::clean(std::string_view text) {
  auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) {
    count(shown.error() == wire::TextFault::empty ? counters_.datagrams_dropped_empty
                                                  : counters_.messages_refused_invalid);
  }
  return shown;
}

std::expected<void, wire::Reason> Commands::say(const By& by, RecordKind kind,
                                                std::string_view text) {
  const auto clean = this->clean(text);
  if (!clean) return std::unexpected{reason_of(clean.error())};
  if (const auto reason = rights_.reason_not_to_say(by.slot, std::nullopt, by.now)) {
    return std::unexpected{*reason};
  }
  if (is_untold(sessions_.session(by.slot))) room_.post(speaker_of(by));
  room_.post(entry_of(by, kind, *clean));
  count_message(by.slot);
  return {};
}

std::expected<void, wire::Reason> Commands::say_in(const By& by, state::RoomId room,
                                                   RecordKind kind, std::string_view text) {
  const auto found = own_room(by.slot, room);
  if (!found) return std::unexpected{wire::Reason::not_in_that_room};
  const auto clean = this->clean(text);
  if (!clean) return std::unexpected{reason_of(clean.error())};
  const state::RoomPlace place{.id = room, .index = found->room};
  if (const auto reason = rights_.reason_not_to_say(by.slot, place, by.now)) {
    return std::unexpected{*reason};
  }
  if (is_untold(rooms_.table().subscription(by.slot, found->at))) {
    rooms_.post(found->room, speaker_of(by));
  }
  rooms_.post(found->room, entry_of(by, kind, *clean));
  count_message(by.slot);
  return {};
}

std::optional<Rooms::Found> Commands::own_room(Slot session, state::RoomId room) {
  const auto found = rooms_.find(session, room);
  if (!found) count(counters_.commands_not_in_room);
  return found;
}

logs::Entry Commands::entry_of(const By& by, RecordKind kind, std::string_view text) const {
  return {.kind = kind,
          .sender = sessions_.sender(by.slot),
          .name = sessions_.name(by.slot),
          .text = text,
          .time = by.now.wall,
          .uplink_offset = by.end};
}

// The person under the name, which else the join says: a reader knows if it is another one than
// before.
logs::Entry Commands::speaker_of(const By& by) const {
  return {.kind = RecordKind::speaker,
          .sender = sessions_.sender(by.slot),
          .name = sessions_.name(by.slot),
          .text = {},
          .time = by.now.wall,
          .person = static_cast<std::uint64_t>(sessions_.person(by.slot))};
}

void Commands::count_message(Slot sender) {
  ++sessions_.session(sender).messages;
  count(counters_.messages);
}

bool Commands::reads(Slot member) const {
  return std::ranges::any_of(programs_of(sessions_, member),
                             [this](Slot program) { return waiting_.can_read(program); });
}

std::expected<Commands::Receiver, wire::Reason> Commands::receiver_of(const By& by,
                                                                      std::string_view to) {
  if (rights_.is_muted(by.slot, by.now.wall)) return std::unexpected{wire::Reason::muted};
  const auto named = wire::read_named(to);
  const auto target = sessions_.find_name(named.name);
  const auto owner = names_.owner(wire::folded_name(named.name));
  const bool is_owned = waiting_.is_enabled() && owner && names_.owns(*owner);
  if (!target && !is_owned) return std::unexpected{wire::Reason::no_such_member};
  const state::PersonId person = target ? sessions_.person(*target) : *owner;
  if (is_another(named, person)) return std::unexpected{wire::Reason::other_person};
  // A text member has no mailbox.
  if (target && !sessions_.has_mailbox(*target)) {
    return std::unexpected{wire::Reason::not_native};
  }
  if (const auto reason = direct_.reason_not_to_write(by.slot, person, target)) {
    return std::unexpected{*reason};
  }
  const bool is_other_owner = is_owned && person == *owner && person != sessions_.person(by.slot);
  const bool waits = !target || (is_other_owner && !reads(*target));
  if (!waits) return Receiver{.slot = target, .person = person, .name = {}};
  return Receiver{
      .slot = std::nullopt, .person = person, .name = names_.name_of(person).value_or(named.name)};
}

std::expected<void, wire::Reason> Commands::say_to(const By& by, const Receiver& to,
                                                   std::string_view text) {
  const auto clean = this->clean(text);
  if (!clean) return std::unexpected{reason_of(clean.error())};
  if (to.slot) {
    const bool taken = programs_.deliver(entry_of(by, RecordKind::direct, *clean), *to.slot);
    if (!taken) return std::unexpected{wire::Reason::mailbox_full};
  } else {
    const auto reason =
        waiting_.add({.author = by.slot,
                      .command_end = by.end,
                      .receiver = to.person,
                      .text = *clean,
                      .now = by.now.wall,
                      .is_proved = names_.is_owner(sessions_.person(by.slot),
                                                   wire::folded_name(sessions_.name(by.slot)))});
    if (reason) return std::unexpected{*reason};
    logs::Entry sent = entry_of(by, RecordKind::sent, *clean);
    sent.name = to.name;
    programs_.tell_sent(sent);
  }
  count(counters_.direct_messages);
  return {};
}

std::string_view Commands::refusal_text(Slot member, wire::Reason reason, wire::Language language,
                                        std::span<char> out, WallTime now) const {
  const auto* const mute = reason == wire::Reason::muted ? rights_.mute_of(member, now) : nullptr;
  if (mute == nullptr) return wire::phrase(language, reason);
  const bool has_end = mute->until_wall.load(std::memory_order_relaxed) != 0;
  const bool says_more = has_end || !view_of(mute->reason).empty();
  return says_more ? rule_text(*mute, language, out) : wire::phrase(language, reason);
}

std::expected<std::uint64_t, wire::TextFault> Commands::announce(std::string_view text, Now now) {
  const auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) return std::unexpected{shown.error()};
  room_.post(
      {.kind = RecordKind::announce, .sender = {}, .name = {}, .text = *shown, .time = now.wall});
  count(counters_.announcements);
  return sessions_.size();
}

std::expected<std::uint64_t, wire::TextFault> Commands::announce_in(state::RoomIndex room,
                                                                    std::string_view text,
                                                                    Now now) {
  const auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) return std::unexpected{shown.error()};
  rooms_.post(
      room,
      {.kind = RecordKind::announce, .sender = {}, .name = {}, .text = *shown, .time = now.wall});
  count(counters_.announcements);
  return rooms_.members(room);
}

template <class Next>
Commands::Listed Commands::list_slots(Next next, Slot from, std::span<char> out) const {
  std::size_t used = 0;
  std::optional<Slot> slot = next(from);
  for (; slot; slot = next(Slot{*slot + 1})) {
    std::array<char, wire::kMaxNamedBytes> buffer{};
    const std::string_view name =
        wire::write_named({.name = sessions_.name(*slot),
                           .person = static_cast<std::uint64_t>(sessions_.person(*slot))},
                          buffer);
    const std::string_view mark = is_away(sessions_, *slot) ? "\taway" : "";
    const std::string_view owned = is_proved(sessions_, *slot) ? "\towned" : "";
    if (used + 1 + name.size() + mark.size() + owned.size() > out.size()) break;
    if (used != 0) out[used++] = '\n';
    used += name.copy(out.data() + used, name.size());
    used += mark.copy(out.data() + used, mark.size());
    used += owned.copy(out.data() + used, owned.size());
  }
  return {.bytes = used, .next = slot};
}

Commands::Listed Commands::list(Slot from, std::span<char> out) const {
  return list_slots([this](Slot slot) { return next_member(sessions_, slot); }, from, out);
}

Commands::Listed Commands::list_in(state::RoomIndex room, Slot from, std::span<char> out) const {
  return list_slots([&](Slot slot) { return rooms_.next_member(room, slot); }, from, out);
}

Commands::Listed Commands::list_rooms(Slot self, std::uint32_t from, std::span<char> out,
                                      WallTime now) const {
  constexpr std::size_t kMaxLineBytes = state::kMaxNameBytes + 20;  // of a line
  // For one part. Thousands of rooms that `self` may not find must not delay other members. Rows
  // without a room count, too: where the next part begins says nothing about rooms that `self` may
  // not find.
  constexpr std::uint32_t kRows = 1024;
  const std::uint32_t end = from < rows_ ? from + std::min(kRows, rows_ - from) : rows_;
  const std::vector<state::RoomIndex> own = rooms_.rooms_of(self);
  std::size_t used = 0;
  std::optional<Slot> next;
  if (end < rows_) next = Slot{end};
  for (auto room = rooms_.next(from); room && static_cast<std::uint32_t>(room->index) < end;
       room = rooms_.next(static_cast<std::uint32_t>(room->index) + 1)) {
    const bool is_in = std::ranges::find(own, room->index) != own.end();
    if (!is_in && !rights_.may_find(self, *room, now)) continue;
    if (used + kMaxLineBytes > out.size()) {
      next = Slot{static_cast<std::uint32_t>(room->index)};
      break;
    }
    const std::string_view mark = is_in ? "\tin" : "";
    used = static_cast<std::size_t>(
        fmt::format_to_n(out.data() + used, out.size() - used, "{}{}\t{}{}", used == 0 ? "" : "\n",
                         rooms_.name(room->index), rooms_.members(room->index), mark)
            .out -
        out.data());
  }
  return {.bytes = used, .next = next};
}

}  // namespace chatd::chat

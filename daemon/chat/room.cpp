// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/room.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/name.hpp"
#include "common/wire/text_protocol.hpp"

namespace chatd::chat {

using state::count;
using state::LeaveKind;
using state::NamingHabit;
using state::RecordKind;

Room::Room(const state::StateView& state, const config::Config& config, std::uint64_t hash_key)
    : sessions_{state},
      log_{state},
      counters_{state.counters()},
      natives_{state.native_slots()},
      roster_{state.geometry().sessions, hash_key},
      unproved_{config.text.listeners, state.geometry().sessions},
      messages_per_second_{config.limits.messages_per_second},
      rate_{config.limits.messages_per_second, config.limits.burst},
      replay_{config.room.replay},
      chat_form_{config.text.chat_form},
      message_bytes_{config.limits.message_bytes},
      sessions_per_address_{config.limits.sessions_per_address},
      clean_(wire::kMaxMessageBytes) {
  entering_.reserve(sessions_.capacity());
  leaving_.reserve(sessions_.capacity());
}

Room::Login Room::login(const state::Delivery& from, std::string_view raw_name, Now now) {
  const auto refused = [&](wire::Reason reason) {
    count(counters_.logins_refused);
    return Login{.status = LoginStatus::refused, .reason = reason};
  };
  auto wanted = wire::check_name(raw_name);
  if (const auto known = roster_.by_endpoint(from.peer)) {
    heard(*known, now.mono);
    // The same login again: its OK was lost on the way.
    if (wanted && roster_.by_key(wanted->key) == known) {
      return {.status = LoginStatus::again, .slot = *known};
    }
    return refused(wire::Reason::already_named);
  }
  if (!wanted) return refused(reason_of(wanted.error()));
  if (roster_.by_key(wanted->key)) return refused(wire::Reason::name_taken);
  const auto slot = take_slot(from.peer.address, state::SessionKind::text);
  if (!slot) return refused(slot.error());
  state::Delivery delivery = from;
  delivery.unproved = is_loopback(from.peer.address) ? 0 : 1;
  open(*slot, state::SessionKind::text, delivery, *wanted, now);
  if (delivery.unproved != 0) unproved_.add(*slot, now.mono, now.mono);
  return {.status = LoginStatus::admitted, .slot = *slot};
}

std::expected<Slot, wire::Reason> Room::take_slot(const IpAddress& address,
                                                  state::SessionKind kind) {
  if (sessions_per_address_ != 0 && roster_.count_at(address) >= sessions_per_address_) {
    return std::unexpected{wire::Reason::address_full};
  }
  // The other half is for sessions whose address is proven.
  const bool may_be_forged = kind == state::SessionKind::text && !is_loopback(address);
  if (may_be_forged && roster_.remote_texts() >= (sessions_.capacity() + 1) / 2) {
    return std::unexpected{wire::Reason::room_full};
  }
  const auto slot = roster_.take_free();
  if (!slot) return std::unexpected{wire::Reason::room_full};
  return *slot;
}

void Room::open(Slot slot, state::SessionKind kind, const state::Delivery& from,
                const wire::Name& name, Now now) {
  sessions_.open(slot, {.kind = kind,
                        .delivery = from,
                        .name = name.text,
                        .log_tail = log_.tail(),
                        .joined = now.wall,
                        .now = now.mono});
  append(RecordKind::join, slot, {}, now.wall);
  if (kind == state::SessionKind::text) {
    roster_.list(slot, from.peer, name.key);
  } else {
    roster_.list_native(slot, from.peer.address, name.key);
  }
  entering_.push_back(slot);
  count(counters_.joins);
  update_gauges();
}

// The argument of a C without the sender's own name, by the form that this room, or this member,
// uses.
std::string_view Room::message_of(Slot member, std::string_view argument) {
  NamingHabit& habit = sessions_.slot(member).naming_habit;
  if (chat_form_ == config::ChatForm::message) return argument;
  if (chat_form_ == config::ChatForm::automatic && habit == NamingHabit::plain) return argument;
  const auto stripped = wire::strip_own_name(argument, sessions_.name(member));
  habit = stripped ? NamingHabit::names_itself : NamingHabit::plain;
  return stripped.value_or(argument);
}

std::expected<std::string_view, wire::TextFault> Room::clean(std::string_view text) {
  auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) {
    count(shown.error() == wire::TextFault::empty ? counters_.datagrams_dropped_empty
                                                  : counters_.messages_refused_invalid);
  }
  return shown;
}

std::optional<Micros> Room::charge(Slot member, MonoTime now) {
  const auto wait = rate_.refuse(sessions_.slot(member).rate_arrival, now);
  if (wait) count(counters_.messages_refused_rate);
  return wait;
}

Room::Said Room::say(Slot member, std::string_view argument, Now now) {
  heard(member, now.mono);
  // Before the text is checked: a refused text costs the gateway as much.
  if (const auto refused = refuse_by_rate(member, now.mono)) return *refused;
  state::SessionSlot& slot = sessions_.slot(member);
  const std::string_view raw = message_of(member, argument);
  const auto text = clean(raw);
  if (!text) {
    switch (text.error()) {
      case wire::TextFault::empty:
        return {.status = SayStatus::empty};
      case wire::TextFault::too_long:
        return {.status = SayStatus::too_long, .bytes = raw.size()};
      case wire::TextFault::not_utf8:
        return {.status = SayStatus::not_utf8};
    }
  }
  append(RecordKind::say, member, *text, now.wall);
  ++slot.messages;
  count(counters_.messages);
  return {.status = SayStatus::said};
}

std::optional<Room::Said> Room::refuse_by_rate(Slot member, MonoTime now) {
  Said said{.status = SayStatus::too_fast, .per_second = messages_per_second_};
  auto wait = charge(member, now);
  if (!wait && unproved_.contains(member)) {
    wait = unproved_.refuse_line(now);
    said.per_second = Unproved::kLinesPerSecond;
    if (wait) count(counters_.messages_refused_rate);
  }
  if (!wait) return std::nullopt;
  said.wait = *wait;
  return said;
}

std::expected<std::uint64_t, wire::TextFault> Room::announce(std::string_view text, Now now) {
  const auto shown = wire::clean_text(text, message_bytes_, clean_);
  if (!shown) return std::unexpected{shown.error()};
  note_for_replay(RecordKind::announce, log_.tail());
  log_.append(
      {.kind = RecordKind::announce, .sender = {}, .name = {}, .text = *shown, .time = now.wall});
  count(counters_.announcements);
  return roster_.size();
}

void Room::remove(Slot member, LeaveKind kind, std::string_view reason, Now now) {
  roster_.unlist(member);
  unproved_.forget(member);
  sessions_.begin_leave(member, kind, log_.tail());
  append_leave(member, kind, reason, now.wall);
  leaving_.push_back(member);
  count(counters_.leaves);
  update_gauges();
}

void Room::settle() {
  for (const Slot slot : entering_) {
    // It may have left again within the same batch of datagrams.
    if (sessions_.phase(slot) == state::SessionPhase::joining) sessions_.activate(slot);
  }
  entering_.clear();
  for (const Slot slot : leaving_) {
    sessions_.release(slot);
    roster_.give_back(slot);
  }
  leaving_.clear();
}

std::optional<Slot> Room::find_name(std::string_view name) const {
  const std::string key = wire::folded_name(name);
  if (key.empty()) return std::nullopt;
  return roster_.by_key(key);
}

std::vector<Slot> Room::members() const {
  std::vector<Slot> found;
  found.reserve(roster_.size());
  for (auto slot = roster_.next_listed(0); slot; slot = roster_.next_listed(*slot + 1)) {
    found.push_back(*slot);
  }
  return found;
}

std::vector<Slot> Room::silent_since(MonoTime deadline) const {
  constexpr std::size_t kInOneGo = 256;  // the rest at the next scan: the loop must not stall
  const std::int64_t limit = deadline.time_since_epoch().count();
  std::vector<Slot> found;
  for (Slot slot = 0; slot < sessions_.capacity() && found.size() < kInOneGo; ++slot) {
    if (sessions_.phase(slot) != state::SessionPhase::active) continue;
    if (sessions_.slot(slot).kind != state::SessionKind::text) continue;
    if (sessions_.slot(slot).last_heard < limit) found.push_back(slot);
  }
  return found;
}

const Endpoint& Room::where(Slot member) const {
  const auto& session = sessions_.slot(member);
  if (session.kind == state::SessionKind::text) return session.delivery.peer;
  return state::peer_of(natives_[member]).delivery.peer;
}

bool Room::may_notify(Slot member, MonoTime now) {
  constexpr Micros kBetweenNotices = std::chrono::seconds{1};
  std::int64_t& not_before = sessions_.slot(member).notice_not_before;
  const Micros time = now.time_since_epoch();
  if (time.count() < not_before) return false;
  not_before = (time + kBetweenNotices).count();
  return true;
}

void Room::heard(Slot member, MonoTime now) {
  sessions_.slot(member).last_heard = now.time_since_epoch().count();
  if (unproved_.contains(member) && unproved_.heard(member, now)) sessions_.prove(member);
}

void Room::note_for_replay(RecordKind kind, state::Offset offset) {
  if (kind == RecordKind::say || kind == RecordKind::action || kind == RecordKind::announce) {
    replay_.note(offset);
  }
}

void Room::append(RecordKind kind, Slot member, std::string_view text, WallTime time,
                  std::uint64_t uplink_offset) {
  note_for_replay(kind, log_.tail());
  log_.append({.kind = kind,
               .sender = sessions_.sender(member),
               .name = sessions_.name(member),
               .text = text,
               .time = time,
               .uplink_offset = uplink_offset});
}

void Room::append_leave(Slot member, LeaveKind kind, std::string_view reason, WallTime time) {
  append(kind == LeaveKind::kicked ? RecordKind::kick : RecordKind::leave, member, reason, time);
}

void Room::update_gauges() {
  const std::uint64_t sessions = roster_.size();
  counters_.sessions_now.store(sessions, std::memory_order_relaxed);
  if (sessions > counters_.sessions_peak.load(std::memory_order_relaxed)) {
    counters_.sessions_peak.store(sessions, std::memory_order_relaxed);
  }
}

}  // namespace chatd::chat

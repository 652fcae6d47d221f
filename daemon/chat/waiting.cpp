// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/waiting.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/name.hpp"
#include "daemon/chat/programs.hpp"

namespace chatd::chat {

namespace {

std::uint64_t key_of_person(state::PersonId person) { return static_cast<std::uint64_t>(person); }

WallTime said_at(const state::WaitingRow& row) { return WallTime{Micros{row.said_wall}}; }

template <class Map, class Key>
std::uint32_t number_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

template <class Map, class Key>
void take_one(Map& map, const Key& key) {
  const auto found = map.find(key);
  if (found != map.end() && --found->second == 0) map.erase(found);
}

}  // namespace

Waiting::Waiting(const state::StateView& state, const Sessions& sessions, Mailboxes& mailboxes,
                 const config::Config::History& history)
    : rows_{state},
      natives_{state.native_slots()},
      sessions_{sessions},
      mailboxes_{mailboxes},
      archive_{state.archive()},
      epoch_{state.header().epoch},
      is_enabled_{history.enabled},
      max_age_{history.max_age} {}

// A message that a killed gateway was about to put into a mailbox is not there if the mailbox ends
// where its record was to begin.
void Waiting::adopt() {
  rows_.adopt();
  Rows made;
  rows_.for_each([&](std::uint32_t at, const state::WaitingRow&) { made.push_back(at); });
  std::ranges::sort(made, {}, [this](std::uint32_t at) {
    return std::pair{rows_.row(at).said_wall, rows_.row(at).command_end};
  });
  for (const std::uint32_t at : made) {
    if (!is_enabled_) {
      rows_.remove(at);
      continue;
    }
    note(at);
    const auto session = placed_in(rows_.row(at));
    if (!session || mailboxes_.tail(*session) > rows_.row(at).placed_at) continue;
    rows_.change(at, [](state::WaitingRow& row) { row.placed_epoch = 0; });
  }
}

void Waiting::note(std::uint32_t at) {
  const state::WaitingRow& row = rows_.row(at);
  for_person_[key_of_person(row.receiver)].push_back(at);
  ++of_author_[key_of_person(row.author)];
  if (row.is_local == 0) ++of_network_[row.network];
  if (row.is_proved == 0) ++of_unowned_;
}

void Waiting::drop(std::uint32_t at) {
  const state::WaitingRow& row = rows_.row(at);
  const auto own = for_person_.find(key_of_person(row.receiver));
  std::erase(own->second, at);
  if (own->second.empty()) for_person_.erase(own);
  take_one(of_author_, key_of_person(row.author));
  if (row.is_local == 0) take_one(of_network_, row.network);
  if (row.is_proved == 0) --of_unowned_;
  rows_.remove(at);
}

std::optional<wire::Reason> Waiting::reason_not_to(const Message& message) const {
  const state::PersonId author = sessions_.person(message.author);
  const IpAddress& address = sessions_.where(message.author).address;
  const IpAddress network = network_of(address);
  const bool is_local = is_loopback(address);
  bool is_full = rows_.is_full() || number_in(of_author_, key_of_person(author)) >= kOfAnAuthor ||
                 (!is_local && number_in(of_network_, network) >= kOfANetwork) ||
                 (!message.is_proved && of_unowned_ >= kOfUnowned);
  if (const auto own = for_person_.find(key_of_person(message.receiver));
      own != for_person_.end()) {
    std::size_t of_author = 0;
    std::size_t of_network = 0;
    std::size_t of_unowned = 0;
    for (const std::uint32_t at : own->second) {
      const state::WaitingRow& row = rows_.row(at);
      if (row.author == author) ++of_author;
      if (row.is_local == 0 && row.network == network) ++of_network;
      if (row.is_proved == 0) ++of_unowned;
    }
    is_full = is_full || own->second.size() >= kForAPerson || of_author >= kOfAuthorForPerson ||
              (!is_local && of_network >= kOfNetworkForPerson) ||
              (!message.is_proved && of_unowned >= kOfUnownedForPerson);
  }
  return is_full ? std::optional{wire::Reason::waits_full} : std::nullopt;
}

std::optional<wire::Reason> Waiting::add(const Message& message) {
  if (const auto reason = reason_not_to(message)) return reason;
  const logs::Sender sender = sessions_.sender(message.author);
  const IpAddress& address = sessions_.where(message.author).address;
  const auto at = rows_.add([&](state::WaitingRow& row) {
    row.receiver = message.receiver;
    row.author = sessions_.person(message.author);
    row.said_wall = message.now.time_since_epoch().count();
    row.epoch = epoch_;
    row.sender_slot = sender.slot;
    row.sender_generation = sender.generation;
    row.command_end = message.command_end;
    row.network = network_of(address);
    row.is_local = is_loopback(address) ? 1 : 0;
    row.is_proved = message.is_proved ? 1 : 0;
    assign(row.name, sessions_.name(message.author));
    row.text_bytes =
        static_cast<std::uint16_t>(message.text.copy(row.text.data(), row.text.size()));
  });
  if (at) note(*at);
  return std::nullopt;
}

std::size_t Waiting::count(state::PersonId person) const {
  const auto own = for_person_.find(key_of_person(person));
  return own == for_person_.end() ? 0 : own->second.size();
}

// --- delivery ------------------------------------------------------------------------

std::optional<Slot> Waiting::placed_in(const state::WaitingRow& row) const {
  if (row.placed_epoch.load(std::memory_order_relaxed) != epoch_) return std::nullopt;
  const logs::Sender session{.slot = Slot{row.placed_slot},
                             .generation = logs::Generation{row.placed_generation}};
  if (!sessions_.is_member(session)) return std::nullopt;
  return session.slot;
}

// A session that is away may never come back.
bool Waiting::can_read(Slot session) const {
  return sessions_.has_mailbox(session) && natives_[session].reads_direct != 0 &&
         !sessions_.is_away(session) && !state::is_brief(sessions_.session(session));
}

// A record ends behind its beginning, and only whole records are acknowledged.
void Waiting::forget_read(Slot session) {
  const auto own = for_person_.find(key_of_person(sessions_.person(session)));
  if (own == for_person_.end()) return;
  const std::uint64_t acked = state::peer_of(natives_[session]).acked[wire::kMailboxStream];
  const Rows rows = own->second;
  for (const std::uint32_t at : rows) {
    const state::WaitingRow& row = rows_.row(at);
    if (placed_in(row) == session && acked > row.placed_at) drop(at);
  }
}

bool Waiting::place(std::uint32_t at, Slot session) {
  const state::WaitingRow& row = rows_.row(at);
  const logs::Entry entry{
      .kind = state::RecordKind::direct,
      .sender = logs::Sender{.slot = Slot{wire::kNobody},
                             .generation = logs::Generation{key_of_person(row.author)}},
      .name = view_of(row.name),
      .text = message_of(row),
      .time = said_at(row),
      .uplink_offset = row.is_proved};
  if (!mailboxes_.takes_from_other(session, entry)) return false;
  const logs::Sender to = sessions_.sender(session);
  const std::uint64_t begin = mailboxes_.tail(session);
  rows_.change(at, [&](state::WaitingRow& changed) {
    // The first store ends the placement in another session, the last one begins the new one.
    changed.placed_epoch.store(0, std::memory_order_relaxed);
    state::crash_point();
    changed.placed_slot = to.slot;
    changed.placed_generation = to.generation;
    changed.placed_at = begin;
    changed.placed_epoch.store(epoch_, std::memory_order_release);
  });
  return mailboxes_.deliver_from_other(session, entry);
}

void Waiting::serve(Slot session) {
  if (for_person_.empty() || !can_read(session)) return;
  forget_read(session);
  const auto own = for_person_.find(key_of_person(sessions_.person(session)));
  if (own == for_person_.end()) return;
  for (const std::uint32_t at : own->second) {
    if (placed_in(rows_.row(at))) continue;
    if (!place(at, session)) return;
  }
}

void Waiting::serve_all(Slot member) {
  for (const Slot program : programs_of(sessions_, member)) serve(program);
}

std::vector<state::PersonId> Waiting::persons() const {
  std::vector<state::PersonId> all;
  all.reserve(for_person_.size());
  for (const auto& [person, rows] : for_person_) all.push_back(state::PersonId{person});
  return all;
}

// --- removal -------------------------------------------------------------------------

void Waiting::remove_old(MonoTime now) {
  const auto time = state::retention_time(archive_, now);
  if (max_age_.count() == 0 || !time) return;
  Rows old;
  for (const auto& [person, rows] : for_person_) {
    for (const std::uint32_t at : rows) {
      if (*time - said_at(rows_.row(at)) <= max_age_) break;  // those behind it are younger
      old.push_back(at);
    }
  }
  for (const std::uint32_t at : old) drop(at);
}

std::uint64_t Waiting::erase(const Selection& selection) {
  const std::string author = wire::folded_name(selection.author);
  Rows found;
  rows_.for_each([&](std::uint32_t at, const state::WaitingRow& row) {
    const bool is_authors = author.empty() || wire::folded_name(view_of(row.name)) == author;
    const bool is_before = !selection.before || said_at(row) < *selection.before;
    if (is_authors && is_before) found.push_back(at);
  });
  if (!selection.is_dry_run) {
    for (const std::uint32_t at : found) drop(at);
  }
  return found.size();
}

}  // namespace chatd::chat

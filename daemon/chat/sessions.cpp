// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/sessions.hpp"

#include <algorithm>
#include <utility>

#include "daemon/chat/names.hpp"

namespace chatd::chat {

using state::count;
using state::LeaveKind;
using state::SessionKind;
using state::SessionPhase;

namespace {

// A text client that logs in is a person that no rule knows.
state::PersonId person_of(const Persons& persons, const JoinRequest& request) {
  return request.native ? persons.of_native(request.native->identity) : state::PersonId{};
}

SessionKind kind_of(const JoinRequest& request) {
  return request.native ? request.native->kind : SessionKind::text;
}

bool is_web(const JoinRequest& request) { return kind_of(request) == SessionKind::web; }

// Addresses that may be forged count as one, which no member has.
JoinRates::Joiner joiner_of(const Persons& persons, const JoinRequest& request) {
  return {.person = person_of(persons, request),
          .address = request.may_be_spoofed() ? IpAddress{} : request.from.peer.address};
}

// A program that begins while its member is not told has the time that is left of the first one.
std::int64_t brief_since(const state::SessionSlot* first, MonoTime now) {
  return first != nullptr && is_untold(*first) ? first->brief_since.load(std::memory_order_relaxed)
                                               : now.time_since_epoch().count();
}

template <class Is>
std::vector<Slot> first_sessions(const Sessions& sessions, Is is) {
  constexpr std::size_t kAtOnce = 256;  // the event loop must not stall
  std::vector<Slot> found;
  const Roster& roster = sessions.roster();
  for (auto slot = roster.next_listed(Slot{}); slot && found.size() < kAtOnce;
       slot = roster.next_listed(Slot{*slot + 1})) {
    if (is(*slot)) found.push_back(*slot);
  }
  return found;
}

}  // namespace

Sessions::Sessions(const state::StateView& state, const config::Config& config, Room& room,
                   Rules& rules, const Persons& persons, std::uint64_t hash_key)
    : room_{room},
      rules_{rules},
      persons_{persons},
      history_id_{state.header().epoch},
      table_{state},
      natives_{state},
      counters_{state.counters()},
      roster_{state.geometry().sessions, hash_key, state.geometry().first_web_slot()},
      joins_{state, room, roster_},
      unproved_{config.text.listeners, state.geometry().sessions},
      messages_per_second_{config.limits.messages_per_second},
      rate_{config.limits.messages_per_second, config.limits.burst},
      sessions_per_address_{config.limits.sessions_per_address},
      programs_per_person_{config.limits.programs_per_person} {
  entering_.reserve(table_.capacity());
  leaving_.reserve(table_.capacity());
}

// --- admission ---------------------------------------------------------------------

// A text client is known by its address, a browser by its token, a native client by its person, its
// name and its client number.
std::optional<Slot> Sessions::own_session(const JoinRequest& request,
                                          std::optional<Slot> holder) const {
  if (!request.native) return roster_.by_endpoint(request.from.peer);
  if (request.native->kind == SessionKind::web) return request.native->continues;
  if (!holder || !is_of(*holder, chat::person_of(persons_, request))) return std::nullopt;
  return program_for(request.native->client, *holder);
}

bool Sessions::is_of(Slot member, state::PersonId person) const {
  return has_mailbox(member) && this->person(member) == person;
}

// The native session of this client. If there is none, and the member has as many as there may be:
// the one that was silent longest. nullopt: the login begins another session.
std::optional<Slot> Sessions::program_for(std::uint64_t client, Slot first) const {
  const auto last_heard = [&](Slot slot) { return table_.slot(slot).last_heard; };
  std::uint32_t count = 0;
  std::optional<Slot> silent;
  for (std::optional<Slot> program = first; program; program = roster_.next_program(*program)) {
    if (table_.slot(*program).kind != SessionKind::native) continue;
    if (natives_.slot(*program).client == client) return program;
    if (!silent || last_heard(*program) < last_heard(*silent)) silent = program;
    ++count;
  }
  if (count < programs_per_person_) return std::nullopt;
  return silent;
}

Attempt Sessions::attempt_of(const JoinRequest& request, WallTime now) const {
  auto name = wire::check_name(request.name);
  const auto holder = name ? roster_.by_key(name->key) : std::nullopt;
  Attempt attempt;
  attempt.door_fault = request.door_fault;
  if (!name) attempt.name_fault = reason_of(name.error());
  attempt.own = own_session(request, holder);
  attempt.has_other_name = attempt.own && roster_.first(*attempt.own) != holder;
  const state::PersonId person = chat::person_of(persons_, request);
  const bool is_program = holder && request.native && is_of(*holder, person);
  if (name && persons_.names() != nullptr) {
    const auto owner = persons_.names()->owner(*name);
    attempt.is_name_owned = owner && *owner != person;
  }
  if (is_program) attempt.member = holder;
  attempt.is_name_taken = holder && attempt.own != holder && !is_program;
  attempt.ban = rules_.find(state::RuleKind::ban,
                            {.person = person,
                             .folded_name = name ? name->key : std::string_view{},
                             .address = request.from.peer.address},
                            state::kDefaultRoom, now);
  attempt.is_address_full =
      sessions_per_address_ != 0 &&
      roster_.count_at(request.from.peer.address, is_web(request)) >= sessions_per_address_;
  attempt.is_room_full = is_full_for(request);
  if (name) attempt.name = std::move(*name);
  const bool is_of_another =
      request.native && attempt.own && natives_.slot(*attempt.own).client != request.native->client;
  if (is_of_another && !reason_to_refuse(attempt)) attempt.taken_over = attempt.own;
  return attempt;
}

Sessions::Admission Sessions::admit(const JoinRequest& request, Now now) {
  return admit(request, attempt_of(request, now.wall), now);
}

Sessions::Admission Sessions::admit(const JoinRequest& request, Attempt attempt, Now now) {
  if (attempt.own) heard(*attempt.own, now.mono);
  if (const auto reason = reason_to_refuse(attempt)) {
    count(counters_.logins_refused);
    if (attempt.ban) rules_.hit(*attempt.ban, now.wall);
    return {.status = Status::refused, .reason = *reason, .rule = attempt.ban};
  }
  if (attempt.own) {
    begin_native(*attempt.own, request, attempt, now.wall);
    if (request.native) roster_.move(*attempt.own, request.from.peer.address);
    return {.status = Status::again, .slot = *attempt.own};
  }
  const Slot slot = roster_.take_free(is_web(request)).value();
  begin_native(slot, request, attempt, now.wall);
  // A member has one name, as its first program wrote it.
  if (attempt.member) attempt.name.text = table_.name(*attempt.member);
  open(slot, request, attempt, now);
  return {.status = Status::admitted, .slot = slot};
}

bool Sessions::is_full_for(const JoinRequest& request) const {
  // The other half is for sessions whose address is proven.
  const bool is_half_full = roster_.remote_texts() >= (roster_.first_web_slot() + 1) / 2;
  return !roster_.has_free(is_web(request)) || (request.may_be_spoofed() && is_half_full);
}

void Sessions::begin_native(Slot slot, const JoinRequest& request, const Attempt& attempt,
                            WallTime now) {
  if (!request.native) return;
  if (room_.is_beyond(request.known)) count(counters_.offsets_refused);
  natives_.begin(slot, {.client = *request.native,
                        .now = now,
                        .from = request.from,
                        .room_start = room_.start_for(request.known),
                        .live_offset = room_.tail(),
                        .is_new = !attempt.own,
                        .is_brief = attempt.own ? is_brief(table_.slot(slot)) : request.is_brief,
                        .other = attempt.member});
}

void Sessions::open(Slot slot, const JoinRequest& request, const Attempt& attempt, Now now) {
  state::Delivery delivery = request.from;
  delivery.unproved = request.may_be_spoofed() ? 1 : 0;
  const state::Telling telling = joins_.telling_of({.joiner = joiner_of(persons_, request),
                                                    .member = attempt.member,
                                                    .is_brief = request.is_brief},
                                                   now);
  const auto* const first = attempt.member ? &table_.slot(*attempt.member) : nullptr;
  table_.open(slot,
              {.kind = kind_of(request),
               .person = request.native ? chat::person_of(persons_, request)
                                        : persons_.of_text(history_id_, table_.next_sender(slot)),
               .delivery = delivery,
               .name = attempt.name.text,
               .log_tail = room_.tail(),
               .joined = now.wall,
               .now = now.mono,
               .telling = telling,
               .brief_since = request.is_brief ? brief_since(first, now.mono) : 0});
  if (telling.is_told()) {
    joins_.tell_join(slot, now.wall);
    count(counters_.joins);
  }
  list(slot, request.from.peer, attempt.name.key);
  if (request.may_be_spoofed()) unproved_.add(slot, now.mono, now.mono);
  entering_.push_back(slot);
  update_gauges();
}

void Sessions::list(Slot slot, const Endpoint& peer, std::string folded_name) {
  const bool has_fixed_address = table_.slot(slot).kind == SessionKind::text;
  if (has_fixed_address) return roster_.list(slot, peer, std::move(folded_name));
  roster_.list_mobile(slot, peer.address, std::move(folded_name));
}

// --- leave and settle --------------------------------------------------------------

void Sessions::remove(Slot member, LeaveKind kind, std::string_view reason, Now now) {
  const state::Telling telling = joins_.leave_of(member, kind);
  unlist(member);
  unproved_.forget(member);
  table_.begin_leave(member, kind, room_.tail(), telling);
  if (telling.is_told()) {
    joins_.tell_leave(member, reason, now.wall);
    count(counters_.leaves);
  }
  leaving_.push_back(member);
  update_gauges();
}

// The rate of a member is that of its first session.
void Sessions::unlist(Slot member) {
  const auto next = roster_.next_program(member);
  if (next && roster_.first(member) == member) {
    table_.slot(*next).rate_arrival = table_.slot(member).rate_arrival;
  }
  roster_.unlist(member);
}

void Sessions::settle() {
  for (const Slot slot : entering_) {
    // A session that joined may have left again within the same batch of datagrams.
    if (table_.phase(slot) == SessionPhase::joining) table_.activate(slot);
  }
  entering_.clear();
  for (const Slot slot : leaving_) {
    table_.release(slot);
    roster_.give_back(slot);
  }
  leaving_.clear();
}

void Sessions::update_gauges() {
  const std::uint64_t sessions = roster_.sessions();
  counters_.sessions_now.store(sessions, std::memory_order_relaxed);
  if (sessions > counters_.sessions_peak.load(std::memory_order_relaxed)) {
    counters_.sessions_peak.store(sessions, std::memory_order_relaxed);
  }
}

// --- rates -------------------------------------------------------------------------

std::optional<TooFast> Sessions::charge(Slot member, MonoTime now) {
  const auto wait = rate_.refuse(table_.slot(roster_.first(member)).rate_arrival, now);
  if (!wait) return std::nullopt;
  count(counters_.messages_refused_rate);
  return TooFast{.wait = *wait, .per_second = messages_per_second_};
}

std::optional<TooFast> Sessions::charge_line(Slot member, MonoTime now) {
  if (const auto refused = charge(member, now)) return refused;
  if (!unproved_.contains(member)) return std::nullopt;
  const auto wait = unproved_.refuse_line(now);
  if (!wait) return std::nullopt;
  count(counters_.messages_refused_rate);
  return TooFast{.wait = *wait, .per_second = Unproved::kLinesPerSecond};
}

bool Sessions::may_notify(Slot member, MonoTime now) {
  constexpr Micros kBetweenNotices = std::chrono::seconds{1};
  std::int64_t& not_before = table_.slot(member).notice_not_before;
  const Micros time = now.time_since_epoch();
  if (time.count() < not_before) return false;
  not_before = (time + kBetweenNotices).count();
  return true;
}

// --- presence ----------------------------------------------------------------------

void Sessions::heard(Slot member, MonoTime now) {
  table_.slot(member).last_heard = now.time_since_epoch().count();
  if (unproved_.contains(member) && unproved_.heard(member, now)) table_.prove(member);
}

void Sessions::move(Slot member, const state::Delivery& to) {
  roster_.move(member, to.peer.address);
  natives_.move(member, to);
}

bool Sessions::is_away(Slot member) const {
  return state::has_mailbox(table_.slot(member).kind) && natives_.is_away(member);
}

std::vector<Slot> Sessions::silent_since(SessionKind kind, MonoTime deadline) const {
  const std::int64_t limit = deadline.time_since_epoch().count();
  return first_sessions(*this, [&](Slot slot) {
    const auto& session = table_.slot(slot);
    return session.kind == kind && session.last_heard < limit && !is_away(slot);
  });
}

std::vector<Slot> Sessions::away_since(SessionKind kind, MonoTime deadline) const {
  const std::int64_t limit = deadline.time_since_epoch().count();
  return first_sessions(*this, [&](Slot slot) {
    return table_.slot(slot).kind == kind && is_away(slot) &&
           natives_.slot(slot).away_since <= limit;
  });
}

// --- search ------------------------------------------------------------------------

std::optional<Slot> Sessions::find_name(std::string_view name) const {
  const std::string key = wire::folded_name(name);
  if (key.empty()) return std::nullopt;
  return roster_.by_key(key);
}

std::vector<Slot> Sessions::all() const {
  std::vector<Slot> found;
  found.reserve(roster_.sessions());
  for (auto slot = roster_.next_listed(Slot{}); slot; slot = roster_.next_listed(Slot{*slot + 1})) {
    found.push_back(*slot);
  }
  return found;
}

std::vector<Slot> Sessions::all(SessionKind kind) const {
  std::vector<Slot> found = all();
  std::erase_if(found, [&](Slot slot) { return table_.slot(slot).kind != kind; });
  return found;
}

std::vector<Slot> Sessions::with_mailbox() const {
  std::vector<Slot> found = all();
  std::erase_if(found, [&](Slot slot) { return !state::has_mailbox(table_.slot(slot).kind); });
  return found;
}

bool Sessions::has_mailbox(Slot slot) const {
  return is_member(slot) && state::has_mailbox(table_.slot(slot).kind);
}

bool Sessions::is_member(Slot slot) const {
  if (slot >= table_.capacity()) return false;
  const auto phase = table_.phase(slot);
  return phase == SessionPhase::joining || phase == SessionPhase::active;
}

bool Sessions::is_member(Slot slot, SessionKind kind) const {
  return is_member(slot) && table_.slot(slot).kind == kind;
}

bool Sessions::is_member(const state::Sender& session) const {
  return is_member(session.slot) && table_.sender(session.slot) == session;
}

Rules::Subject Sessions::subject(Slot member) const {
  return {.person = person(member),
          .folded_name = roster_.folded_name(member),
          .address = where(member).address};
}

const Endpoint& Sessions::where(Slot member) const {
  const auto& session = table_.slot(member);
  return session.kind == SessionKind::text ? session.delivery.peer
                                           : natives_.peer(member).delivery.peer;
}

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/name_commands.hpp"

#include <array>
#include <utility>

#include "common/crypto/keys.hpp"
#include "daemon/chat/proved.hpp"

namespace chatd::chat {

using state::RecordKind;
using wire::OwnAct;
using wire::OwnEvent;
using wire::Reason;

namespace {

crypto::Hash hash_of(const state::Identity& key) { return crypto::sha256({key}); }

std::uint32_t seconds_until(MonoTime until, MonoTime now) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(until - now);
  return static_cast<std::uint32_t>(std::max<std::int64_t>(left.count(), 0));
}

}  // namespace

bool NameCommands::carry_out(const Order& order, std::string_view text, std::uint64_t random) {
  const auto request = wire::read_own_request(text);
  if (!request) {
    native_.refuse_unknown(order);
    return false;
  }
  sessions_.heard(order.slot, order.now.mono);
  // Space for the longest answer.
  constexpr std::array<char, wire::kMaxOwnBytes> kText{};
  if (!mailboxes_.has_space(order.slot, {.kind = RecordKind::own,
                                         .sender = {},
                                         .name = {},
                                         .text = {kText.data(), kText.size()},
                                         .time = {}})) {
    return false;
  }
  switch (request->act) {
    case OwnAct::claim:
      finish(order, claim(order, *request));
      break;
    case OwnAct::answer:
      finish(order, answer(order, *request));
      break;
    case OwnAct::release:
      finish(order, release(order));
      break;
    case OwnAct::drop:
      return finish(order, drop(order, *request));
    case OwnAct::add:
      add(order, random == 0 ? 1 : random);
      break;
    case OwnAct::use:
      use(order, *request);
      break;
    case OwnAct::keys:
      list(order);
      break;
  }
  return false;
}

bool NameCommands::finish(const Order& order, const Done& done) {
  if (!done) {
    native_.refuse(order, done.error());
    return false;
  }
  native_.done(order);
  const auto answer = [this, change = *done, now = order.now.wall](bool is_saved) {
    tell(change, is_saved, now);
  };
  if (when_saved_) {
    when_saved_(answer);
  } else {
    answer(false);
  }
  return true;
}

std::string NameCommands::name_of(state::PersonId person) const {
  return std::string{names_.name_of(person).value_or("")};
}

NameCommands::Change NameCommands::change_of(const Order& order, OwnEvent event) const {
  const state::PersonId person = sessions_.person(order.slot);
  return {.event = event,
          .person = person,
          .name = name_of(person),
          .by = sessions_.sender(order.slot),
          .end = order.end};
}

// --- changes -----------------------------------------------------------------------

// The limits are last, so that a claim that is refused for another reason does not count.
std::optional<Reason> NameCommands::reason_not_to_claim(const Order& order,
                                                        const Names::Claim& claim) {
  if (const auto reason = names_.reason_not_to_claim(claim)) return reason;
  if (names_.owner(claim.name)) return std::nullopt;  // it is the person's
  if (names_.is_full_for_members()) return Reason::names_full;
  if (config_.names.claim == config::WhoClaims::admin) return Reason::own_claim_closed;
  if (!may_claim_(claim.person, order.now.wall)) return Reason::own_too_new;
  const IpAddress& address = sessions_.where(order.slot).address;
  if (is_loopback(address)) return std::nullopt;
  const bool is_over = claims_.refuse(claimed_[network_of(address)], order.now.mono).has_value();
  return is_over ? std::optional{Reason::own_too_many} : std::nullopt;
}

NameCommands::Done NameCommands::claim(const Order& order, const wire::OwnRequest& request) {
  const auto name = wire::check_name(sessions_.name(order.slot));
  if (!name) return std::unexpected{Reason::name_refused};
  const Names::Claim claim{.name = *name,
                           .person = sessions_.person(order.slot),
                           .key = hash_of(sessions_.identity(order.slot)),
                           .label = request.label};
  if (const auto reason = reason_not_to_claim(order, claim)) return std::unexpected{*reason};
  if (const auto done = names_.claim(claim, order.now.wall); !done) {
    return std::unexpected{done.error()};
  }
  return change_of(order, OwnEvent::claimed);
}

// Of several programs of the name, the first answer counts.
NameCommands::Done NameCommands::answer(const Order& order, const wire::OwnRequest& request) {
  const state::PersonId person = sessions_.person(order.slot);
  const WaitingDevice* const waiting = codes_.waiting(person);
  const auto key = crypto::hash_of_fingerprint(request.key);
  if (waiting == nullptr || waiting->until <= order.now.mono || !key || *key != waiting->key) {
    return std::unexpected{Reason::own_no_device};
  }
  const WaitingDevice device = codes_.take(person).value();
  const bool may_change =
      !is_restricted(person, order.now.wall) &&
      !is_restricted(sessions_.persons().of_native(device.identity), order.now.wall);
  std::expected<void, Reason> added = std::unexpected{Reason::own_restricted};
  if (request.yes && may_change) {
    added = names_.add_key(person, device.key, device.label, order.now.wall);
  }
  if (!added) {
    decline(device, order.now.wall);
    if (request.yes) return std::unexpected{added.error()};
    Change change = change_of(order, OwnEvent::declined);
    change.device = request.key;
    return change;
  }
  update_person(sessions_, device.identity);
  changes_.remove_banned(sessions_of(sessions_, person), order.now);
  Change change = change_of(order, OwnEvent::added);
  change.device = request.key;
  change.label = device.label;
  change.other = device.session;
  return change;
}

NameCommands::Done NameCommands::drop(const Order& order, const wire::OwnRequest& request) {
  const auto key = crypto::hash_of_fingerprint(request.key);
  if (!key) return std::unexpected{Reason::own_no_such_key};
  Change change = change_of(order, OwnEvent::dropped);
  if (is_restricted(change.person, order.now.wall)) return std::unexpected{Reason::own_restricted};
  change.device = request.key;
  const auto done = names_.drop_key(change.person, hash_of(sessions_.identity(order.slot)), *key);
  if (!done) return std::unexpected{done.error()};
  // The dropped key may have asked for the code.
  if (const auto device = codes_.end(change.person)) end_wait(*device, order.now.wall);
  return change;
}

// Only with the oldest key: a younger one may be that of a thief.
NameCommands::Done NameCommands::release(const Order& order) {
  const auto keys = names_.keys(sessions_.person(order.slot));
  if (!keys.empty() && keys.front()->hash != hash_of(sessions_.identity(order.slot))) {
    return std::unexpected{Reason::own_younger};
  }
  const auto done = names_.release(sessions_.person(order.slot), order.now.wall);
  if (!done) return std::unexpected{done.error()};
  return change_of(order, OwnEvent::released);
}

// Rules of further rooms do not count: the owner of such a room could hinder a user from dropping a
// stolen key.
bool NameCommands::is_restricted(state::PersonId person, WallTime now) const {
  for (auto rule = rules_.next(0); rule;
       rule = rules_.next(static_cast<std::uint32_t>(*rule) + 1)) {
    const state::RuleSlot& row = rules_.row(*rule);
    const bool is_of_person = row.target == state::RuleTarget::person && row.person == person;
    const bool is_of_server = row.room == state::kDefaultRoom && is_restriction(row.kind);
    if (is_of_person && is_of_server && !has_ended(row, now)) return true;
  }
  return false;
}

// --- devices -----------------------------------------------------------------------

void NameCommands::add(const Order& order, std::uint64_t code) {
  const state::PersonId person = sessions_.person(order.slot);
  if (!names_.owns(person)) return native_.refuse(order, Reason::own_none);
  if (is_restricted(person, order.now.wall)) return native_.refuse(order, Reason::own_restricted);
  if (names_.keys(person).size() >= state::kMaxKeysOfName) {
    return native_.refuse(order, Reason::own_keys_full);
  }
  codes_.add(person, code, order.now.mono);
  const wire::OwnAnswer answer{
      .event = OwnEvent::code,
      .code = code,
      .seconds = static_cast<std::uint32_t>(std::chrono::seconds{OwnCodes::kValid}.count())};
  if (post(order.slot, name_of(person), answer, order.now.wall, order.end)) native_.done(order);
}

// A network that has tried too often gets the answer to a wrong code, whatever its code is.
std::optional<state::PersonId> NameCommands::person_of_code(const Order& order,
                                                            std::uint64_t code) {
  const IpAddress& address = sessions_.where(order.slot).address;
  const bool is_limited = !is_loopback(address);
  std::int64_t tried = is_limited ? tried_[network_of(address)] : 0;
  if (is_limited && wrong_.refuse(tried, order.now.mono)) return std::nullopt;
  const auto person = codes_.use(code, order.now.mono);
  if (!person && is_limited) tried_[network_of(address)] = tried;
  return person;
}

void NameCommands::use(const Order& order, const wire::OwnRequest& request) {
  const state::Identity& identity = sessions_.identity(order.slot);
  if (names_.name_of(sessions_.person(order.slot)) || names_.person_of(hash_of(identity))) {
    return native_.refuse(order, Reason::own_other_name);
  }
  if (is_restricted(sessions_.person(order.slot), order.now.wall)) {
    return native_.refuse(order, Reason::own_restricted);
  }
  const auto person = person_of_code(order, request.code);
  if (!person || !names_.owns(*person)) return native_.refuse(order, Reason::own_bad_code);
  WaitingDevice device{.person = *person,
                       .key = hash_of(identity),
                       .identity = identity,
                       .session = sessions_.sender(order.slot),
                       .name = name_of(*person),
                       .label = std::string{request.label},
                       .address = to_text(sessions_.where(order.slot).address),
                       .until = order.now.mono + OwnCodes::kValid};
  const std::string own = crypto::fingerprint(identity);
  const wire::OwnAnswer answer{.event = OwnEvent::asked,
                               .seconds = seconds_until(device.until, order.now.mono),
                               .device = own};
  if (!post(order.slot, device.name, answer, order.now.wall, order.end)) return;
  native_.done(order);
  for (const Slot session : sessions_of(sessions_, *person)) ask(session, device, order.now);
  const auto before = codes_.wait(std::move(device));
  // The same session goes on to wait, with a further code.
  if (before && before->session != sessions_.sender(order.slot)) decline(*before, order.now.wall);
}

void NameCommands::ask(Slot session, const WaitingDevice& device, Now now) {
  const std::string key = crypto::fingerprint(device.identity);
  std::array<char, wire::kMaxOwnBytes> text{};
  (void)mailboxes_.deliver(
      session, {.kind = RecordKind::device,
                .sender = {},
                .name = device.name,
                .text = wire::write_device({.key = key,
                                            .address = device.address,
                                            .label = device.label,
                                            .seconds = seconds_until(device.until, now.mono)},
                                           text),
                .time = now.wall});
}

void NameCommands::decline(const WaitingDevice& device, WallTime now) {
  if (!sessions_.is_member(device.session)) return;
  const std::string key = crypto::fingerprint(device.identity);
  post(device.session.slot, device.name, {.event = OwnEvent::declined, .device = key}, now);
}

// Without an answer of the owner, whose programs are told, too.
void NameCommands::end_wait(const WaitingDevice& device, WallTime now) {
  decline(device, now);
  const std::string key = crypto::fingerprint(device.identity);
  for (const Slot session : sessions_of(sessions_, device.person)) {
    post(session, device.name, {.event = OwnEvent::declined, .device = key}, now);
  }
}

void NameCommands::arrived(Slot session, Now now) {
  const WaitingDevice* const device = codes_.waiting(sessions_.person(session));
  if (device != nullptr && device->until > now.mono) ask(session, *device, now);
}

// --- answers -----------------------------------------------------------------------

void NameCommands::list(const Order& order) {
  const state::PersonId person = sessions_.person(order.slot);
  const auto rows = names_.keys(person);
  if (rows.empty()) return native_.refuse(order, Reason::own_none);
  const crypto::Hash own = hash_of(sessions_.identity(order.slot));
  std::array<std::string, wire::kMaxKeysOfName> keys;
  wire::OwnAnswer answer{.event = OwnEvent::keys};
  for (std::size_t i = 0; i < rows.size() && i < keys.size(); ++i) {
    keys[i] = crypto::fingerprint_of_hash(rows[i]->hash);
    answer.keys[i] = {.key = keys[i],
                      .since = rows[i]->since_wall,
                      .is_this = rows[i]->hash == own,
                      .label = view_of(rows[i]->label)};
    ++answer.key_count;
  }
  if (post(order.slot, name_of(person), answer, order.now.wall, order.end)) native_.done(order);
}

bool NameCommands::post(Slot session, std::string_view name, const wire::OwnAnswer& answer,
                        WallTime now, std::uint64_t end) {
  std::array<char, wire::kMaxOwnBytes> text{};
  return mailboxes_.deliver(session, {.kind = RecordKind::own,
                                      .sender = sessions_.sender(session),
                                      .name = name,
                                      .text = wire::write_own(answer, text),
                                      .time = now,
                                      .uplink_offset = end});
}

void NameCommands::tell(const Change& change, bool is_saved, WallTime now) {
  wire::OwnAnswer answer{.event = change.event, .device = change.device, .label = change.label};
  if (change.event != OwnEvent::declined) answer.saved = is_saved;
  if (sessions_.is_member(change.by)) {
    post(change.by.slot, change.name, answer, now, change.end);
  }
  if (change.device.empty() && change.event != OwnEvent::released) return;
  for (const Slot session : sessions_of(sessions_, change.person)) {
    if (sessions_.sender(session) != change.by) post(session, change.name, answer, now);
  }
  const bool is_told = !change.other || !sessions_.is_member(*change.other) ||
                       sessions_.person(change.other->slot) == change.person;
  if (!is_told) post(change.other->slot, change.name, answer, now);
}

void NameCommands::tick(Now now) {
  while (const auto device = codes_.expire(now.mono)) {
    end_wait(*device, now.wall);
  }
  const std::int64_t time = now.mono.time_since_epoch().count();
  const auto is_over = [time](const auto& entry) { return entry.second <= time; };
  std::erase_if(claimed_, is_over);
  std::erase_if(tried_, is_over);
}

}  // namespace chatd::chat

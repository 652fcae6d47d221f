// SPDX-License-Identifier: GPL-3.0-or-later
// How a browser becomes a member, and continues to be one.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "common/crypto/random.hpp"
#include "common/wire/text/phrases.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/gateway/code_admission.hpp"
#include "daemon/gateway/web_link.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::SessionKind;
using wire::Reason;

namespace {

constexpr std::size_t kMaxRefusalBytes = 200;

// In constant time.
bool is_equal(std::span<const std::byte> a, std::span<const std::byte> b) {
  auto difference = std::byte{0};
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) difference |= a[i] ^ b[i];
  return a.size() == b.size() && difference == std::byte{0};
}

// Browsers of this machine are a network like any other.
IpAddress account_of(const IpAddress& address) {
  return is_loopback(address) ? IpAddress{} : address;
}

std::uint32_t random_number() {
  std::uint32_t random = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&random, 1}));
  return random;
}

Endpoint endpoint_of(const sys::WebEnter& enter) { return {.address = enter.address, .port = 0}; }

}  // namespace

std::size_t WebLink::IdentityHash::operator()(const state::Identity& identity) const noexcept {
  std::size_t first = 0;
  std::memcpy(&first, identity.data(), sizeof first);
  return first;
}

void WebLink::set_identity(Slot session, const state::Identity& identity) {
  Row& row = row_of(session);
  const auto before = by_identity_.find(row.identity);
  if (before != by_identity_.end() && before->second == session) by_identity_.erase(before);
  row.identity = identity;
  by_identity_.insert_or_assign(identity, session);
}

std::optional<Slot> WebLink::find(const state::Identity& identity) const {
  const auto found = by_identity_.find(identity);
  if (found == by_identity_.end()) return std::nullopt;
  const Slot slot = found->second;
  const bool is_there =
      sessions_.is_member(slot, SessionKind::web) && sessions_.identity(slot) == identity;
  return is_there ? std::optional{slot} : std::nullopt;
}

// A token that was sent over TLS before is known to others now.
void WebLink::revoke_secure(const sys::WebEnter& enter, Now now) {
  const auto secure = find(sessions_.persons().of_token(enter.token, false));
  if (!secure) return;
  native_.remove(*secure, state::LeaveKind::kicked,
                 wire::phrase(wire::Language::en, Reason::needs_tls), now);
}

// A token that others can read is taken back also if its page must wait.
void WebLink::on_message(const sys::WebEnter& enter, Now now) {
  if (enter.is_plain) revoke_secure(enter, now);
  if (enter.is_new && !may_enter(enter, now)) return refuse(enter.request, Reason::busy);
  auto found = find(sessions_.persons().of_token(enter.token, true));
  // A token that was first sent in clear stays one, also when it is sent over TLS.
  if (!found && !enter.is_plain) found = find(sessions_.persons().of_token(enter.token, false));
  if (!enter.is_new) return resume(enter, found, now);
  begin(enter, found, now);
}

chat::JoinRequest WebLink::request_of(const sys::WebEnter& enter, std::optional<Slot> found) const {
  const bool is_plain = found ? sessions_.is_plain(*found) : enter.is_plain;
  chat::JoinRequest request{
      .name = enter.name,
      .from = {.peer = endpoint_of(enter), .local = {}, .socket = 0, .newline = 0, .unproved = 0},
      .native = chat::NativeClient{.identity = sessions_.persons().of_token(enter.token, is_plain),
                                   .client = enter.client,
                                   .random = random_number(),
                                   .window = 0,
                                   .kind = SessionKind::web,
                                   .continues = found,
                                   .is_plain = is_plain}};
  // The stream of the room begins where it began: another page may have read less of it.
  if (found) {
    request.known = {.history_id = state_.header().epoch, .offset = slots_[*found].room_start};
  }
  return request;
}

// --- continue ------------------------------------------------------------------------------

// Is an admission: the rules of now decide.
void WebLink::resume(const sys::WebEnter& enter, std::optional<Slot> found, Now now) {
  if (!found) return refuse(enter.request, Reason::no_session);
  if (slots_[*found].client != enter.client) return refuse(enter.request, Reason::replaced);
  chat::JoinRequest request = request_of(enter, found);
  const std::string name{sessions_.name(*found)};
  request.name = name;
  const chat::Attempt attempt = sessions_.attempt_of(request, now.wall);
  if (const auto reason = reason_to_refuse(attempt)) {
    native_.remove(*found, state::LeaveKind::kicked, wire::phrase(wire::Language::en, *reason),
                   now);
    return refuse_login(
        enter, {.status = chat::AdmissionStatus::refused, .reason = *reason, .rule = attempt.ban},
        now);
  }
  if (!(sessions_.where(*found).address == enter.address)) {
    sessions_.move(*found, request.from);
  }
  show(*found, enter, true, now);
}

// --- enter ---------------------------------------------------------------------------------

// The token is that of an owned name, for example of `chatctl token`.
bool WebLink::has_name_over_tls(const sys::WebEnter& enter) const {
  const chat::Persons& persons = sessions_.persons();
  return chat_.names.owns(persons.of_native(persons.of_token(enter.token, false)));
}

// An entry is limited by network, so that nobody tries passwords without end.
bool WebLink::may_enter(const sys::WebEnter& enter, Now now) {
  const IpAddress account = account_of(enter.address);
  if (limits_.admit(now.mono) && limits_.may_begin(account, Proof::cookie, now.mono)) return true;
  log_.floods.refused(enter.address, Limit::unauthenticated, now.mono);
  return false;
}

// The reason why the door does not let the person in.
std::optional<Reason> WebLink::door_fault(const sys::WebEnter& enter, std::optional<Slot> found,
                                          Now now) const {
  const auto request = request_of(enter, found);
  const state::PersonId person = sessions_.persons().of_native(request.native->identity);
  const auto entry = chat_.door.look(person, enter.code, now.wall);
  return entry ? std::nullopt : std::optional{entry.error()};
}

// Checks before a name is looked up. A person without an invitation is not asked for a password:
// web would calculate its key for nothing.
std::optional<Reason> WebLink::fault_of(const sys::WebEnter& enter, std::optional<Slot> found,
                                        Now now) {
  if (enter.is_plain && (password_ || chat_.door.is_closed() || !enter.code.empty())) {
    return Reason::needs_tls;
  }
  if (enter.is_plain && has_name_over_tls(enter)) return Reason::needs_tls;
  if (!password_) return std::nullopt;
  if (!enter.password) {
    const auto kept_out = door_fault(enter, found, now);
    if (kept_out) log_.refusals.refused(endpoint_of(enter), enter.name, *kept_out, now.mono);
    return kept_out.value_or(Reason::password_wanted);
  }
  if (is_equal(*enter.password, password_->bytes())) return std::nullopt;
  log_.refusals.refused_password(endpoint_of(enter), now.mono);
  return Reason::wrong_password;
}

void WebLink::begin(const sys::WebEnter& enter, std::optional<Slot> found, Now now) {
  if (const auto fault = fault_of(enter, found, now)) return refuse(enter.request, *fault);
  // Under another name the session is another one: the old one leaves if the new one may enter.
  const bool is_renamed =
      found && wire::folded_name(enter.name) != sessions_.roster().folded_name(*found);
  chat::JoinRequest request = request_of(enter, is_renamed ? std::nullopt : found);
  const state::PersonId person = sessions_.persons().of_native(request.native->identity);
  const auto entry = chat_.door.look(person, enter.code, now.wall);
  if (!entry) request.door_fault = entry.error();
  chat::Attempt attempt = sessions_.attempt_of(request, now.wall);
  if (is_renamed && !reason_to_refuse(attempt)) {
    native_.remove(*found, state::LeaveKind::quit, {}, now);
    attempt = sessions_.attempt_of(request, now.wall);
  }
  // Before the session begins: if the gateway is killed in between, no session lacks its admission.
  const auto room =
      entry && *entry && !reason_to_refuse(attempt)
          ? admit_by_code(chat_, log_.members, **entry, person, attempt.name.text, now.wall)
          : std::nullopt;
  // The page that had the session so far hears of it before the session has another client.
  if (attempt.taken_over) {
    tell(*attempt.taken_over, {.reason = wire::ByeReason::replaced, .text = {}});
  }
  const auto login = sessions_.admit(request, attempt, now);
  if (login.status == chat::AdmissionStatus::refused) return refuse_login(enter, login, now);
  const bool is_new = login.status == chat::AdmissionStatus::admitted;
  set_identity(login.slot, request.native->identity);
  if (is_new) {
    log_.members.joined(sessions_, login.slot, now.mono);
    chat_.programs.notify(login.slot, enter.address, now.wall);
    chat_.presence.notify(login.slot, now.wall);
    chat_.own.arrived(login.slot, now);
  }
  if (room) tell_invited(chat_, login.slot, *room, now.wall);
  chat_.names.seen(sessions_.person(login.slot), now.wall);
  show(login.slot, enter, !is_new, now);
}

void WebLink::refuse_login(const sys::WebEnter& enter, const chat::Sessions::Admission& refusal,
                           Now now) {
  log_.refusals.refused(endpoint_of(enter), enter.name, refusal.reason, now.mono);
  std::array<char, kMaxRefusalBytes> text{};
  const auto words = chat::refusal_text(refusal, chat_.rules, wire::Language::en, text);
  send(sys::WebAnswer{.request = enter.request,
                      .outcome = sys::WebOutcome::refused,
                      .reason = static_cast<std::uint8_t>(refusal.reason),
                      .text = std::string{words}});
}

void WebLink::show(Slot session, const sys::WebEnter& enter, bool is_again, Now now) {
  const state::Sender sender = sessions_.sender(session);
  row_of(session).shown = sender.generation;
  attach(session, now);
  chat_.waiting.serve(session);
  send(sys::WebEntered{.request = enter.request,
                       .session = {.slot = session,
                                   .generation = std::uint64_t{sender.generation},
                                   .client = slots_[session].client},
                       .person = static_cast<std::uint64_t>(sessions_.person(session)),
                       .name = std::string{sessions_.name(session)},
                       .uplink = slots_[session].uplink,
                       .command_key = chat_.masks.key_of(sender),
                       .is_again = is_again});
}

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/handshakes.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace chatd::gateway {

namespace {

// Unfinished handshakes at a time: each takes two round trips, so this allows thousands of logins
// a second. A flood needs addresses that it can receive at, and takes the oldest places.
constexpr unsigned kPlaceBits = 10;
constexpr std::size_t kPending = std::size_t{1} << kPlaceBits;
constexpr std::size_t kAddressBytes = 18;

std::array<std::byte, kAddressBytes> bytes_of(const Endpoint& endpoint) {
  std::array<std::byte, kAddressBytes> bytes{};
  wire::ByteWriter out{bytes};
  out.put_bytes(std::as_bytes(std::span{endpoint.address.bytes}));
  out.put(endpoint.port);
  return bytes;
}

std::uint64_t random_word() {
  std::uint64_t random = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&random, 1}));
  return random;
}

}  // namespace

Handshakes::Handshakes(const crypto::KeyPair& identity, const crypto::Certificate& certificate,
                       std::optional<crypto::SecretKey> password,
                       UnauthenticatedLimits& unauthenticated, MonoTime now)
    : identity_{identity},
      certificate_{crypto::encode(certificate)},
      password_{std::move(password)},
      cookies_{now},
      places_{kPending},
      unauthenticated_{unauthenticated},
      pending_(kPending),
      tokens_(kPending, 0) {}

Handshakes::Outcome Handshakes::refuse(wire::RefuseCode code, std::uint32_t time,
                                       std::uint64_t reference) {
  wire::ByteWriter out{reply_};
  wire::write_refuse(out, {.code = code, .time = time, .reference = reference});
  return {.reply = out.written()};
}

Handshakes::Outcome Handshakes::refuse_banned(state::RuleIndex ban, const Endpoint& from,
                                              const wire::Hello& hello, MonoTime now) {
  if (!unauthenticated_.may_answer(from.address, Proof::cookie, now)) return {.turned_away = true};
  Outcome outcome = refuse(wire::RefuseCode::banned, hello.time, hello.token);
  outcome.ban = ban;
  return outcome;
}

Handshakes::Outcome Handshakes::on_hello(wire::Bytes datagram, const Endpoint& from, MonoTime now,
                                         const FindBan& find_ban) {
  const auto hello = wire::read_hello(datagram);
  if (!hello) return {};
  const bool is_ours = hello->version == wire::kNativeVersion;
  const bool is_proved =
      is_ours && !hello->noise.empty() && cookies_.is_valid(hello->cookie, bytes_of(from), now);
  if (is_proved) {
    const auto ban = find_ban ? find_ban() : std::nullopt;
    return ban ? refuse_banned(*ban, from, *hello, now) : accept(*hello, from, now);
  }
  if (!unauthenticated_.admit(now)) return {.turned_away = true};
  // The reply is not longer than the HELLO, and is not counted in the limit of its address: else a
  // sender with a spoofed address could block the owner of the address.
  return is_ours ? retry(*hello, from, now)
                 : refuse(wire::RefuseCode::version, hello->time, hello->token);
}

Handshakes::Outcome Handshakes::retry(const wire::Hello& hello, const Endpoint& from,
                                      MonoTime now) {
  wire::ByteWriter out{reply_};
  wire::write_retry(out, {.password_wanted = password_.has_value(),
                          .time = hello.time,
                          .token = hello.token,
                          .cookie = cookies_.make(bytes_of(from), now)});
  return {.reply = out.written()};
}

Handshakes::Outcome Handshakes::repeat(const Pending& pending) {
  std::copy_n(pending.reply.begin(), pending.reply_bytes, reply_.begin());
  return {.reply = wire::Bytes{reply_}.first(pending.reply_bytes)};
}

Handshakes::Outcome Handshakes::answer_again(const Pending& pending, MonoTime now) {
  if (!unauthenticated_.may_answer(pending.from.address, Proof::cookie, now)) {
    return {.turned_away = true};
  }
  return repeat(pending);
}

Handshakes::Outcome Handshakes::accept(const wire::Hello& hello, const Endpoint& from,
                                       MonoTime now) {
  const auto known = std::ranges::find(tokens_, hello.token);
  if (known != tokens_.end()) {
    const Pending& pending = pending_[static_cast<std::size_t>(known - tokens_.begin())];
    if (pending.noise && pending.from == from) return answer_again(pending, now);
  }
  // A handshake is expensive.
  const bool may = unauthenticated_.may_begin(from.address, Proof::cookie, now);
  const auto index = may ? places_.take(from.address, now) : std::nullopt;
  if (!index) {
    if (!unauthenticated_.may_answer(from.address, Proof::cookie, now))
      return {.turned_away = true};
    Outcome busy = refuse(wire::RefuseCode::busy, hello.time, hello.token);
    busy.busy = true;
    return busy;
  }
  pending_[*index] = {};
  tokens_[*index] = 0;
  Outcome outcome = begin(hello, from, *index);
  if (outcome.reply.empty()) places_.done(*index);
  return outcome;
}

Handshakes::Outcome Handshakes::begin(const wire::Hello& hello, const Endpoint& from,
                                      std::size_t index) {
  const auto prologue = wire::noise_prologue(hello.token);
  crypto::Handshake noise{{.role = crypto::Handshake::Role::responder,
                           .identity = identity_,
                           .prologue = prologue,
                           .password = password_,
                           .ephemeral = {}}};
  std::array<std::byte, kMaxHandshakeReply> message{};
  if (!noise.read_message(hello.noise, payload_)) {
    return {.failed = true};
  }
  const auto size = noise.write_message(certificate_, message);
  if (!size) return {};
  Pending& place = pending_[index];
  tokens_[index] = hello.token;
  // Never 0, and the place in the low bits.
  place = {.handshake = ((random_word() | 1U) << kPlaceBits) | index, .from = from};
  wire::ByteWriter out{place.reply};
  wire::write_accept(out, {.time = hello.time,
                           .token = hello.token,
                           .handshake = place.handshake,
                           .noise = wire::Bytes{message}.first(*size)});
  place.reply_bytes = out.size();
  place.noise.emplace(std::move(noise));
  ++began_;
  return repeat(place);
}

const Handshakes::Pending* Handshakes::find(std::uint64_t handshake, const Endpoint& from) const {
  const Pending& pending = pending_[handshake % kPending];
  return handshake != 0 && pending.handshake == handshake && pending.from == from ? &pending
                                                                                  : nullptr;
}

Handshakes::Outcome Handshakes::on_confirm(wire::Bytes datagram, const Endpoint& from, MonoTime now,
                                           const FindBan& find_ban) {
  const auto confirm = wire::read_confirm(datagram);
  if (!confirm) return {};
  if (find(confirm->handshake, from) == nullptr) {
    if (!unauthenticated_.admit(now)) return {.turned_away = true};
    return refuse(wire::RefuseCode::handshake, confirm->time, confirm->handshake);
  }
  Pending* pending = &pending_[confirm->handshake % kPending];
  if (!pending->noise) return pending->refused ? answer_again(*pending, now) : Outcome{};
  // The rule was made after the HELLO.
  if (const auto ban = find_ban ? find_ban() : std::nullopt) {
    Outcome outcome = end(*pending, wire::RefuseCode::banned, confirm->time);
    outcome.ban = ban;
    return outcome;
  }
  const auto size = pending->noise->read_message(confirm->noise, payload_);
  if (!size) {
    // With a password, the message that does not open is one sealed with another password.
    Outcome outcome =
        end(*pending, password_ ? wire::RefuseCode::password : wire::RefuseCode::handshake,
            confirm->time);
    outcome.failed = true;
    outcome.wrong_password = password_.has_value();
    return outcome;
  }
  const auto keys = pending->noise->split();
  const auto login = wire::read_login(wire::Bytes{payload_}.first(*size));
  if (!keys) return {};
  if (!login) return end(*pending, wire::RefuseCode::version, confirm->time);
  Outcome outcome{.arrival = Arrival{.handshake = pending->handshake,
                                     .identity = *pending->noise->remote_static(),
                                     .from_client = keys->from_initiator.bytes(),
                                     .to_client = keys->from_responder.bytes(),
                                     .login = *login}};
  pending->noise.reset();
  return outcome;
}

Handshakes::Outcome Handshakes::end(Pending& pending, wire::RefuseCode code, std::uint32_t time) {
  const Outcome outcome = refuse(code, time, pending.handshake);
  refused(pending.handshake, outcome.reply);
  pending.noise.reset();
  return outcome;
}

void Handshakes::settled(std::uint64_t handshake, const state::Sender& session) {
  Pending& pending = pending_[handshake % kPending];
  if (pending.handshake != handshake) return;
  pending.settled = session;
  places_.done(handshake % kPending);
}

void Handshakes::refused(std::uint64_t handshake, wire::Bytes packet) {
  Pending& pending = pending_[handshake % kPending];
  if (pending.handshake != handshake || packet.size() > pending.reply.size()) return;
  pending.refused = true;
  places_.done(handshake % kPending);
  pending.reply_bytes = static_cast<std::size_t>(
      std::ranges::copy(packet, pending.reply.begin()).out - pending.reply.begin());
}

std::optional<state::Sender> Handshakes::find_settled(wire::Bytes confirm,
                                                      const Endpoint& from) const {
  const auto packet = wire::read_confirm(confirm);
  if (!packet) return std::nullopt;
  const Pending* pending = find(packet->handshake, from);
  return pending == nullptr ? std::nullopt : pending->settled;
}

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/handshake.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/transport/rtt.hpp"

namespace chatd::client {

namespace {

constexpr Micros kFirstRepeat{250'000};
constexpr Micros kMaxRepeat{2'000'000};

}  // namespace

Handshake::Handshake(const Member::Options& options, Resume resume, MonoTime now)
    : options_{options}, resume_{std::move(resume)} {
  options_.random(std::as_writable_bytes(std::span{&token_, 1}));
  enter(State::hello, now);
}

void Handshake::enter(State state, MonoTime now) {
  state_ = state;
  progressed_ = now;
  next_send_ = now;
  backoff_ = kFirstRepeat;
}

Handshake::Step Handshake::fail_with(End end) noexcept {
  failure_ = end;
  return Step::failed;
}

Handshake::Step Handshake::receive(wire::Bytes datagram, MonoTime now) {
  if (const auto retry = wire::read_retry(datagram)) return on_retry(*retry, now);
  if (const auto accept = wire::read_accept(datagram)) return on_accept(*accept, now);
  if (const auto refuse = wire::read_refuse(datagram)) return on_refuse(*refuse, now);
  return Step::none;
}

Handshake::Step Handshake::on_retry(const wire::Retry& retry, MonoTime now) {
  // Also after a cookie was sent: the server's secret may have changed.
  if (retry.token != token_ || state_ == State::confirming) return Step::none;
  if (state_ == State::hello_again && retry.cookie == cookie_) return Step::none;
  const bool has_password = static_cast<bool>(options_.password_key);
  if (retry.password_wanted && !has_password) return fail_with(End::password_wanted);
  // A RETRY can be forged. A client with a password relies on it to prove that this is the right
  // room, so it does not log in without it.
  if (!retry.password_wanted && has_password) return fail_with(End::no_password_here);
  cookie_ = retry.cookie;
  const auto prologue = wire::noise_prologue(token_);
  const crypto::Handshake::Setup setup{.role = crypto::Handshake::Role::initiator,
                                       .identity = options_.identity,
                                       .prologue = prologue,
                                       .password = {},
                                       .ephemeral = {},
                                       .password_follows = has_password};
  noise_.emplace(setup);
  message_.resize(noise_->overhead());
  if (!noise_->write_message({}, message_)) return fail_with(End::other_version);
  enter(State::hello_again, now);
  return Step::moved;
}

Handshake::Step Handshake::on_accept(const wire::Accept& accept, MonoTime now) {
  if (state_ != State::hello_again || accept.token != token_) return Step::none;
  std::array<std::byte, wire::kBaseDatagram> payload{};
  const auto size = noise_->read_message(accept.noise, payload);
  if (!size) return Step::none;  // forged
  const crypto::PublicKey server = *noise_->remote_static();
  const auto certificate = std::span{payload}.first(*size);
  if (!options_.is_trusted({.key = server, .certificate = certificate})) {
    return fail_with(End::changed_key);
  }
  if (options_.password_key) {
    const auto key = options_.password_key(server);
    if (!key) return fail_with(End::failed);
    noise_->use_password(*key);
  }
  handshake_ = accept.handshake;

  wire::ByteWriter login{payload};
  wire::write_login(login, {.name = resume_.name.empty() ? options_.name : resume_.name,
                            .history_id = resume_.history_id,
                            .room_offset = resume_.room_offset,
                            .client = resume_.client,
                            .is_brief = resume_.is_brief,
                            .wants_saved = resume_.wants_saved,
                            .code = options_.code,
                            .reads_direct = resume_.reads_direct});
  message_.resize(noise_->overhead() + login.size());
  if (!noise_->write_message(login.written(), message_)) return fail_with(End::other_version);
  const auto keys = noise_->split();
  if (!keys) return fail_with(End::other_version);
  keys_ = {.to_server = keys->from_initiator.bytes(), .from_server = keys->from_responder.bytes()};
  noise_.reset();
  enter(State::confirming, now);
  return Step::keys;
}

// Thousands of clients that were refused in the same instant must not return in the same instant.
void Handshake::wait_longer(MonoTime now) {
  std::uint32_t random = 0;
  options_.random(std::as_writable_bytes(std::span{&random, 1}));
  const double share = 0.25 + 0.75 * (random / 4294967296.0);
  next_send_ = now + std::chrono::duration_cast<Micros>(backoff_ * share);
}

Handshake::Step Handshake::on_refuse(const wire::Refuse& refuse, MonoTime now) {
  const std::uint64_t reference = state_ == State::confirming ? handshake_ : token_;
  if (refuse.reference != reference) return Step::none;
  switch (refuse.code) {
    case wire::RefuseCode::version:
      return fail_with(End::other_version);
    case wire::RefuseCode::password:
      return fail_with(End::wrong_password);
    case wire::RefuseCode::banned:
      return fail_with(End::banned);
    case wire::RefuseCode::busy:
      progressed_ = now;  // the server is there, and will accept a later HELLO
      wait_longer(now);
      return Step::none;
    case wire::RefuseCode::handshake:
      break;
  }
  // The server does not know the handshake: it was restarted, or, the second time, too many
  // clients log in at once.
  if (state_ != State::confirming) return Step::none;
  const Micros backoff = backoff_;
  enter(State::hello, now);
  if (!std::exchange(forgotten_, true)) return Step::none;
  backoff_ = backoff;
  wait_longer(now);
  return Step::none;
}

bool Handshake::next_datagram(std::vector<std::byte>& datagram, MonoTime now) {
  if (now < next_send_) return false;
  next_send_ = now + backoff_;
  backoff_ = std::min(backoff_ * 2, kMaxRepeat);
  datagram.resize(wire::kBaseDatagram);
  wire::ByteWriter out{datagram};
  const std::uint32_t time = transport::clock_value(now);
  switch (state_) {
    case State::hello:
      wire::write_hello(out, {.time = time, .token = token_, .cookie = {}, .noise = {}});
      break;
    case State::hello_again:
      wire::write_hello(out, {.time = time, .token = token_, .cookie = cookie_, .noise = message_});
      break;
    case State::confirming:
      wire::write_confirm(out, {.time = time, .handshake = handshake_, .noise = message_});
      break;
  }
  datagram.resize(out.size());
  return true;
}

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/api.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "common/crypto/invitation_code.hpp"
#include "common/crypto/password.hpp"
#include "common/crypto/random.hpp"
#include "daemon/state/room_properties.hpp"
#include "daemon/state/room_slot.hpp"

namespace chatd::web {

namespace {

using http::Exchange;
using http::Method;
using http::Request;

bool is_json(const Request& request) {
  const auto type = request.header("content-type").value_or("");
  return type == "application/json" || type.starts_with("application/json;");
}

std::uint64_t random_key() {
  std::uint64_t key = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&key, 1}));
  return key;
}

std::optional<sys::WebSecret> secret_of(std::string_view password,
                                        const crypto::PublicKey& server) {
  const auto key = crypto::password_key(password, server);
  if (!key) return std::nullopt;
  sys::WebSecret secret{};
  std::ranges::copy(key->bytes(), secret.begin());
  return secret;
}

http::Response no_session() { return response_of({.kind = Refusal::Kind::unknown}); }

}  // namespace

Api::Api(const state::StateView& state, Members& members, Streams& streams,
         const Settings& settings)
    : state_{state},
      members_{members},
      streams_{streams},
      settings_{settings},
      logins_{members, random_key()},
      news_{state, buffer_},
      password_keys_{
          settings.has_password, random_key(),
          [server = settings.server](auto password) { return secret_of(password, server); }},
      opened_(state.geometry().web_sessions) {}

void Api::serve(Route route, Exchange exchange, MonoTime now) {
  const Request& request = exchange.request();
  if (request.method == Method::post && !is_json(request)) {
    return exchange.answer(refused_response(code::kBadType, "The body must be application/json."));
  }
  switch (route) {
    case Route::enter:
      return enter(std::move(exchange), now);
    case Route::leave:
      return leave(std::move(exchange), now);
    case Route::command:
      return command(std::move(exchange), now);
    case Route::events:
      return events(std::move(exchange), now);
    case Route::users:
      return users(std::move(exchange), now);
    case Route::rooms:
      return rooms(std::move(exchange), now);
    case Route::history:
      return history(std::move(exchange), now);
    case Route::search:
      return search(std::move(exchange), now);
    case Route::page:
    case Route::file:
    case Route::room:
    case Route::health:
      return;  // of Web
  }
}

bool Api::is_plain(const Request& request) const {
  return !request.sender.is_local && !request.sender.is_secure && !settings_.trusts_plain;
}

void Api::enter(Exchange exchange, MonoTime now) {
  const Request& request = exchange.request();
  auto asked = read_enter(request.body);
  if (!asked) return exchange.answer(http::refusal_response(asked.error()));
  const auto token = read_token(asked->token);
  const auto client = read_client(asked->client);
  if (!token || !client) {
    return exchange.answer(refused_response(
        code::kBadToken, "The token is 32 bytes as base64url, the client a number."));
  }
  Entry entry{.token = *token,
              .client = *client,
              .address = request.sender.address,
              .is_plain = is_plain(request),
              .name = std::move(asked->name),
              .password = {},
              .code = {}};
  if (!asked->code.empty()) {
    const auto code = crypto::InvitationCode::read(asked->code);
    if (!code || !code->is_of(settings_.identity)) {
      return exchange.answer(response_of({.reason = wire::Reason::wrong_code}));
    }
    const auto secret = std::as_bytes(std::span{code->secret()});
    entry.code = {reinterpret_cast<const char*>(secret.data()), secret.size()};
  }
  const auto waiting = std::make_shared<Pending>(std::move(exchange), nullptr);
  if (asked->password && !settings_.is_for_invited) {
    return enter_with(std::move(entry), *asked->password, waiting, now);
  }
  // The gateway knows who is invited, and asks for the password of those only.
  logins_.enter(entry, now, [this, entry, password = asked->password, waiting](auto result) {
    const bool is_wanted = !result && result.error().kind == Refusal::Kind::reason &&
                           result.error().reason == wire::Reason::password_wanted;
    if (is_wanted && password) return enter_with(entry, *password, waiting, mono_now());
    answer_entry(waiting, result);
  });
}

void Api::enter_with(Entry entry, std::string_view password, const Waiting& waiting, MonoTime now) {
  auto key = password_keys_.key_of(entry, password, now);
  if (!key) return waiting->exchange.answer(response_of(key.error()));
  entry.password = *key;
  logins_.enter(entry, now, [this, waiting](const auto& result) { answer_entry(waiting, result); });
}

void Api::answer_entry(const Waiting& waiting, const std::expected<Entered, Refusal>& result) {
  if (!result) return refuse(waiting, result.error());
  waiting->exchange.answer(entered(*result));
}

http::Response Api::entered(const Entered& entered) const {
  const auto parts = news_.streams(entered.session, {});
  std::vector<OwnRoom> rooms;
  for (const News::Stream& part : parts) {
    if (part.is_mailbox) continue;
    std::optional<state::RoomIndex> index;
    if (part.room) index = part.room->index;
    const auto& topic = state::topic_of(state_.properties(index));
    rooms.push_back(
        {.name = part.room ? std::string{state::name_of(state_.room_slot(*index))} : std::string{},
         .topic = std::string{view_of(topic.text)}});
  }
  return entered_response(entered, rooms, news_.cursor_of(parts).to_text());
}

void Api::with_session(Exchange exchange, MonoTime now, Session then) {
  if (!credentials_of(exchange.request())) return exchange.answer(no_session());
  find(std::make_shared<Pending>(std::move(exchange), std::move(then)), now);
}

void Api::find(const Waiting& waiting, MonoTime now) {
  const Request& request = waiting->exchange.request();
  logins_.find(*credentials_of(request), request.sender.address, is_plain(request), now,
               [this, waiting](auto result) {
                 if (!result) return refuse(waiting, result.error());
                 waiting->then(*result, waiting);
               });
}

// A new gateway, or one that does not know this process, must see the token first.
void Api::refuse(const Waiting& waiting, const Refusal& refusal) {
  const auto page = credentials_of(waiting->exchange.request());
  if (refusal.kind == Refusal::Kind::unknown && page) {
    logins_.forget(*page);
    if (waiting->then && !std::exchange(waiting->is_second, true)) {
      return find(waiting, mono_now());
    }
  }
  waiting->exchange.answer(response_of(refusal));
}

void Api::leave(Exchange exchange, MonoTime now) {
  with_session(std::move(exchange), now,
               [this, now](const Entered& entered, const Waiting& waiting) {
                 members_.leave(entered.session, now, [this, waiting](auto result) {
                   if (!result) return refuse(waiting, result.error());
                   if (const auto page = credentials_of(waiting->exchange.request()))
                     logins_.forget(*page);
                   waiting->exchange.answer({.status = 200, .body = "{}\n"});
                 });
               });
}

void Api::command(Exchange exchange, MonoTime now) {
  with_session(std::move(exchange), now,
               [this, now](const Entered& entered, const Waiting& waiting) {
                 do_command(entered, waiting, now);
               });
}

void Api::do_command(const Entered& entered, const Waiting& waiting, MonoTime now) {
  auto command = read_command(waiting->exchange.request().body,
                              [&](std::string_view name) { return room_of(entered, name); });
  if (!command) return waiting->exchange.answer(http::refusal_response(command.error()));
  if (const auto read = Cursor::read(command->after)) {
    members_.read(entered.session, read->mailbox);
  }
  if (command->n == 0) return waiting->exchange.answer({.status = 200, .body = "{}\n"});
  members_.command(
      entered.session, command->n, std::move(command->bytes), now, [this, waiting](auto result) {
        if (!result) return refuse(waiting, result.error());
        waiting->exchange.answer({.status = 200, .body = fmt::format("{{\"n\":{}}}\n", *result)});
      });
}

void Api::events(Exchange exchange, MonoTime now) {
  with_session(
      std::move(exchange), now, [this, now](const Entered& entered, const Waiting& waiting) {
        if (const auto wait = refuse_stream(entered.session, now)) {
          return refuse(waiting, {.kind = Refusal::Kind::too_soon, .wait = *wait});
        }
        const Request& request = waiting->exchange.request();
        const auto last = request.header("last-event-id");
        const auto cursor = Cursor::read(last ? *last : request.parameter("after").value_or(""));
        if (cursor) members_.read(entered.session, cursor->mailbox);
        const bool is_secure = request.sender.is_secure;
        UniqueFd fd = waiting->exchange.take_socket();
        if (!fd.is_open()) return;
        EventSocket socket{std::move(fd)};
        // A new socket takes that much.
        if (socket.send(http::event_stream_head(is_secure)) != EventSocket::State::ready) return;
        streams_.open(std::move(socket), entered, cursor.value_or(Cursor{}), now);
      });
}

std::optional<Micros> Api::refuse_stream(const WebSession& session, MonoTime now) {
  const std::uint32_t first = state_.geometry().first_web_slot();
  if (session.slot < first || session.slot - first >= opened_.size()) return std::nullopt;
  Opened& opened = opened_[session.slot - first];
  if (opened.generation != session.generation) opened = {.generation = session.generation};
  return open_rate_.refuse(opened.arrival, now);
}

std::optional<wire::RoomId> Api::room_of(const Entered& entered, std::string_view name) const {
  if (name.empty()) return wire::kDefaultRoom;
  for (const News::Stream& part : news_.streams(entered.session, {})) {
    if (!part.room || state::name_of(state_.room_slot(part.room->index)) != name) continue;
    return static_cast<wire::RoomId>(part.room->id);
  }
  return std::nullopt;
}

std::string Api::name_of(std::uint32_t room) const {
  if (room == wire::kDefaultRoom) return {};
  for (const auto& slot : state_.room_slots()) {
    const bool is_made = slot.phase.load(std::memory_order_acquire) == state::RoomPhase::made;
    if (is_made && slot.id.load(std::memory_order_relaxed) == room) {
      return std::string{state::name_of(slot)};
    }
  }
  return {};
}

}  // namespace chatd::web

// SPDX-License-Identifier: GPL-3.0-or-later
// How an unauthenticated peer becomes a native member.
#include <array>
#include <functional>
#include <optional>

#include "common/crypto/random.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/transport/packet_seal.hpp"
#include "daemon/chat/rule_text.hpp"
#include "daemon/gateway/address_bans.hpp"
#include "daemon/gateway/code_admission.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::count;

namespace {

constexpr std::uint32_t kPingSeconds = 20;
// The longest text of a REFUSED, so that its packet can be stored.
constexpr std::size_t kMaxRefusalText = 200;
constexpr std::size_t kRefusedBytes =
    wire::kFrameHeaderBytes + wire::encoded_bytes(wire::RefusedFrame{});
static_assert(kMaxRefusalText + wire::kSealedOverhead + kRefusedBytes <=
              Handshakes::kMaxHandshakeReply);

std::uint32_t random_word() {
  std::uint32_t random = 0;
  crypto::fill_random(std::as_writable_bytes(std::span{&random, 1}));
  return random;
}

chat::Room::Position position_of(const wire::LoginPayload& login) {
  if (login.room_offset == wire::LoginPayload::kNoReplay) {
    return {.history_id = login.history_id, .offset = std::nullopt};
  }
  return {.history_id = login.history_id, .offset = login.room_offset};
}

// For Handshakes::FindBan, by std::ref(): a copy would allocate.
auto ban_finder(const chat::Rules& rules, const NativeFrom& from, WallTime now) {
  return [&rules, &from, now] { return ban_at(rules, from.peer.address, now); };
}

}  // namespace

void NativeService::on_hello(wire::Bytes datagram, const From& from, chat::Now now) {
  const auto find_ban = ban_finder(chat_.rules, from, now.wall);
  const auto outcome = handshakes_.on_hello(datagram, from.peer, now.mono, std::ref(find_ban));
  if (outcome.ban) note_banned(chat_.rules, *outcome.ban, counters_, log_, from.peer, now);
  if (outcome.failed) count(counters_.handshakes_failed);
  if (outcome.turned_away) return;
  if (outcome.reply.empty()) return count(counters_.datagrams_dropped_malformed);
  if (outcome.busy) log_.floods.refused(from.peer.address, Limit::unauthenticated, now.mono);
  outbox_.put_bytes(from.reply_to(), outcome.reply);
}

void NativeService::on_confirm(wire::Bytes datagram, const From& from, chat::Now now) {
  const auto find_ban = ban_finder(chat_.rules, from, now.wall);
  const auto outcome = handshakes_.on_confirm(datagram, from.peer, now.mono, std::ref(find_ban));
  if (outcome.ban) note_banned(chat_.rules, *outcome.ban, counters_, log_, from.peer, now);
  if (outcome.failed) count(counters_.handshakes_failed);
  if (outcome.wrong_password) log_.refusals.refused_password(from.peer, now.mono);
  if (!outcome.reply.empty()) outbox_.put_bytes(from.reply_to(), outcome.reply);
  if (outcome.arrival) return arrive(*outcome.arrival, from, now);
  // The answer was lost. It is longer than the CONFIRM, which any host on the path can repeat.
  const auto settled = handshakes_.find_settled(datagram, from.peer);
  if (!settled || !sessions_.is_member(*settled)) return;
  if (unauthenticated_.may_answer(from.peer.address, Proof::cookie, now.mono)) {
    welcome(settled->slot, now);
  }
}

// Another program of the member takes the session over: the one that was there so far gets a BYE,
// under its own keys.
void NativeService::replace(Slot held, chat::Now now) {
  say_bye(held, state::peer_of(slots_[held]).delivery,
          {.reason = wire::ByeReason::replaced, .text = {}}, now);
  chat_.room_admin.replace_client(held, now);
}

namespace {

chat::JoinRequest request_of(const Handshakes::Arrival& arrival, const NativeFrom& from,
                             const chat::Door::Entry& entry) {
  return {.name = arrival.login.name,
          .from = from.reply_to(),
          .native = chat::NativeClient{.identity = arrival.identity,
                                       .client = arrival.login.client,
                                       .random = random_word(),
                                       .window = chat::kFirstWindow,
                                       .wants_saved = arrival.login.wants_saved,
                                       .reads_direct = arrival.login.reads_direct},
          .known = position_of(arrival.login),
          .is_brief = arrival.login.is_brief,
          .door_fault = entry ? std::nullopt : std::optional{entry.error()}};
}

}  // namespace

void NativeService::arrive(const Handshakes::Arrival& arrival, const From& from, chat::Now now) {
  const state::PersonId person = sessions_.persons().of_native(arrival.identity);
  const auto entry = chat_.door.look(person, arrival.login.code, now.wall);
  const chat::JoinRequest request = request_of(arrival, from, entry);
  const chat::Attempt attempt = sessions_.attempt_of(request, now.wall);
  const auto held = attempt.taken_over;
  // The client was replaced before, and may have lost the BYE; it must not take the session back.
  if (held && request.known.history_id != 0) {
    return refuse(arrival, from, wire::RefusalCode::elsewhere, {});
  }
  // Before the session begins: if the gateway is killed in between, no session lacks its admission.
  const auto room =
      entry && *entry && !reason_to_refuse(attempt)
          ? admit_by_code(chat_, log_.members, **entry, person, attempt.name.text, now.wall)
          : std::nullopt;
  if (held) {
    replace(*held, now);
    chat_.programs.notify(*held, from.peer.address, now.wall);
  }
  const auto login = sessions_.admit(request, attempt, now);
  if (login.status == chat::Sessions::Status::refused) {
    log_.refusals.refused(from.peer, arrival.login.name, login.reason, now.mono);
    std::array<char, kMaxRefusalText> text{};
    return refuse(arrival, from, wire::refusal_code_of(login.reason),
                  chat::refusal_text(login, chat_.rules, wire::Language::en, text));
  }
  const bool is_new = login.status == chat::Sessions::Status::admitted;
  begin(login.slot, is_new, arrival, from, now);
  if (is_new || held) chat_.presence.notify(login.slot, now.wall);
  chat_.names.seen(sessions_.person(login.slot), now.wall);
  if (is_new) chat_.own.arrived(login.slot, now);
  chat_.waiting.serve(login.slot);
  // A session that continues, or is another program of its member, has no join record, which would
  // wake the worker.
  called_.add_worker_of(login.slot);
  if (room) tell_invited(chat_, login.slot, *room, now.wall);
  handshakes_.settled(arrival.handshake, sessions_.sender(login.slot));
  welcome(login.slot, now);
}

// The session has the keys of this handshake from now on.
void NativeService::begin(Slot slot, bool is_new, const Handshakes::Arrival& arrival,
                          const From& from, chat::Now now) {
  keys_.install(slot, arrival.to_client, arrival.from_client, slots_[slot].packet_counter,
                now.mono);
  paths_.erase(slot);
  sizes_[slot] = {};
  if (!arrival.login.is_brief) chat_.brief.end(slot, now);
  saved_.begin(slot, arrival.login.wants_saved);
  if (!is_new) return;
  limits_.begin(slot);
  log_.members.joined(sessions_, slot, now.mono);
  chat_.programs.notify(slot, from.peer.address, now.wall);
}

void NativeService::refuse(const Handshakes::Arrival& arrival, const From& from,
                           wire::RefusalCode code, std::string_view why) {
  std::array<std::byte, wire::kBaseDatagram> frames{};
  wire::ByteWriter out{frames};
  wire::write_frame(out, wire::RefusedFrame{.code = code, .text = why.substr(0, kMaxRefusalText)});
  std::array<std::byte, wire::kBaseDatagram> packet{};
  const std::size_t size =
      transport::seal_packet(aead_, arrival.to_client,
                             {.connection = wire::connection_of(0xFF'FFFF, random_word()),
                              .counter = 0,
                              .time = 0,
                              .echo = 0},
                             out.written(), packet);
  outbox_.put_bytes(from.reply_to(), std::span{packet}.first(size));
  handshakes_.refused(arrival.handshake, std::span{packet}.first(size));
}

wire::LimitsFrame NativeService::limits() const {
  const auto& limits = config_.limits;
  return {
      .messages_per_1000_seconds = static_cast<std::uint32_t>(limits.messages_per_second * 1000),
      .burst = limits.burst,
      .message_bytes = static_cast<std::uint16_t>(limits.message_bytes)};
}

namespace {

// For how long the messages of a room are stored on disk.
struct KeptInRoom {
  wire::HistoryKept is{wire::HistoryKept::none};
  std::uint32_t seconds{0};  // 0: no limit in time
};

KeptInRoom kept_in(const state::RoomProperties& room, const config::Config::History& server) {
  const auto age = state::kept_for(room, server.max_age);
  if (!server.enabled || !age) return {};
  return {.is = wire::HistoryKept::kept, .seconds = static_cast<std::uint32_t>(age->count())};
}

}  // namespace

void NativeService::welcome(Slot slot, chat::Now now) {
  const state::NativeSlot& native = slots_[slot];
  const wire::LimitsFrame limits = this->limits();
  const KeptInRoom kept = kept_in(state_.properties(std::nullopt), config_.history);
  send(slot,
       {wire::WelcomeFrame{
           .slot = slot,
           .generation = sessions_.sender(slot).generation,
           .history_id = state_.header().epoch,
           .uplink_offset = native.uplink,
           .mailbox_offset = state::peer_of(native).acked[wire::kMailboxStream],
           .mailbox_tail = chat_.mailboxes.tail(slot),
           .room_offset = native.room_start,
           .live_offset = native.live_offset,
           .reset_token =
               crypto::reset_token(keys_.reset_secret(), state::peer_of(native).connection),
           .ping_seconds = kPingSeconds,
           .idle_seconds = static_cast<std::uint32_t>(kSilence.count() / 1'000'000),
           .linger_seconds = static_cast<std::uint32_t>(config_.session.linger.count()),
           .messages_per_1000_seconds = limits.messages_per_1000_seconds,
           .burst = limits.burst,
           .message_bytes = limits.message_bytes,
           .name = sessions_.name(slot),
           .server_name = config_.room.name,
           .command_key = chat_.masks.key_of(sessions_.sender(slot)),
           .history = kept.is,
           .history_seconds = kept.seconds}},
       now);
}

}  // namespace chatd::gateway

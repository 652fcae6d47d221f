// SPDX-License-Identifier: GPL-3.0-or-later
// How an unauthenticated peer becomes a native member.
#include <algorithm>
#include <array>

#include "common/crypto/random.hpp"
#include "common/crypto/ratchet.hpp"
#include "common/transport/packet_seal.hpp"
#include "daemon/gateway/native_service.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::count;

namespace {

// The window of each stream before the first ACK of the client.
constexpr std::uint32_t kFirstWindowOffered = 64U << 10U;
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

}  // namespace

void NativeService::on_hello(wire::Bytes datagram, const From& from, chat::Now now) {
  const std::uint64_t failed = handshakes_.failed();
  const auto outcome = handshakes_.on_hello(datagram, from.peer, now.mono);
  count(counters_.handshakes_failed, handshakes_.failed() - failed);
  if (outcome.turned_away) return;
  if (outcome.reply == 0) return count(counters_.datagrams_dropped_malformed);
  if (outcome.busy) log_.floods.refused(from.peer.address, Limit::unauthenticated, now.mono);
  outbox_.put_bytes(from.reply_to(), handshakes_.reply().first(outcome.reply));
}

void NativeService::on_confirm(wire::Bytes datagram, const From& from, chat::Now now) {
  const std::uint64_t failed = handshakes_.failed();
  const auto outcome = handshakes_.on_confirm(datagram, from.peer, now.mono);
  count(counters_.handshakes_failed, handshakes_.failed() - failed);
  if (outcome.wrong_password) log_.refusals.refused_password(from.peer, now.mono);
  if (outcome.reply != 0) {
    outbox_.put_bytes(from.reply_to(), handshakes_.reply().first(outcome.reply));
  }
  if (outcome.arrival) return arrive(*outcome.arrival, from, now);
  // The answer was lost. It is longer than the CONFIRM, which any host on the path can repeat.
  const auto settled = handshakes_.find_settled(datagram, from.peer);
  if (!settled || !natives_.is_session(settled->slot, settled->generation)) return;
  if (unauthenticated_.may_answer(from.peer.address, Proof::cookie, now.mono)) {
    welcome(settled->slot, now);
  }
}

// The member joins with another client: the client that was there so far gets a BYE, under its own
// keys.
void NativeService::replace(const chat::NativeRoom::Arrival& arrival, chat::Now now) {
  const auto known = natives_.find(arrival.name, arrival.identity);
  if (!known || slots_[*known].client == arrival.client) return;
  say_bye(*known, state::peer_of(slots_[*known]).delivery,
          {.reason = wire::ByeReason::replaced, .text = {}}, now);
}

void NativeService::arrive(const Handshakes::Arrival& arrival, const From& from, chat::Now now) {
  const chat::NativeRoom::Arrival member{.name = arrival.login.name,
                                         .identity = arrival.identity,
                                         .from = from.reply_to(),
                                         .epoch = arrival.login.history_id,
                                         .room_offset = arrival.login.room_offset,
                                         .client = arrival.login.client,
                                         .random = random_word(),
                                         .window = kFirstWindowOffered};
  if (natives_.is_replaced(member)) {
    return refuse(arrival, from, wire::RefusalCode::elsewhere, {});
  }
  replace(member, now);
  const auto login = natives_.enter(member, now);
  if (login.status == chat::Room::LoginStatus::refused) {
    log_.refusals.refused(from.peer, login.reason, now.mono);
    return refuse(arrival, from, wire::refusal_code_of(login.reason),
                  wire::phrase(wire::Language::en, login.reason));
  }
  keys_.install(login.slot, arrival.to_client, arrival.from_client,
                slots_[login.slot].packet_counter, now.mono);
  paths_.erase(login.slot);
  sizes_[login.slot] = {};
  if (login.status == chat::Room::LoginStatus::admitted) limits_.begin(login.slot);
  if (login.status == chat::Room::LoginStatus::admitted) {
    log_.members.joined(room_, login.slot, now.mono);
  } else {
    call();  // a new member is in the log
  }
  handshakes_.settled(arrival.handshake, login.slot, natives_.generation(login.slot));
  welcome(login.slot, now);
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

void NativeService::welcome(Slot slot, chat::Now now) {
  const state::NativeSlot& native = slots_[slot];
  const wire::LimitsFrame limits = this->limits();
  send(slot,
       {wire::WelcomeFrame{
           .slot = slot,
           .generation = natives_.generation(slot),
           .history_id = state_.header().epoch,
           .uplink_offset = native.uplink,
           .mailbox_offset = state::peer_of(native).acked[wire::kMailboxStream],
           .mailbox_tail = natives_.mailbox_tail(slot),
           .room_offset = native.room_start,
           .live_offset = native.live_offset,
           .reset_token = crypto::reset_token(identity_.secret, state::peer_of(native).connection),
           .ping_seconds = kPingSeconds,
           .idle_seconds = static_cast<std::uint32_t>(kSilence.count() / 1'000'000),
           .linger_seconds = static_cast<std::uint32_t>(config_.session.linger.count()),
           .messages_per_1000_seconds = limits.messages_per_1000_seconds,
           .burst = limits.burst,
           .message_bytes = limits.message_bytes,
           .name = room_.name(slot),
           .server_name = config_.room.name}},
       now);
}

}  // namespace chatd::gateway

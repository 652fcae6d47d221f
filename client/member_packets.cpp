// SPDX-License-Identifier: GPL-3.0-or-later
// What comes in: packets and frames.
#include "client/member_impl.hpp"

namespace chatd::client {

namespace {

template <class... Fs>
struct Cases : Fs... {
  using Fs::operator()...;
};

// A peer that asks faster than we answer is answered for its last questions only.
constexpr std::size_t kMostAnswers = 8;

std::optional<End> end_of(wire::RefusalCode code) {
  switch (code) {
    case wire::RefusalCode::name_taken:
      return End::name_taken;
    case wire::RefusalCode::name_refused:
      return End::name_refused;
    case wire::RefusalCode::room_full:
    case wire::RefusalCode::address_full:
    case wire::RefusalCode::not_welcome:
      return End::room_full;
    case wire::RefusalCode::elsewhere:
      return End::replaced;
  }
  return std::nullopt;
}

template <class F>
Uplink::Pace pace_of(const F& frame) {
  return {.messages_per_1000_seconds = frame.messages_per_1000_seconds, .burst = frame.burst};
}

}  // namespace

void Member::Impl::receive(wire::Bytes datagram, MonoTime now) {
  if (ended) return;
  const auto type = wire::packet_type(datagram);
  if (!type) return;
  if (*type == wire::PacketType::reset) {
    if (const auto reset = wire::read_reset(datagram)) on_reset(*reset, now);
  } else if (*type != wire::PacketType::sealed) {
    on_handshake(datagram, now);
  } else if (!(link && !is_over && on_sealed(*link, datagram, now)) && next_link) {
    on_sealed(*next_link, datagram, now);
  }
  drain(now);
}

void Member::Impl::on_handshake(wire::Bytes datagram, MonoTime now) {
  if (!handshake) return;
  switch (handshake->receive(datagram, now)) {
    case Handshake::Step::none:
    case Handshake::Step::moved:
      return;
    case Handshake::Step::keys:
      next_link.emplace(handshake->keys(), now);
      return;
    case Handshake::Step::failed:
      end(handshake->failure());
      return;
  }
}

void Member::Impl::on_reset(const wire::Reset& reset, MonoTime now) {
  // Only the server knows the token; it says that it does not know us any more.
  if (!link || !link->is_named() || reset.connection != link->connection()) return;
  if (is_over || !std::ranges::equal(reset.token, reset_token)) return;
  if (byes != 0) return end(End::quit);  // it has heard the goodbye
  lose_session(now);
}

bool Member::Impl::on_sealed(Link& from, wire::Bytes datagram, MonoTime now) {
  const auto frames = from.open(datagram, now);
  if (!frames) return false;
  const bool is_next = next_link && &from == &*next_link;
  downlink.on_wish(wire::AckWish::usual);
  wire::ByteReader in{*frames};
  while (const auto frame = wire::next_frame(in)) {
    if (is_next && std::holds_alternative<wire::RefusedFrame>(*frame)) {
      on_refused(std::get<wire::RefusedFrame>(*frame));
      return true;
    }
    if (std::holds_alternative<wire::WelcomeFrame>(*frame)) {
      if (is_next) {
        link.emplace(std::move(*next_link));
        next_link.reset();
        handshake.reset();
        on_welcome(std::get<wire::WelcomeFrame>(*frame), now);
        touched(now);
        return true;  // `from` is gone; what follows comes again
      }
      continue;
    }
    // Data that overtook its WELCOME comes again too.
    if (!is_next) on_frame(*frame, datagram.size(), now);
  }
  if (!is_next && !is_over) touched(now);
  return true;
}

void Member::Impl::on_frame(const wire::Frame& frame, std::size_t datagram_bytes, MonoTime now) {
  const auto answer = [this](const wire::Frame& reply) {
    if (answers.size() < kMostAnswers) answers.push_back(reply);
  };
  std::visit(Cases{
                 [&](const wire::DataFrame& data) { downlink.on_data(data, now, jitter()); },
                 [&](const wire::AckFrame& ack) { on_ack(ack, now); },
                 [&](const wire::GapFrame& gap) {
                   if (downlink.on_gap(gap, now)) emit({.kind = Event::Kind::missed});
                 },
                 [&](const wire::HeadFrame& head) {
                   downlink.on_head(head, now);
                   if (head.stream != wire::kMailboxStream) return;
                   mailbox_tail = std::max(mailbox_tail, head.tail);
                 },
                 [&](const wire::PingFrame& ping) {
                   // A probe of the path's datagram size counts only if it came whole.
                   if (ping.size == 0 || ping.size == datagram_bytes) {
                     answer(wire::PongFrame{.size = ping.size});
                   }
                 },
                 [](const wire::PongFrame&) {},
                 [&](const wire::PathChallenge& challenge) {
                   answer(wire::PathResponse{.value = challenge.value});
                 },
                 [](const wire::PathResponse&) {},
                 [&](const wire::ByeFrame& bye) { on_bye(bye, now); },
                 [](const wire::WelcomeFrame&) {},
                 [](const wire::RefusedFrame&) {},
                 [&](const wire::AckWishFrame& wish) { downlink.on_wish(wish.wish); },
                 [&](const wire::LimitsFrame& limits) { on_limits(limits); },
                 [&](const wire::WaitFrame& wait) {
                   uplink.on_wait(wait.offset, std::chrono::milliseconds{wait.milliseconds}, now);
                 },
             },
             frame);
}

void Member::Impl::on_ack(const wire::AckFrame& ack, MonoTime now) {
  if (ack.stream != wire::kCommandStream) return;
  uplink.on_ack(ack.cumulative, link->rtt(), now);
  uplink_acked = uplink.acked();
}

void Member::Impl::on_limits(const wire::LimitsFrame& limits) {
  uplink.set_pace(pace_of(limits));
  if (old) old->pace = pace_of(limits);
  if (std::exchange(message_bytes, limits.message_bytes) == limits.message_bytes) return;
  emit({.kind = Event::Kind::limits_changed});
}

// Instead of the one that this client had, if it had one.
void Member::Impl::begin_session(const wire::WelcomeFrame& welcome, bool same_room, MonoTime now) {
  downlink.restart_mailbox(welcome.mailbox_offset);
  // What was on the way to the old session may have been carried out: the room's log tells.
  if (same_room && uplink.size() != 0) {
    // Nothing was sent in a session that ended while this was not settled yet.
    old = Old{.slot = old ? old->slot : slot,
              .generation = old ? old->generation : generation,
              .settled_at = welcome.live_offset,
              .uplink_offset = welcome.uplink_offset,
              .pace = pace_of(welcome)};
  } else {
    old.reset();
    uplink.restart(welcome.uplink_offset, pace_of(welcome), now);
  }
}

void Member::Impl::on_welcome(const wire::WelcomeFrame& welcome, MonoTime now) {
  const bool same_session =
      joined && welcome.slot == slot && welcome.generation == generation && welcome.epoch == epoch;
  const bool same_room = joined && welcome.epoch == epoch;
  const std::uint64_t had = downlink.room_received();
  if (!same_room || welcome.room_offset != had) {
    // What a server that stops properly has said, it has said before its goodbye.
    const bool lost = same_room ? welcome.room_offset > had : !stopped;
    if (joined && lost) emit({.kind = Event::Kind::missed, .replay = !same_room});
    downlink.restart_room(welcome.room_offset);
  }
  if (same_session) {
    uplink.resume(welcome.uplink_offset, pace_of(welcome));
  } else {
    begin_session(welcome, same_room, now);
  }
  uplink_acked = welcome.uplink_offset;
  mailbox_tail = welcome.mailbox_tail;
  is_over = stopped = false;
  slot = welcome.slot;
  generation = welcome.generation;
  epoch = welcome.epoch;
  live_offset = welcome.live_offset;
  reset_token = welcome.reset_token;
  ping_every = std::chrono::seconds{std::max(welcome.ping_seconds, 1U)};
  message_bytes = welcome.message_bytes;
  users.clear();
  downlink.acknowledge_now(now);
  const bool again = std::exchange(joined, true);
  if (!again || !same_session) {
    emit({.kind = Event::Kind::joined_room,
          .name = std::string{welcome.name},
          .text = std::string{welcome.server_name},
          .replay = again});
  }
}

void Member::Impl::on_bye(const wire::ByeFrame& bye, MonoTime now) {
  switch (bye.reason) {
    case wire::ByeReason::quit:
      return end(End::quit);
    case wire::ByeReason::kicked:
      return end(End::kicked, std::string{bye.text});
    case wire::ByeReason::replaced:
      return end(End::replaced);
    case wire::ByeReason::stopped:
      if (!options.reconnects) return end(End::stopped, std::string{bye.text});
      stopped = true;
      emit({.kind = Event::Kind::server_stopped});
      break;
    case wire::ByeReason::idle:
      break;
  }
  lose_session(now);
}

void Member::Impl::on_refused(const wire::RefusedFrame& refused) {
  const auto why = end_of(refused.code);
  // The client has words of its own for the rest.
  const bool says_more = refused.code == wire::RefusalCode::address_full ||
                         refused.code == wire::RefusalCode::not_welcome || !why;
  end(why.value_or(End::protocol), says_more ? std::string{refused.text} : std::string{});
}

}  // namespace chatd::client

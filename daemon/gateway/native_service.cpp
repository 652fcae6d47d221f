// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/native_service.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "common/transport/packet_seal.hpp"
#include "common/transport/phase_keys.hpp"
#include "daemon/limits/leave_reason.hpp"
#include "daemon/state/counters.hpp"

namespace chatd::gateway {

using chat::Slot;
using state::count;
using state::LeaveKind;
using state::SessionKind;

NativeService::NativeService(const Parts& parts, chat::Now now)
    : chat_{parts.chat},
      sessions_{parts.chat.sessions},
      slots_{parts.state.native_slots()},
      state_{parts.state},
      keys_{parts.keys},
      counters_{parts.state.counters()},
      config_{parts.config},
      identity_{parts.identity},
      remove_text_{parts.remove_text},
      tell_browser_{parts.tell_browser},
      handshakes_{parts.identity, parts.certificate, parts.password, parts.unauthenticated,
                  now.mono},
      seeks_{parts.config, parts.certificate, parts.password.has_value(), parts.unauthenticated,
             counters_},
      outbox_{parts.sockets, parts.state.counters()},
      unauthenticated_{parts.unauthenticated},
      log_{parts.log},
      sockets_{parts.sockets},
      sizes_(slots_.size()),
      limits_{slots_.size(), counters_},
      saved_{parts.state, parts.chat.sessions, parts.has_archive},
      called_{parts.workers},
      questions_{parts.questions},
      ack_times_{parts.state} {
  to_acknowledge_.reserve(slots_.size());
}

void NativeService::handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via,
                           chat::Now now) {
  const From from{.peer = datagram.from, .via = via, .socket = socket, .bytes = datagram.full_size};
  // No client sends such a datagram, and to open it costs seven times as much.
  if (datagram.full_size > wire::kBaseDatagram) {
    return count(counters_.datagrams_dropped_malformed);
  }
  const auto type = wire::packet_type(datagram.bytes);
  if (type == wire::PacketType::sealed) return on_sealed(datagram.bytes, from, now);
  if (type == wire::PacketType::hello) return on_hello(datagram.bytes, from, now);
  if (type == wire::PacketType::confirm) return on_confirm(datagram.bytes, from, now);
  if (type == wire::PacketType::seek) {
    const wire::Bytes here = seeks_.answer(datagram.bytes, from.peer, now.mono);
    if (!here.empty()) outbox_.put_bytes(from.reply_to(), here);
    return;
  }
  count(counters_.datagrams_dropped_malformed);
}

void NativeService::say_bye(Slot slot, const state::Delivery& to, const wire::ByeFrame& bye,
                            chat::Now now) {
  if (sessions_.session(slot).kind == SessionKind::web) {
    if (tell_browser_) tell_browser_(slot, bye);
    return;
  }
  std::array<std::byte, Goodbyes::kMaxBytes - wire::kSealedOverhead> buffer{};
  wire::ByteWriter out{buffer};
  wire::write_frame(out, bye);
  std::array<std::byte, Goodbyes::kMaxBytes> packet{};
  const std::size_t size = seal(slot, out.written(), packet, now);
  if (size == 0) return;
  outbox_.put_bytes(to, std::span{packet}.first(size));
  goodbyes_.keep(state::ConnectionId{state::peer_of(slots_[slot]).connection},
                 std::span{packet}.first(size));
}

void NativeService::send(Slot slot, std::initializer_list<wire::Frame> frames, chat::Now now) {
  send_to(slot, state::peer_of(slots_[slot]).delivery, {frames.begin(), frames.size()}, now);
}

void NativeService::send_to(Slot slot, const state::Delivery& to,
                            std::span<const wire::Frame> frames, chat::Now now) {
  std::array<std::byte, wire::kBaseDatagram - wire::kSealedOverhead> buffer{};
  wire::ByteWriter out{buffer};
  for (const auto& frame : frames) wire::write_frame(out, frame);
  std::array<std::byte, wire::kBaseDatagram> packet{};
  const std::size_t size = seal(slot, out.written(), packet, now);
  if (size != 0) outbox_.put_bytes(to, std::span{packet}.first(size));
}

std::size_t NativeService::seal(Slot slot, wire::Bytes frames, std::span<std::byte> packet,
                                chat::Now now) {
  state::NativeSlot& native = slots_[slot];
  const auto seal = keys_.take(slot, native.packet_counter);
  if (!seal) return 0;
  const std::uint32_t clock = transport::clock_value(now.mono);
  const state::NativePeer& peer = state::peer_of(native);
  const std::uint32_t offset = peer.clock_offset;
  return transport::seal_packet(aead_, seal->key,
                                {.connection = peer.connection,
                                 .counter = seal->counter,
                                 .time = clock,
                                 .echo = offset == 0 ? 0 : std::max(clock + offset, 1U)},
                                frames, packet);
}

WorkerSet NativeService::finish(chat::Now now) {
  // Each member once, with its longest wait.
  std::ranges::sort(to_acknowledge_, std::ranges::greater{});
  const auto twice = std::ranges::unique(to_acknowledge_, {}, &std::pair<Slot, Micros>::first);
  to_acknowledge_.erase(twice.begin(), twice.end());
  for (const auto& [slot, wait] : to_acknowledge_) {
    if (sessions_.is_member(slot)) acknowledge(slot, wait, now);
  }
  to_acknowledge_.clear();
  saved_.take_due([&](Slot slot, std::span<const wire::Frame> frames) {
    send_to(slot, state::peer_of(slots_[slot]).delivery, frames, now);
  });
  outbox_.flush();
  // The workers find new records in the logs of rooms by themselves, but not in mailboxes.
  const std::uint64_t delivered = chat_.mailboxes.delivered();
  if (std::exchange(delivered_, delivered) != delivered) called_.add_all();
  const WorkerSet called = called_;
  called_.clear();
  return called;
}

void NativeService::acknowledge(Slot slot, Micros wait, chat::Now now) {
  using std::chrono::milliseconds;
  const wire::AckFrame ack{.stream = wire::kCommandStream, .cumulative = slots_[slot].uplink};
  const wire::HeadFrame head{.stream = wire::kMailboxStream, .tail = chat_.mailboxes.tail(slot)};
  if (wait == Micros{0}) return send(slot, {ack, head, limits()}, now);
  // In front of the ACK, which alone would mean that a command was lost.
  const auto whole = std::chrono::ceil<milliseconds>(wait).count();
  send(
      slot,
      {limits(),
       wire::WaitFrame{.offset = ack.cumulative, .milliseconds = static_cast<std::uint32_t>(whole)},
       ack, head},
      now);
}

void NativeService::tell_limits(chat::Now now) {
  constexpr std::uint32_t kToldAtOnce = 4096;
  const auto end = std::min(next_to_tell_ + kToldAtOnce, static_cast<std::uint32_t>(slots_.size()));
  for (; next_to_tell_ < end; ++next_to_tell_) {
    if (!sessions_.is_member(next_to_tell_, SessionKind::native)) continue;
    if (state::peer_of(slots_[next_to_tell_]).attached == 0) continue;
    send(next_to_tell_, {limits()}, now);
  }
}

void NativeService::remove(Slot member, LeaveKind kind, std::string_view reason, chat::Now now) {
  constexpr std::size_t kMaxTextBytes = 255;
  say_bye(member, state::peer_of(slots_[member]).delivery,
          {.reason = wire::bye_of(reason_of(kind)), .text = reason.substr(0, kMaxTextBytes)}, now);
  leave(member, kind, reason, now);
}

// The BYE, if there is one, is sealed in the outbox: the keys are not needed any more. They are
// wiped last: a session without keys could not leave again when the client repeats its BYE.
void NativeService::leave(Slot member, LeaveKind kind, std::string_view reason, chat::Now now) {
  log_.members.left(sessions_, member, kind, reason, now.mono);
  const bool is_last = sessions_.roster().is_alone(member);
  if (is_last && kind == LeaveKind::kicked) count(counters_.members_kicked);
  if (is_last && kind == LeaveKind::idle) count(counters_.members_idle);
  // First the session: a gateway that is killed in between has a successor that finishes the leave.
  // A member that stays is in all of its rooms.
  sessions_.remove(member, kind, reason, now);
  chat_.rooms.leave_all(member, kind, now);
  if (sessions_.session(member).kind == SessionKind::native) keys_.wipe(member);
  paths_.erase(member);
  saved_.end(member);
}

void NativeService::adopt() {
  saved_.adopt();
  for (Slot slot{}; slot < slots_.size(); ++slot) {
    const bool is_native = sessions_.session(slot).kind == SessionKind::native;
    if (is_native && !sessions_.is_member(slot)) keys_.wipe(slot);
  }
}

void NativeService::send_goodbyes(chat::Now now) {
  for (const Slot slot : sessions_.all(SessionKind::native)) {
    send(slot, {wire::ByeFrame{.reason = wire::ByeReason::stopped, .text = {}}}, now);
  }
  for (const Slot slot : sessions_.all(SessionKind::web)) {
    if (tell_browser_) tell_browser_(slot, {.reason = wire::ByeReason::stopped, .text = {}});
  }
  outbox_.flush();
}

void NativeService::tick(chat::Now now) {
  tell_limits(now);
  for (const Slot slot : chat_.brief.due(now.mono)) end_brief(slot, now);
  chat_.rooms.tick(now);
  chat_.moderation.tick(now.mono);
  if (questions_ != nullptr) questions_->tick(now);
  for (const Slot slot : sessions_.silent_since(SessionKind::native, now.mono - kSilence)) {
    sessions_.detach(slot, now.mono);
    paths_.erase(slot);
  }
  for (const Slot slot :
       sessions_.away_since(SessionKind::native, now.mono - config_.session.linger)) {
    remove(slot, LeaveKind::idle, {}, now);
  }
  for (const Slot slot : sessions_.all(SessionKind::native)) {
    keys_.age(slot, slots_[slot].packet_counter, now.mono);
  }
}

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
// native_service.hpp — the native protocol's server side: packets in, replies out.
//
// Runs in:   gateway.
// Owns:      the handshakes, the outbox, what is being found out about new paths. Borrows:
//            the Room, the shared state, the keys, the limits for strangers, the log.
// Invariant: a packet that does not authenticate, or was here before, changes nothing but a
//            counter. A command is acknowledged after its record is in the log, in finish().
// See:       chatd-protocol(7); the streams towards members are the workers'.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/crypto/aead.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/transport/size_probe.hpp"
#include "common/wire/native_command.hpp"
#include "common/wire/native_frame.hpp"
#include "daemon/gateway/goodbyes.hpp"
#include "daemon/gateway/handshakes.hpp"
#include "daemon/gateway/member_limits.hpp"
#include "daemon/gateway/native_from.hpp"
#include "daemon/gateway/native_parts.hpp"
#include "daemon/gateway/outbox.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::gateway {

// A member that says nothing for so long is away; its client pings three times as often.
inline constexpr Micros kSilence{65'000'000};

class NativeService {
 public:
  using Slot = chat::Slot;
  using Now = chat::Now;
  using Parts = NativeParts;
  NativeService(const Parts& parts, Now now);
  // After Room::adopt(): wipes the keys of who has left, as a killed predecessor may not have.
  void adopt();

  void handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via, Now now);
  // Removes a member by the administrator's or the clock's will, and tells it why.
  void remove(Slot member, state::LeaveKind kind, std::string_view reason, Now now);
  // The service stops: everybody's goodbye.
  void send_goodbyes(Now now);
  // About once a second: who is silent is away, who is away for long has left; keys age.
  void tick(Now now);
  // Sends what is due. Before the room settles.
  void finish(Now now);
  // Was anything done that a worker must look at although the log did not grow?
  [[nodiscard]] bool take_call() noexcept { return std::exchange(called_, false); }

 private:
  using From = NativeFrom;
  // A packet of a member, opened.
  struct Opened {
    Slot slot;
    const From& from;
    bool newest;
    Now now;
  };
  struct Path {  // a new address that has not proved itself
    state::Delivery to;
    std::uint64_t challenge;
  };

  // native_login.cpp
  void on_hello(wire::Bytes datagram, const From& from, Now now);
  void on_confirm(wire::Bytes datagram, const From& from, Now now);
  void arrive(const Handshakes::Arrival& arrival, const From& from, Now now);
  void replace(const chat::NativeRoom::Arrival& arrival, Now now);
  void refuse(const Handshakes::Arrival& arrival, const From& from, wire::RefusalCode code,
              std::string_view why);
  void welcome(Slot slot, Now now);
  void acknowledge(Slot slot, Micros wait, Now now);
  [[nodiscard]] wire::LimitsFrame limits() const;
  // Those who came in under a predecessor learn what holds now, some of them at a time.
  void tell_limits(Now now);

  // native_packets.cpp
  void on_sealed(wire::Bytes datagram, const From& from, Now now);
  [[nodiscard]] std::optional<wire::Bytes> open(Slot slot, const wire::SealedHeader& header,
                                                wire::Bytes datagram, MonoTime now);
  void reset(const wire::SealedHeader& header, const From& from, Now now);
  void answer(const Opened& opened);
  void take(const Opened& opened, wire::Bytes frames, const wire::SealedHeader& header);
  void on_frame(const Opened& opened, const wire::Frame& frame);
  void on_bye(const Opened& opened);
  void on_pong(Slot slot, const wire::PongFrame& pong);
  void on_ack(Slot slot, const wire::AckFrame& ack, Now now);
  void look_at_size(Slot slot, std::uint64_t waiting, Now now);
  void probe(Slot slot, std::uint16_t size, Now now);
  void on_commands(const Opened& opened, const wire::DataFrame& data);
  [[nodiscard]] bool is_too_early(const Opened& opened, const wire::CommandView& command);
  void carry_out(const Opened& opened, const wire::CommandView& command, std::uint64_t end);
  void look_at_path(const Opened& opened);
  void on_path_response(const Opened& opened, std::uint64_t value);

  void leave(Slot member, state::LeaveKind kind, std::string_view reason, Now now);
  // Its last word, which is kept to be said again.
  void say_bye(Slot slot, const state::Delivery& to, const wire::ByeFrame& bye, Now now);
  void send(Slot slot, std::initializer_list<wire::Frame> frames, Now now);
  void send_to(Slot slot, const state::Delivery& to, std::initializer_list<wire::Frame> frames,
               Now now);
  // Its size; 0: the member has no keys any more.
  std::size_t seal(Slot slot, wire::Bytes frames, std::span<std::byte> packet, Now now);
  void call() noexcept { called_ = true; }

  chat::Room& room_;
  chat::NativeRoom& natives_;
  std::span<state::NativeSlot> slots_;
  const state::StateView& state_;
  state::KeyTable& keys_;
  state::GatewayCounters& counters_;
  const config::Config& config_;
  crypto::KeyPair identity_;
  Handshakes handshakes_;
  Outbox outbox_;
  UnauthenticatedLimits& unauthenticated_;
  GatewayLog& log_;
  crypto::Aead aead_;
  std::span<const int> sockets_;
  std::unordered_map<Slot, Path> paths_;
  Slot next_to_tell_{0};                     // the limits
  std::vector<transport::SizeProbe> sizes_;  // by slot
  MemberLimits limits_;
  // In finish(); the time is above 0 if the member's next command came too early by so much.
  std::vector<std::pair<Slot, Micros>> to_acknowledge_;
  Goodbyes goodbyes_;
  std::optional<std::uint16_t> asked_size_;  // in the packet at hand
  std::optional<std::uint64_t> asked_path_;
  bool called_{false};
  std::array<std::byte, wire::kBaseDatagram> opened_{};
};

}  // namespace chatd::gateway

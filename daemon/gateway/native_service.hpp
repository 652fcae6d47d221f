// SPDX-License-Identifier: GPL-3.0-or-later
// native_service.hpp — the server's side of the native protocol: reads packets, sends replies.
//
// Runs in:   gateway.
// Owns:      the handshakes, the outbox, the paths that are not validated yet.
// Borrows:   the Chat, the shared state, the keys, the limits for unauthenticated peers, the log.
// Invariant: a packet that does not authenticate, or that was received before, changes only a
//            counter. A command is acknowledged after its record is in the log, in finish().
// See:       chatd-protocol(7). The workers send the streams to the members.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/crypto/aead.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/transport/size_probe.hpp"
#include "common/wire/native/native_frame.hpp"
#include "daemon/chat/ack_times.hpp"
#include "daemon/chat/saved_waits.hpp"
#include "daemon/gateway/goodbyes.hpp"
#include "daemon/gateway/handshakes.hpp"
#include "daemon/gateway/native_from.hpp"
#include "daemon/gateway/native_parts.hpp"
#include "daemon/gateway/outbox.hpp"
#include "daemon/gateway/seek_answers.hpp"
#include "daemon/gateway/worker_set.hpp"
#include "daemon/limits/member_limits.hpp"
#include "daemon/state/native_slot.hpp"

namespace chatd::gateway {

// A member that sends nothing for so long is away; its client sends a PING three times as often.
inline constexpr Micros kSilence{65'000'000};

class NativeService {
 public:
  using Slot = chat::Slot;
  using Now = chat::Now;
  using Parts = NativeParts;
  NativeService(const Parts& parts, Now now);
  void adopt();  // after Chat::adopt(): wipes the keys of members that have left

  void handle(const io::Datagram& datagram, std::uint16_t socket, const IpAddress& via, Now now);
  // Charges the rates for a command. A value: it comes too early by so much; not carried out.
  [[nodiscard]] std::optional<Micros> wait_before(Slot sender, const wire::CommandView& command,
                                                  Now now);
  // Also of a browser. The command ends at `order.end` of the sender's stream.
  void carry_out(const chat::NativeCommands::Order& order, const wire::CommandView& command);
  // Removes a member that has a mailbox, and sends it a BYE.
  void remove(Slot member, state::LeaveKind kind, std::string_view reason, Now now);
  void send_goodbyes(Now now);  // the service stops
  // About once a second: silent members become away, later they leave.
  void tick(Now now);
  // Sends the answers that are due, before the sessions settle. Returns the workers of which a
  // member got something since the last finish() that no log of a room shows.
  [[nodiscard]] WorkerSet finish(Now now);
  bool look_at_stored() { return saved_.look(); }  // true: members get an answer in finish()
  [[nodiscard]] bool waits_for_archive() const { return saved_.is_waiting(); }  // some member

 private:
  using From = NativeFrom;
  using Opened = NativeOpened;
  using Asked = NativeAsked;
  using Path = NativePath;

  // native_login.cpp
  void on_hello(wire::Bytes datagram, const From& from, Now now);
  void on_confirm(wire::Bytes datagram, const From& from, Now now);
  void arrive(const Handshakes::Arrival& arrival, const From& from, Now now);
  void begin(Slot slot, bool is_new, const Handshakes::Arrival&, const From& from, Now now);
  void replace(Slot held, Now now);
  void refuse(const Handshakes::Arrival& arrival, const From& from, wire::RefusalCode code,
              std::string_view why);
  void welcome(Slot slot, Now now);
  void acknowledge(Slot slot, Micros wait, Now now);
  [[nodiscard]] wire::LimitsFrame limits() const;
  void tell_limits(Now now);  // to members that joined under a predecessor, some at a time

  // native_packets.cpp
  void on_sealed(wire::Bytes datagram, const From& from, Now now);
  [[nodiscard]] std::optional<wire::Bytes> open(Slot slot, const wire::SealedHeader& header,
                                                wire::Bytes datagram, MonoTime now);
  void reset(const wire::SealedHeader& header, const From& from, Now now);
  void answer(const Opened& opened, const Asked& asked);
  void take(const Opened& opened, wire::Bytes frames, const wire::SealedHeader& header);
  void on_frame(const Opened& opened, const wire::Frame& frame, Asked& asked);
  void on_bye(const Opened& opened);
  void on_pong(Slot slot, const wire::PongFrame& pong);
  void on_ack(Slot slot, wire::AckFrame ack, Now now);
  void on_room_ack(Slot slot, const wire::AckFrame& ack, Now now);
  void look_at_size(Slot slot, std::uint64_t waiting, Now now);
  void probe(Slot slot, std::uint16_t size, Now now);
  void look_at_path(const Opened& opened);
  void on_path_response(const Opened& opened, std::uint64_t value);

  // native_command_stream.cpp
  void on_commands(const Opened& opened, const wire::DataFrame& data);
  void end_brief(Slot session, Now now);
  void moderate(const chat::NativeCommands::Order& order, const wire::CommandView& command);
  void erase(const chat::NativeCommands::Order& order, const wire::CommandView& command);
  void end_program(const chat::NativeCommands::Order& order, const wire::CommandView& command);
  void remove_all(const chat::Moderation::Removals& removals, Now now);

  void leave(Slot member, state::LeaveKind kind, std::string_view reason, Now now);
  void say_bye(Slot slot, const state::Delivery& to, const wire::ByeFrame& bye, Now now);
  void send(Slot slot, std::initializer_list<wire::Frame> frames, Now now);
  void send_to(Slot slot, const state::Delivery& to, std::span<const wire::Frame> frames, Now now);
  // Returns the size of the packet; 0: the member has no keys any more.
  std::size_t seal(Slot slot, wire::Bytes frames, std::span<std::byte> packet, Now now);

  chat::Chat& chat_;
  chat::Sessions& sessions_;
  std::span<state::NativeSlot> slots_;
  const state::StateView& state_;
  state::KeyTable& keys_;
  state::GatewayCounters& counters_;
  const config::Config& config_;
  crypto::KeyPair identity_;
  std::function<void(Slot, std::string_view, Now)> remove_text_;
  std::function<void(Slot, const wire::ByeFrame&)> tell_browser_;
  Handshakes handshakes_;
  SeekAnswers seeks_;
  Outbox outbox_;
  UnauthenticatedLimits& unauthenticated_;
  GatewayLog& log_;
  crypto::Aead aead_;
  std::span<const int> sockets_;
  std::unordered_map<Slot, Path, std::hash<std::uint32_t>> paths_;
  Slot next_to_tell_{};                      // the limits
  std::vector<transport::SizeProbe> sizes_;  // by slot
  MemberLimits limits_;
  chat::SavedWaits saved_;
  // By finish(). The time is above 0 if the member's next command came too early, by so much.
  std::vector<std::pair<Slot, Micros>> to_acknowledge_;
  Goodbyes goodbyes_;
  WorkerSet called_;
  MemberQuestions* questions_;
  chat::AckTimes ack_times_;
  std::uint64_t delivered_{0};  // Mailboxes::delivered() at the last finish()
  std::array<std::byte, wire::kBaseDatagram> opened_{};
};

}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
// native_attacker.hpp — a hostile native member that sends any packets.
//
// Runs in:   test programs. It logs in as any client does, and seals its own packets after that.
// Owns:      two sockets: a native member's and a text member's.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/link.hpp"
#include "client/member/member.hpp"
#include "common/io/datagram_batch.hpp"
#include "common/wire/native/native_command.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::test {

class NativeAttacker {
 public:
  struct Kind {
    std::string_view name;
    void (NativeAttacker::*make)();  // one datagram, into the batch
  };
  [[nodiscard]] static const std::vector<Kind>& kinds();

  // Logs in, as a native member and as a text one. Throws if it is refused.
  NativeAttacker(const Endpoint& server, const std::string& name);
  // Sends a batch, then reads the answers.
  void send(const Kind& kind);

 private:
  using Frames = std::function<void(wire::ByteWriter&)>;
  void enter(const std::string& name);
  void read_all();
  void read_frames(wire::Bytes frames);

  // Adds one datagram to the batch.
  void add(wire::Bytes datagram, const UdpClient& socket, const IpAddress& from);
  void add_sealed(const Frames& frames, std::optional<IpAddress> from = std::nullopt);
  void add_text(std::string_view text);
  // DATA with as many copies of the command as fit, at the place that the server has read to;
  // before it an ACK that empties the mailbox. Both as if all before them had been carried out.
  void add_commands(wire::CommandKind kind, std::string_view name, std::string_view text);
  [[nodiscard]] IpAddress somewhere();

  void lists();
  void unknown_commands();
  void changes();
  void says();
  void bad_says();
  void direct_messages();
  void pings();
  void challenges();
  void contradictory_acks();
  void many_acks();
  void pongs();
  void empty();
  void unknown_frames();
  void padding();
  void forged_sources();
  void long_packets();
  void far_counters();
  void repeated_confirms();
  void text_logins();
  void text_blanks();
  void text_garbage();

  static constexpr std::size_t kBatch = 64;
  Endpoint server_;
  UdpClient socket_{"0.0.0.0"};
  UdpClient text_{"0.0.0.0"};
  client::Member::Options options_;
  std::optional<client::Link> link_;
  std::vector<std::byte> confirm_;
  std::uint64_t uplink_{0};   // read by the server
  std::uint64_t mailbox_{0};  // its tail
  std::uint64_t room_{0};
  std::uint64_t claimed_{0};         // the commands of this batch, if all are carried out
  std::uint64_t answered_bytes_{0};  // the answers to them
  std::uint32_t answer_bytes_{0};    // of one: the size of the last record in the mailbox
  std::mt19937_64 random_{1};        // NOLINT(cert-msc51-cpp): the same attack in every run
  std::vector<std::byte> sealed_;
  std::array<std::vector<std::byte>, kBatch> batch_{};
  std::size_t used_{0};
  io::DatagramWriter writer_{kBatch};
  io::DatagramWriter text_writer_{kBatch};
};

}  // namespace chatd::test

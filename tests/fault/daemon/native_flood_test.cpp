// SPDX-License-Identifier: GPL-3.0-or-later
// Hellos with forged addresses, as fast as they can be sent: they cost the daemon no memory,
// and the members are served.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/io/datagram_batch.hpp"
#include "common/wire/native/native_handshake.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test::native_flood {
namespace {

std::size_t count_of_hellos() {
  return are_programs_sanitized() ? 100'000 : is_whole_run() ? 1'000'000 : 200'000;
}
constexpr std::size_t kBatch = 64;

// From changing addresses of 127.0.0.0/8, half of them with an invalid cookie.
class Flood {
 public:
  explicit Flood(const Endpoint& server) : server_{server} {
    for (std::size_t i = 0; i < kBatch; ++i) {
      wire::ByteWriter out{hellos_[i]};
      const std::array<std::byte, 32> noise{};
      wire::write_hello(out, {.time = 1,
                              .token = i + 1,
                              .cookie = {},
                              .noise = i % 2 == 0 ? wire::Bytes{} : wire::Bytes{noise}});
      size_ = out.size();
    }
  }
  void send_some() {
    writer_.clear();
    for (auto& hello : hellos_) {
      ++sent_;
      const auto word = static_cast<std::uint32_t>(0x7F00'0000U + 1 + sent_ % 0xFF'FFF0U);
      const IpAddress from =
          parse_address(std::to_string(word >> 24U) + "." + std::to_string(word >> 16U & 255U) +
                        "." + std::to_string(word >> 8U & 255U) + "." + std::to_string(word & 255U))
              .value();
      writer_.add_run(server_, from, std::span{hello}.first(size_), 0);
    }
    (void)writer_.send(socket_.fd());
  }
  [[nodiscard]] std::size_t sent() const { return sent_; }

 private:
  Endpoint server_;
  UdpClient socket_{"0.0.0.0"};
  io::DatagramWriter writer_{kBatch};
  std::array<std::array<std::byte, wire::kBaseDatagram>, kBatch> hellos_{};
  std::size_t size_{0};
  std::size_t sent_{0};
};

// Any order of the lines is right, but all members receive the same, and each line once.
void expect_all_heard(const NativeCrowd& crowd, std::vector<std::string> said) {
  std::vector<std::string> heard = crowd.lines(0);
  std::ranges::sort(heard);
  std::ranges::sort(said);
  EXPECT_EQ(heard, said);
  for (std::size_t i = 1; i < crowd.size(); ++i) EXPECT_EQ(crowd.lines(i), crowd.lines(0)) << i;
}

TEST(NativeFlood, OfForgedHellosCostsNoMemoryAndTheMembersAreServed) {
  // Without the limit that would drop most of them: each is answered.
  const std::size_t hellos = count_of_hellos();
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"
                                    "limits.unauthenticated_per_second = 0\n"}};
  NativeCrowd crowd{daemon.endpoint(), {.size = 10}};
  ASSERT_TRUE(crowd.enter());
  // Every member has received all earlier lines.
  crowd.say(0, "begin");
  ASSERT_TRUE(crowd.pump_until([&] {
    for (std::size_t i = 0; i < crowd.size(); ++i) {
      if (crowd.lines(i).empty() || !crowd.lines(i).back().ends_with("begin")) return false;
    }
    return true;
  }));
  crowd.forget_lines();
  const pid_t gateway = pid_of(daemon, "gateway");
  // Asked before the memory is measured: the gateway keeps the memory of its first answer.
  const auto taken = [&] { return daemon.counter("datagrams_received"); };
  EXPECT_LT(taken(), hellos / 100);
  Flood flood{daemon.endpoint()};
  std::vector<std::string> said;
  std::size_t before = 0;
  const auto send_up_to = [&](std::size_t count) {
    while (flood.sent() < count) {
      flood.send_some();
      crowd.pump(std::chrono::milliseconds{0});
      if (flood.sent() % (100 * kBatch) == 0) {
        const std::size_t member = said.size() % crowd.size();
        const std::string text = "line " + std::to_string(said.size());
        crowd.say(member, text);
        said.push_back(crowd.name(member) + ": " + text);
      }
      if (before == 0 && flood.sent() >= hellos / 10) before = memory_of(gateway);
    }
  };
  send_up_to(hellos);
  // A machine that gives the gateway no time loses most of them at its socket: then more are sent.
  for (int more = 0; more < 20 && taken() <= hellos / 4; ++more)
    send_up_to(flood.sent() + hellos / 4);
  EXPECT_TRUE(crowd.pump_until(
      [&] { return crowd.delivered() >= said.size() * crowd.size() && crowd.unconfirmed() == 0; }));
  expect_all_heard(crowd, said);
  EXPECT_EQ(crowd.ended(), 0U);
  const std::size_t after = memory_of(gateway);
  constexpr std::size_t kNoise = 1024;
  EXPECT_LE(after, before + kNoise) << "KiB";
  EXPECT_GT(taken(), hellos / 4) << "the flood went past the daemon";
  EXPECT_EQ(daemon.counter("joins"), crowd.size());
  std::cout << "[          ] " << flood.sent() << " hellos, " << taken()
            << " of them read; the gateway had " << before << " KiB after a tenth, " << after
            << " KiB at the end; " << said.size() << " lines for each member\n";
}

}  // namespace
}  // namespace chatd::test::native_flood

// SPDX-License-Identifier: GPL-3.0-or-later
// The log of the text service and of the native service: its lines, and data that is never logged.
#include "daemon/gateway/gateway_log.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/daemon/gateway/gateway_fixture.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/native_world.hpp"

namespace chatd::gateway {
namespace {

using test::NativeWorld;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Every message and every field value.
std::vector<std::string> texts(const test::LogLines& lines) {
  std::vector<std::string> found;
  for (const auto& line : lines.all()) {
    found.push_back(line.message);
    for (const auto& [name, value] : line.fields) found.push_back(value);
  }
  return found;
}

std::vector<test::LogLine> lines_of(const test::LogLines& lines, std::string_view event) {
  std::vector<test::LogLine> found;
  std::ranges::copy_if(lines.all(), std::back_inserter(found),
                       [&](const auto& line) { return line.field("CHATD_EVENT") == event; });
  return found;
}

class TextLogTest : public GatewayFixture {
 protected:
  // Calls tick() once a second, as the gateway's timer does.
  void let_pass(int times) {
    for (int i = 0; i < times; ++i) {
      wait(std::chrono::seconds{1});
      log_.tick(now().mono);
    }
  }
  test::LogLines lines_{LogLevel::debug};
};

TEST_F(TextLogTest, DoesNotLogMessagesOrRefusedNames) {
  config_.limits.messages_per_second = 0.1;
  config_.limits.burst = 1;
  const std::string secret = "marmalade";
  send(ada_, "C " + secret);
  send(ada_, secret);
  send(ada_, "L two words " + secret);
  send(ada_, "L " + secret + "\xff");
  (void)ada_.drain();
  enter(ada_, "ada");
  enter(bob_, "bob");
  for (int i = 0; i < 200; ++i) send(ada_, "C ada " + secret);
  send(ada_, "C " + secret + "\xff");
  send(ada_, "C " + secret + std::string(1000, 'x'));
  send(ada_, "L " + secret);
  (void)chat().commands.announce(secret, now());
  EXPECT_EQ(ask(bob_, "Q " + secret), "EXIT");
  let_pass(20);
  ASSERT_THAT(texts(lines_), Contains("join"));
  ASSERT_THAT(texts(lines_), Contains("refuse"));
  ASSERT_THAT(texts(lines_), Contains("flood"));
  EXPECT_THAT(texts(lines_), Not(Contains(HasSubstr(secret))));
}

TEST_F(TextLogTest, LogsARefusedLogin) {
  enter(ada_, "ada");
  send(bob_, "L ada");
  const auto refused = lines_of(lines_, "refuse");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].field("CHATD_ADDRESS"), "127.0.0.1");
  EXPECT_EQ(refused[0].field("CHATD_PORT"), std::to_string(bob_.endpoint().port));
  EXPECT_EQ(refused[0].field("CHATD_REASON"), "name_taken");
}

TEST_F(TextLogTest, LogsLoginsWithoutAReplyAsAFlood) {
  enter(ada_, "ada");
  for (int i = 0; i < 400; ++i) send(bob_, "L ada");  // 100 are answered
  let_pass(10);
  EXPECT_THAT(lines_of(lines_, "refuse"), SizeIs(RefusalLog::kAtOnce));
  const auto flood = lines_of(lines_, "flood");
  ASSERT_THAT(flood, SizeIs(1));
  EXPECT_EQ(flood[0].message, "flood: 390 datagrams from 127.0.0.1 refused in 10 s");
}

TEST_F(TextLogTest, LogsAFloodFromForeignNetworks) {
  config_.text.networks = {parse_network("10.0.0.0/8").value()};
  for (int i = 0; i < 50; ++i) send(ada_, "C x");
  EXPECT_EQ(lines_of(lines_, "flood").at(0).field("CHATD_LIMIT"), "text.networks");
  let_pass(10);
  EXPECT_EQ(lines_of(lines_, "flood").at(1).message,
            "flood: 50 datagrams from 127.0.0.1 refused in 10 s");
}

TEST_F(TextLogTest, LogsAMemberThatSendsTooFast) {
  config_.limits.messages_per_second = 0.1;
  config_.limits.burst = 1;
  enter(ada_, "ada");
  for (int i = 0; i < 50; ++i) send(ada_, "C x");
  let_pass(10);
  const auto flood = lines_of(lines_, "flood");
  ASSERT_THAT(flood, SizeIs(2));
  EXPECT_EQ(flood[0].field("CHATD_LIMIT"), "limits.messages_per_second");
  EXPECT_EQ(flood[1].field("CHATD_COUNT"), "49");
}

TEST(NativeLog, DoesNotLogMessages) {
  NativeWorld world{1};
  const test::LogLines lines{LogLevel::debug};
  auto& ada = world.enter("ada");
  auto& bob = world.enter("bob");
  ada.member.say("marmalade", world.now());
  ada.member.act("eats marmalade", world.now());
  ada.member.write_to("bob", "marmalade", world.now());
  ada.member.say("marmalade\xff", world.now());
  ASSERT_TRUE(world.run_until([&] { return ada.member.unconfirmed() == 0; }));
  bob.member.quit(world.now());
  ASSERT_TRUE(world.run_until([&] { return bob.member.has_ended(); }));
  EXPECT_THAT(texts(lines), Contains("leave"));
  EXPECT_THAT(texts(lines), Not(Contains(HasSubstr("marmalade"))));
}

TEST(NativeLog, LogsARefusedLogin) {
  NativeWorld world{2};
  const test::LogLines lines;
  world.enter("ada");
  auto& other = world.add({.name = "ADA"});
  world.start(other);
  ASSERT_TRUE(world.run_until([&] { return other.member.has_ended(); }));
  const auto refused = lines_of(lines, "refuse");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].field("CHATD_ADDRESS"), "127.0.0.1");
  EXPECT_EQ(refused[0].field("CHATD_REASON"), "name_taken");
}

TEST(NativeLog, LogsAndCountsAWrongPassword) {
  NativeWorld world{3};
  world.password = "open sesame";
  world.replace_gateway();
  const test::LogLines lines;
  auto& ada = world.add({.name = "ada", .password = "open barley"});
  world.start(ada);
  ASSERT_TRUE(world.run_until([&] { return ada.member.has_ended(); }));
  const auto refused = lines_of(lines, "refuse");
  ASSERT_THAT(refused, Not(IsEmpty()));
  EXPECT_EQ(refused[0].field("CHATD_REASON"), "wrong_password");
  EXPECT_EQ(world.figure(&state::GatewayCounters::handshakes_failed), refused.size());
  EXPECT_THAT(texts(lines), Not(Contains(HasSubstr("barley"))));
}

TEST(NativeLog, LogsAMemberThatSendsTooFast) {
  NativeWorld world{4};
  auto& ada = world.enter("ada");
  world.limit_to({.messages_per_second = 0.1, .burst = 1});
  world.run_for(std::chrono::seconds{1});
  const test::LogLines lines;
  ada.asleep = true;  // her client would respect the limit
  const auto slot = world.sessions().find_name("ada").value();
  for (int i = 0; i < 30; ++i) {
    std::array<std::byte, 8> bytes{};
    wire::ByteWriter out{bytes};
    ASSERT_TRUE(wire::write_command(out, wire::CommandKind::say, {}, "x"));
    world.forge(ada, "ada",
                std::array<wire::Frame, 1>{
                    wire::DataFrame{.stream = wire::kCommandStream,
                                    .offset = world.view().native_slots()[slot].uplink,
                                    .bytes = out.written()}});
  }
  world.gateway_log().finish(world.server_now().mono);
  const auto flood = lines_of(lines, "flood");
  ASSERT_THAT(flood, SizeIs(2));
  EXPECT_EQ(flood[0].field("CHATD_LIMIT"), "limits.messages_per_second");
  EXPECT_EQ(flood[1].field("CHATD_COUNT"), "29");
}

TEST(NativeLog, LogsUnansweredPacketsOfUnknownSessionsAsAFlood) {
  NativeWorld world{5};
  const test::LogLines lines;
  auto& ada = world.enter("ada");
  std::vector<std::byte> packet;
  world.on_datagram = [&](std::span<const std::byte> bytes, bool to_server) {
    if (to_server) packet.assign(bytes.begin(), bytes.end());
  };
  ada.member.say("x", world.now());
  ASSERT_TRUE(world.run_until([&] { return packet.size() > 24; }));
  packet[4] ^= std::byte{0x55};  // the connection number: no such connection
  for (int i = 0; i < 150; ++i) world.inject(packet, test::endpoint("203.0.113.7:4000"));
  world.gateway_log().finish(world.server_now().mono);
  const auto flood = lines_of(lines, "flood");
  ASSERT_THAT(flood, SizeIs(2));
  EXPECT_EQ(flood[1].message, "flood: 50 datagrams from 203.0.113.7 refused in 1 s");
}

}  // namespace
}  // namespace chatd::gateway

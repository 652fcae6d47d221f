// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/handshakes.hpp"

#include <gmock/gmock.h>

#include "client/member/handshake.hpp"
#include "common/crypto/random.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;

class HandshakesTest : public ::testing::Test {
 protected:
  static std::vector<std::byte> hello(std::uint64_t token,
                                      std::uint8_t version = wire::kNativeVersion) {
    std::vector<std::byte> bytes(wire::kBaseDatagram);
    wire::ByteWriter out{bytes};
    wire::write_hello(out,
                      {.version = version, .time = 7, .token = token, .cookie = {}, .noise = {}});
    return bytes;
  }
  // The datagram that a real client sends next.
  std::vector<std::byte> next(client::Handshake& handshake) {
    std::vector<std::byte> datagram;
    now_ += seconds{3};
    EXPECT_TRUE(handshake.next_datagram(datagram, now_));
    return datagram;
  }

  // Two datagrams of a client that has its keys: the second HELLO, and the CONFIRM, which the
  // server has not read.
  std::pair<std::vector<std::byte>, std::vector<std::byte>> greeted() {
    client::Handshake client{options_, {}, now_};
    std::vector<std::byte> hello;
    for (int i = 0; i < 2; ++i) {
      hello = next(client);
      const auto outcome = handshakes_.on_hello(hello, from_, now_);
      (void)client.receive(outcome.reply, now_);
    }
    return {hello, next(client)};
  }

  Handshakes::Outcome confirm_with(wire::Bytes login);

  MonoTime now_{seconds{100}};
  Endpoint from_{test::endpoint("192.0.2.1:5000")};
  Endpoint other_{test::endpoint("192.0.2.2:5000")};
  state::GatewayCounters counters_{};
  FloodLog floods_;
  UnauthenticatedLimits unauthenticated_{0, 42, counters_, floods_};  // without a limit
  // The longest one.
  crypto::Certificate certificate_{.added = std::vector<std::byte>(crypto::kMaxAdded)};
  Handshakes handshakes_{crypto::generate_key_pair().value(), certificate_, std::nullopt,
                         unauthenticated_, now_};
  client::Member::Options options_{
      .name = "ada",
      .identity = crypto::generate_key_pair().value(),
      .is_trusted = [](const client::ServerProof&) { return true; },
      .random = [](std::span<std::byte> out) { crypto::fill_random(out); }};
};

TEST_F(HandshakesTest, AHelloWithoutACookieGetsARetryAndCostsNothing) {
  const auto outcome = handshakes_.on_hello(hello(1), from_, now_);
  EXPECT_EQ(outcome.reply.size(), 32U);
  const auto retry = wire::read_retry(outcome.reply);
  ASSERT_TRUE(retry);
  EXPECT_EQ(retry->token, 1U);
  EXPECT_EQ(retry->time, 7U);
  EXPECT_FALSE(retry->password_wanted);
  EXPECT_EQ(handshakes_.began(), 0U);
}

TEST_F(HandshakesTest, AHelloThatIsShortOrOfAnotherVersionIsNotAccepted) {
  const auto whole = hello(1);
  EXPECT_EQ(handshakes_.on_hello(std::span{whole}.first(1199), from_, now_).reply.size(), 0U);
  const auto outcome = handshakes_.on_hello(hello(1, 1), from_, now_);
  EXPECT_EQ(wire::read_refuse(outcome.reply).value().code, wire::RefuseCode::version);
}

TEST_F(HandshakesTest, ACookieIsGoodForItsAddressOnly) {
  client::Handshake client{options_, {}, now_};
  const auto outcome = handshakes_.on_hello(next(client), from_, now_);
  ASSERT_EQ(client.receive(outcome.reply, now_), client::Handshake::Step::moved);
  const auto second = next(client);
  const auto stolen = handshakes_.on_hello(second, other_, now_);
  EXPECT_TRUE(wire::read_retry(stolen.reply));
  const auto right = handshakes_.on_hello(second, from_, now_);
  EXPECT_TRUE(wire::read_accept(right.reply));
  const std::vector<std::byte> accept{right.reply.begin(), right.reply.end()};
  EXPECT_EQ(handshakes_.began(), 1U);
  // A second time: the same answer, not a second handshake.
  const auto again = handshakes_.on_hello(second, from_, now_);
  EXPECT_TRUE(std::ranges::equal(again.reply, accept));
  EXPECT_EQ(handshakes_.began(), 1U);
}

TEST_F(HandshakesTest, AProvenAddressIsServedInAFloodOfOthers) {
  UnauthenticatedLimits unauthenticated{10, 42, counters_, floods_};
  Handshakes handshakes{
      crypto::generate_key_pair().value(), {}, std::nullopt, unauthenticated, now_};
  client::Handshake client{options_, {}, now_};
  const auto answer = [&](const Handshakes::Outcome& outcome) {
    (void)client.receive(outcome.reply, now_);
  };
  answer(handshakes.on_hello(next(client), from_, now_));
  const auto second = next(client);
  for (std::uint64_t i = 1; i <= 100; ++i) (void)handshakes.on_hello(hello(i), other_, now_);
  EXPECT_EQ(counters_.datagrams_dropped_overload.load(), 95U);
  EXPECT_TRUE(handshakes.on_hello(hello(1), from_, now_).turned_away);
  EXPECT_TRUE(handshakes.on_hello(hello(1, 1), from_, now_).turned_away);
  EXPECT_TRUE(handshakes.on_hello(second, other_, now_).turned_away) << "a stolen cookie";
  answer(handshakes.on_hello(second, from_, now_));
  EXPECT_EQ(handshakes.began(), 1U);
  std::vector<std::byte> confirm;
  ASSERT_TRUE(client.next_datagram(confirm, now_));
  EXPECT_TRUE(handshakes.on_confirm(confirm, other_, now_).turned_away);
  EXPECT_TRUE(handshakes.on_confirm(confirm, from_, now_).arrival);
  EXPECT_FALSE(handshakes.on_confirm(confirm, from_, now_).turned_away) << "its answer was lost";
}

// Else a sender with a spoofed address could block the owner of the address.
TEST_F(HandshakesTest, RepliesNotLongerThanTheRequestAreNotRateLimited) {
  std::vector<std::byte> bytes(64);
  wire::ByteWriter out{bytes};
  wire::write_confirm(out, {.time = 7, .handshake = 4711, .noise = {}});
  const auto unknown = out.written();
  for (std::uint64_t i = 1; i <= 3000; ++i) {
    ASSERT_EQ(handshakes_.on_hello(hello(i), from_, now_).reply.size(), 32U);
    ASSERT_EQ(handshakes_.on_hello(hello(i, 1), from_, now_).reply.size(), 16U);
    const auto outcome = handshakes_.on_confirm(unknown, from_, now_);
    ASSERT_GT(outcome.reply.size(), 0U);
    ASSERT_LE(outcome.reply.size(), unknown.size());
  }
}

TEST_F(HandshakesTest, SpoofedDatagramsDoNotConsumeTheProvenAddressBudget) {
  while (unauthenticated_.may_begin(from_.address, Proof::none, now_)) {
  }
  while (unauthenticated_.may_answer(from_.address, Proof::none, now_)) {
  }
  const auto [second, confirm] = greeted();
  EXPECT_EQ(handshakes_.began(), 1U);
  EXPECT_GT(handshakes_.on_hello(second, from_, now_).reply.size(), 0U) << "its ACCEPT was lost";
  EXPECT_TRUE(handshakes_.on_confirm(confirm, from_, now_).arrival);
}

TEST_F(HandshakesTest, AnAcceptIsRepeatedWithinTheBudgetOfItsAddress) {
  const auto [second, confirm] = greeted();
  unsigned answers = 0;
  for (int i = 0; i < 3000; ++i) {
    answers += handshakes_.on_hello(second, from_, now_).reply.empty() ? 0U : 1U;
  }
  EXPECT_EQ(answers, 1000U);
  EXPECT_EQ(handshakes_.began(), 1U);
  EXPECT_TRUE(handshakes_.on_confirm(confirm, from_, now_).arrival);
}

// Each costs a Diffie-Hellman, and may be a guess at the password.
TEST_F(HandshakesTest, AConfirmThatDoesNotOpenEndsTheHandshake) {
  const auto confirm = greeted().second;
  auto wrong = confirm;
  wrong.back() ^= std::byte{1};
  for (int i = 0; i < 2; ++i) {
    const auto outcome = handshakes_.on_confirm(wrong, from_, now_);
    EXPECT_EQ(wire::read_refuse(outcome.reply).value().code, wire::RefuseCode::handshake);
    EXPECT_EQ(outcome.failed, i == 0) << "the second one was not tried";
  }
  EXPECT_FALSE(handshakes_.on_confirm(confirm, from_, now_).arrival);
}

TEST_F(HandshakesTest, NoReplyIsLongerThanItsRequest) {
  client::Handshake client{options_, {}, now_};
  for (int i = 0; i < 2; ++i) {
    const auto sent = next(client);
    const auto outcome = handshakes_.on_hello(sent, from_, now_);
    EXPECT_LT(outcome.reply.size(), sent.size());
    (void)client.receive(outcome.reply, now_);
  }
  auto confirm = next(client);
  EXPECT_LT(handshakes_.on_confirm(confirm, other_, now_).reply.size(), confirm.size());
}

TEST_F(HandshakesTest, AFloodOfForgedHellosBeginsNothing) {
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    Endpoint forged = from_;
    forged.port = static_cast<std::uint16_t>(i);
    auto bytes = hello(i);
    bytes[33] = std::byte{32};  // with a first message, and a cookie of zeros
    (void)handshakes_.on_hello(bytes, forged, now_);
  }
  EXPECT_EQ(handshakes_.began(), 0U);
}

constexpr state::RuleIndex kRule{7};
constexpr auto kFindBan = [] { return std::optional{kRule}; };

TEST_F(HandshakesTest, RulesAreNotSearchedForAnAddressThatIsNotProved) {
  int asked = 0;
  const auto ask = [&asked] {
    ++asked;
    return std::optional<state::RuleIndex>{};
  };
  auto forged = hello(1);
  (void)handshakes_.on_hello(forged, from_, now_, ask);
  forged[33] = std::byte{32};  // with a first message, and a cookie of zeros
  (void)handshakes_.on_hello(forged, from_, now_, ask);
  const auto [second, confirm] = greeted();
  (void)handshakes_.on_hello(second, other_, now_, ask);
  (void)handshakes_.on_confirm(confirm, other_, now_, ask);
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(handshakes_.on_confirm(confirm, from_, now_, ask).arrival);
  EXPECT_EQ(asked, 1);
}

// A Diffie-Hellman is calculated for a handshake that began, and for a CONFIRM that is read.
TEST_F(HandshakesTest, ABannedAddressIsRefusedBeforeAnyDiffieHellman) {
  client::Handshake client{options_, {}, now_};
  const auto first = handshakes_.on_hello(next(client), from_, now_, kFindBan);
  EXPECT_FALSE(first.ban) << "its address is not proved";
  EXPECT_TRUE(wire::read_retry(first.reply));
  (void)client.receive(first.reply, now_);
  const auto second = handshakes_.on_hello(next(client), from_, now_, kFindBan);
  EXPECT_EQ(second.ban, kRule);
  EXPECT_EQ(wire::read_refuse(second.reply).value().code, wire::RefuseCode::banned);
  EXPECT_EQ(handshakes_.began(), 0U);
}

TEST_F(HandshakesTest, ABanBetweenHelloAndConfirmEndsTheHandshake) {
  const auto [hello, confirm] = greeted();
  const auto outcome = handshakes_.on_confirm(confirm, from_, now_, kFindBan);
  EXPECT_EQ(outcome.ban, kRule);
  EXPECT_FALSE(outcome.arrival);
  EXPECT_EQ(wire::read_refuse(outcome.reply).value().code, wire::RefuseCode::banned);
  const auto again = handshakes_.on_confirm(confirm, from_, now_);
  EXPECT_EQ(wire::read_refuse(again.reply).value().code, wire::RefuseCode::banned);
  EXPECT_FALSE(again.arrival);
}

class HandshakeCrowd : public HandshakesTest {
 protected:
  // Until the server has given a place, or has refused one.
  Handshakes::Outcome greet(client::Handshake& handshake, const Endpoint& from) {
    Handshakes::Outcome outcome;
    std::vector<std::byte> datagram;
    for (int i = 0; i < 2 && handshake.next_datagram(datagram, now_); ++i) {
      outcome = handshakes_.on_hello(datagram, from, now_);
      const auto reply = outcome.reply;
      if (handshake.receive(reply, now_) == client::Handshake::Step::keys) break;
    }
    return outcome;
  }
  bool is_refused(const Handshakes::Outcome& outcome) {
    if (outcome.turned_away) return true;  // it has got that answer often enough
    if (!outcome.busy) return false;
    EXPECT_EQ(wire::read_refuse(outcome.reply).value().code, wire::RefuseCode::busy);
    return true;
  }
  bool settle(const Handshakes::Outcome& outcome) {
    if (outcome.arrival)
      handshakes_.settled(outcome.arrival->handshake,
                          {.slot = state::Slot{1}, .generation = state::Generation{1}});
    return outcome.arrival.has_value();
  }
};

TEST_F(HandshakeCrowd, AFloodFromOneAddressTakesNoPlaceOfOthersAndGetsBusy) {
  client::Handshake patient{options_, {}, now_};
  (void)greet(patient, other_);
  for (int i = 0; i < 600; ++i) {
    client::Handshake greedy{options_, {}, now_};
    EXPECT_EQ(is_refused(greet(greedy, from_)), i >= 256) << i;
  }
  std::vector<std::byte> confirm;
  ASSERT_TRUE(patient.next_datagram(confirm, now_));
  EXPECT_TRUE(handshakes_.on_confirm(confirm, other_, now_).arrival);
}

TEST_F(HandshakeCrowd, OneNetworkBeginsAHundredHandshakesASecond) {
  std::vector<int> let_in;
  for (int round = 0; round < 7; ++round, now_ += std::chrono::seconds{2}) {
    let_in.push_back(0);
    for (int i = 0; i < 300; ++i) {
      client::Handshake greedy{options_, {}, now_};
      if (!is_refused(greet(greedy, from_))) ++let_in.back();
    }
  }
  EXPECT_EQ(let_in.front(), 256);  // places
  EXPECT_NEAR(let_in.back(), 200, 2);
}

TEST_F(HandshakeCrowd, ManyClientsAtOnceAllLogInAndNoneBeginsTwice) {
  const Endpoint here = parse_endpoint("127.0.0.1:5000").value();
  std::vector<std::unique_ptr<client::Handshake>> waiting;
  for (int i = 0; i < 600; ++i) {
    waiting.push_back(
        std::make_unique<client::Handshake>(options_, client::Handshake::Resume{}, now_));
  }
  std::vector<std::byte> datagram;
  for (int round = 0; round < 10 && !waiting.empty(); ++round, now_ += std::chrono::seconds{2}) {
    for (const auto& handshake : waiting) (void)greet(*handshake, here);
    // All of these are sent before the server reads the first CONFIRM.
    std::erase_if(waiting, [&](const auto& handshake) {
      return handshake->next_datagram(datagram, now_) &&
             wire::packet_type(datagram) == wire::PacketType::confirm &&
             settle(handshakes_.on_confirm(datagram, here, now_));
    });
  }
  EXPECT_TRUE(waiting.empty()) << waiting.size() << " are not in";
  EXPECT_EQ(handshakes_.began(), 600U);
}

// The server's side of a handshake whose CONFIRM has this payload.
Handshakes::Outcome HandshakesTest::confirm_with(wire::Bytes login) {
  std::vector<std::byte> bytes(wire::kBaseDatagram);
  const auto retry = wire::read_retry(handshakes_.on_hello(hello(9), from_, now_).reply).value();
  const auto prologue = wire::noise_prologue(9);
  crypto::Handshake noise{{.role = crypto::Handshake::Role::initiator,
                           .identity = options_.identity,
                           .prologue = prologue,
                           .password = {},
                           .ephemeral = {}}};
  std::array<std::byte, 256> message{};
  const auto first = noise.write_message({}, message).value();
  wire::ByteWriter again{bytes};
  wire::write_hello(
      again,
      {.time = 7, .token = 9, .cookie = retry.cookie, .noise = wire::Bytes{message}.first(first)});
  const auto accepted = handshakes_.on_hello(bytes, from_, now_);
  const auto accept = wire::read_accept(accepted.reply).value();
  std::array<std::byte, 256> payload{};
  EXPECT_TRUE(noise.read_message(accept.noise, payload));
  const auto third = noise.write_message(login, message).value();
  wire::ByteWriter confirm{bytes};
  wire::write_confirm(
      confirm,
      {.time = 7, .handshake = accept.handshake, .noise = wire::Bytes{message}.first(third)});
  return handshakes_.on_confirm(std::span{bytes}.first(confirm.size()), from_, now_);
}

TEST_F(HandshakesTest, ALoginWithTooFewFieldsIsRefusedAsAnotherVersion) {
  const auto outcome = confirm_with(std::array{std::byte{1}, std::byte{'a'}});  // a name only
  EXPECT_FALSE(outcome.arrival);
  EXPECT_EQ(wire::read_refuse(outcome.reply).value().code, wire::RefuseCode::version);
}

// A later build may send more.
TEST_F(HandshakesTest, ALoginWithMoreFieldsIsTaken) {
  std::array<std::byte, 100> payload{};
  wire::ByteWriter login{payload};
  wire::write_login(login, {.name = "ada", .history_id = 3, .room_offset = 8, .client = 4});
  const auto outcome = confirm_with(payload);
  ASSERT_TRUE(outcome.arrival);
  EXPECT_EQ(outcome.arrival->login.name, "ada");
  EXPECT_EQ(outcome.arrival->login.client, 4U);
}

TEST_F(HandshakesTest, AConfirmIsTakenOnceAndItsSlotIsStored) {
  client::Handshake client{options_, {}, now_};
  for (int i = 0; i < 2; ++i) {
    const auto outcome = handshakes_.on_hello(next(client), from_, now_);
    (void)client.receive(outcome.reply, now_);
  }
  const auto confirm = next(client);
  EXPECT_FALSE(handshakes_.on_confirm(confirm, other_, now_).arrival);
  const auto arrival = handshakes_.on_confirm(confirm, from_, now_).arrival;
  ASSERT_TRUE(arrival);
  EXPECT_EQ(arrival->login.name, "ada");
  EXPECT_FALSE(handshakes_.find_settled(confirm, from_));
  handshakes_.settled(arrival->handshake,
                      {.slot = state::Slot{5}, .generation = state::Generation{11}});
  EXPECT_FALSE(handshakes_.on_confirm(confirm, from_, now_).arrival);
  ASSERT_TRUE(handshakes_.find_settled(confirm, from_));
  EXPECT_EQ(handshakes_.find_settled(confirm, from_)->slot, 5U);
  EXPECT_FALSE(handshakes_.find_settled(confirm, other_));
}

TEST_F(HandshakesTest, ARefusalIsRepeated) {
  client::Handshake client{options_, {}, now_};
  for (int i = 0; i < 2; ++i) {
    const auto outcome = handshakes_.on_hello(next(client), from_, now_);
    (void)client.receive(outcome.reply, now_);
  }
  const auto confirm = next(client);
  const auto arrival = handshakes_.on_confirm(confirm, from_, now_).arrival;
  ASSERT_TRUE(arrival);
  const std::vector<std::byte> packet(70, std::byte{1});
  handshakes_.refused(arrival->handshake, packet);
  const auto again = handshakes_.on_confirm(confirm, from_, now_);
  EXPECT_FALSE(again.arrival);
  EXPECT_TRUE(std::ranges::equal(again.reply, packet));
}

}  // namespace
}  // namespace chatd::gateway

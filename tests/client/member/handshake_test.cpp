// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/member/handshake.hpp"

#include <set>

#include <gmock/gmock.h>

#include "common/crypto/random.hpp"
#include "daemon/gateway/handshakes.hpp"
#include "tests/support/key.hpp"
#include "tests/support/server_proof.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Step = Handshake::Step;

class HandshakeTest : public ::testing::Test {
 protected:
  explicit HandshakeTest(std::optional<crypto::SecretKey> password = std::nullopt)
      : server_{server(std::move(password))} {}

  gateway::Handshakes server(std::optional<crypto::SecretKey> password = std::nullopt) {
    return {identity_, certificate_, std::move(password), unauthenticated_, now_};
  }
  Member::Options options(std::optional<std::string> password = std::nullopt) {
    Member::Options mine{.name = "ada",
                         .identity = crypto::generate_key_pair().value(),
                         .is_trusted =
                             [this](const client::ServerProof& proof) {
                               shown_.assign(proof.certificate.begin(), proof.certificate.end());
                               shown_key_ = proof.key;
                               return trusted_;
                             },
                         .random = [](std::span<std::byte> out) { crypto::fill_random(out); }};
    if (password) {
      mine.password_key = [this, text = *password](const crypto::PublicKey& server) {
        ++calculated_;
        asked_for_ = server;
        return has_memory_ ? Result<crypto::SecretKey>{test::quick_password_key(text)}
                           : fail("no memory");
      };
    }
    return mine;
  }
  std::vector<std::byte> next(Handshake& handshake) {
    std::vector<std::byte> datagram;
    EXPECT_TRUE(handshake.next_datagram(datagram, now_));
    return datagram;
  }
  // Lets the server answer a HELLO, and the client take the answer.
  Step answer_hello(Handshake& handshake) {
    const auto hello = next(handshake);
    EXPECT_EQ(hello.size(), wire::kBaseDatagram);
    const auto outcome = server_.on_hello(hello, {}, now_);
    return handshake.receive(outcome.reply, now_);
  }

  bool trusted_{true};
  bool has_memory_{true};
  int calculated_{0};
  crypto::PublicKey asked_for_{};
  MonoTime now_{seconds{100}};
  state::GatewayCounters counters_{};
  gateway::FloodLog floods_;
  crypto::KeyPair identity_{crypto::generate_key_pair().value()};
  crypto::Certificate certificate_{test::certificate(1)};
  // The arguments of is_trusted.
  crypto::PublicKey shown_key_{};
  std::vector<std::byte> shown_;
  gateway::UnauthenticatedLimits unauthenticated_{0, 42, counters_, floods_};  // without a limit
  gateway::Handshakes server_;
};

TEST_F(HandshakeTest, EndsWithTheSameKeysOnBothSides) {
  const auto mine = options();
  Handshake handshake{mine, {.history_id = 7, .room_offset = 99}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::keys);
  const auto arrival = server_.on_confirm(next(handshake), {}, now_).arrival;
  ASSERT_TRUE(arrival);
  EXPECT_EQ(arrival->from_client, handshake.keys().to_server);
  EXPECT_EQ(arrival->to_client, handshake.keys().from_server);
  EXPECT_EQ(arrival->identity, mine.identity.public_key);
  EXPECT_EQ(arrival->login.name, "ada");
  EXPECT_EQ(arrival->login.history_id, 7U);
  EXPECT_EQ(arrival->login.room_offset, 99U);
}

// A later build may send one.
TEST_F(HandshakeTest, AnAcceptWithAPayloadIsTaken) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  const auto bytes = next(handshake);
  const auto hello = wire::read_hello(bytes).value();
  const auto prologue = wire::noise_prologue(hello.token);
  crypto::Handshake noise{{.role = crypto::Handshake::Role::responder,
                           .identity = identity_,
                           .prologue = prologue,
                           .password = {},
                           .ephemeral = {}}};
  std::array<std::byte, 256> message{};
  ASSERT_TRUE(noise.read_message(hello.noise, message));
  const std::array payload{std::byte{1}, std::byte{2}, std::byte{3}};
  const auto size = noise.write_message(payload, message).value();
  std::array<std::byte, 512> datagram{};
  wire::ByteWriter out{datagram};
  wire::write_accept(
      out, {.token = hello.token, .handshake = 5, .noise = wire::Bytes{message}.first(size)});
  EXPECT_EQ(handshake.receive(out.written(), now_), Step::keys);
}

TEST_F(HandshakeTest, IsRepeatedAtIntervalsThatGrowToTwoSeconds) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  Micros before{0};
  for (int i = 0; i < 8; ++i) {
    (void)next(handshake);
    std::vector<std::byte> datagram;
    EXPECT_FALSE(handshake.next_datagram(datagram, now_));
    const Micros wait = handshake.deadline() - now_;
    EXPECT_GE(wait, before);
    EXPECT_LE(wait, seconds{2});
    before = wait;
    now_ += wait;
  }
  EXPECT_EQ(before, seconds{2});
}

TEST_F(HandshakeTest, ForgedAnswersChangeNothing) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  const auto hello = next(handshake);
  const auto outcome = server_.on_hello(hello, {}, now_);
  std::vector<std::byte> retry{outcome.reply.begin(), outcome.reply.end()};
  auto wrong = retry;
  wrong[8] ^= std::byte{1};  // of the token
  EXPECT_EQ(handshake.receive(wrong, now_), Step::none);
  ASSERT_EQ(handshake.receive(retry, now_), Step::moved);

  const auto second = server_.on_hello(next(handshake), {}, now_);
  std::vector<std::byte> accept{second.reply.begin(), second.reply.end()};
  for (std::size_t i = 24; i < accept.size(); ++i) {
    wrong = accept;
    wrong[i] ^= std::byte{1};
    EXPECT_EQ(handshake.receive(wrong, now_), Step::none) << i;
  }
  EXPECT_EQ(handshake.receive(accept, now_), Step::keys);
}

TEST_F(HandshakeTest, TheCertificateIsShownBesideTheKeyThatTheHandshakeHasProved) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::keys);
  EXPECT_EQ(shown_key_, identity_.public_key);
  EXPECT_EQ(shown_, crypto::encode(certificate_));
}

TEST_F(HandshakeTest, AServerThatIsNotTrustedGetsNoIdentity) {
  trusted_ = false;
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::failed);
  EXPECT_EQ(handshake.failure(), End::changed_key);
}

class HandshakeWithPassword : public HandshakeTest {
 protected:
  HandshakeWithPassword() : HandshakeTest{test::quick_password_key("open sesame")} {}
};

TEST_F(HandshakeWithPassword, TheRightPasswordIsAccepted) {
  const auto mine = options("open sesame");
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::keys);
  EXPECT_EQ(asked_for_, identity_.public_key);
  EXPECT_TRUE(server_.on_confirm(next(handshake), {}, now_).arrival);
}

// The last message is sealed under the password's key: its receiver can try passwords on it.
TEST_F(HandshakeWithPassword, AServerThatIsNotTrustedGetsNothingThatDependsOnThePassword) {
  trusted_ = false;
  const auto mine = options("open sesame");
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::failed);
  EXPECT_EQ(handshake.failure(), End::changed_key);
  EXPECT_EQ(calculated_, 0);
}

TEST_F(HandshakeTest, AClientWithAPasswordDoesNotLogInWithoutIt) {
  const auto mine = options("open sesame");
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::failed);
  EXPECT_EQ(handshake.failure(), End::no_password_here);
}

// The RETRY is not authenticated: here an attacker has set its flag for a room without a password.
TEST_F(HandshakeTest, AForgedPasswordFlagIsNotAccepted) {
  const auto mine = options("open sesame");
  Handshake handshake{mine, {}, now_};
  const auto outcome = server_.on_hello(next(handshake), {}, now_);
  std::vector<std::byte> retry{outcome.reply.begin(), outcome.reply.end()};
  retry[2] |= std::byte{1};
  ASSERT_EQ(handshake.receive(retry, now_), Step::moved);
  EXPECT_EQ(answer_hello(handshake), Step::none);
  EXPECT_EQ(calculated_, 0);
}

TEST_F(HandshakeWithPassword, WithoutMemoryForItsKeyTheHandshakeFails) {
  has_memory_ = false;
  const auto mine = options("open sesame");
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::failed);
  EXPECT_EQ(handshake.failure(), End::failed);
}

TEST_F(HandshakeWithPassword, AMissingPasswordIsReported) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::failed);
  EXPECT_EQ(handshake.failure(), End::password_wanted);
}

TEST_F(HandshakeWithPassword, AWrongPasswordIsReported) {
  const auto mine = options("open barley");
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::keys);
  const auto outcome = server_.on_confirm(next(handshake), {}, now_);
  EXPECT_FALSE(outcome.arrival);
  ASSERT_EQ(handshake.receive(outcome.reply, now_), Step::failed);
  EXPECT_EQ(handshake.failure(), End::wrong_password);
}

TEST_F(HandshakeTest, BeginsAgainIfTheServerDoesNotKnowIt) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  ASSERT_EQ(answer_hello(handshake), Step::moved);
  ASSERT_EQ(answer_hello(handshake), Step::keys);
  gateway::Handshakes successor = server();
  const auto outcome = successor.on_confirm(next(handshake), {}, now_);
  ASSERT_GT(outcome.reply.size(), 0U);
  (void)handshake.receive(outcome.reply, now_);
  EXPECT_EQ(wire::packet_type(next(handshake)), wire::PacketType::hello);
}

TEST_F(HandshakeTest, RepeatsToABusyServerAtRandomTimes) {
  const auto mine = options();
  const auto refuse = [&](Handshake& handshake) {
    std::array<std::byte, 64> room{};
    wire::ByteWriter out{room};
    const auto hello = wire::read_hello(next(handshake)).value();
    wire::write_refuse(
        out, {.code = wire::RefuseCode::busy, .time = hello.time, .reference = hello.token});
    return handshake.receive(out.written(), now_);
  };
  std::set<std::int64_t> waits;
  for (int i = 0; i < 20; ++i) {
    Handshake handshake{mine, {}, now_};
    EXPECT_EQ(refuse(handshake), Step::none);
    EXPECT_EQ(handshake.progressed(), now_);
    waits.insert((handshake.deadline() - now_).count());
    EXPECT_GE(handshake.deadline() - now_, std::chrono::milliseconds{100});
    EXPECT_LE(handshake.deadline() - now_, std::chrono::seconds{2});
  }
  EXPECT_GT(waits.size(), 10U);
}

TEST_F(HandshakeTest, EndsAtAServerThatHasBannedItsNetwork) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  const auto hello = wire::read_hello(next(handshake)).value();
  const auto refuse = [&](std::uint64_t reference) {
    std::array<std::byte, 64> room{};
    wire::ByteWriter out{room};
    wire::write_refuse(
        out, {.code = wire::RefuseCode::banned, .time = hello.time, .reference = reference});
    return handshake.receive(out.written(), now_);
  };
  EXPECT_EQ(refuse(hello.token + 1), Step::none);
  EXPECT_EQ(refuse(hello.token), Step::failed);
  EXPECT_EQ(handshake.failure(), End::banned);
}

TEST_F(HandshakeTest, WaitsLongerIfTheServerDoesNotKnowItAgain) {
  const auto mine = options();
  Handshake handshake{mine, {}, now_};
  const auto be_forgotten = [&] {
    gateway::Handshakes forgetful = server();
    for (const Step step : {Step::moved, Step::keys}) {
      const auto outcome = forgetful.on_hello(next(handshake), {}, now_);
      EXPECT_EQ(handshake.receive(outcome.reply, now_), step);
    }
    const auto outcome = server_.on_confirm(next(handshake), {}, now_);
    (void)handshake.receive(outcome.reply, now_);
  };
  be_forgotten();
  EXPECT_LE(handshake.deadline(), now_);
  be_forgotten();
  EXPECT_GT(handshake.deadline(), now_);
}

}  // namespace
}  // namespace chatd::client

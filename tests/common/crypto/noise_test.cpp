// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/noise.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "tests/common/crypto/handshake_pair.hpp"
#include "tests/common/crypto/hex.hpp"
#include "tests/common/crypto/noise_vectors.hpp"

namespace chatd::crypto {
namespace {

constexpr std::string_view kPassword =
    "2176657279736563726574766572797365637265747665727973656372657421";

std::string sealed_with(const SecretKey& key, std::string_view payload_hex) {
  const auto payload = from_hex(payload_hex);
  std::vector<std::byte> out(payload.size() + kTagBytes);
  Aead aead;
  aead.set_key(key.bytes());
  aead.seal(0, {}, payload, out.data());
  return to_hex(out);
}

// Runs a handshake. Returns the session keys, which both sides have; nullopt if they differ, or a
// message was refused.
std::optional<SessionKeys> finish(Handshake& initiator, Handshake& responder) {
  for (std::size_t at = 0; at < 3; ++at) {
    Handshake& writer = at % 2 == 0 ? initiator : responder;
    Handshake& reader = at % 2 == 0 ? responder : initiator;
    if (!read(reader, written(writer, {}))) return std::nullopt;
  }
  auto ours = initiator.split();
  const auto theirs = responder.split();
  if (!ours || !theirs) return std::nullopt;
  const bool same =
      std::ranges::equal(ours->from_initiator.bytes(), theirs->from_initiator.bytes()) &&
      std::ranges::equal(ours->from_responder.bytes(), theirs->from_responder.bytes());
  if (!same) return std::nullopt;
  return std::move(*ours);
}

class NoisePattern : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(Noise, NoisePattern, testing::Values("", kPassword),
                         [](const auto& parameter) {
                           return parameter.param.empty() ? "XX" : "XXpsk3";
                         });

TEST(Noise, MatchesThePublishedHandshakesByteForByte) {
  for (const NoiseVector& vector : kNoiseVectors) {
    SCOPED_TRACE(vector.protocol);
    EXPECT_EQ(vector.password.empty(), vector.protocol == "Noise_XX_25519_AESGCM_SHA256");
    const auto prologue = from_hex(vector.prologue);
    HandshakePair pair{vector.password, prologue};
    for (std::size_t at = 0; at < 3; ++at) {
      const auto payload = from_hex(vector.messages[at].payload);
      const auto message = written(pair.writer(at), payload);
      EXPECT_EQ(to_hex(message), vector.messages[at].ciphertext);
      EXPECT_EQ(read(pair.reader(at), message), payload);
    }
    const auto ours = pair.initiator.split();
    const auto theirs = pair.responder.split();
    ASSERT_TRUE(ours && theirs);
    for (const auto* keys : {&*ours, &*theirs}) {
      EXPECT_EQ(sealed_with(keys->from_initiator, vector.messages[3].payload),
                vector.messages[3].ciphertext);
      EXPECT_EQ(sealed_with(keys->from_responder, vector.messages[4].payload),
                vector.messages[4].ciphertext);
    }
    EXPECT_EQ(ours->handshake_hash, theirs->handshake_hash);
  }
}

TEST_P(NoisePattern, EachSideLearnsThePeersIdentity) {
  HandshakePair pair{GetParam()};
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_FALSE(pair.responder.remote_static());
    EXPECT_EQ(pair.initiator.remote_static().has_value(), at == 2);
    EXPECT_FALSE(pair.initiator.is_finished());
    ASSERT_TRUE(read(pair.reader(at), written(pair.writer(at), {})));
  }
  EXPECT_EQ(pair.initiator.remote_static(), pair_from_hex(kResponderStatic).public_key);
  EXPECT_EQ(pair.responder.remote_static(), pair_from_hex(kInitiatorStatic).public_key);
  EXPECT_TRUE(pair.initiator.is_finished() && pair.responder.is_finished());
}

TEST_P(NoisePattern, OverheadIsTheLengthBeyondThePayload) {
  HandshakePair pair{GetParam()};
  const std::array<std::size_t, 3> sizes{GetParam().empty() ? 32U : 48U, 96, 64};
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_EQ(pair.reader(at).overhead(), sizes[at]);
    const auto message = written(pair.writer(at), {});
    EXPECT_EQ(message.size(), sizes[at]);
    ASSERT_TRUE(read(pair.reader(at), message));
  }
  EXPECT_EQ(pair.initiator.overhead(), 0U);
  EXPECT_EQ(pair.responder.overhead(), 0U);
}

// The first message of XX is not encrypted: a change in it is noticed in the second one.
TEST_P(NoisePattern, AChangedBitIsRefusedAndChangesNothing) {
  HandshakePair pair{GetParam()};
  const auto payload = from_hex("0badcafe");
  for (std::size_t at = 0; at < 3; ++at) {
    const auto message = written(pair.writer(at), payload);
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
      auto changed = message;
      changed[bit / 8] ^= std::byte{1} << (bit % 8);
      if (at > 0 || !GetParam().empty()) {
        EXPECT_FALSE(read(pair.reader(at), changed)) << "bit " << bit << " of message " << at;
        continue;
      }
      HandshakePair other{GetParam()};
      (void)written(other.initiator, payload);
      ASSERT_TRUE(read(other.responder, changed));
      EXPECT_FALSE(read(other.initiator, written(other.responder, {}))) << "bit " << bit;
    }
    EXPECT_EQ(read(pair.reader(at), message), payload);
  }
  EXPECT_EQ(pair.initiator.split()->handshake_hash, pair.responder.split()->handshake_hash);
}

TEST_P(NoisePattern, AMessageOfAWrongSizeIsRefused) {
  HandshakePair pair{GetParam()};
  for (std::size_t at = 0; at < 3; ++at) {
    const auto message = written(pair.writer(at), {});
    for (std::size_t size = 0; size < message.size(); ++size) {
      EXPECT_FALSE(read(pair.reader(at), std::span{message}.first(size))) << size;
    }
    auto longer = message;
    longer.push_back({});
    const bool in_the_clear = at == 0 && GetParam().empty();
    if (!in_the_clear) {
      EXPECT_FALSE(read(pair.reader(at), longer));
    }
    longer.resize(65536);
    EXPECT_FALSE(read(pair.reader(at), longer));
    ASSERT_TRUE(read(pair.reader(at), message));
  }
}

TEST_P(NoisePattern, AnotherPrologueIsRefused) {
  const auto one = from_hex("636861746431");
  const auto other = from_hex("636861746432");
  Handshake initiator{fixed_setup(Role::initiator, GetParam(), one)};
  Handshake responder{fixed_setup(Role::responder, GetParam(), other)};
  const auto hello = written(initiator, {});
  if (GetParam().empty()) {
    ASSERT_TRUE(read(responder, hello));
    EXPECT_FALSE(read(initiator, written(responder, {})));
  } else {
    EXPECT_FALSE(read(responder, hello));
  }
}

// The password's key depends on the responder's key, which an initiator receives in the second
// message.
TEST(Noise, APasswordSetLaterGivesTheSameBytes) {
  for (const NoiseVector& vector : kNoiseVectors) {
    if (vector.password.empty()) continue;
    const auto prologue = from_hex(vector.prologue);
    auto setup = fixed_setup(Role::initiator, vector.password, prologue);
    const SecretKey password = *std::exchange(setup.password, std::nullopt);
    setup.password_follows = true;
    HandshakePair pair{vector.password, prologue};
    pair.initiator = Handshake{setup};
    for (std::size_t at = 0; at < 3; ++at) {
      if (at == 2) pair.initiator.use_password(password);
      const auto message = written(pair.writer(at), from_hex(vector.messages[at].payload));
      EXPECT_EQ(to_hex(message), vector.messages[at].ciphertext);
      ASSERT_TRUE(read(pair.reader(at), message));
    }
  }
}

TEST(Noise, AMissingLaterPasswordIsAnErrorAndNothingIsWritten) {
  auto setup = fixed_setup(Role::initiator, "");
  setup.password_follows = true;
  HandshakePair pair{kPassword};
  pair.initiator = Handshake{setup};
  ASSERT_TRUE(read(pair.responder, written(pair.initiator, {})));
  ASSERT_TRUE(read(pair.initiator, written(pair.responder, {})));
  std::array<std::byte, 200> out{};
  const auto message = pair.initiator.write_message({}, out);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().message(), "write a handshake message: its password is not known yet");
  pair.initiator.use_password(SecretKey{key_from_hex(kPassword)});
  EXPECT_TRUE(read(pair.responder, written(pair.initiator, {})));
}

TEST(Noise, AWrongPasswordIsRefusedInTheLastMessage) {
  auto setup = fixed_setup(Role::initiator, kPassword);
  setup.password = SecretKey{sha256({from_hex("01")})};
  Handshake initiator{setup};
  setup = fixed_setup(Role::responder, kPassword);
  setup.password = SecretKey{sha256({from_hex("02")})};
  Handshake responder{setup};
  ASSERT_TRUE(read(responder, written(initiator, {})));
  ASSERT_TRUE(read(initiator, written(responder, {})));
  EXPECT_FALSE(read(responder, written(initiator, {})));
  EXPECT_FALSE(responder.is_finished());
  EXPECT_FALSE(responder.split());
}

TEST(Noise, APasswordOnOneSideOnlyIsRefused) {
  Handshake with{fixed_setup(Role::initiator, kPassword)};
  Handshake without{fixed_setup(Role::responder, "")};
  ASSERT_TRUE(read(without, written(with, {})));  // an unencrypted first message, it seems
  EXPECT_FALSE(read(with, written(without, {})));
}

// With these keys the agreement is zero for every secret (RFC 7748, section 6.1).
TEST_P(NoisePattern, KeysOfLowOrderAreRefused) {
  const std::array points{
      Key{}, key_from_hex("0100000000000000000000000000000000000000000000000000000000000000"),
      key_from_hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
      key_from_hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
      key_from_hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")};
  for (const Key& point : points) {
    auto setup = fixed_setup(Role::initiator, GetParam());
    setup.ephemeral->public_key = point;
    Handshake initiator{setup};
    Handshake responder{fixed_setup(Role::responder, GetParam())};
    ASSERT_TRUE(read(responder, written(initiator, {})));
    std::array<std::byte, 200> out{};
    const auto answer = responder.write_message({}, out);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message(),
              "handshake: the peer's public key is not a usable X25519 key");
  }
}

TEST_P(NoisePattern, CallsOutOfOrderAreErrors) {
  HandshakePair pair{GetParam()};
  std::array<std::byte, 200> out{};
  EXPECT_FALSE(pair.responder.write_message({}, out));
  EXPECT_FALSE(read(pair.initiator, out));
  EXPECT_FALSE(pair.initiator.split());
  for (std::size_t at = 0; at < 3; ++at) {
    const auto message = written(pair.writer(at), {});
    EXPECT_FALSE(pair.writer(at).write_message({}, out)) << "the same message twice";
    ASSERT_TRUE(read(pair.reader(at), message));
    EXPECT_FALSE(read(pair.reader(at), message)) << "a message that came twice";
  }
  EXPECT_FALSE(pair.responder.write_message({}, out));
  EXPECT_FALSE(pair.initiator.write_message({}, out));
}

TEST_P(NoisePattern, ABufferThatIsTooSmallIsAnErrorAndChangesNothing) {
  HandshakePair pair{GetParam()};
  const auto payload = from_hex("010203");
  for (std::size_t at = 0; at < 3; ++at) {
    std::vector<std::byte> small(payload.size() + pair.writer(at).overhead() - 1);
    EXPECT_FALSE(pair.writer(at).write_message(payload, small));
    const auto message = written(pair.writer(at), payload);
    std::array<std::byte, 2> two{};
    EXPECT_FALSE(pair.reader(at).read_message(message, two));
    ASSERT_EQ(read(pair.reader(at), message), payload);
  }
}

TEST(Noise, APayloadThatIsTooLongForNoiseIsAnError) {
  HandshakePair pair{""};
  const std::vector<std::byte> payload(65535 - 31);
  std::vector<std::byte> out(70000);
  EXPECT_FALSE(pair.initiator.write_message(payload, out));
}

// With the same messages, the keys differ if at least one side makes a new ephemeral key.
TEST_P(NoisePattern, EachHandshakeHasDifferentKeys) {
  for (const auto& [initiator_draws, responder_draws] :
       {std::pair{true, false}, {false, true}, {true, true}}) {
    SCOPED_TRACE(testing::Message() << initiator_draws << responder_draws);
    std::set<std::string> keys;
    std::set<Hash> hashes;
    for (int i = 0; i < 2; ++i) {
      auto setup = fixed_setup(Role::initiator, GetParam());
      if (initiator_draws) setup.ephemeral.reset();
      Handshake initiator{setup};
      setup = fixed_setup(Role::responder, GetParam());
      if (responder_draws) setup.ephemeral.reset();
      Handshake responder{setup};
      const auto session = finish(initiator, responder);
      ASSERT_TRUE(session.has_value());
      keys.insert(to_hex(session->from_initiator.bytes()));
      keys.insert(to_hex(session->from_responder.bytes()));
      hashes.insert(session->handshake_hash);
    }
    EXPECT_EQ(keys.size(), 4U);
    EXPECT_EQ(hashes.size(), 2U);
  }
}

// A copy could write the same message twice, with two payloads under one nonce.
static_assert(!std::is_copy_constructible_v<Handshake> && std::is_move_constructible_v<Handshake>);

}  // namespace
}  // namespace chatd::crypto

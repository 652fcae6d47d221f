// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/person.hpp"

#include <set>
#include <span>
#include <string_view>

#include <gtest/gtest.h>

namespace chatd::chat {
namespace {

crypto::Key bytes(int value) {
  crypto::Key key{};
  key.fill(static_cast<std::byte>(value));
  return key;
}
// With the secret that a server of version 0.1 calculates from its key.
Persons persons(int server) {
  constexpr std::string_view kLabel = "chatd persons";
  const auto secret = crypto::hmac_sha256(bytes(server), {std::as_bytes(std::span{kLabel})});
  return Persons{crypto::SecretKey{secret}};
}
state::Sender session(std::uint32_t slot, std::uint64_t generation) {
  return {.slot = state::Slot{slot}, .generation = state::Generation{generation}};
}

// The numbers are in rules, which a later version of chatd reads.
TEST(Persons, AKeyHasTheSameNumberInEveryService) {
  EXPECT_EQ(persons(1).of_native(bytes(2)), state::PersonId{0x4C1D'C3AC'DEC7'82B1});
  EXPECT_EQ(persons(1).of_text(3, session(4, 5)), state::PersonId{0xCD21'DFB0'9178'642C});
  EXPECT_EQ(persons(1).of_native(bytes(2)), persons(1).of_native(bytes(2)));
  EXPECT_NE(persons(1).of_native(bytes(2)), persons(1).of_native(bytes(3)));
  EXPECT_NE(persons(1).of_native(bytes(2)), persons(2).of_native(bytes(2)));
}

TEST(Persons, AFingerprintGivesTheNumberOfItsKey) {
  const crypto::Hash hash = crypto::sha256({bytes(2)});
  EXPECT_EQ(persons(1).of_fingerprint(hash), persons(1).of_native(bytes(2)));
}

// The client of a session has the key.
TEST(Persons, ASessionHasTheSameCommandKeyInEveryService) {
  const auto key = persons(1).command_key(3, session(4, 5));
  EXPECT_EQ(persons(1).command_key(3, session(4, 5)), key);
  EXPECT_NE(persons(2).command_key(3, session(4, 5)), key);
  EXPECT_NE(persons(1).command_key(2, session(4, 5)), key);
  EXPECT_NE(persons(1).command_key(3, session(5, 5)), key);
  EXPECT_NE(persons(1).command_key(3, session(4, 7)), key);
}

TEST(Persons, EachTextSessionIsAnotherPerson) {
  std::set<state::PersonId> numbers;
  for (const std::uint64_t history_id : {1U, 2U}) {
    for (std::uint32_t slot = 0; slot < 10; ++slot) {
      for (std::uint64_t generation = 1; generation < 20; generation += 2) {
        numbers.insert(persons(1).of_text(history_id, session(slot, generation)));
      }
    }
  }
  EXPECT_EQ(numbers.size(), 200U);
  EXPECT_FALSE(numbers.contains(state::PersonId{}));
}

// A client shows by it who has no key.
TEST(Persons, TheHighestBitSaysWhetherItIsATextSession) {
  for (int key = 0; key < 100; ++key) {
    const auto number = static_cast<std::uint64_t>(persons(1).of_native(bytes(key)));
    EXPECT_FALSE(wire::is_text_person(number)) << key;
    const auto slot = static_cast<std::uint32_t>(key);
    EXPECT_TRUE(
        wire::is_text_person(static_cast<std::uint64_t>(persons(1).of_text(1, session(slot, 1)))));
  }
}

}  // namespace
}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/blocks.hpp"

#include <array>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/state_region.hpp"

namespace chatd::chat {
namespace {

using wire::DirectFrom;
using wire::Reason;

class BlocksTest : public test::StateFixture {
 protected:
  BlocksTest() { restart(); }
  void restart() {
    blocks_.emplace(state_);
    blocks_->adopt();
  }
  static Blocks::By by(std::uint64_t person, std::string_view from = "10.0.0.1:5") {
    return {.person = state::PersonId{person},
            .address = test::endpoint(from).address,
            .now = WallTime{Micros{1'700'000'000'000'000}}};
  }
  std::string listed(std::uint64_t person, std::uint32_t place = 0) {
    std::array<char, 2000> out{};
    return {out.data(), blocks_->list(state::PersonId{person}, place, out).bytes};
  }

  static constexpr state::PersonId kAda{1};
  static constexpr state::PersonId kBob{2};
  std::optional<Blocks> blocks_;
};

TEST_F(BlocksTest, APersonIsBlockedUntilTheBlockIsRemoved) {
  EXPECT_FALSE(blocks_->has(kAda, kBob));
  EXPECT_EQ(blocks_->add(by(1), kBob, "bob"), std::nullopt);
  EXPECT_TRUE(blocks_->has(kAda, kBob));
  EXPECT_FALSE(blocks_->has(kBob, kAda)) << "only in one direction";
  EXPECT_EQ(listed(1), "bob\t0000000000000002\t1700000000");
  restart();
  EXPECT_TRUE(blocks_->has(kAda, kBob));
  EXPECT_EQ(blocks_->blocked(kAda, "BOB"), kBob);
  EXPECT_TRUE(blocks_->remove(kAda, kBob));
  EXPECT_FALSE(blocks_->remove(kAda, kBob));
  restart();
  EXPECT_FALSE(blocks_->has(kAda, kBob));
  EXPECT_EQ(listed(1), "");
}

TEST_F(BlocksTest, ASecondBlockOfAPersonChangesNothing) {
  EXPECT_EQ(blocks_->add(by(1), kBob, "bob"), std::nullopt);
  EXPECT_EQ(blocks_->add(by(1), kBob, "robert"), std::nullopt);
  EXPECT_EQ(listed(1), "bob\t0000000000000002\t1700000000");
}

TEST_F(BlocksTest, APersonBlocksAHundredPersonsBesideItsChoice) {
  EXPECT_EQ(blocks_->choose(by(1), DirectFrom::owned), std::nullopt);
  for (std::uint64_t other = 10; other < 110; ++other) {
    EXPECT_EQ(blocks_->add(by(1), state::PersonId{other}, "x" + std::to_string(other)),
              std::nullopt);
  }
  EXPECT_EQ(blocks_->add(by(1), kBob, "bob"), Reason::blocks_full);
  EXPECT_EQ(blocks_->add(by(3), kBob, "bob"), std::nullopt);
  EXPECT_EQ(blocks_->from(kAda), DirectFrom::owned);
}

TEST_F(BlocksTest, ANetworkDoesNotUseUpTheTable) {
  std::uint32_t rows = 0;
  for (std::uint64_t person = 100; rows <= Blocks::kOfANetwork; ++person) {
    std::optional<Reason> refused;
    for (std::uint64_t other = 1; other <= 100 && !refused; ++other) {
      refused = blocks_->add(by(person), state::PersonId{other}, "x");
      if (!refused) ++rows;
    }
    if (refused) break;
  }
  EXPECT_EQ(rows, Blocks::kOfANetwork);
  EXPECT_EQ(blocks_->add(by(1, "10.0.0.2:5"), kBob, "bob"), std::nullopt);
  EXPECT_TRUE(blocks_->remove(state::PersonId{100}, kAda));
  EXPECT_EQ(blocks_->add(by(1), state::PersonId{3}, "cyd"), std::nullopt) << "a row is free again";
}

TEST_F(BlocksTest, AFullTableTakesARowOfTheNetworkWithMostRows) {
  blocks_.emplace(state_, [](state::PersonId person) { return person == state::PersonId{50}; });
  blocks_->adopt();
  EXPECT_EQ(blocks_->add(by(1, "10.0.1.1:5"), kBob, "bob"), std::nullopt);
  EXPECT_EQ(blocks_->add(by(50, "10.0.2.1:5"), kBob, "bob"), std::nullopt);
  std::uint32_t rows = 2;
  for (std::uint32_t network = 2; rows < state::kBlockRows; ++network) {
    const std::string from = "10.0." + std::to_string(network) + ".1:5";
    for (std::uint64_t person = 100; person < 200 && rows < state::kBlockRows; ++person) {
      for (std::uint64_t other = 1; other <= 100 && rows < state::kBlockRows; ++other) {
        const state::PersonId blocked{other};
        if (blocks_->add(by(network * 1000 + person, from), blocked, "x")) break;
        ++rows;
      }
    }
  }
  EXPECT_EQ(blocks_->add(by(9, "10.1.1.1:5"), kBob, "bob"), std::nullopt);
  EXPECT_TRUE(blocks_->has(state::PersonId{9}, kBob));
  EXPECT_TRUE(blocks_->has(kAda, kBob)) << "one of a network with few rows";
  EXPECT_TRUE(blocks_->has(state::PersonId{50}, kBob)) << "one of an owner";
}

TEST_F(BlocksTest, AChoiceLastsUntilItIsTakenBack) {
  EXPECT_EQ(blocks_->from(kAda), DirectFrom::unset);
  EXPECT_EQ(blocks_->choose(by(1), DirectFrom::owned), std::nullopt);
  EXPECT_EQ(blocks_->choose(by(1), DirectFrom::same_room), std::nullopt);
  restart();
  EXPECT_EQ(blocks_->from(kAda), DirectFrom::same_room);
  EXPECT_EQ(listed(1), "") << "a choice is not a user";
  EXPECT_EQ(blocks_->choose(by(1), DirectFrom::unset), std::nullopt);
  EXPECT_EQ(blocks_->from(kAda), DirectFrom::unset);
}

TEST_F(BlocksTest, AListGoesOnWhereItsLastPartEnded) {
  for (std::uint64_t other = 10; other < 90; ++other) {
    EXPECT_EQ(blocks_->add(by(1), state::PersonId{other}, "name" + std::to_string(other)),
              std::nullopt);
  }
  std::string all;
  std::optional<std::uint32_t> place = 0;
  int parts = 0;
  while (place) {
    std::array<char, 2000> out{};
    const auto part = blocks_->list(kAda, *place, out);
    all += (all.empty() ? "" : "\n") + std::string{out.data(), part.bytes};
    place = part.next;
    ++parts;
  }
  EXPECT_GT(parts, 1);
  EXPECT_EQ(std::ranges::count(all, '\n'), 79);
  EXPECT_NE(all.find("name10\t"), std::string::npos);
  EXPECT_NE(all.find("name89\t"), std::string::npos);
  EXPECT_EQ(listed(1, 1000), "");
}

}  // namespace
}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/log/words.hpp"

#include <array>

#include <gtest/gtest.h>

#include "daemon/state/layout.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::logs {
namespace {

using Words = test::StateFixture;

TEST_F(Words, CopyBytesToAndFromSharedMemory) {
  std::array<std::byte, 25> own{};
  for (std::size_t i = 0; i < own.size(); ++i) own[i] = std::byte(i);
  store_words(state_.ring().data(), own.data() + 1, 24);  // the own side is not aligned
  EXPECT_EQ(state_.ring()[0], std::byte{1});
  EXPECT_EQ(state_.ring()[23], std::byte{24});
  EXPECT_EQ(state_.ring()[24], std::byte{0});
  std::array<std::byte, 25> back{};
  const state::StateView reader = follower();  // loads work on a read-only mapping
  load_words(back.data() + 1, reader.ring().data(), 24);
  EXPECT_EQ(back, own);
}

TEST_F(Words, CopyNothingWhenAskedForNothing) {
  store_words(state_.ring().data(), nullptr, 0);
  EXPECT_EQ(state_.ring()[0], std::byte{0});
}

TEST_F(Words, CarryAWholeValue) {
  state::SessionSlot& slot = state_.slots()[1];
  const state::Delivery delivery = test::delivery_to(test::endpoint("[fe80::1]:4000"), true, 3);
  store_value(slot.delivery, delivery);
  const state::Delivery back = load_value(slot.delivery);
  EXPECT_EQ(back.peer, delivery.peer);
  EXPECT_EQ(back.socket, 3);
  EXPECT_EQ(back.newline, 1);
}

}  // namespace
}  // namespace chatd::logs

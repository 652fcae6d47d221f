// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/record_ring.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/process/shared_memory.hpp"

namespace chatd::process {
namespace {

class RecordRingTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kCapacity = 64;
  static RecordRing::Bytes bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text});
  }
  void add(std::string_view text) {
    ring_->prepare({bytes_of(text)});
    ring_->commit();
  }
  std::string take() {
    std::string text(ring_->front_size(), '?');
    ring_->copy_front(std::as_writable_bytes(std::span{text}));
    ring_->remove_front();
    return text;
  }
  SharedObject<RecordRing> ring_ = SharedObject<RecordRing>::create(kCapacity, kCapacity).value();
};

TEST_F(RecordRingTest, RecordsComeOutInOrderAndWhole) {
  EXPECT_TRUE(ring_->is_empty());
  add("one");
  add("");
  ring_->prepare({bytes_of("th"), bytes_of("re"), bytes_of("e")});
  ring_->commit();
  EXPECT_EQ(take(), "one");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(take(), "three");
  EXPECT_TRUE(ring_->is_empty());
}

TEST_F(RecordRingTest, WrapsAroundManyTimes) {
  for (int i = 0; i < 1000; ++i) {
    const std::string text(static_cast<std::size_t>(i % 40), static_cast<char>('a' + i % 26));
    add(text);
    ASSERT_EQ(take(), text) << i;
  }
}

TEST_F(RecordRingTest, KnowsItsFreeSpace) {
  EXPECT_EQ(RecordRing::footprint(0), 8U);
  EXPECT_EQ(RecordRing::footprint(1), 16U);
  EXPECT_EQ(RecordRing::footprint(8), 16U);
  EXPECT_EQ(RecordRing::capacity_for(65), 128U);
  EXPECT_TRUE(ring_->has_space_for(56));
  EXPECT_FALSE(ring_->has_space_for(57));
  add("12345678");
  EXPECT_EQ(ring_->used(), 16U);
  EXPECT_TRUE(ring_->has_space_for(40));
  EXPECT_FALSE(ring_->has_space_for(41));
}

TEST_F(RecordRingTest, ARecordThatIsNotCommittedDoesNotExist) {
  ring_->prepare({bytes_of("half")});
  EXPECT_TRUE(ring_->is_empty());
  add("whole");
  EXPECT_EQ(take(), "whole");
  EXPECT_TRUE(ring_->is_empty());
}

TEST_F(RecordRingTest, ReadsPartOfARecord) {
  add("header:body");
  std::string body(4, '?');
  ring_->copy_front(std::as_writable_bytes(std::span{body}), 7);
  EXPECT_EQ(body, "body");
}

}  // namespace
}  // namespace chatd::process

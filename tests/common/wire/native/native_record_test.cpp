// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_record.hpp"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::wire {
namespace {

class NativeRecord : public ::testing::Test {
 protected:
  NativeRecord() {
    header_ = {.size = 56,
               .kind = RecordKind::say,
               .name_bytes = 3,
               .sender_slot = 1,
               .text_bytes = 5,
               .sender_generation = 2,
               .sequence = 3,
               .wall_time = 4,
               .uplink_offset = 5};
    std::memcpy(bytes_.data() + sizeof header_, "adahello", 8);
    put();
  }
  void put() { std::memcpy(bytes_.data(), &header_, sizeof header_); }
  RecordFault fault() const { return read_record(bytes_).error(); }

  RecordHeader header_{};
  std::vector<std::byte> bytes_ = std::vector<std::byte>(56);
};

TEST_F(NativeRecord, AMessageWithoutACommandIsFromATextMember) {
  EXPECT_FALSE(is_from_text_member(header_));
  header_.uplink_offset = 0;
  EXPECT_TRUE(is_from_text_member(header_));
  header_.kind = RecordKind::action;
  EXPECT_TRUE(is_from_text_member(header_));
  for (const auto kind : {RecordKind::join, RecordKind::leave, RecordKind::kick, RecordKind::crowd,
                          RecordKind::announce, RecordKind::topic, RecordKind::direct}) {
    header_.kind = kind;
    EXPECT_FALSE(is_from_text_member(header_)) << static_cast<int>(kind);
  }
  header_.kind = RecordKind::say;
  header_.sender_slot = kNobody;
  EXPECT_FALSE(is_from_text_member(header_));
}

TEST_F(NativeRecord, IsReadBack) {
  const auto record = read_record(bytes_).value();
  EXPECT_EQ(record.name, "ada");
  EXPECT_EQ(record.text, "hello");
  EXPECT_EQ(record.header.uplink_offset, 5U);
}

TEST_F(NativeRecord, APartOfARecordIsIncomplete) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    EXPECT_EQ(read_record(Bytes{bytes_}.first(size)).error(), RecordFault::incomplete) << size;
  }
}

TEST_F(NativeRecord, ImpossibleSizesAreMalformed) {
  for (const std::uint32_t size : {0U, 8U, 40U, 57U, 8200U, 0xFFFF'FFF8U}) {
    header_.size = size;
    put();
    EXPECT_EQ(fault(), RecordFault::malformed) << size;
  }
}

TEST_F(NativeRecord, TextSizesThatDoNotMatchTheRecordAreMalformed) {
  header_.text_bytes = 6;  // one more than there is room for
  put();
  EXPECT_EQ(fault(), RecordFault::malformed);
  header_.text_bytes = 0xFFFF'FFFF;
  put();
  EXPECT_EQ(fault(), RecordFault::malformed);
  header_.text_bytes = 0;
  header_.name_bytes = 0;  // eight bytes that belong to nothing
  put();
  EXPECT_EQ(fault(), RecordFault::malformed);
}

}  // namespace
}  // namespace chatd::wire

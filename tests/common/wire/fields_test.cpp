// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/fields.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "common/wire/field_reader.hpp"
#include "common/wire/field_writer.hpp"

namespace chatd::wire {
namespace {

enum class FieldColour : std::uint8_t { red = 1, blue = 2 };

struct FieldPoint {
  std::uint16_t x{};
  std::int16_t y{};

  static constexpr void fields(auto& v, auto& point) {
    v("x", point.x);
    v("y", point.y);
  }
};

struct AllFields {
  std::uint64_t number{};
  FieldColour colour{};
  bool flag{};
  std::array<std::byte, 3> token{};
  std::string_view text{};
  FieldPoint point{};
  std::uint64_t low{};
  std::uint8_t count{};
  std::array<FieldPoint, 2> points{};
  Bytes bytes{};
  Bytes few{};
  Bytes rest{};

  static constexpr void fields(auto& v, auto& all) {
    v("number", all.number);
    v("colour", all.colour);
    v("flag", all.flag);
    v.reserved(2);
    v("token", all.token);
    v("text", all.text);
    v("point", all.point);
    v("low", Low56{all.low});
    v("points", List{all.points, all.count});
    v("bytes", all.bytes);
    v("few", ShortBytes{all.few});
    v("rest", Rest{all.rest});
  }
};

static_assert(kListsAllMembers<FieldPoint> && kListsAllMembers<AllFields>);
static_assert(encoded_bytes(FieldPoint{}) == 4);

const std::array kTwoBytes{std::byte{7}, std::byte{8}};

AllFields all_fields() {
  return {.number = 0x0102'0304'0506'0708,
          .colour = FieldColour::blue,
          .flag = true,
          .token = {std::byte{1}, std::byte{2}, std::byte{3}},
          .text = "ada",
          .point = {.x = 5, .y = -1},
          .low = 0x00AA'BBCC'DDEE'FF11,
          .count = 1,
          .points = {{{.x = 9, .y = 10}}},
          .bytes = kTwoBytes,
          .few = kTwoBytes,
          .rest = kTwoBytes};
}

std::vector<std::byte> bytes_of_fields(const AllFields& value) {
  std::vector<std::byte> bytes(encoded_bytes(value));
  ByteWriter out{bytes};
  encode(out, value);
  EXPECT_TRUE(out.ok());
  EXPECT_EQ(out.left(), 0U);
  return bytes;
}

TEST(Fields, EachEncodingIsReadBack) {
  const auto bytes = bytes_of_fields(all_fields());
  ByteReader in{bytes};
  AllFields read{};
  decode(in, read);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(read.colour, FieldColour::blue);
  EXPECT_EQ(read.text, "ada");
  EXPECT_EQ(read.point.y, -1);
  EXPECT_EQ(read.low, 0x00AA'BBCC'DDEE'FF11U);
  EXPECT_EQ(read.points[0].y, 10);
  EXPECT_EQ(read.rest.size(), 2U);
  EXPECT_EQ(bytes_of_fields(read), bytes);
}

TEST(Fields, TheBytesAreLittleEndianAndInTheOrderOfTheList) {
  const auto bytes = bytes_of_fields(all_fields());
  EXPECT_EQ(bytes[0], std::byte{8});
  EXPECT_EQ(bytes[8], std::byte{2});
  EXPECT_EQ(bytes[9], std::byte{1});
  EXPECT_EQ(bytes[11], std::byte{0});
  EXPECT_EQ(bytes[12], std::byte{1});
  EXPECT_EQ(bytes[15], std::byte{3});
}

TEST(Fields, TooFewBytesAreNotOk) {
  AllFields without_rest = all_fields();
  without_rest.rest = {};
  const auto bytes = bytes_of_fields(without_rest);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in{Bytes{bytes}.first(size)};
    AllFields read{};
    decode(in, read);
    EXPECT_FALSE(in.ok()) << size;
  }
}

TEST(Fields, ACountAboveTheArraysSizeIsNotOk) {
  auto bytes = bytes_of_fields(all_fields());
  const std::size_t count_at = 8 + 1 + 1 + 2 + 3 + 4 + 4 + 7;
  ASSERT_EQ(bytes[count_at], std::byte{1});
  bytes[count_at] = std::byte{3};
  ByteReader in{bytes};
  AllFields read{};
  decode(in, read);
  EXPECT_FALSE(in.ok());
}

TEST(Fields, ATextOfMoreThan255BytesIsCut) {
  const std::string text(300, 'x');
  AllFields value{};
  value.text = text;
  const auto bytes = bytes_of_fields(value);
  ByteReader in{bytes};
  AllFields read{};
  decode(in, read);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(read.text.size(), 255U);
}

}  // namespace
}  // namespace chatd::wire

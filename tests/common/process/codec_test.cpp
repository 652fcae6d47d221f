// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/codec.hpp"

#include <array>

#include <gtest/gtest.h>

namespace chatd::process {
namespace {

template <class T>
T there_and_back(const T& value) {
  Bytes bytes;
  Codec<T>::write(bytes, value);
  std::span<const std::byte> in{bytes};
  T back{};
  EXPECT_TRUE(Codec<T>::read(in, back));
  EXPECT_TRUE(in.empty());
  // A prefix of the bytes does not hold the value.
  if (!bytes.empty()) {
    std::span<const std::byte> cut = std::span{bytes}.first(bytes.size() - 1);
    T partial{};
    EXPECT_FALSE(Codec<T>::read(cut, partial));
  }
  return back;
}

template <class T>
void expect_same(const T& value) {
  EXPECT_EQ(there_and_back(value), value);
}

enum class ColourOfCar : std::uint8_t { red, blue };

struct Wheel {
  std::uint16_t inches{};
  bool is_spare{};

  static constexpr void fields(auto& v, auto& wheel) {
    v("inches", wheel.inches);
    v("is_spare", wheel.is_spare);
  }
  friend bool operator==(const Wheel&, const Wheel&) = default;
};
struct Car {
  ColourOfCar colour{};
  std::string name{};
  std::optional<std::string> owner{};
  std::vector<Wheel> wheels{};

  static constexpr void fields(auto& v, auto& car) {
    v("colour", car.colour);
    v("name", car.name);
    v("owner", car.owner);
    v("wheels", car.wheels);
  }
  friend bool operator==(const Car&, const Car&) = default;
};

TEST(Codec, PlainValuesAreReadBack) {
  expect_same(42);
  expect_same(-1.5);
  expect_same(std::array<short, 3>{1, 2, 3});
}

TEST(Codec, TextAndSequencesAreReadBack) {
  expect_same(std::string{"with\0zero", 9});
  expect_same(std::string{});
  expect_same(std::vector<int>{1, 2, 3});
  expect_same(std::vector<std::string>{"", "two", "three"});
  expect_same(std::vector<std::vector<char>>{{'a'}, {}, {'b', 'c'}});
}

TEST(Codec, CompoundTypesAreReadBack) {
  expect_same(std::pair<int, std::string>{7, "seven"});
  expect_same(std::tuple<std::string, double, std::vector<int>>{"x", 2.5, {1, 2}});
  expect_same(std::tuple<>{});
  expect_same(std::optional<std::string>{"there"});
  expect_same(std::optional<std::string>{});
}

TEST(Codec, AStructWithAListOfItsFieldsIsReadBack) {
  expect_same(Wheel{.inches = 17, .is_spare = true});
  expect_same(Car{});
  expect_same(Car{.colour = ColourOfCar::blue,
                  .name = "mini",
                  .owner = "ada",
                  .wheels = {{.inches = 17, .is_spare = false}, {.inches = 12, .is_spare = true}}});
}

TEST(Codec, AStructIsWrittenAsTheTupleOfItsFields) {
  Bytes of_struct;
  Codec<Car>::write(of_struct, {.name = "mini", .owner = "ada", .wheels = {{.inches = 17}}});
  Bytes of_tuple;
  using Wheels = std::vector<std::tuple<std::uint16_t, bool>>;
  using Parts = std::tuple<ColourOfCar, std::string, std::optional<std::string>, Wheels>;
  Codec<Parts>::write(of_tuple, {ColourOfCar::red, "mini", "ada", {{17, false}}});
  EXPECT_EQ(of_struct, of_tuple);
}

TEST(Codec, ABoolInAStructMustBeZeroOrOne) {
  Bytes bytes;
  Codec<std::vector<Wheel>>::write(bytes, {{.inches = 17, .is_spare = true}});
  bytes.back() = std::byte{2};
  std::span<const std::byte> in{bytes};
  std::vector<Wheel> wheels;
  EXPECT_FALSE(Codec<std::vector<Wheel>>::read(in, wheels));
}

TEST(Codec, AVariantIsReadBackWithItsType) {
  using Vehicle = std::variant<Wheel, Car, std::string>;
  expect_same(Vehicle{Wheel{.inches = 17, .is_spare = true}});
  expect_same(Vehicle{Car{.colour = ColourOfCar::blue, .name = "mini"}});
  expect_same(Vehicle{std::string{"on foot"}});
}

TEST(Codec, AVariantOfAnUnknownTypeIsRefused) {
  using Vehicle = std::variant<Wheel, std::string>;
  Bytes bytes;
  Codec<Vehicle>::write(bytes, std::string{"on foot"});
  bytes.front() = std::byte{2};
  std::span<const std::byte> in{bytes};
  Vehicle vehicle;
  EXPECT_FALSE(Codec<Vehicle>::read(in, vehicle));
}

TEST(Codec, AnImpossibleLengthIsRefused) {
  Bytes bytes;
  Codec<std::uint64_t>::write(bytes, ~std::uint64_t{0});
  std::span<const std::byte> in{bytes};
  std::vector<int> values;
  EXPECT_FALSE(Codec<std::vector<int>>::read(in, values));
}

TEST(Codec, ABoolMustBeZeroOrOne) {
  const Bytes bytes{std::byte{2}};
  std::span<const std::byte> in{bytes};
  bool value = false;
  EXPECT_FALSE(Codec<bool>::read(in, value));
  in = bytes;
  std::optional<std::string> optional;
  EXPECT_FALSE(Codec<std::optional<std::string>>::read(in, optional));
}

}  // namespace
}  // namespace chatd::process

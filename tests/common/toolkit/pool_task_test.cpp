// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toolkit/pool_task.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::process {
namespace {

template <class Function, class... Arguments>
Result<Bytes> call_by_bytes(Function function, Arguments... arguments) {
  Bytes in;
  write_function(in, function);
  (Codec<Arguments>::write(in, arguments), ...);
  Bytes out;
  auto ran = run_call<Function, Arguments...>(in, out);
  if (!ran) return fail(std::move(ran).error());
  return out;
}

template <class T>
T value_in(const Bytes& bytes) {
  std::span<const std::byte> in{bytes};
  T value{};
  EXPECT_TRUE(Codec<T>::read(in, value));
  return value;
}

int twice(int value) { return 2 * value; }

TEST(PoolTask, CallsFunctionsAndLambdasByTheirBytes) {
  EXPECT_EQ(value_in<int>(call_by_bytes(&twice, 21).value()), 42);
  int captured = 5;
  const auto add = [captured](int value, const std::string& text) {
    return text + std::to_string(captured + value);
  };
  EXPECT_EQ(value_in<std::string>(call_by_bytes(add, 2, std::string{"="}).value()), "=7");
}

TEST(PoolTask, VoidHasNoBytesAndAResultIsUnwrapped) {
  EXPECT_TRUE(call_by_bytes([] {}).value().empty());
  EXPECT_TRUE(call_by_bytes([]() -> Result<> { return {}; }).value().empty());
  const auto half = [](int value) -> Result<int> {
    if (value % 2 != 0) return fail(Error{"odd", 33});
    return value / 2;
  };
  EXPECT_EQ(value_in<int>(call_by_bytes(half, 8).value()), 4);
  auto odd = call_by_bytes(half, 7);
  ASSERT_FALSE(odd.has_value());
  EXPECT_EQ(odd.error().message(), "odd");
  EXPECT_EQ(odd.error().code(), 33);
}

TEST(PoolTask, ACutCallIsAnError) {
  Bytes in;
  write_function(in, &twice);
  Bytes out;
  EXPECT_FALSE((run_call<decltype(&twice), int>(in, out).has_value()));
  EXPECT_FALSE((run_chunk<decltype(&twice), int>(in, out).has_value()));
}

TEST(PoolTask, AChunkKeepsTheOrder) {
  Bytes in;
  write_function(in, &twice);
  const std::vector<int> values{3, 1, 2};
  write_elements(in, std::span<const int>{values});
  Bytes out;
  ASSERT_TRUE((run_chunk<decltype(&twice), int>(in, out).has_value()));
  EXPECT_EQ(value_in<std::vector<int>>(out), (std::vector{6, 2, 4}));
}

}  // namespace
}  // namespace chatd::process

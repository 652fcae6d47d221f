// SPDX-License-Identifier: GPL-3.0-or-later
// pool_task.hpp — a call as bytes: how Pool sends a function and its arguments to a worker.
//
// Runs in:   the pool's owner writes, run_call() and run_chunk() run in a worker.
// Invariant: a function's address is the same in both, since a worker is a fork of the
//            owner: all code was loaded before the pool was made.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <expected>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/base/result.hpp"
#include "common/process/codec.hpp"

namespace chatd::process {

// Runs the call in `in` and appends its result to `out`.
using TaskEntry = Result<> (*)(std::span<const std::byte> in, Bytes& out);

// The type of a task's value: Returned, or T if the function returns Result<T>.
template <class Returned>
struct TaskResult {
  using Value = Returned;
};
template <class Value_>
struct TaskResult<Result<Value_>> {
  using Value = Value_;
};
// The type that get() returns. A function that returns Result<int> gives int; its error becomes the
// error of get().
template <class Function, class... Arguments>
using TaskValue =
    typename TaskResult<std::decay_t<std::invoke_result_t<Function&, Arguments&...>>>::Value;

template <class Function>
void write_function(Bytes& out, const Function& function) {
  static_assert(std::is_trivially_copyable_v<Function>,
                "a task must be a function, or a lambda that captures plain values only");
  append_raw(out, static_cast<const void*>(&function), sizeof function);
}

// Not by Codec: a lambda with captures has no default constructor.
template <class Function>
[[nodiscard]] Function read_function(std::span<const std::byte>& in) {
  std::array<std::byte, sizeof(Function)> bytes{};
  static_cast<void>(take_raw(in, bytes.data(), bytes.size()));
  return std::bit_cast<Function>(bytes);
}

// Calls and appends the result; nothing for void.
template <class Call>
Result<> write_outcome(Bytes& out, Call call) {
  using Returned = std::decay_t<std::invoke_result_t<Call&>>;
  using Value = typename TaskResult<Returned>::Value;
  if constexpr (std::is_void_v<Returned>) {
    call();
  } else if constexpr (std::is_same_v<Returned, Value>) {
    Codec<Value>::write(out, call());
  } else {
    Returned returned = call();
    if (!returned) return fail(std::move(returned).error());
    if constexpr (!std::is_void_v<Value>) Codec<Value>::write(out, *returned);
  }
  return {};
}

template <class Function, class... Arguments>
Result<> run_call(std::span<const std::byte> in, Bytes& out) {
  auto function = read_function<Function>(in);
  std::tuple<Arguments...> arguments;
  if (!Codec<decltype(arguments)>::read(in, arguments)) return fail("the call is cut short");
  return write_outcome(out, [&]() -> decltype(auto) { return std::apply(function, arguments); });
}

// Runs one chunk of a map: the function for each element.
template <class Function, class Input>
Result<> run_chunk(std::span<const std::byte> in, Bytes& out) {
  auto function = read_function<Function>(in);
  std::vector<Input> values;
  if (!read_elements(in, values)) return fail("the chunk is cut short");
  using Out = TaskValue<Function, Input>;
  std::vector<Out> results;
  results.reserve(values.size());
  for (Input& value : values) {
    using Returned = std::decay_t<std::invoke_result_t<Function&, Input&>>;
    if constexpr (std::is_same_v<Returned, Out>) {
      results.push_back(function(value));
    } else {
      Returned returned = function(value);
      if (!returned) return fail(std::move(returned).error());
      results.push_back(std::move(*returned));
    }
  }
  write_elements(out, std::span<const Out>{results});
  return {};
}

}  // namespace chatd::process

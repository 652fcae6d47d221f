// SPDX-License-Identifier: GPL-3.0-or-later
// result.hpp — a value, or the reason why there is none.
//
// Runs in: every process.
// Rule:    code below a role's folder returns Result and never logs; the role that
//          can decide (retry, skip, exit) logs once, with the whole chain of reasons.
#pragma once

#include <cerrno>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace chatd {

// Why an operation failed, in words for a person. `code` is an errno, 0 if there is none.
class Error {
 public:
  explicit Error(std::string message, int code = 0) : message_{std::move(message)}, code_{code} {}

  // Error::from_errno("bind") -> "bind: Address already in use", code EADDRINUSE.
  static Error from_errno(std::string_view doing, int code = errno);

  // Adds the operation that failed in front of the message; the outermost operation comes first.
  [[nodiscard]] Error within(std::string_view context) &&;

  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  std::string message_;
  int code_;
};

// A T, or the Error why there is none.
template <class T = void>
using Result = std::expected<T, Error>;

// Examples: `return fail("no such room");` and `return fail(Error::from_errno("bind"));`
[[nodiscard]] inline std::unexpected<Error> fail(Error error) {
  return std::unexpected<Error>{std::move(error)};
}
[[nodiscard]] inline std::unexpected<Error> fail(std::string message) {
  return std::unexpected<Error>{Error{std::move(message)}};
}

}  // namespace chatd

// SPDX-License-Identifier: GPL-3.0-or-later
// invitation_code_fuzz.cpp — fuzz target for invitation codes as they are typed: a code that is
// read is written in its one form, and read back as the same.
//
// Input: the text.
#include "common/crypto/invitation_code.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/require.hpp"

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using chatd::crypto::InvitationCode;
  const std::string_view typed{reinterpret_cast<const char*>(data), size};
  const auto code = InvitationCode::read(typed);
  if (!code) return 0;
  const auto text = code->text();
  const auto again = InvitationCode::read({text.data(), text.size()});
  require(again.has_value() && *again == *code);
  require(size >= text.size() - 6);  // without its dashes
  return 0;
}

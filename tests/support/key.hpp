// SPDX-License-Identifier: GPL-3.0-or-later
// key.hpp — keys that can be told apart.
//
// Runs in:   test programs.
#pragma once

#include <cstddef>

#include "common/crypto/keys.hpp"

namespace chatd::test {

// Nothing but that byte.
[[nodiscard]] inline crypto::Key key(int byte) {
  crypto::Key key{};
  key.fill(static_cast<std::byte>(byte));
  return key;
}

}  // namespace chatd::test

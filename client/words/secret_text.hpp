// SPDX-License-Identifier: GPL-3.0-or-later
// secret_text.hpp — wipes a std::string that holds a password.
//
// Runs in:   both processes of uchat.
// Invariant: the bytes of the string are overwritten before the string is cleared. Copies elsewhere
//            (readline's undo list, the pipe's buffer) are not wiped. There is no core dump that
//            could contain them, see run.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "common/crypto/wipe.hpp"

namespace chatd::client {

// Overwrites and clears the string.
inline void wipe(std::string& secret) noexcept {
  crypto::wipe(std::as_writable_bytes(std::span{secret}));
  secret.clear();
}

// The same, and resets the optional. nullopt: does nothing.
inline void wipe(std::optional<std::string>& secret) noexcept {
  if (secret) wipe(*secret);
  secret.reset();
}

}  // namespace chatd::client

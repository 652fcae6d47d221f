// SPDX-License-Identifier: GPL-3.0-or-later
// secret_text.hpp — a password that is a plain string, and is to be gone afterwards.
//
// Runs in:   both processes of uchat.
// Invariant: what was in the string is overwritten, not only forgotten. Copies that others
//            have made (readline's undo list, the pipe's buffer) are not reached; none of
//            them gets into a core dump, see run.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "common/crypto/wipe.hpp"

namespace chatd::client {

inline void wipe(std::string& secret) noexcept {
  crypto::wipe(std::as_writable_bytes(std::span{secret}));
  secret.clear();
}

inline void wipe(std::optional<std::string>& secret) noexcept {
  if (secret) wipe(*secret);
  secret.reset();
}

}  // namespace chatd::client

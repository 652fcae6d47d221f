// SPDX-License-Identifier: GPL-3.0-or-later
// fingerprint.hpp — the form of the fingerprint of a key: "SHA256:" and the unpadded base64 of 32
// bytes, as of ssh-keygen(1).
//
// Runs in:   every process. Pure.
// See:       common/crypto/keys.hpp, which makes fingerprints.
#pragma once

#include <cstddef>
#include <string_view>

namespace chatd {

inline constexpr std::string_view kFingerprintPrefix = "SHA256:";
inline constexpr std::size_t kFingerprintBytes = 50;

// True if the text is the fingerprint of some key: its 43 characters of base64 stand for 32 bytes,
// and the two bits that the last one has more are 0.
[[nodiscard]] bool is_fingerprint(std::string_view text) noexcept;

}  // namespace chatd

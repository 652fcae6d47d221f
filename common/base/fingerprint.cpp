// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/base/fingerprint.hpp"

#include <algorithm>

namespace chatd {

namespace {

// The characters of base64 in the order of their values.
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

bool is_fingerprint(std::string_view text) noexcept {
  if (text.size() != kFingerprintBytes || !text.starts_with(kFingerprintPrefix)) return false;
  const auto is_digit = [](char c) { return kBase64.contains(c); };
  return std::ranges::all_of(text.substr(kFingerprintPrefix.size()), is_digit) &&
         kBase64.find(text.back()) % 4 == 0;
}

}  // namespace chatd

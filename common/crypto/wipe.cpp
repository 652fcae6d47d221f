// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/wipe.hpp"

#include <openssl/crypto.h>

namespace chatd::crypto {

void wipe(std::span<std::byte> secret) noexcept { OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace chatd::crypto

// SPDX-License-Identifier: GPL-3.0-or-later
// command_mask.hpp — masks the command offset of a record: its sender and the server can read it,
// other members learn nothing about what the sender writes elsewhere.
//
// Runs in:   gateway (masks and unmasks), client (unmasks). One thread at a time.
// Invariant: only the constructor allocates. No two records of a session have the same log and the
//            same number, so no two have the same mask.
#pragma once

#include <cstdint>

#include "common/crypto/siphash.hpp"
#include "common/wire/native/native_packet.hpp"

namespace chatd::transport {

class CommandMask {
 public:
  // Masks an offset, or unmasks a masked one. `key`: of the session that sent the command. `log`,
  // `number`: which record it is; of a room its id and the record's sequence number. The offset 0,
  // which means no command, stays 0.
  [[nodiscard]] std::uint64_t apply(const wire::CommandKey& key, std::uint64_t log,
                                    std::uint64_t number, std::uint64_t offset) {
    return offset == 0 ? 0 : offset ^ hash_.of(key, log, number);
  }

 private:
  crypto::SipHash hash_;
};

}  // namespace chatd::transport

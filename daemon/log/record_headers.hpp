// SPDX-License-Identifier: GPL-3.0-or-later
// record_headers.hpp — the headers of the records of a log, without their texts: a search for a
// record reads some bytes of each.
//
// Runs in:   the process that writes the log. Pure.
// See:       log_follower.hpp, for other processes and for whole records.
#pragma once

#include <span>

#include "common/wire/native/native_record.hpp"
#include "daemon/log/log_memory.hpp"

namespace chatd::logs {

// Calls take(header, its offset) for each record, beginning with the oldest one, until it returns
// false. A record that cannot be right is the last one.
template <class Take>
void for_each_header(const LogMemory& log, Take take) {
  const Offset end = log.tail();
  for (Offset at = log.oldest(); at < end;) {
    wire::RecordHeader header{};
    log.load(at, std::as_writable_bytes(std::span{&header, 1}));
    if (!wire::is_record_size(header.size, end - at) || !take(header, at)) return;
    at = Offset{at + header.size};
  }
}

}  // namespace chatd::logs

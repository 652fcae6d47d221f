// SPDX-License-Identifier: GPL-3.0-or-later
// passed_descriptor.hpp — passes open descriptors to another process of the service, each with a
// line (SCM_RIGHTS).
//
// Runs in:   main() makes the pair; gateway (sends), archive (receives).
// Invariant: no call waits. A message has exactly one descriptor. The queue of a pair is bounded by
//            the socket's buffer, and by the kernel's limit of descriptors in flight.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::io {

struct PassingPair {
  UniqueFd sender;
  UniqueFd receiver;
};
[[nodiscard]] Result<PassingPair> make_passing_pair();

// Error with the code EAGAIN: the receiver has not taken what was sent before.
[[nodiscard]] Result<> pass_descriptor(int sender, int descriptor, std::string_view line);

struct PassedDescriptor {
  UniqueFd fd;
  std::string line;  // empty: it was longer than `max_bytes`
};
// nullopt: nothing was sent.
[[nodiscard]] std::optional<PassedDescriptor> take_descriptor(int receiver, std::size_t max_bytes);

}  // namespace chatd::io

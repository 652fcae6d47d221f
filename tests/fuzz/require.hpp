// SPDX-License-Identifier: GPL-3.0-or-later
// require.hpp — what a fuzz target claims; kept in every build, unlike assert().
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

inline void require(bool holds,
                    std::source_location where = std::source_location::current()) noexcept {
  if (holds) return;
  (void)std::fprintf(stderr, "%s:%u: does not hold\n", where.file_name(),
                     static_cast<unsigned>(where.line()));
  std::abort();
}

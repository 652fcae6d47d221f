// SPDX-License-Identifier: GPL-3.0-or-later
// require.hpp — the check of fuzz targets: aborts with file and line if its argument is false.
// Unlike assert() it is in every build.
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/members.hpp"
#include "tests/bench/native_members.hpp"
#include "tests/bench/stream_members.hpp"
#include "tests/bench/text_members.hpp"

namespace chatd::bench {

std::unique_ptr<Members> make_members(Dialect dialect, const MembersOptions& options) {
  switch (dialect) {
    case Dialect::text:
      return std::make_unique<TextMembers>(options);
    case Dialect::native:
      return std::make_unique<NativeMembers>(options);
    default:
      return std::make_unique<StreamMembers>(dialect, options);
  }
}

}  // namespace chatd::bench

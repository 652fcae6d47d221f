// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/record_name.hpp"

#include <set>
#include <utility>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

TEST(RecordName, IsAnotherOneForEachKind) {
  std::set<std::string_view> names;
  for (const auto& [first, last] : {std::pair{RecordKind::join, RecordKind::moderated},
                                    std::pair{RecordKind::direct, RecordKind::waits}}) {
    for (auto number = static_cast<int>(first); number <= static_cast<int>(last); ++number) {
      const std::string_view name = name_of(static_cast<RecordKind>(number));
      EXPECT_NE(name, "") << number;
      EXPECT_TRUE(names.insert(name).second) << name;
    }
  }
}

TEST(RecordName, IsEmptyForAKindThatIsNotKnown) {
  EXPECT_EQ(name_of(RecordKind{}), "");
  EXPECT_EQ(name_of(static_cast<RecordKind>(0xFFFF)), "");
}

}  // namespace
}  // namespace chatd::wire

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/snapshot_file.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace chatd::handover {
namespace {

// A small step stands for the limit of pwrite(2), which only a snapshot of many GiB reaches.
TEST(SnapshotFile, ASnapshotThatTakesSeveralCallsIsStoredWhole) {
  std::vector<std::uint8_t> snapshot(100'001);
  std::iota(snapshot.begin(), snapshot.end(), std::uint8_t{1});
  for (const std::size_t step : {std::size_t{1000}, snapshot.size(), ~std::size_t{0}}) {
    SCOPED_TRACE(step);
    const auto file = store_snapshot(snapshot, step);
    ASSERT_TRUE(file) << file.error().message();
    const auto mapped = map_snapshot(file->get());
    ASSERT_TRUE(mapped) << mapped.error().message();
    EXPECT_TRUE(std::ranges::equal(snapshot_in(*mapped), snapshot));
  }
}

TEST(SnapshotFile, AFileWithoutBytesIsAnError) {
  EXPECT_FALSE(store_snapshot({}));
  EXPECT_FALSE(map_snapshot(-1));
}

}  // namespace
}  // namespace chatd::handover

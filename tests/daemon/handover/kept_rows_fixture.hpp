// SPDX-License-Identifier: GPL-3.0-or-later
// kept_rows_fixture.hpp — rows of kept tables, in a snapshot and in the region that is restored
// from it.
//
// Runs in:   test programs.
#pragma once

#include <gtest/gtest.h>

#include "daemon/handover/kept_tables.hpp"
#include "daemon/handover/snapshot.hpp"
#include "daemon/state/kept_table.hpp"
#include "tests/daemon/handover/field_names.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::handover {

class KeptRowsFixture : public test::StateFixture {
 protected:
  static constexpr WallTime kTime{std::chrono::seconds{9}};

  nlohmann::json written() const {
    return nlohmann::json::from_cbor(write_snapshot(state_, keys_));
  }
  // Restores the snapshot into the next region. Returns how many rows were restored, and how many
  // were left out.
  static RestoredRows restore(const nlohmann::json& snapshot, const test::StandaloneRegion& next) {
    const auto restored =
        read_snapshot(nlohmann::json::to_cbor(snapshot), next.state_, next.keys_, kTime);
    EXPECT_TRUE(restored) << restored.error().message();
    return restored ? restored->rows : RestoredRows{};
  }
};

}  // namespace chatd::handover

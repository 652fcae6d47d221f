// SPDX-License-Identifier: GPL-3.0-or-later
// history_db_fixture.hpp — a database of messages in a directory of its own.
//
// Runs in:   test programs.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "daemon/archive/history_db.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test {

using archive::Batch;
using archive::HistoryDb;

class HistoryDbFixture : public ::testing::Test {
 protected:
  [[nodiscard]] HistoryDb open(std::uint64_t epoch = 1) const {
    auto database = HistoryDb::open(directory_ / "history.db", epoch, kLargeDatabase, [] {});
    EXPECT_TRUE(database) << database.error().message();
    return std::move(*database);
  }
  static void save(HistoryDb& database, const Batch& batch) {
    const auto saved = database.save(batch);
    EXPECT_TRUE(saved) << saved.error().message();
  }
  TempDir directory_;
};

}  // namespace chatd::test

// SPDX-License-Identifier: GPL-3.0-or-later
// When the files are cleaned of erased text; erase_answer_test.cpp looks for the text in them.
#include <gtest/gtest.h>

#include "daemon/archive/history.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/daemon/archive/rooms_to_read.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using std::chrono::seconds;

class HistoryCleaning : public test::RoomsToRead {
 protected:
  void pass(seconds time) {
    clock_.mono += time;
    clock_.wall += time;
  }
  test::TempDir directory_;
  LogReader reader_{follower_, "chat"};
  History::Clock clock_{.mono = test::mono_at(seconds{100}), .wall = test::wall_at(seconds{100})};
};

// A cleaning takes some time here, because the clock goes on at each look.
TEST_F(HistoryCleaning, AfterACleaningTheNextOneWaitsUnlessSomebodyWaitsForIt) {
  History history{{.directory = directory_.path(),
                   .epoch = follower_.header().epoch,
                   .max_bytes = test::kLargeDatabase,
                   .max_age = seconds{0}},
                  reader_,
                  state_.archive(),
                  {.clock =
                       [this] {
                         pass(seconds{1});
                         return clock_;
                       },
                   .alive = [] {}}};
  for (const char* text : {"one", "two", "three", "four"}) say(text);
  (void)history.store();
  const auto erase_first = [&] {
    const auto lines = history.database()->erasing().scan(0, 1);
    ASSERT_TRUE(lines && !lines->empty());
    ASSERT_TRUE(history.erase(*lines, "uid 0"));
    EXPECT_FALSE(history.is_clean());
    for (int i = 0; i < 20 && history.maintain(); ++i) continue;
  };
  erase_first();
  EXPECT_TRUE(history.is_clean());
  erase_first();
  EXPECT_FALSE(history.is_clean());
  pass(seconds{1000});
  for (int i = 0; i < 20 && history.maintain(); ++i) continue;
  EXPECT_TRUE(history.is_clean());
  erase_first();
  EXPECT_FALSE(history.is_clean());
  history.await_clean();
  for (int i = 0; i < 20 && history.maintain(); ++i) continue;
  EXPECT_TRUE(history.is_clean());
}

}  // namespace
}  // namespace chatd::archive

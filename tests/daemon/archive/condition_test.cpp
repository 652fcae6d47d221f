// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/condition.hpp"

#include <cerrno>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/store/fault.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using state::ArchiveState;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ConditionTest : public test::StateFixture {
 protected:
  static Error full() { return Error{"no space", ENOSPC}; }
  // The seconds until the next attempt.
  long pause() {
    long waited = 0;
    for (; !condition_.is_due(now_ + seconds{waited}); ++waited) {
    }
    now_ += seconds{waited};
    return waited;
  }
  test::TempDir directory_;
  MonoTime now_{test::mono_at(seconds{100})};
  state::RegistryFigures& figures_{state_.registry_figures()};
  Condition condition_{
      {.name = "registry", .path = directory_ / "registry.db", .words = &state::registry_words},
      figures_};
};

TEST_F(ConditionTest, EachChangeOfTheStateIsLoggedOnce) {
  const test::LogLines log;
  condition_.note_stored(Micros{0});
  condition_.note_stored(Micros{0});
  condition_.on_fault(full(), now_);
  condition_.on_fault(full(), now_);
  condition_.note_stored(Micros{0});
  EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("registry: changes are saved in /"),
                                          "registry: the disk is full: no space",
                                          HasSubstr("registry: changes are saved in /")));
  EXPECT_EQ(log.all()[1].field("CHATD_EVENT"), "registry");
  EXPECT_EQ(log.all()[1].field("CHATD_STATE"), "full");
  EXPECT_EQ(error_of(figures_), "no space");
}

TEST_F(ConditionTest, ThePauseDoublesUpToAMinuteAndSuccessEndsIt) {
  std::vector<long> pauses;
  for (int i = 0; i < 8; ++i) {
    condition_.on_fault(full(), now_);
    pauses.push_back(pause());
  }
  EXPECT_THAT(pauses, ElementsAre(1, 2, 4, 8, 16, 32, 60, 60));
  condition_.note_stored(Micros{0});
  condition_.on_fault(full(), now_);
  EXPECT_EQ(pause(), 1);
  condition_.on_fault(full(), now_);
  condition_.try_now();
  EXPECT_TRUE(condition_.is_due(now_));
}

TEST_F(ConditionTest, ADamagedDatabaseIsSetAsideAndCounted) {
  test::write_file(condition_.path(), "damaged");
  condition_.on_fault(Error{"damaged", -11}, now_);  // SQLITE_CORRUPT
  EXPECT_EQ(figures_.state, ArchiveState::broken);
  EXPECT_EQ(figures_.set_aside, 1U);
  EXPECT_EQ(test::file_text(condition_.path() + ".broken"), "damaged");
  condition_.on_fault(Error{"damaged", -11}, now_);
  EXPECT_EQ(figures_.set_aside, 1U) << "there was no file";
}

TEST_F(ConditionTest, ALaterVersionAndAnotherProcessHaveStatesOfTheirOwn) {
  condition_.on_fault(Error{"later", store::kNewerSchema}, now_);
  EXPECT_EQ(figures_.state, ArchiveState::newer);
  condition_.on_fault(Error{"locked", -5}, now_);  // SQLITE_BUSY
  EXPECT_EQ(figures_.state, ArchiveState::locked);
  condition_.note_stored(seconds{5});
  EXPECT_EQ(figures_.state, ArchiveState::slow);
}

}  // namespace
}  // namespace chatd::archive

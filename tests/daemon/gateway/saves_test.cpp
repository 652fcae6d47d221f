// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/saves.hpp"

#include <vector>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"

namespace chatd::gateway {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SavesTest : public test::StateFixture {
 protected:
  void change() { state_.registry_head().version = state_.registry_head().version + 2; }
  void wait() {
    saves_.wait(now_, [this](bool is_saved) { answers_.push_back(is_saved); });
  }
  void save(std::uint64_t version) { state_.registry_figures().saved = version; }

  Saves saves_{state_};
  MonoTime now_{test::mono_at(seconds{100})};
  std::vector<bool> answers_;
};

TEST_F(SavesTest, AnAnswerIsGivenWhenItsChangeIsOnDisk) {
  change();
  wait();
  change();
  wait();
  EXPECT_FALSE(saves_.look(now_));
  save(2);
  EXPECT_TRUE(saves_.look(now_));
  EXPECT_THAT(answers_, ElementsAre(true));
  EXPECT_FALSE(saves_.is_empty());
  save(4);
  EXPECT_TRUE(saves_.look(now_));
  EXPECT_THAT(answers_, ElementsAre(true, true));
  EXPECT_TRUE(saves_.is_empty());
}

TEST_F(SavesTest, ItIsGivenAfterTwoSecondsInAnyCase) {
  change();
  wait();
  now_ += seconds{1};
  change();
  wait();
  now_ += seconds{1};
  EXPECT_FALSE(saves_.look(now_));
  EXPECT_THAT(answers_, ElementsAre(false));
  now_ += seconds{1};
  EXPECT_FALSE(saves_.look(now_));
  EXPECT_THAT(answers_, ElementsAre(false, false));
}

TEST_F(SavesTest, AnAnswerMayMakeAnotherOneWait) {
  change();
  saves_.wait(now_, [this](bool) { wait(); });
  save(2);
  EXPECT_TRUE(saves_.look(now_));
  EXPECT_THAT(answers_, IsEmpty());
  EXPECT_TRUE(saves_.look(now_));
  EXPECT_THAT(answers_, ElementsAre(true));
}

TEST_F(SavesTest, AtTheEndAllAreGiven) {
  change();
  wait();
  change();
  wait();
  save(2);
  saves_.release(now_);
  EXPECT_THAT(answers_, ElementsAre(true, false));
}

}  // namespace
}  // namespace chatd::gateway

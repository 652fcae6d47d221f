// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/follow_answer.hpp"

#include <gmock/gmock.h>

#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class FollowAnswerTest : public test::LongAnswerFixture {
 protected:
  FollowAnswerTest() {
    say("one", "ada");
    store();
  }
  Made make(std::string room = "chat") {
    auto asked = request(wire::verb::kHistory.row, {{"--follow", "yes"}}, {});
    asked.args[0] = std::move(room);
    return FollowAnswer::make(*history_, asked, connect());
  }
  // All lines until there is nothing new.
  std::string next(LongAnswer& answer) {
    while (answer.step(*history_, clock_.mono) == Next::at_once) {
    }
    return read();
  }
};

TEST_F(FollowAnswerTest, TheReportComesFirstAndThenEachLineOnce) {
  auto made = make();
  EXPECT_THAT(next(**made), HasSubstr(R"("text":"one")"));
  EXPECT_EQ(next(**made), "");
  say("two", "bob");
  say("three", "bob");
  store();
  const std::string lines = next(**made);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_THAT(lines, HasSubstr(R"("number":1,)"));
  EXPECT_THAT(lines, HasSubstr(R"("text":"three")"));
  EXPECT_EQ(next(**made), "");
}

TEST_F(FollowAnswerTest, ABlankLineSaysThatThereIsNothingNew) {
  auto made = make();
  (void)next(**made);
  clock_.mono += seconds{3};
  EXPECT_EQ(next(**made), "\n");
  EXPECT_EQ(next(**made), "");
}

TEST_F(FollowAnswerTest, ARoomThatIsMadeAgainIsFollowedFromItsBeginning) {
  make_room(0, 5, "lab");
  say_in(0, "old");
  store();
  auto made = make("lab");
  EXPECT_THAT(next(**made), HasSubstr("old"));
  ASSERT_TRUE(
      history_->database()->save(test::batch({test::line(0, "new one")}, state::RoomId{6}, "lab")));
  (void)next(**made);
  EXPECT_THAT(next(**made), HasSubstr("new one"));
}

TEST_F(FollowAnswerTest, EndsWhenTheCallerHangsUp) {
  auto made = make();
  (void)next(**made);
  caller_.reset();
  EXPECT_EQ((*made)->step(*history_, clock_.mono), Next::done);
}

TEST_F(FollowAnswerTest, ARoomThatIsNotStoredIsRefused) {
  const auto made = make("nowhere");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "not_found");
}

}  // namespace
}  // namespace chatd::archive

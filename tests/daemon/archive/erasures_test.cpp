// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/erasures.hpp"

#include <sys/stat.h>

#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ErasuresTest : public ::testing::Test {
 protected:
  static Erasure erasure(std::uint64_t room, seconds at = seconds{100}) {
    return {.id = 0,
            .lineage = 7,
            .room = room,
            .lines = {{.first = 3, .last = 5}, {.first = 9, .last = 9}},
            .at = test::wall_at(at),
            .by = "ada \"x\"\n"};
  }
  // The ids and rooms: "1:2".
  std::vector<std::string> all(std::uint64_t after = 0) const {
    std::vector<std::string> seen;
    EXPECT_TRUE(Erasures{path_}.for_each(after, [&](const Erasure& one) -> Result<> {
      seen.push_back(std::to_string(one.id) + ":" + std::to_string(one.room));
      return {};
    }));
    return seen;
  }

  test::TempDir directory_;
  std::string path_{directory_ / "history.db.erased"};
};

TEST_F(ErasuresTest, AnErasureComesBackAsItWas) {
  Erasures list{path_};
  EXPECT_EQ(list.add(erasure(2), 0).value(), 1U);
  EXPECT_TRUE(Erasures{path_}.for_each(0, [](const Erasure& one) -> Result<> {
    EXPECT_EQ(one.lineage, 7U);
    EXPECT_THAT(one.lines, ElementsAre(NumberRange{3, 5}, NumberRange{9, 9}));
    EXPECT_EQ(one.at, test::wall_at(seconds{100}));
    EXPECT_EQ(one.by, "ada \"x\"\n");
    return {};
  }));
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(ErasuresTest, IdsGoOnAlsoInAnotherProcessAndAboveThoseOfTheDatabase) {
  EXPECT_TRUE(Erasures{path_}.add(erasure(1), 0));
  Erasures list{path_};
  EXPECT_EQ(list.add(erasure(2), 0).value(), 2U);
  EXPECT_EQ(list.add(erasure(3), 40).value(), 41U);
  EXPECT_EQ(list.add(erasure(4), 0).value(), 42U);
  EXPECT_THAT(all(), ElementsAre("1:1", "2:2", "41:3", "42:4"));
  EXPECT_THAT(all(2), ElementsAre("41:3", "42:4"));
}

TEST_F(ErasuresTest, OneOfTheSameLinesIsReplacedAndHasTheLaterTime) {
  Erasures list{path_};
  EXPECT_TRUE(list.add(erasure(1, seconds{200}), 0));
  EXPECT_TRUE(list.add(erasure(2), 0));
  EXPECT_EQ(list.add_again(erasure(1), 0).value(), 3U);
  EXPECT_THAT(all(), ElementsAre("2:2", "3:1"));
  EXPECT_TRUE(list.for_each(2, [](const Erasure& one) -> Result<> {
    EXPECT_EQ(one.at, test::wall_at(seconds{200}));
    return {};
  }));
  EXPECT_EQ(list.add_again(erasure(1, seconds{300}), 8).value(), 9U);
  EXPECT_EQ(list.add(erasure(4), 0).value(), 10U);
  EXPECT_THAT(all(), ElementsAre("2:2", "9:1", "10:4"));
}

TEST_F(ErasuresTest, OneOfOtherLinesStays) {
  Erasures list{path_};
  for (const int place : {0, 1, 2, 3}) {
    Erasure one = erasure(1);
    if (place == 1) one.lineage = 77;
    if (place == 2) one.lines.pop_back();
    if (place == 3) one.by = R"("lineage":7,"room":1,"lines":"3-5,9",)";
    if (place == 3) one.room = 3;
    EXPECT_TRUE(list.add_again(one, 0));
  }
  EXPECT_EQ(list.add_again(erasure(11), 0).value(), 5U);
  EXPECT_EQ(list.add_again(erasure(1), 0).value(), 6U);
  EXPECT_THAT(all(), ElementsAre("2:1", "3:1", "4:3", "5:11", "6:1"));
}

TEST_F(ErasuresTest, ALineThatWasCutIsNoneAndTheNextOneIsWhole) {
  EXPECT_TRUE(Erasures{path_}.add(erasure(1), 0));
  std::ofstream{path_, std::ios::app} << R"({"id":2,"lin)";
  EXPECT_THAT(all(), ElementsAre("1:1"));
  EXPECT_EQ(Erasures{path_}.add(erasure(2), 0).value(), 2U);
  EXPECT_THAT(all(), ElementsAre("1:1", "2:2"));
  std::ofstream{path_, std::ios::app} << "not JSON\n"
                                      << R"({"id":9,"lines":"4-"})" << '\n';
  EXPECT_EQ(Erasures{path_}.add(erasure(3), 0).value(), 3U);
  EXPECT_THAT(all(), ElementsAre("1:1", "2:2", "3:3"));
}

TEST_F(ErasuresTest, OldOnesAreForgottenAndIdsAreNotUsedAgain) {
  Erasures list{path_};
  EXPECT_TRUE(list.add(erasure(1, seconds{10}), 0));
  EXPECT_TRUE(list.add(erasure(2, seconds{20}), 0));
  ASSERT_TRUE(list.forget(test::wall_at(seconds{15})));
  EXPECT_THAT(all(), ElementsAre("2:2"));
  ASSERT_TRUE(list.forget(test::wall_at(seconds{30})));
  EXPECT_THAT(all(), ElementsAre("2:0"));
  EXPECT_EQ(list.add(erasure(3), 0).value(), 3U);
}

TEST_F(ErasuresTest, WithoutAFileThereAreNone) {
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_TRUE(Erasures{path_}.forget(test::wall_at(seconds{1})));
  EXPECT_FALSE(Erasures{"/no such folder/x"}.add(erasure(1), 0));
}

TEST_F(ErasuresTest, NumbersBecomeRanges) {
  NumberRanges ranges;
  for (const std::uint64_t number : {1U, 2U, 2U, 4U, 7U, 8U}) add_number(ranges, number);
  EXPECT_THAT(ranges, ElementsAre(NumberRange{1, 2}, NumberRange{4, 4}, NumberRange{7, 8}));
}

}  // namespace
}  // namespace chatd::archive

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/line_filter.hpp"

#include <gmock/gmock.h>

#include "common/wire/control/history_verbs.hpp"
#include "tests/daemon/archive/history_db_fixture.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::archive {
namespace {

using test::line;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LineFilterTest : public test::HistoryDbFixture {
 protected:
  LineFilterTest() {
    save(database_, test::batch({line(0, "one"), line(1, "two", "Bob", 5'000'000)}));
    save(database_, test::batch({line(1, "old")}, state::RoomId{5}, "lab"));
    save(database_, test::batch({line(1, "new")}, state::RoomId{6}, "LAB"));
  }
  using Made = std::expected<LineFilter, wire::ControlError>;
  // In the order --message, --author, --before, and the room.
  Made make(const std::string& message, const std::string& author, const std::string& before,
            const std::string& room) {
    const wire::Verb& verb = wire::verb::kErase.row;
    wire::ControlRequest request{.verb = "erase", .args = {}};
    request.args.resize(verb.all_args());
    request.args[verb.argument_of("--message")] = message;
    request.args[verb.argument_of("--author")] = author;
    request.args[verb.argument_of("--before")] = before;
    request.args.back() = room;
    return LineFilter::of(database_.erasing(), request, verb);
  }
  // The ids of the lines that it has.
  std::vector<std::int64_t> lines(const Made& filter) {
    std::vector<std::int64_t> ids;
    if (!filter) return ids;
    const auto all = database_.erasing().scan(0, 100).value();
    for (const EraseDb::Found& one : all) {
      if (filter->has(one)) ids.push_back(one.id);
    }
    return ids;
  }
  std::string code(const Made& filter) { return filter ? "" : filter.error().code; }

  HistoryDb database_{open()};
};

TEST_F(LineFilterTest, WithoutAConditionItHasAllLines) {
  EXPECT_THAT(lines(make("", "", "", "")), ElementsAre(1, 2, 3, 4));
}

TEST_F(LineFilterTest, ALineFulfilsAllConditions) {
  EXPECT_THAT(lines(make("", "ADA", "", "")), ElementsAre(1, 3, 4));
  EXPECT_THAT(lines(make("", "ada", "", "chat")), ElementsAre(1));
  EXPECT_THAT(lines(make("", "", "1970-01-01T00:00:05Z", "")), ElementsAre(1, 3, 4));
  EXPECT_THAT(lines(make("", "", "1970-01-01T00:00:05.000001Z", "chat")), ElementsAre(1, 2));
  EXPECT_THAT(lines(make("", "bob", "1970-01-01T00:00:05Z", "")), IsEmpty());
}

TEST_F(LineFilterTest, AllRoomsThatHadTheNameAreMeantButANumberIsOneOfTheLast) {
  EXPECT_THAT(lines(make("", "", "", "#lab")), ElementsAre(3, 4));
  EXPECT_THAT(lines(make("1", "", "", "lab")), ElementsAre(4));
}

TEST_F(LineFilterTest, AValueThatCannotBeIsRefused) {
  EXPECT_EQ(code(make("", "", "", "nowhere")), wire::code::kNotFound);
  EXPECT_EQ(code(make("", "eve", "", "")), wire::code::kNotFound);
  EXPECT_EQ(code(make("", "", "yesterday", "")), wire::code::kUsage);
  for (const char* number : {"-1", "1x", "99999999999999999999"}) {
    EXPECT_EQ(code(make(number, "", "", "chat")), wire::code::kUsage) << number;
  }
}

TEST_F(LineFilterTest, OptionsThatTheVerbHasNotAreNotRead) {
  const wire::Verb& verb = wire::verb::kExport.row;
  wire::ControlRequest request{.verb = "export", .args = {}};
  request.args.resize(verb.all_args());
  request.args[verb.argument_of("--since")] = "1970-01-01T00:00:05Z";
  request.args.emplace_back("behind");
  EXPECT_THAT(lines(LineFilter::of(database_.erasing(), request, verb)), ElementsAre(2));
}

}  // namespace
}  // namespace chatd::archive

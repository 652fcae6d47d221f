// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/export_answer.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "tests/daemon/archive/long_answer_fixture.hpp"

namespace chatd::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExportAnswerTest : public test::LongAnswerFixture {
 protected:
  ExportAnswerTest() {
    say("one \"quoted\"\t你好", "ada");
    say("two", "bob");
    make_room(0, 5, "lab");
    say_in(0, "three");
    store();
  }
  Made make(const std::vector<Option>& options = {}, std::string room = {}) {
    return ExportAnswer::make(*history_, request(wire::verb::kExport.row, options, std::move(room)),
                              connect());
  }
  // "chat 0 ada one", and the number that the last line says.
  std::vector<std::string> lines_of(const std::string& output) {
    std::istringstream in{output};
    std::string line;
    std::getline(in, line);
    EXPECT_TRUE(wire::decode_reply(line)) << line;
    std::vector<std::string> all;
    while (std::getline(in, line)) {
      if (line.find("\"end\":true") != std::string::npos) {
        all.push_back("end " + std::to_string(wire::parse_report<wire::ExportEnd>(line)->lines));
        continue;
      }
      const auto row = wire::parse_report<wire::ExportRow>(line).value();
      all.push_back(row.room + " " + std::to_string(row.number) + " " + row.name + " " + row.text);
    }
    return all;
  }
  std::vector<std::string> exported(const std::vector<Option>& options = {},
                                    std::string room = {}) {
    auto made = make(options, std::move(room));
    return lines_of(run(made));
  }
};

TEST_F(ExportAnswerTest, AllLinesInTheOrderOfStoringAndTheirNumberAtTheEnd) {
  EXPECT_THAT(exported(), ElementsAre("lab 0 ada three", "chat 0 ada one \"quoted\"\t你好",
                                      "chat 1 bob two", "end 3"));
}

TEST_F(ExportAnswerTest, OfARoomAnAuthorOrSinceATime) {
  EXPECT_THAT(exported({}, "LAB"), ElementsAre("lab 0 ada three", "end 1"));
  EXPECT_THAT(exported({{"--author", "bob"}}), ElementsAre("chat 1 bob two", "end 1"));
  EXPECT_THAT(exported({{"--since", "2500-01-01T00:00:00Z"}}), ElementsAre("end 0"));
  auto made = make({}, "nowhere");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "not_found");
}

TEST_F(ExportAnswerTest, LinesThatComeInMeanwhileAreNotInIt) {
  auto made = make();
  say("later", "ada");
  store();
  EXPECT_THAT(lines_of(run(made)).back(), "end 3");
}

TEST_F(ExportAnswerTest, ManyLinesComeInPiecesAndASlowCallerIsWaitedForAndCutAfter30s) {
  std::vector<Line> many;
  for (std::uint64_t i = 100; i < 5000; ++i) {
    many.push_back(test::line(i, "line " + std::string(200, 'x')));
  }
  ASSERT_TRUE(history_->database()->save(test::batch(std::move(many), state::RoomId{9}, "big")));
  auto made = make({}, "big");
  ASSERT_TRUE(made);
  Next next = Next::at_once;
  for (int i = 0; i < 100 && next == Next::at_once; ++i) {
    next = (*made)->step(*history_, clock_.mono);
  }
  ASSERT_EQ(next, Next::when_writable) << "the socket is full";
  EXPECT_FALSE((*made)->is_stalled(clock_.mono + std::chrono::seconds{29}));
  EXPECT_TRUE((*made)->is_stalled(clock_.mono + std::chrono::seconds{31}));
  const std::string begun = read();
  const auto lines = lines_of(begun + run(made));
  EXPECT_EQ(lines.size(), 4901U);
  EXPECT_EQ(lines.back(), "end 4900");
}

TEST_F(ExportAnswerTest, IsCutWithoutItsEndWhenTheDatabaseWasClosed) {
  auto made = make();
  ASSERT_TRUE(made);
  history_->finish(std::chrono::seconds{1});
  store();
  EXPECT_THAT(run(made), ::testing::Not(HasSubstr("\"end\"")));
}

TEST_F(ExportAnswerTest, ACallerThatHangsUpEndsIt) {
  auto made = make();
  caller_.reset();
  EXPECT_EQ((*made)->step(*history_, clock_.mono), Next::done);
}

}  // namespace
}  // namespace chatd::archive

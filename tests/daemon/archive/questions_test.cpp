// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/questions.hpp"

#include <sys/socket.h>

#include <array>

#include <gmock/gmock.h>

#include "common/base/unique_fd.hpp"
#include "tests/daemon/archive/batches.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::archive {
namespace {

class QuestionsTest : public ::testing::Test {
 protected:
  QuestionsTest() { EXPECT_TRUE(database_.save(test::batch({test::line(0, "a", "bob")}))); }

  test::TempDir directory_;
  HistoryDb database_{
      HistoryDb::open(directory_ / "history.db", 1, test::kLargeDatabase, [] {}).value()};
};

TEST_F(QuestionsTest, AVerbIsAnsweredByItsFunction) {
  EXPECT_TRUE(answer_question(&database_, {.verb = "history", .args = {"chat"}}));
  EXPECT_EQ(answer_question(&database_, {.verb = "kick", .args = {"a"}}).error().code,
            "unknown_verb");
}

TEST_F(QuestionsTest, ARequestWithoutItsArgumentsOrADatabaseIsRefused) {
  EXPECT_EQ(answer_question(&database_, {.verb = "history", .args = {}}).error().message,
            "usage: history ROOM");
  EXPECT_EQ(answer_question(nullptr, {.verb = "history", .args = {"chat"}}).error().code, "failed");
}

TEST_F(QuestionsTest, TheCallerGetsTheAnswerOnItsOwnConnection) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd caller{ends[0]};
  const UniqueFd passed{ends[1]};
  for (const std::string& line :
       {wire::encode(wire::ControlRequest{"history", {"chat"}}), std::string{"no request"}}) {
    answer_request(&database_, {line}, passed.get());
    std::string answer(100'000, '\0');
    const ssize_t got = ::recv(caller.get(), answer.data(), answer.size(), 0);
    ASSERT_GT(got, 0);
    answer.resize(static_cast<std::size_t>(got));
    EXPECT_EQ(wire::decode_reply(answer.substr(0, answer.find('\n'))).has_value(),
              line.starts_with('{'));
  }
}

TEST_F(QuestionsTest, ACallerThatReadsNothingIsNotWaitedFor) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  const UniqueFd caller{ends[0]};
  const UniqueFd passed{ends[1]};
  const std::string line = wire::encode(wire::ControlRequest{"history", {"chat"}});
  for (int i = 0; i < 2000; ++i) answer_request(&database_, {line}, passed.get());
}

}  // namespace
}  // namespace chatd::archive

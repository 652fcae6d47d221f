// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/journal_sink.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"
#include "tests/daemon/sys/unix_datagram.hpp"

namespace chatd::sys {
namespace {

using test::run_in_child;
using test::ScopedEnv;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::string_literals;

const std::vector<LogField> kJoin{{.name = "CHATD_EVENT", .value = "join"},
                                  {.name = "CHATD_USER", .value = "ada"}};

TEST(JournalEntry, HasMessagePriorityIdentifierAndFields) {
  EXPECT_EQ(to_journal_entry({LogLevel::notice, "ada joined", kJoin}),
            "MESSAGE=ada joined\nPRIORITY=5\nSYSLOG_IDENTIFIER=chatd\nCHATD_EVENT=join\n"
            "MESSAGE_ID=3954570c33754d0db0e66c22a92c1dd3\nCHATD_USER=ada\n");
}

TEST(JournalEntry, AnEventThatIsNotInTheTableHasNoId) {
  const std::vector<LogField> fields{{.name = "CHATD_EVENT", .value = "party"}};
  EXPECT_THAT(to_journal_entry({LogLevel::info, "x", fields}), Not(HasSubstr("MESSAGE_ID")));
}

TEST(JournalEntry, AValueOfSeveralLinesCannotForgeAField) {
  EXPECT_THAT(to_journal_entry({LogLevel::info, "x\nPRIORITY=0", {}}),
              HasSubstr("MESSAGE\n\x0c\0\0\0\0\0\0\0x\nPRIORITY=0\nPRIORITY=6\n"s));
}

TEST(JournalSink, SendsTheEntryToTheJournalsSocket) {
  const test::TempDir directory;
  const test::UnixDatagram journal{directory / "socket"};
  JournalSink sink{directory / "socket"};
  const LogRecord record{LogLevel::info, "ada joined", kJoin};
  sink.write(record);
  EXPECT_EQ(journal.receive(), to_journal_entry(record));
}

TEST(JournalSink, WorksInAChildThatClosedEveryDescriptor) {
  const test::TempDir directory;
  const test::UnixDatagram journal{directory / "socket"};
  JournalSink sink{directory / "socket"};
  sink.write({LogLevel::info, "parent", {}});
  run_in_child([&] {
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    sink.write({LogLevel::info, "child", {}});
    return 0;
  });
  EXPECT_THAT(journal.receive(), HasSubstr("MESSAGE=parent\n"));
  EXPECT_THAT(journal.receive(), HasSubstr("MESSAGE=child\n"));
}

TEST(JournalSink, FallsBackToStandardErrorWithAPriority) {
  const test::TempDir directory;
  const auto end = run_in_child([&] {
    JournalSink{directory / "nobody"}.write({LogLevel::warning, "all is\nlost", {}});
    JournalSink{std::string(200, 'x')}.write({LogLevel::info, "too long a path", {}});
    return 0;
  });
  EXPECT_EQ(end.said, "<4>all is\\nlost\n<6>too long a path\n");
}

TEST(JournalSink, AJournalThatHangsCostsOnlyTheLine) {
  const test::TempDir directory;
  const test::UnixDatagram journal{directory / "socket"};
  JournalSink sink{directory / "socket"};
  // The queue of a Unix datagram socket is short, and nobody reads this one.
  const auto end = run_in_child([&] {
    UniqueFd filler{::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    while (journal.send_from(filler.get(), "x")) {
    }
    sink.write({LogLevel::info, "lost", {}});
    return 0;
  });
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.said, "");
}

TEST(JournalStream, IsTheDescriptorThatTheVariableNames) {
  const test::Pipe pipe;
  struct stat file {};
  ASSERT_EQ(::fstat(pipe.write_end.get(), &file), 0);
  const ScopedEnv stream{"JOURNAL_STREAM", fmt::format("{}:{}", file.st_dev, file.st_ino)};
  EXPECT_TRUE(is_journal_stream(pipe.write_end.get()));
  EXPECT_FALSE(is_journal_stream(test::Pipe{}.write_end.get()));
  EXPECT_FALSE(is_journal_stream(-1));
}

TEST(JournalStream, IsNoneWithoutTheVariableOrWithNonsenseInIt) {
  const test::Pipe pipe;
  for (const auto& value : {std::optional<std::string>{}, std::optional{""s}, std::optional{"1"s},
                            std::optional{"x:y"s}}) {
    const ScopedEnv stream{"JOURNAL_STREAM", value};
    EXPECT_FALSE(is_journal_stream(pipe.write_end.get()));
  }
}

}  // namespace
}  // namespace chatd::sys

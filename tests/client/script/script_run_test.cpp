// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/script_run.hpp"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/fake_session.hpp"
#include "tests/client/in_child.hpp"

namespace chatd::client {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

int run(const Script::Settings& settings, std::optional<milliseconds> timeout = std::nullopt) {
  ::setenv("TZ", "UTC", 1);
  auto session = SessionProcess::start(&run_fake_session);
  if (!session) return 100;
  Script script{settings};
  return exit_status_of(run_script(*session, script, {.timeout = timeout}));
}

Script::Settings named(std::string name, Options::Mode mode = Options::Mode::talk,
                       std::string text = {}) {
  return {.mode = mode, .name = std::move(name), .host = "host:1", .text = std::move(text)};
}

TEST(ScriptRun, SaysTheLinesOfAFileAndPrintsTheAnswers) {
  const auto ran = test::in_child([] { return run(named("ada")); }, "hello\nask 你好\nlast");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "23:15 bob: 你好\n");
  EXPECT_EQ(ran.err, "");
}

TEST(ScriptRun, EndsWithoutInputAtOnce) {
  EXPECT_EQ(test::in_child([] { return run(named("ada")); }).status, 0);
}

TEST(ScriptRun, ManyLinesAllArrive) {
  std::string input;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    input += "ask " + std::to_string(i) + "\n";
    expected += "23:15 bob: " + std::to_string(i) + "\n";
  }
  const auto ran = test::in_child([] { return run(named("ada")); }, input);
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, expected);
}

TEST(ScriptRun, EndsWithOneLineAndItsStatus) {
  const auto taken = test::in_child([] { return run(named("taken")); });
  EXPECT_EQ(taken.status, exit_status_of(Outcome::name_taken));
  EXPECT_EQ(taken.err, "uchat: the name taken is taken\n");
  const auto crashed = test::in_child([] { return run(named("ada")); }, "crash\n");
  EXPECT_EQ(crashed.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(crashed.err, HasSubstr("exit status 3"));
}

TEST(ScriptRun, SendWaitsForTheConfirmation) {
  EXPECT_EQ(test::in_child([] {
              return run(named("ada", Options::Mode::send, "hi"), milliseconds{30'000});
            }).status,
            0);
  const auto lost = test::in_child(
      [] { return run(named("ada", Options::Mode::send, "lose it"), milliseconds{3'000}); });
  EXPECT_EQ(lost.status, exit_status_of(Outcome::not_confirmed));
}

TEST(ScriptRun, ListensUntilASignal) {
  const auto ran = test::in_child([] { return run(named("ada", Options::Mode::listen)); },
                                  "ignored", [](pid_t pid) { ::kill(pid, SIGTERM); });
  // Killed before it was ready to be told, or told: never anything else.
  EXPECT_TRUE(ran.status == 0 || ran.status == -1) << ran.status;
  EXPECT_EQ(ran.err, "");
}

TEST(ScriptRun, AClosedPipeFailsWithoutAMessage) {
  const auto ran = test::in_child(
      [] {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return 100;
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        return run(named("ada"));
      },
      "ask x\n");
  EXPECT_EQ(ran.status, exit_status_of(Outcome::failed));
  EXPECT_EQ(ran.err, "");
}

TEST(ScriptRun, ListenEndsWhenTheReaderOfItsPipeIsGone) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const auto listen = [&ends] {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    Script::Settings settings = named("ada", Options::Mode::listen);
    settings.json = true;  // prints an event at once, and nothing after it
    return run(settings);
  };
  const auto ran = test::in_child(listen, {}, [&](pid_t /*pid*/) {
    ::close(ends[1]);
    char first = '\0';
    EXPECT_EQ(::read(ends[0], &first, 1), 1);
    ::close(ends[0]);
  });
  EXPECT_EQ(ran.status, exit_status_of(Outcome::failed));
  EXPECT_EQ(ran.err, "");
}

// Otherwise the member would stay in the room until the server ends its session.
TEST(ScriptRun, LeavesBeforeItEndsWithAnError) {
  const auto ran = test::in_child([] {
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
    Script::Settings settings = named("slow", Options::Mode::listen);
    settings.json = true;  // prints an event at once
    return run(settings);
  });
  EXPECT_EQ(ran.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(ran.err, HasSubstr("left\n"));
}

TEST(ScriptRun, AFullDiskIsAFailure) {
  const auto ran = test::in_child(
      [] {
        const int full = ::open("/dev/full", O_WRONLY);
        ::dup2(full, STDOUT_FILENO);
        return run(named("ada"));
      },
      "ask x\n");
  EXPECT_EQ(ran.status, exit_status_of(Outcome::failed));
  EXPECT_THAT(ran.err, HasSubstr("standard output: No space left on device"));
}

// Fills the pipe, which no process reads and no process closes.
void fill(int pipe) {
  const int flags = ::fcntl(pipe, F_GETFL);
  ::fcntl(pipe, F_SETFL, flags | O_NONBLOCK);
  while (::write(pipe, "x", 1) > 0) continue;
  ::fcntl(pipe, F_SETFL, flags);
}

TEST(ScriptRun, ASignalEndsItAlsoWithoutAReader) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto listen = [&ends] {
      ::dup2(ends[1], STDOUT_FILENO);
      Script::Settings settings = named("ada", Options::Mode::listen);
      settings.json = true;  // which has something to print at once, and at the end
      return run(settings);
    };
    const auto ran = test::in_child(listen, {}, [&](pid_t pid) {
      char first = '\0';
      EXPECT_EQ(::read(ends[0], &first, 1), 1);
      fill(ends[1]);
      ::kill(pid, number);
    });
    EXPECT_EQ(ran.status, exit_status_of(Outcome::done)) << number;
    EXPECT_EQ(ran.err, "");
    ::close(ends[0]);
    ::close(ends[1]);
  }
}

}  // namespace
}  // namespace chatd::client

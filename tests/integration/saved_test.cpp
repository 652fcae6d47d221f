// SPDX-License-Identifier: GPL-3.0-or-later
// saved_test.cpp — SAVED comes after the fsync of the message, also if processes die in between,
// and `uchat send --saved` waits for it.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/base/time.hpp"
#include "tests/integration/room.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::HasSubstr;

// A line of the record of tests/support/fsync_recorder.cpp.
struct Recorded {
  std::uint64_t time;
  std::string event;
  std::string name;
};

std::vector<Recorded> read_record(const std::string& path) {
  std::vector<Recorded> all;
  std::istringstream in{file_text(path)};
  for (Recorded one{}; in >> one.time >> one.event >> one.name;) all.push_back(one);
  return all;
}

std::uint64_t nanoseconds_now() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                    std::chrono::nanoseconds{1});
}

// When the first fsync of the database's journal ended that began after the mark was written; 0:
// none has.
std::uint64_t synchronized(const std::vector<Recorded>& record, std::string_view mark) {
  const auto written = std::ranges::find_if(
      record, [&](const Recorded& one) { return one.event == "written" && one.name == mark; });
  bool has_begun = false;
  for (auto at = written; at != record.end(); ++at) {
    if (!at->name.ends_with("history.db-wal")) continue;
    if (at->event == "begin") has_begun = true;
    if (at->event == "end" && has_begun) return at->time;
  }
  return 0;
}

class SavedTest : public ::testing::Test {
 protected:
  [[nodiscard]] static NativeClient enter(const DaemonUnderTest& daemon, std::string_view name) {
    NativeClient client{daemon.endpoint(), {.name = std::string{name}, .wants_saved = true}};
    client.enter();
    return client;
  }
  static void expect_saved(NativeClient& client) {
    EXPECT_EQ(client.await<client::Saved>().state, wire::Reason::done);
  }
  [[nodiscard]] static std::vector<std::string> texts(const DaemonUnderTest& daemon) {
    const auto got = daemon.ctl({"--json", "history", "chat", "--lines", "10000"});
    std::vector<std::string> texts;
    if (got.status != 0) return texts;
    const auto report = nlohmann::json::parse(got.out);
    for (const auto& line : report.at("lines")) texts.push_back(line.at("text"));
    return texts;
  }
  [[nodiscard]] Finished send(const DaemonUnderTest& daemon, std::vector<std::string> options,
                              const std::string& text) const {
    std::vector<std::string> arguments{uchat_program(), "send", "--saved"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), {"bob@" + to_text(daemon.endpoint()), text});
    return run_program(arguments, {.environment = {{"XDG_CONFIG_HOME", home_.path()},
                                                   {"XDG_STATE_HOME", home_.path()},
                                                   {"LC_ALL", "C.UTF-8"}}});
  }
  static void kill_and_await_successor(const DaemonUnderTest& daemon, const std::string& role) {
    pid_t pid = 0;
    ASSERT_TRUE(eventually([&] { return (pid = pid_of(daemon, role)) != 0; }));
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] {
      const pid_t successor = pid_of(daemon, role);
      return successor != 0 && successor != pid;
    }));
  }

  TempDir home_;
};

TEST_F(SavedTest, NeverComesBeforeTheFsyncOfTheTransactionWithItsMessage) {
  if (are_programs_sanitized()) GTEST_SKIP() << "a sanitized program takes no other shared object";
  const TempDir directory;
  const std::string record = directory / "record";
  DaemonUnderTest daemon{{.environment = {{"LD_PRELOAD", CHATD_FSYNC_RECORDER},
                                          {"CHATD_FSYNC_RECORD", record},
                                          {"CHATD_FSYNC_DELAY", "200"}}}};
  NativeClient ada = enter(daemon, "ada");
  // For some seconds: the gateway also looks once a second, in the middle of an fsync.
  for (int i = 0; i < 20; ++i) {
    const std::string mark = "mark-" + std::to_string(i);
    (void)ada.member().say(mark, mono_now());
    (void)ada.await<client::Confirmed>();
    const std::uint64_t confirmed = nanoseconds_now();
    expect_saved(ada);
    const std::uint64_t saved = nanoseconds_now();
    const std::uint64_t synchronized = test::synchronized(read_record(record), mark);
    ASSERT_NE(synchronized, 0U) << "SAVED came first: " << file_text(record);
    EXPECT_LT(synchronized, saved);
    EXPECT_LT(confirmed, synchronized) << "the acknowledgement does not wait for the disk";
  }
}

TEST_F(SavedTest, AMessageThatIsSavedIsThereAfterTheEndOfAllProcesses) {
  const TempDir state;
  for (int i = 0; i < 3; ++i) {
    const std::string text = "message " + std::to_string(i);
    {
      DaemonUnderTest daemon{{.state = state.path()}};
      NativeClient ada = enter(daemon, "ada");
      (void)ada.member().say(text, mono_now());
      expect_saved(ada);
      daemon.kill();
    }
    DaemonUnderTest next{{.state = state.path()}};
    EXPECT_TRUE(eventually([&] { return !texts(next).empty(); }));
    EXPECT_THAT(texts(next), Contains(text));
  }
}

TEST_F(SavedTest, EachMessageIsSavedAlthoughProcessesAreKilledAgainAndAgain) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"}};
  NativeClient ada = enter(daemon, "ada");
  std::vector<std::string> said;
  const std::vector<std::string> roles{"archive", "gateway", "worker 0"};
  for (std::size_t i = 0; i < 24; ++i) {
    for (int part = 0; part < 3; ++part) {
      said.push_back(std::to_string(i) + "." + std::to_string(part));
      (void)ada.member().say(said.back(), mono_now());
    }
    ada.pump(milliseconds{1});
    if (i % 4 == 1) kill_and_await_successor(daemon, roles.at(i / 4 % roles.size()));
    for (int part = 0; part < 3; ++part) expect_saved(ada);
    EXPECT_THAT(texts(daemon), Contains(said.back()));
  }
  EXPECT_EQ(texts(daemon), said);
}

TEST_F(SavedTest, AReloadForgetsNoMessageThatIsWaitedFor) {
  DaemonUnderTest daemon;
  NativeClient ada = enter(daemon, "ada");
  const pid_t archive = pid_of(daemon, "archive");
  ASSERT_EQ(::kill(archive, SIGSTOP), 0);
  ada.say("hello");
  EXPECT_EQ(daemon.ctl({"reload"}).status, 0);
  ASSERT_EQ(::kill(archive, SIGCONT), 0);
  expect_saved(ada);
}

TEST_F(SavedTest, ADiskThatCannotBeWrittenDelaysItAndStopsNoConversation) {
  const TempDir state;
  std::filesystem::create_directory(state / "history.db");
  DaemonUnderTest daemon{{.state = state.path()}};
  NativeClient ada = enter(daemon, "ada");
  NativeClient eve{daemon.endpoint(), {.name = "eve"}};
  eve.enter();
  ada.say("hello");
  eve.await_line("ada: hello");
  const Finished limited = send(daemon, {"--timeout", "1"}, "limited");
  EXPECT_EQ(limited.status, 75) << limited.err;
  EXPECT_THAT(limited.err, HasSubstr("has the message"));
  eve.await_line("bob: limited");
  std::filesystem::remove(state / "history.db");
  expect_saved(ada);
  EXPECT_THAT(texts(daemon), Contains("limited"));
}

TEST_F(SavedTest, SendEndsWhenTheMessageIsOnDisk) {
  DaemonUnderTest daemon;
  const Finished sent = send(daemon, {"--json"}, "hello");
  EXPECT_EQ(sent.status, 0) << sent.err;
  EXPECT_THAT(sent.out, HasSubstr(R"("event":"saved","room":"","outcome":"done")"));
  EXPECT_THAT(texts(daemon), Contains("hello"));
  ASSERT_EQ(daemon.ctl({"room", "make", "lab"}).status, 0);
  EXPECT_EQ(send(daemon, {"--room", "lab"}, "hello").status, 0);
}

TEST_F(SavedTest, AServerWithoutHistoryRefusesItAtOnce) {
  DaemonUnderTest daemon{{.config = "history.enabled = false\n"}};
  NativeClient eve{daemon.endpoint(), {.name = "eve"}};
  eve.enter();
  const Finished sent = send(daemon, {}, "hello");
  EXPECT_EQ(sent.status, 24) << sent.err;
  EXPECT_THAT(sent.err, HasSubstr("stores no messages of the room"));
  eve.await_line("bob: hello");
}

TEST_F(SavedTest, AMessageThatIsRefusedKeepsItsStatus) {
  DaemonUnderTest daemon;
  EXPECT_EQ(send(daemon, {}, std::string(5000, 'x')).status, 17);
  EXPECT_EQ(send(daemon, {"--room", "none"}, "hello").status, 17);
}

// The period of the archive is not waited for.
TEST_F(SavedTest, WhileAMemberWaitsTheArchiveStoresAtOnce) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"}};
  NativeClient ada = enter(daemon, "ada");
  std::vector<MonoTime::duration> times;
  for (int i = 0; i < 21; ++i) {
    const MonoTime begun = mono_now();
    (void)ada.member().say("hello", begun);
    expect_saved(ada);
    times.push_back(mono_now() - begun);
  }
  std::ranges::nth_element(times, times.begin() + 10);
  EXPECT_LT(times[10], milliseconds{125}) << "half of the period";
}

// Each member says the next message when the last one is saved. The times of each size are printed;
// they are not compared, since other tests run beside this one.
TEST_F(SavedTest, ManyMembersThatAskWithoutPauseLoseNothing) {
  DaemonUnderTest daemon{{.config = "limits.messages_per_second = 0\n"
                                    "limits.sessions_per_address = 0\n"
                                    "limits.sessions = 2000\n"}};
  for (const std::size_t size : {std::size_t{1}, std::size_t{200}}) {
    NativeCrowd crowd{daemon.endpoint(),
                      {.size = size,
                       .prefix = std::to_string(size) + "m",
                       .keeps_lines = false,
                       .wants_saved = true}};
    ASSERT_TRUE(crowd.enter());
    std::vector<MonoTime> said(size);
    std::vector<MonoTime::duration> times;
    const std::size_t enough = std::max<std::size_t>(200, 3 * size);
    std::vector<std::size_t> to_say;
    crowd.on_event = [&](std::size_t member, const client::Event& event) {
      const auto* const saved = std::get_if<client::Saved>(&event);
      if (saved == nullptr) return;
      EXPECT_EQ(saved->state, wire::Reason::done);
      times.push_back(mono_now() - said[member]);
      to_say.push_back(member);
    };
    for (std::size_t member = 0; member < size; ++member) to_say.push_back(member);
    EXPECT_TRUE(crowd.pump_until([&] {
      for (const std::size_t member : std::exchange(to_say, {})) {
        said[member] = mono_now();
        crowd.say(member, "hello");
      }
      return times.size() >= enough;
    }));
    std::ranges::sort(times);
    std::cout << size << " members: p50 " << times[times.size() / 2] / milliseconds{1}
              << " ms, p99 " << times[times.size() * 99 / 100] / milliseconds{1} << " ms\n";
  }
  EXPECT_EQ(daemon.ctl_json({"archive"}).at("gaps"), 0);
}

}  // namespace
}  // namespace chatd::test

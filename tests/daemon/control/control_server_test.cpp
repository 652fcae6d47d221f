// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/control/control_server.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/log.hpp"
#include "common/io/unix_socket.hpp"
#include "tests/daemon/control/fake_host.hpp"
#include "tests/daemon/control/fixture.hpp"

namespace chatd::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ControlServerTest : public ::testing::Test {
 protected:
  ControlServerTest() {
    std::string pattern = ::testing::TempDir() + "chatd-control-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    path_ = directory_ + "/control.sock";
    listener_ = io::listen_unix(path_).value();
  }
  ~ControlServerTest() override {
    server_.reset();
    std::filesystem::remove_all(directory_);
  }

  void serve(ControlLimits limits = {}) {
    server_ = ControlServer::create(listener_.get(), loop_, host_.handlers, limits).value();
  }
  TestCaller connect() { return {loop_, io::connect_unix(path_, seconds{10}).value()}; }
  bool has_connections(std::size_t count) {
    return run_until(loop_, [&] { return server_->connections() == count; });
  }

  std::string directory_;
  std::string path_;
  io::EventLoop loop_ = io::EventLoop::create().value();
  FakeHost host_;
  UniqueFd listener_;
  std::unique_ptr<ControlServer> server_;
};

TEST_F(ControlServerTest, ACallerIsAnsweredWhileAnotherWaits) {
  serve();
  TestCaller first = connect();
  TestCaller second = connect();
  ASSERT_TRUE(first.say("{\"verb\":\"reload\"}\n"));  // has to wait
  EXPECT_EQ(second.ask(kPing), kPong);
  host_.finish_reload();
  EXPECT_NE(first.reply().find("log.level"), std::string::npos);
}

TEST_F(ControlServerTest, TheCallerIsTheProcessThatConnected) {
  class Sink final : public LogSink {
   public:
    explicit Sink(std::string& uid, std::string& pid) : uid_{uid}, pid_{pid} {}
    void write(const LogRecord& record) noexcept override {
      for (const LogField& field : record.fields) {
        if (field.name == "CHATD_UID") uid_ = field.value;
        if (field.name == "CHATD_PID") pid_ = field.value;
      }
    }

   private:
    std::string& uid_;
    std::string& pid_;
  };
  std::string uid;
  std::string pid;
  set_log_sink(std::make_unique<Sink>(uid, pid));
  serve();
  connect().ask(R"({"verb":"kick","args":["ada"]})");
  set_log_sink(nullptr);
  EXPECT_EQ(uid, std::to_string(::geteuid()));
  EXPECT_EQ(pid, std::to_string(::getpid()));
}

TEST_F(ControlServerTest, OneConnectionTooManyGetsBusy) {
  serve({.connections = 2, .kept = 0});
  TestCaller first = connect();
  TestCaller second = connect();
  ASSERT_TRUE(has_connections(2));
  TestCaller third = connect();
  EXPECT_NE(third.reply().find("\"busy\""), std::string::npos);
  EXPECT_TRUE(third.hangs_up());
  EXPECT_EQ(first.ask(kPing), kPong);

  first.leave();
  ASSERT_TRUE(has_connections(1));
  EXPECT_EQ(connect().ask(kPing), kPong);
}

TEST_F(ControlServerTest, PlacesAreReservedForRootAndTheDaemonsOwnUser) {
  serve({.connections = 4, .kept = 2, .of_one_user = 1});
  const uid_t ours = ::geteuid();
  const uid_t others = ours + 1;
  EXPECT_EQ(server_->why_full_for(others), "");
  TestCaller first = connect();
  TestCaller second = connect();
  ASSERT_TRUE(has_connections(2));
  EXPECT_EQ(server_->why_full_for(others), "too many control connections");
  EXPECT_EQ(server_->why_full_for(ours), "");
  EXPECT_EQ(server_->why_full_for(0), "");
  TestCaller third = connect();
  TestCaller fourth = connect();
  ASSERT_TRUE(has_connections(4));
  EXPECT_EQ(server_->why_full_for(ours), "too many control connections");
}

// The child gives up root, takes all the places that it can, and holds them until it is told.
void hold_places_as(uid_t user, const std::string& path, std::size_t places, int said, int told) {
  std::vector<UniqueFd> held;
  if (::setresuid(user, user, user) != 0) ::_exit(1);
  while (held.size() < places) {
    auto fd = io::connect_unix(path, seconds{60});
    if (!fd) ::_exit(2);
    held.push_back(std::move(*fd));
  }
  char end = 0;
  ::_exit(::write(said, "x", 1) == 1 && ::read(told, &end, 1) == 0 ? 0 : 3);
}

TEST_F(ControlServerTest, AnotherUserHasALimitAndRootIsStillServed) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  constexpr uid_t kOther = 65534;
  constexpr std::size_t kLimit = ControlLimits{}.of_one_user;
  serve();
  ASSERT_EQ(::chmod(directory_.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path_.c_str(), 0666), 0);
  std::array<int, 2> said{};
  std::array<int, 2> told{};
  ASSERT_EQ(::pipe2(said.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(told.data(), O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(told[1]);
    hold_places_as(kOther, path_, 2 * kLimit, said[1], told[0]);
  }
  ::close(said[1]);
  ::close(told[0]);
  char all = 0;
  ASSERT_EQ(::read(said[0], &all, 1), 1);
  EXPECT_TRUE(has_connections(kLimit));
  EXPECT_EQ(connect().ask(kPing), kPong) << "it came behind all the others";
  EXPECT_TRUE(has_connections(kLimit));
  EXPECT_EQ(server_->why_full_for(kOther), "too many control connections of this user");
  EXPECT_EQ(server_->why_full_for(kOther + 1), "") << "another one's places are free";
  ::close(told[1]);
  ::close(said[0]);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(has_connections(0));
}

TEST_F(ControlServerTest, AConnectionThatEndsIsForgotten) {
  serve({.timeout = milliseconds{20}});
  TestCaller idle = connect();
  connect().ask(kPing);
  EXPECT_TRUE(has_connections(0));
}

TEST_F(ControlServerTest, WaitsWhenNoDescriptorIsLeft) {
  serve();
  // The sanitizer checks the types of objects by means of a pipe when it first sees them: now.
  TestCaller first = connect();
  EXPECT_EQ(first.ask(kPing), kPong);
  TestCaller caller = connect();  // queued, not accepted yet
  int warnings = 0;
  class Sink final : public LogSink {
   public:
    explicit Sink(int& count) : count_{count} {}
    void write(const LogRecord& /*record*/) noexcept override { ++count_; }

   private:
    int& count_;
  };
  set_log_sink(std::make_unique<Sink>(warnings));
  log(LogLevel::warning, "the last one with a descriptor");

  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const UniqueFd next{::dup(0)};  // the lowest free number, now taken
  const rlimit none{.rlim_cur = static_cast<rlim_t>(next.get()) + 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(run_until(loop_, [&] { return warnings > 1; }));
  auto a_while = loop_.after(milliseconds{50}, [this] { loop_.stop(); });
  ASSERT_TRUE(loop_.run());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  set_log_sink(nullptr);
  EXPECT_EQ(warnings, 2);
  EXPECT_EQ(caller.ask(kPing), kPong);
}

TEST_F(ControlServerTest, DrainingWithoutConnectionsCallsBackFromTheLoop) {
  serve();
  bool done = false;
  server_->drain(seconds{30}, [&] { done = true; });
  EXPECT_FALSE(done);
  EXPECT_TRUE(run_until(loop_, [&] { return done; }));
}

TEST_F(ControlServerTest, DrainingWritesTheReplyToStop) {
  serve();
  bool done = false;
  host_.on_stop = [&] {
    server_->drain(seconds{30}, [&] {
      done = true;
      server_.reset();  // as the process's end does
    });
  };
  TestCaller idle = connect();
  TestCaller caller = connect();
  EXPECT_EQ(caller.ask(R"({"verb":"stop"})"), R"({"schema":1,"ok":true,"result":{"pid":4711}})");
  EXPECT_TRUE(caller.hangs_up());
  EXPECT_TRUE(idle.hangs_up());
  EXPECT_TRUE(run_until(loop_, [&] { return done; }));
}

TEST_F(ControlServerTest, DrainingTakesNoNewConnection) {
  serve();
  bool done = false;
  server_->drain(seconds{30}, [&] { done = true; });
  TestCaller late = connect();
  ASSERT_TRUE(run_until(loop_, [&] { return done; }));
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(ControlServerTest, DrainingEndsAtItsDeadline) {
  host_.users.users.assign(20'000, wire::UserRow{.name = std::string(64, 'n')});
  serve();
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"users\"}\n"));  // and never reads
  ASSERT_TRUE(has_connections(1));
  TestCaller waiting = connect();
  ASSERT_TRUE(waiting.say("{\"verb\":\"reload\"}\n"));
  ASSERT_TRUE(run_until(loop_, [this] { return host_.reload_done != nullptr; }));
  int done = 0;
  server_->drain(milliseconds{20}, [&] { ++done; });
  EXPECT_TRUE(run_until(loop_, [&] { return done > 0; }));
  EXPECT_EQ(server_->connections(), 0U);
  host_.finish_reload();
  EXPECT_EQ(done, 1);
}

TEST_F(ControlServerTest, ALateAnswerAfterTheServersEndIsHarmless) {
  serve();
  TestCaller caller = connect();
  ASSERT_TRUE(caller.say("{\"verb\":\"reload\"}\n"));
  ASSERT_TRUE(run_until(loop_, [this] { return host_.reload_done != nullptr; }));
  server_.reset();
  host_.finish_reload();
  EXPECT_TRUE(caller.hangs_up());
}

}  // namespace
}  // namespace chatd::control

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/gateway.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "common/io/udp_socket.hpp"
#include "common/io/unix_socket.hpp"
#include "common/process/process.hpp"
#include "daemon/state/rule_table.hpp"
#include "daemon/sys/channel.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::gateway {
namespace {

using state::RecordKind;

// A gateway in a process of its own, as the supervisor starts it. No worker listens: what it
// appends is read from the log.
class GatewayTest : public test::StateFixture {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(start()); }

  void start() {
    auto ends = process::make_pipe().value();
    channel_.emplace(std::move(ends.first));
    process_ = std::make_unique<process::Process>(
        [this, &theirs = ends.second] {
          channel_->close();  // or the end of the test's own end would go unseen
          return run({.state = region_.get(),
                      .keys = key_region_.get(),
                      .control = control_.get(),
                      .sockets = {{.fd = socket_.get(), .where = server_}},
                      .page = {},
                      .page_problem = {},
                      .row = 0,
                      .processes = {{.role = roles::kGateway},
                                    {.role = roles::kWorker, .row = 1, .bell = bell_.get()}},
                      .supervisor = &theirs,
                      .supervisor_pid = ::getppid(),
                      .config = &config_,
                      .config_file = "",
                      .language = wire::Language::en,
                      .identity = {},
                      .persons = {},
                      .certificate = {},
                      .password = {}});
        },
        process::ProcessOptions{.name = "gateway", .daemon = true});
    ASSERT_TRUE(process_->start());
    ASSERT_TRUE(hears<sys::Ready>());
  }

  template <class Message>
  bool hears() {
    return test::eventually([&] {
      const auto message = sys::receive_from_child(*channel_);
      return message && *message && std::holds_alternative<Message>(**message);
    });
  }
  void say(const sys::ToChild& message) { ASSERT_TRUE(sys::send(*channel_, message)); }
  void expect_clean_end() {
    ASSERT_TRUE(process_->join(test::kGenerous).value());
    EXPECT_TRUE(process_->exit_status()->succeeded());
  }

  config::Config config_;
  test::TempDir directory_;
  UniqueFd socket_ = io::open_udp_socket(test::endpoint("127.0.0.1:0")).value();
  Endpoint server_ = io::local_endpoint(socket_.get()).value();
  UniqueFd control_ = io::listen_unix(directory_.path() + "/control").value();
  UniqueFd bell_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  std::optional<process::PipeEnd> channel_;
  std::unique_ptr<process::Process> process_;
};

TEST_F(GatewayTest, TakesDatagramsInAndAppendsWhatTheySay) {
  test::UdpClient client;
  client.send(server_, "L ada");
  ASSERT_EQ(client.next(), "OK");
  client.send(server_, "C hello");
  client.send(server_, "Q");
  ASSERT_EQ(client.next(), "EXIT");
  const auto records = test::records_of(state_);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].kind, RecordKind::join);
  EXPECT_EQ(records[1].kind, RecordKind::say);
  EXPECT_EQ(records[1].text, "hello");
  EXPECT_EQ(records[2].kind, RecordKind::leave);
}

TEST_F(GatewayTest, DropsWhatIsNoProtocolOfOursWithoutAWord) {
  test::UdpClient client;
  for (const std::string_view bytes : {"hello", "", "\x80\x01", "你好"})
    client.send(server_, bytes);
  client.send(server_, "L ada");
  EXPECT_EQ(client.next(), "OK");  // the first answer of all
  EXPECT_EQ(state_.counters().datagrams_dropped_malformed.load(), 4U);
}

TEST_F(GatewayTest, AMemberOfAKilledPredecessorGoesOnTalking) {
  test::UdpClient client;
  client.send(server_, "L ada");
  ASSERT_EQ(client.next(), "OK");
  ASSERT_TRUE(process_->kill());
  ASSERT_TRUE(process_->join().value());
  client.send(server_, "C waits in the socket");
  ASSERT_NO_FATAL_FAILURE(start());
  client.send(server_, "Q");
  auto answer = client.next();
  // Killed before it noted that it had said so, it says so again.
  if (answer == "OK") answer = client.next();
  EXPECT_EQ(answer, "EXIT");
  const auto records = test::records_of(state_);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].text, "waits in the socket");
}

// The predecessor was killed between a ban of the server and the end of the session.
TEST_F(GatewayTest, AMemberThatAKilledPredecessorBannedIsRemovedAtTheStart) {
  test::UdpClient client;
  client.send(server_, "L ada");
  ASSERT_EQ(client.next(), "OK");
  ASSERT_TRUE(process_->kill());
  ASSERT_TRUE(process_->join().value());
  state::RuleTable rules{state_};
  rules.make(state::RuleIndex{rules.used()}, {.kind = state::RuleKind::ban,
                                              .target = state::RuleTarget::name,
                                              .name = "ada",
                                              .reason = "noise"});
  ASSERT_NO_FATAL_FAILURE(start());
  auto answer = client.next();
  if (answer == "OK") answer = client.next();
  EXPECT_NE(answer.find("banned: noise"), std::string::npos) << answer;
  const auto records = test::records_of(state_);
  EXPECT_EQ(records.back().kind, RecordKind::kick);
  EXPECT_EQ(records.back().name, "ada");
  EXPECT_EQ(client.next(), "EXIT");
  client.send(server_, "C still here");
  EXPECT_TRUE(client.next().starts_with("You are not in the room."));
  client.send(server_, "L ada");
  EXPECT_EQ(client.next(), "banned: noise");
  EXPECT_EQ(test::records_of(state_).size(), records.size());
}

TEST_F(GatewayTest, AfterAReloadItEndsAndLeavesNewDatagramsToItsSuccessor) {
  test::UdpClient client;
  client.send(server_, "L ada");
  ASSERT_EQ(client.next(), "OK");
  ASSERT_NO_FATAL_FAILURE(say(sys::Reloaded{}));
  ASSERT_NO_FATAL_FAILURE(expect_clean_end());
  client.send(server_, "C for the successor");
  EXPECT_EQ(test::records_of(state_).size(), 1U);
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_TRUE(test::eventually([this] { return test::records_of(state_).size() == 2U; }));
}

TEST_F(GatewayTest, AtTheStopItSaysGoodbyeToEveryMember) {
  test::UdpClient client;
  client.send(server_, "L ada");
  ASSERT_EQ(client.next(), "OK");
  ASSERT_NO_FATAL_FAILURE(say(sys::Quiesce{}));
  ASSERT_TRUE(hears<sys::Quiescent>());
  client.send(server_, "C too late");
  ASSERT_NO_FATAL_FAILURE(say(sys::Goodbye{}));
  ASSERT_NO_FATAL_FAILURE(expect_clean_end());
  EXPECT_NE(client.next().find("stopping"), std::string::npos);
  EXPECT_EQ(client.next(), "EXIT");
  EXPECT_EQ(test::records_of(state_).size(), 1U);
}

TEST_F(GatewayTest, EndsWhenItsSupervisorIsGone) {
  channel_->close();
  ASSERT_NO_FATAL_FAILURE(expect_clean_end());
}

}  // namespace
}  // namespace chatd::gateway

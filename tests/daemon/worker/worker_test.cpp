// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/worker/worker.hpp"

#include <sys/eventfd.h>

#include <csignal>

#include <gtest/gtest.h>

#include "common/io/udp_socket.hpp"
#include "common/process/process.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/session_table.hpp"
#include "daemon/state/wake.hpp"
#include "daemon/sys/channel.hpp"
#include "daemon/worker/fan_out.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::worker {
namespace {

using state::RecordKind;

// A worker in a separate process, as the supervisor starts it.
class WorkerTest : public test::StateFixture {
 protected:
  using test::StateFixture::StateFixture;
  void SetUp() override {
    start();
    ASSERT_TRUE(test::eventually([this] { return is_ready(); }));
  }

  void start() {
    auto ends = process::make_pipe().value();
    channel_.emplace(std::move(ends.first));
    process_ = std::make_unique<process::Process>(
        [this, &theirs = ends.second] {
          return run({.index = 0,
                      .row = 1,
                      .workers = 1,
                      .state = region_.get(),
                      .keys = key_region_.get(),
                      .bell = bell_.get(),
                      .sockets = {socket_.get()},
                      .supervisor = &theirs,
                      .language = wire::Language::en,
                      .unproved_bytes_per_second = 0});
        },
        process::ProcessOptions{.name = "worker", .daemon = true});
    ASSERT_TRUE(process_->start());
  }

  bool is_ready() {
    const auto message = sys::receive_from_child(*channel_);
    return message && *message && std::holds_alternative<sys::Ready>(**message);
  }

  void join(std::uint32_t slot, const test::UdpClient& client) {
    sessions_.open(state::Slot{slot}, {.delivery = test::delivery_to(client.endpoint()),
                                       .name = "ada",
                                       .log_tail = log_.tail(),
                                       .joined = {},
                                       .now = {}});
    sessions_.activate(state::Slot{slot});
  }

  void announce(std::string_view text) {
    log_.append({.kind = RecordKind::announce, .sender = {}, .name = {}, .text = text, .time = {}});
    state::ring_bell(state_.process(1), bell_.get());
  }

  UniqueFd socket_ = io::open_udp_socket(test::endpoint("127.0.0.1:0")).value();
  UniqueFd bell_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  state::SessionTable sessions_{state_};
  state::RoomLog log_{state_};
  std::optional<process::PipeEnd> channel_;
  std::unique_ptr<process::Process> process_;
};

TEST_F(WorkerTest, WakesUpForTheBellAndDelivers) {
  test::UdpClient client;
  join(0, client);
  announce("hello");
  EXPECT_EQ(client.next(), "[admin] hello");
  announce("again");
  EXPECT_EQ(client.next(), "[admin] again");
}

TEST_F(WorkerTest, DeliversWhatADeadPredecessorLeft) {
  test::UdpClient client;
  join(0, client);
  ASSERT_TRUE(process_->kill());
  ASSERT_TRUE(process_->join().value());
  announce("while nobody was there");
  start();
  EXPECT_EQ(client.next(), "[admin] while nobody was there");
}

TEST_F(WorkerTest, SigtermBringsMembersUpToDateFirst) {
  test::UdpClient client;
  join(0, client);
  ASSERT_TRUE(process_->send_signal(SIGSTOP));
  announce("the last word");
  ASSERT_TRUE(process_->terminate());
  ASSERT_TRUE(process_->send_signal(SIGCONT));
  ASSERT_TRUE(process_->join(test::kGenerous).value());
  EXPECT_TRUE(process_->exit_status()->succeeded());
  EXPECT_EQ(client.next(), "[admin] the last word");
}

TEST_F(WorkerTest, AnIdleWorkerHasAHeartbeat) {
  const auto beats = [this] { return state_.process(1).heartbeat.load(); };
  const auto before = beats();
  EXPECT_TRUE(test::eventually([&] { return beats() > before + 1; }));
}

// A room in which joins are coalesced.
class WorkerInABigRoomTest : public WorkerTest {
 protected:
  WorkerInABigRoomTest()
      : WorkerTest{{.sessions = 1 + FanOut::kManyMembers, .ring_bytes = 65536}} {}
  void SetUp() override {
    WorkerTest::SetUp();
    const test::UdpClient nowhere;
    for (std::uint32_t slot = 1; slot <= FanOut::kManyMembers; ++slot) {
      const auto there =
          test::delivery_to(nowhere.endpoint(), false, 7);  // a socket that is no more
      sessions_.open(state::Slot{slot},
                     {.delivery = there, .name = "m", .log_tail = 0, .joined = {}, .now = {}});
      sessions_.activate(state::Slot{slot});
    }
    join(0, client_);
    announce("hello");
    ASSERT_EQ(client_.next(), "[admin] hello");
  }
  // Its join is the only new record.
  void tell_of(std::string_view name) {
    log_.append({.kind = RecordKind::join, .sender = {}, .name = name, .text = {}, .time = {}});
    state::ring_bell(state_.process(1), bell_.get());
  }
  test::UdpClient client_;
};

TEST_F(WorkerInABigRoomTest, SendsCoalescedRecordsWithoutANewRecord) {
  tell_of("bob");
  EXPECT_EQ(client_.next(), "bob joined the chat");
}

TEST_F(WorkerInABigRoomTest, SigtermSendsCoalescedRecordsAtOnce) {
  tell_of("bob");
  ASSERT_TRUE(process_->terminate());
  ASSERT_TRUE(process_->join(test::kGenerous).value());
  EXPECT_EQ(client_.next(), "bob joined the chat");
}

}  // namespace
}  // namespace chatd::worker

// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/io/datagram_batch.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <set>

#include <gmock/gmock.h>

#include "common/io/udp_socket.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace {

// The errors that the next calls return before they send anything, as for a pending ICMP report of
// another process's send.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::vector<int> errors_to_come;

}  // namespace

extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  if (!errors_to_come.empty()) {
    errno = errors_to_come.back();
    errors_to_come.pop_back();
    return -1;
  }
  return static_cast<int>(::syscall(SYS_sendmmsg, fd, messages, count, flags));
}

namespace chatd::io {
namespace {

using test::endpoint;
using test::UdpClient;

class DatagramBatchTest : public ::testing::Test {
 protected:
  void TearDown() override { errors_to_come.clear(); }

  static Endpoint at(std::string_view address, int fd) {
    return {.address = parse_address(address).value(), .port = local_endpoint(fd).value().port};
  }
  std::span<const Datagram> receive(int fd) {
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, 10'000), 1);
    return reader_.receive(fd);
  }
  static std::string text(const Datagram& datagram) {
    return {reinterpret_cast<const char*>(datagram.bytes.data()), datagram.bytes.size()};
  }

  DatagramReader reader_{4, 16};
  DatagramWriter writer_{4};
  UniqueFd server_{open_udp_socket(endpoint("127.0.0.1:0")).value()};
  UdpClient ada_;
  UdpClient bob_;
};

TEST_F(DatagramBatchTest, NothingToReadIsEmpty) {
  EXPECT_TRUE(reader_.receive(server_.get()).empty());
}

TEST_F(DatagramBatchTest, ReadsInOrderAndNamesTheSenders) {
  const Endpoint server = local_endpoint(server_.get()).value();
  for (const char* text : {"1", "2", "3"}) ada_.send(server, text);
  bob_.send(server, "4");
  ada_.send(server, "5");
  const auto first = receive(server_.get());
  ASSERT_EQ(first.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(text(first[i]), std::to_string(i + 1));
    EXPECT_EQ(first[i].from, (i == 3 ? bob_ : ada_).endpoint());
    EXPECT_EQ(first[i].to, server.address);
  }
  const auto second = receive(server_.get());
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(text(second[0]), "5");
}

TEST_F(DatagramBatchTest, ReportsTheFullSizeOfACutDatagram) {
  const Endpoint server = local_endpoint(server_.get()).value();
  ada_.send(server, std::string(16, 'x'));
  ada_.send(server, std::string(3000, 'y'));
  ada_.send(server, "");
  std::vector<Datagram> all;
  while (all.size() < 3) {
    for (const auto& datagram : receive(server_.get())) all.push_back(datagram);
  }
  EXPECT_EQ(all[0].full_size, 16U);
  EXPECT_EQ(all[0].bytes.size(), 16U);
  EXPECT_EQ(all[1].full_size, 3000U);
  EXPECT_EQ(all[1].bytes.size(), 16U);
  EXPECT_EQ(all[2].full_size, 0U);
}

TEST_F(DatagramBatchTest, AReplyLeavesFromTheAddressThatTheClientUsed) {
  struct Case {
    const char* bound;
    const char* client;
    const char* used;
  };
  for (const auto& [bound, client, used] :
       {Case{"0.0.0.0:0", "127.0.0.1", "127.0.0.2"}, Case{"0.0.0.0:0", "127.0.0.1", "127.0.0.1"},
        Case{"[::]:0", "::1", "::1"}, Case{"[::1]:0", "::1", "::1"}}) {
    SCOPED_TRACE(used);
    const UniqueFd server = open_udp_socket(endpoint(bound)).value();
    UdpClient member{client};
    const Endpoint where = at(used, server.get());
    member.send(where, "L ada");
    const auto datagrams = receive(server.get());
    ASSERT_EQ(datagrams.size(), 1U);
    EXPECT_EQ(datagrams[0].to, where.address);

    writer_.clear();
    constexpr std::string_view kReply = "OK";
    writer_.add(datagrams[0].from, datagrams[0].to, kReply);
    EXPECT_EQ(writer_.send(server.get()).done, 1U);
    const auto reply = member.receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->bytes, "OK");
    EXPECT_EQ(reply->from, where);
  }
}

TEST_F(DatagramBatchTest, SendsInOrderAndCanBeFilledAgain) {
  constexpr std::string_view kTexts = "abcdefgh";
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_FALSE(writer_.is_full());
      writer_.add(ada_.endpoint(), {}, kTexts.substr(static_cast<std::size_t>(round) * 4 + i, 1));
    }
    EXPECT_TRUE(writer_.is_full());
    const auto outcome = writer_.send(server_.get());
    EXPECT_EQ(outcome.done, 4U);
    EXPECT_EQ(outcome.failed, 0U);
    EXPECT_FALSE(outcome.would_block);
    writer_.clear();
    EXPECT_EQ(writer_.size(), 0U);
  }
  std::string got;
  for (const auto& datagram : ada_.drain()) got += datagram;
  EXPECT_EQ(got, kTexts);
}

TEST_F(DatagramBatchTest, AFailedDatagramIsCountedAndTheOthersAreSent) {
  const std::string too_long(70'000, 'x');
  writer_.add(ada_.endpoint(), {}, std::string_view{"1"});
  writer_.add(ada_.endpoint(), {}, too_long);
  writer_.add(endpoint("[::1]:9"), {}, std::string_view{"wrong family"});
  writer_.add(ada_.endpoint(), {}, std::string_view{"2"});
  const auto outcome = writer_.send(server_.get());
  EXPECT_EQ(outcome.done, 4U);
  EXPECT_EQ(outcome.failed, 2U);
  EXPECT_EQ(ada_.drain(), (std::vector<std::string>{"1", "2"}));
}

// Several processes send through one socket, and each report of a closed port is returned to the
// process that sends next.
TEST_F(DatagramBatchTest, ReportsOfClosedPortsLoseNoOtherDatagram) {
  errors_to_come.assign(20, ECONNREFUSED);
  writer_.add(ada_.endpoint(), {}, std::string_view{"hello"});
  const auto outcome = writer_.send(server_.get());
  EXPECT_EQ(outcome.done, 1U);
  EXPECT_EQ(outcome.failed, 0U);
  EXPECT_EQ(ada_.next(), "hello");
}

TEST_F(DatagramBatchTest, EndlessErrorsDoNotBlockIt) {
  errors_to_come.assign(100'000, ECONNREFUSED);
  writer_.add(ada_.endpoint(), {}, std::string_view{"hello"});
  const auto outcome = writer_.send(server_.get());
  EXPECT_EQ(outcome.failed, 1U);
  EXPECT_GT(errors_to_come.size(), 99'000U);
}

TEST_F(DatagramBatchTest, StopsWhereTheSocketIsFull) {
  errors_to_come = {EAGAIN};
  writer_.add(ada_.endpoint(), {}, std::string_view{"hello"});
  const auto outcome = writer_.send(server_.get());
  EXPECT_EQ(outcome.done, 0U);
  EXPECT_TRUE(outcome.would_block);
  EXPECT_EQ(writer_.size(), 1U);  // still there for the next attempt
  EXPECT_EQ(writer_.send(server_.get()).done, 1U);
}

class DatagramRunTest : public DatagramBatchTest {
 protected:
  // Adds a run for ada between two plain datagrams.
  void send_all() {
    writer_.add(bob_.endpoint(), {}, std::string_view{"before"});
    writer_.add_run(ada_.endpoint(), parse_address("127.0.0.1").value(),
                    std::as_bytes(std::span{run_}), 4);
    writer_.add(bob_.endpoint(), {}, std::string_view{"after"});
    const auto outcome = writer_.send(server_.get());
    EXPECT_EQ(outcome.done, 3U);
    EXPECT_EQ(outcome.failed, 0U);
    writer_.clear();
    EXPECT_THAT(ada_.drain(), ::testing::ElementsAre("aaaa", "bbbb", "cc"));
    EXPECT_THAT(bob_.drain(), ::testing::ElementsAre("before", "after"));
  }
  std::string run_{"aaaabbbbcc"};
};

TEST_F(DatagramRunTest, IsSplitByTheKernel) { send_all(); }

TEST_F(DatagramRunTest, IsSplitHereIfTheKernelCannot) {
  for (const int error : {EIO, EINVAL}) {
    DatagramWriter fresh{4};
    std::swap(writer_, fresh);
    // The first entry is sent; the run is refused.
    writer_.add_run(ada_.endpoint(), {}, std::as_bytes(std::span{run_}), 4);
    errors_to_come = {error};
    EXPECT_EQ(writer_.send(server_.get()).done, 1U);
    writer_.clear();
    EXPECT_THAT(ada_.drain(), ::testing::ElementsAre("aaaa", "bbbb", "cc"));
    send_all();  // the kernel is not tried again
  }
}

TEST_F(DatagramRunTest, IsSplitOnReceiveIfTheKernelDeliversItWhole) {
  receive_runs(ada_.fd());
  writer_.add_run(ada_.endpoint(), {}, std::as_bytes(std::span{run_}), 4);
  writer_.add(ada_.endpoint(), {}, std::string_view{"alone"});
  EXPECT_EQ(writer_.send(server_.get()).done, 2U);
  std::vector<std::string> all;
  DatagramReader reader{4, 65536};
  for (int calls = 0; calls < 4 && all.size() < 4; ++calls) {
    for (const Datagram& datagram : reader.receive(ada_.fd())) {
      EXPECT_EQ(datagram.full_size, datagram.bytes.size());
      EXPECT_EQ(datagram.from, local_endpoint(server_.get()).value());
      all.push_back(text(datagram));
    }
  }
  EXPECT_THAT(all, ::testing::ElementsAre("aaaa", "bbbb", "cc", "alone"));
}

TEST_F(DatagramRunTest, OfOneDatagramIsNoRun) {
  writer_.add_run(ada_.endpoint(), {}, std::as_bytes(std::span{run_}), 1200);
  EXPECT_EQ(writer_.send(server_.get()).done, 1U);
  EXPECT_EQ(ada_.next(), run_);
}

TEST_F(DatagramBatchTest, AReportOfAClosedPortDoesNotHideReceivedDatagrams) {
  UdpClient gone;
  gone.close();
  writer_.add(gone.endpoint(), {}, std::string_view{"x"});
  EXPECT_EQ(writer_.send(server_.get()).done, 1U);
  pollfd report{.fd = server_.get(), .events = 0, .revents = 0};
  ASSERT_EQ(::poll(&report, 1, 10'000), 1);
  ada_.send(local_endpoint(server_.get()).value(), "hello");
  const auto datagrams = receive(server_.get());
  ASSERT_EQ(datagrams.size(), 1U);
  EXPECT_EQ(text(datagrams[0]), "hello");
}

}  // namespace
}  // namespace chatd::io

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/listen_fds.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/address.hpp"
#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using ::testing::HasSubstr;

UniqueFd make_socket(int family, int type) { return UniqueFd{::socket(family, type, 0)}; }

UniqueFd make_control(const std::string& path) {
  UniqueFd fd = make_socket(AF_UNIX, SOCK_STREAM);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(&address.sun_path[0], path.c_str(), sizeof address.sun_path - 1);
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(fd.get(), 5), 0);
  return fd;
}

// Takes the sockets in a child that is set up as systemd does it; prints what it got or the error.
std::string taken_by_service(const std::vector<int>& sockets, const char* names) {
  const auto end = test::run_in_child([&] {
    // First moved away: a socket of the test may already have one of the numbers.
    std::vector<int> aside;
    for (const int fd : sockets) aside.push_back(::fcntl(fd, F_DUPFD, 100));
    for (std::size_t i = 0; i < aside.size(); ++i) ::dup2(aside[i], 3 + static_cast<int>(i));
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
    if (names != nullptr) ::setenv("LISTEN_FDNAMES", names, 1);

    auto taken = take_listen_fds();
    std::string said;
    if (taken) {
      for (const auto& fd : taken->udp) said += "udp " + std::to_string(fd.get()) + "\n";
      for (const auto& fd : taken->web) said += "web " + std::to_string(fd.get()) + "\n";
      const int control = taken->control.get();
      if (control < 0) {
        said += "no control\n";
      } else {
        said += "control " + std::to_string(control) + "\n";
        if ((::fcntl(control, F_GETFL) & O_NONBLOCK) == 0) said += "which blocks\n";
        if (::fcntl(control, F_GETFD) != FD_CLOEXEC) said += "which passes through exec\n";
      }
    } else {
      said = taken.error().message();
    }
    return ::write(STDERR_FILENO, said.data(), said.size()) < 0 ? 1 : 0;
  });
  return end.said;
}

class ListenFdsTest : public ::testing::Test {
 protected:
  test::TempDir directory_;
  UniqueFd control_ = make_control(directory_ / "control.sock");
  UniqueFd udp4_ = make_socket(AF_INET, SOCK_DGRAM);
  UniqueFd udp6_ = make_socket(AF_INET6, SOCK_DGRAM);
};

TEST_F(ListenFdsTest, AreIdentifiedByNameInAnyOrder) {
  EXPECT_EQ(taken_by_service({udp4_.get(), control_.get()}, "udp:control"), "udp 3\ncontrol 4\n");
  EXPECT_EQ(taken_by_service({control_.get(), udp4_.get(), udp6_.get()}, "control:udp:udp"),
            "udp 4\nudp 5\ncontrol 3\n");
}

// Binds a socket of `family` to loopback as systemd does it, with SO_REUSEADDR. 0, or the errno.
int bind_sharing(const UniqueFd& fd, sockaddr_storage& address, socklen_t length) {
  const int on = 1;
  EXPECT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
  return ::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), length) == 0 ? 0 : errno;
}

TEST_F(ListenFdsTest, AnotherProcessCannotBindAnAddressThatWasPassed) {
  for (const char* where : {"127.0.0.1:0", "0.0.0.0:0", "[::1]:0"}) {
    SCOPED_TRACE(where);
    const Endpoint endpoint = parse_endpoint(where).value();
    const int family = endpoint.address.is_v4() ? AF_INET : AF_INET6;
    const UniqueFd ours = make_socket(family, SOCK_DGRAM);
    sockaddr_storage address{};
    socklen_t length = to_sockaddr(endpoint, address);
    ASSERT_EQ(bind_sharing(ours, address, length), 0);
    ASSERT_EQ(::getsockname(ours.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
    EXPECT_EQ(taken_by_service({ours.get()}, "udp"), "udp 3\nno control\n");
    EXPECT_EQ(bind_sharing(make_socket(family, SOCK_DGRAM), address, length), EADDRINUSE);
    if (endpoint.address.is_wildcard()) {  // an address of it is taken, too
      Endpoint loopback = from_sockaddr(address);
      loopback.address = parse_endpoint("127.0.0.1:1").value().address;
      length = to_sockaddr(loopback, address);
      EXPECT_EQ(bind_sharing(make_socket(family, SOCK_DGRAM), address, length), EADDRINUSE);
    }
  }
}

TEST_F(ListenFdsTest, ThePageHasListeningTcpSockets) {
  const UniqueFd web = make_socket(AF_INET, SOCK_STREAM);
  EXPECT_THAT(taken_by_service({web.get()}, "web"), HasSubstr("ListenStream="));
  ASSERT_EQ(::listen(web.get(), 5), 0);
  EXPECT_EQ(taken_by_service({udp4_.get(), web.get(), control_.get()}, "udp:web:control"),
            "udp 3\nweb 4\ncontrol 5\n");
  EXPECT_THAT(taken_by_service({udp4_.get()}, "web"), HasSubstr("listening TCP socket"));
}

TEST_F(ListenFdsTest, EitherMayBeMissing) {
  EXPECT_EQ(taken_by_service({udp4_.get()}, "udp"), "udp 3\nno control\n");
  EXPECT_EQ(taken_by_service({control_.get()}, "control"), "control 3\n");
}

TEST_F(ListenFdsTest, NoneAreThereWithoutASocketUnit) {
  EXPECT_TRUE(test::true_in_child([] {
    ::unsetenv("LISTEN_FDS");
    const auto taken = take_listen_fds();
    return taken && taken->udp.empty() && !taken->control.is_open();
  }));
}

TEST_F(ListenFdsTest, ThoseForAnotherProcessAreNotTaken) {
  EXPECT_TRUE(test::true_in_child([] {
    ::setenv("LISTEN_PID", std::to_string(::getppid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "1", 1);
    const auto taken = take_listen_fds();
    return taken && taken->udp.empty() && !taken->control.is_open();
  }));
}

TEST_F(ListenFdsTest, AnUnknownNameIsAnErrorThatNamesIt) {
  const auto why = taken_by_service({udp4_.get(), udp6_.get()}, "udp:chat");
  EXPECT_THAT(why, HasSubstr("the socket \"chat\" passed by systemd: that name is unknown"));
  EXPECT_THAT(why, HasSubstr("FileDescriptorName=udp"));
  EXPECT_THAT(taken_by_service({udp4_.get()}, nullptr), HasSubstr("the socket \"unknown\""));
}

TEST_F(ListenFdsTest, AWrongTypeIsAnErrorThatSaysWhatTheUnitShouldSay) {
  const UniqueFd tcp = make_socket(AF_INET, SOCK_STREAM);
  const UniqueFd unix_datagram = make_socket(AF_UNIX, SOCK_DGRAM);
  const UniqueFd not_listening = make_socket(AF_UNIX, SOCK_STREAM);
  EXPECT_THAT(taken_by_service({tcp.get()}, "udp"), HasSubstr("use ListenDatagram="));
  EXPECT_THAT(taken_by_service({unix_datagram.get()}, "udp"), HasSubstr("use ListenDatagram="));
  EXPECT_THAT(taken_by_service({udp4_.get()}, "control"), HasSubstr("use ListenStream="));
  EXPECT_THAT(taken_by_service({not_listening.get()}, "control"), HasSubstr("use ListenStream="));
}

TEST_F(ListenFdsTest, TwoControlSocketsAreAnError) {
  const UniqueFd second = make_control(directory_ / "second.sock");
  EXPECT_THAT(taken_by_service({control_.get(), second.get()}, "control:control"),
              HasSubstr("only one can be used"));
}

TEST_F(ListenFdsTest, NonsenseInTheEnvironmentIsAnError) {
  EXPECT_THAT(taken_by_service({udp4_.get()}, "udp:control"), HasSubstr("$LISTEN_FDS"));
}

}  // namespace
}  // namespace chatd::sys

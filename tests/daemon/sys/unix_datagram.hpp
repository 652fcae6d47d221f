// SPDX-License-Identifier: GPL-3.0-or-later
// unix_datagram.hpp — a datagram socket at a path, as systemd's.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"

namespace chatd::sys::test {

class UnixDatagram {
 public:
  explicit UnixDatagram(const std::string& path)
      : fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    address_.sun_family = AF_UNIX;
    std::strncpy(&address_.sun_path[0], path.c_str(), sizeof address_.sun_path - 1);
    EXPECT_EQ(::bind(fd_.get(), generic(), sizeof address_), 0);
  }

  // The next datagram; waits for it for a limited time.
  [[nodiscard]] std::string receive() const {
    pollfd readable{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, 10'000) != 1) return "nothing came";
    std::array<char, 4096> text{};
    const ssize_t got = ::recv(fd_.get(), text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(got < 0 ? 0 : got)};
  }
  [[nodiscard]] bool has_datagram() const {
    char byte = 0;
    return ::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
  }
  [[nodiscard]] bool send_from(int fd, std::string_view text) const {
    return ::sendto(fd, text.data(), text.size(), 0, generic(), sizeof address_) >= 0;
  }

 private:
  [[nodiscard]] const sockaddr* generic() const {
    return reinterpret_cast<const sockaddr*>(&address_);
  }
  UniqueFd fd_;
  sockaddr_un address_{};
};

}  // namespace chatd::sys::test

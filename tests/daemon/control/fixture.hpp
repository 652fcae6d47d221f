// SPDX-License-Identifier: GPL-3.0-or-later
// fixture.hpp — an event loop that runs until something is true, and a caller on the other
// end of a Unix socket.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "common/io/event_loop.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::control {

// Runs the loop until `done` holds; false when it still does not after a generous while.
inline bool run_until(io::EventLoop& loop, const std::function<bool()>& done) {
  bool held = false;
  auto check = loop.every(std::chrono::milliseconds{1}, [&] {
    held = done();
    if (held) loop.stop();
  });
  auto limit = loop.after(test::kGenerous, [&] { loop.stop(); });
  EXPECT_TRUE(check && limit && loop.run());
  return held;
}

class TestCaller {
 public:
  TestCaller(io::EventLoop& loop, UniqueFd fd) : loop_{loop}, fd_{std::move(fd)} {}

  // False when the other end does not take all of it at once.
  bool say(std::string_view text) {
    return ::send(fd_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  // The next reply, without its newline; "" when the connection ends first.
  std::string reply() {
    run_until(loop_, [this] {
      read();
      return ended_ || heard_.find('\n') != std::string::npos;
    });
    const auto end = heard_.find('\n');
    if (end == std::string::npos) return "";
    std::string line = heard_.substr(0, end);
    heard_.erase(0, end + 1);
    return line;
  }
  std::string ask(std::string_view line) {
    EXPECT_TRUE(say(std::string{line} + '\n'));
    return reply();
  }
  // True if the server closes the connection without another byte.
  bool hangs_up() {
    return run_until(loop_,
                     [this] {
                       read();
                       return ended_;
                     }) &&
           heard_.empty();
  }
  void stop_talking() const { ::shutdown(fd_.get(), SHUT_WR); }
  void leave() { fd_.reset(); }
  // Everything that is there now.
  void read() {
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) {
        ended_ = true;
        return;
      }
      heard_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  [[nodiscard]] const std::string& heard() const { return heard_; }

 private:
  io::EventLoop& loop_;
  UniqueFd fd_;
  std::string heard_;
  bool ended_{false};
};

inline constexpr std::string_view kPing = R"({"verb":"ping"})";
inline constexpr std::string_view kPong = R"({"schema":1,"ok":true,"result":{}})";

}  // namespace chatd::control

// SPDX-License-Identifier: GPL-3.0-or-later
// fake_daemon.hpp — answers on a control socket as a test's script says, in a thread.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/unique_fd.hpp"
#include "common/io/unix_socket.hpp"

namespace chatd::ctl {

class FakeDaemon {
 public:
  // One request's line in, the bytes to answer out; none: keep the caller waiting.
  using Script = std::function<std::optional<std::string>(const std::string&)>;

  explicit FakeDaemon(Script script = nullptr) : script_{std::move(script)} {
    std::string pattern = ::testing::TempDir() + "chatd-ctl-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    listener_ = io::listen_unix(path()).value();
    thread_ = std::thread{[this] { serve(); }};
  }
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;
  ~FakeDaemon() {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(stop_.get(), &one, sizeof one), ssize_t{sizeof one});
    thread_.join();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::string path() const { return directory_ + "/control.sock"; }
  [[nodiscard]] const std::string& directory() const { return directory_; }
  // The requests so far.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

  // {"schema":1,"ok":true,"result":...}
  static std::string ok(const std::string& result) {
    return R"({"schema":1,"ok":true,"result":)" + result + "}\n";
  }
  static std::string error(const std::string& code, const std::string& message) {
    return R"({"schema":1,"ok":false,"error":{"code":")" + code + R"(","message":")" + message +
           "\"}}\n";
  }
  // From the script: the answer that is being given is the last one, as of a daemon that
  // ends. From now on every connection is refused.
  void end() {
    ending_ = true;
    listener_.reset();
  }

 private:
  void serve() {
    std::vector<UniqueFd> kept_waiting;
    while (!ending_) {
      std::array<pollfd, 2> fds{pollfd{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
      ::poll(fds.data(), fds.size(), -1);
      if (fds[0].revents != 0) return;
      UniqueFd caller{::accept(listener_.get(), nullptr, nullptr)};
      if (!caller.is_open()) continue;
      const std::string line = read_line(caller.get());
      const auto answer = script_ ? script_(line) : std::nullopt;
      if (answer) {
        ::send(caller.get(), answer->data(), answer->size(), MSG_NOSIGNAL);
      } else {
        kept_waiting.push_back(std::move(caller));
      }
    }
  }

  std::string read_line(int fd) {
    std::string line;
    for (char c = 0; ::recv(fd, &c, 1, 0) == 1 && c != '\n';) line += c;
    const std::lock_guard lock{mutex_};
    requests_.push_back(line);
    return line;
  }

  Script script_;
  std::string directory_;
  UniqueFd listener_;
  UniqueFd stop_{::eventfd(0, EFD_CLOEXEC)};
  bool ending_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace chatd::ctl

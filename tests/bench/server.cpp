// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sched.h>

#include "common/base/unique_fd.hpp"
#include "tests/bench/server_configs.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/program.hpp"

namespace chatd::bench {

namespace {

constexpr std::string_view kChatd{"chatd"};

class Chatd : public Server {
 public:
  explicit Chatd(std::string config) : daemon_{{.config = std::move(config)}} {}
  pid_t pid() const override { return daemon_.pid(); }
  Endpoint endpoint() const override { return daemon_.endpoint(); }

 private:
  test::DaemonUnderTest daemon_;
};

// A port that the kernel chooses; free at the time of the call.
std::uint16_t free_port(int type) {
  const UniqueFd socket{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
  sockaddr_storage name{};
  socklen_t length = to_sockaddr(parse_endpoint("127.0.0.1:0").value(), name);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), length) < 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &length) < 0) {
    throw std::runtime_error{"no free port"};
  }
  return from_sockaddr(name).port;
}

bool answers(const Endpoint& where) {
  const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(where, name);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), length) == 0;
}

class Peer : public Server {
 public:
  explicit Peer(const ServerKind& kind) {
    const bool datagrams = kind.dialect == Dialect::text;
    endpoint_ = parse_endpoint("127.0.0.1:0").value();
    endpoint_.port = free_port(datagrams ? SOCK_DGRAM : SOCK_STREAM);
    const PeerCommand command = peer_command(kind.name, directory_.path(), endpoint_.port);
    const std::string config = directory_ / "config";
    test::write_file(config, command.config);
    pid_ = test::start_program(command.argv, {},
                               {.out = directory_ / "log", .err = directory_ / "log"});
    const auto is_up = [&] {
      if (!datagrams) return answers(endpoint_);
      return test::file_text(directory_ / "log").find("ready") != std::string::npos;
    };
    if (!test::eventually(is_up)) {
      throw std::runtime_error{
          fmt::format("{} does not come up: {}", kind.name, test::file_text(directory_ / "log"))};
    }
  }
  ~Peer() override {
    ::kill(pid_, SIGKILL);
    (void)test::wait_for_program(pid_, test::kGenerous);
  }
  pid_t pid() const override { return pid_; }
  Endpoint endpoint() const override { return endpoint_; }

 private:
  test::TempDir directory_;
  Endpoint endpoint_;
  pid_t pid_{-1};
};

constexpr std::array kKinds{
    ServerKind{"chatd native", Dialect::native, kChatd},
    ServerKind{"chatd text", Dialect::text, kChatd},
    ServerKind{"ngircd", Dialect::irc, "/usr/sbin/ngircd", 8},
    ServerKind{"inspircd", Dialect::irc, "/usr/sbin/inspircd"},
    ServerKind{"mosquitto", Dialect::mqtt, "/usr/sbin/mosquitto", 64},
    ServerKind{"mosquitto QoS 1", Dialect::mqtt_acknowledged, "/usr/sbin/mosquitto", 64},
    ServerKind{"nats", Dialect::nats, "/usr/sbin/nats-server"},
    ServerKind{"redis", Dialect::redis, "/usr/bin/redis-server"},
    ServerKind{"python", Dialect::text, "/usr/bin/python3"},
    ServerKind{kChatdNoHistory, Dialect::native, kChatd, 512, false},
};

}  // namespace

std::span<const ServerKind> server_kinds() { return kKinds; }

const ServerKind* find_server(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &ServerKind::name);
  return found == kKinds.end() ? nullptr : found;
}

bool is_installed(const ServerKind& kind) {
  return kind.program == kChatd || std::filesystem::exists(kind.program);
}

std::unique_ptr<Server> start_server(const ServerKind& kind) {
  pin_to(kServerCore);
  std::unique_ptr<Server> server;
  if (kind.program == kChatd) {
    std::string config{chatd_config()};
    if (kind.name == kChatdNoHistory) config += "history.enabled = false\n";
    server = std::make_unique<Chatd>(std::move(config));
  } else {
    server = std::make_unique<Peer>(kind);
  }
  pin_to(kGeneratorCore);
  return server;
}

bool pin_to(std::size_t core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  return ::sched_setaffinity(0, sizeof cores, &cores) == 0;
}

}  // namespace chatd::bench

// SPDX-License-Identifier: GPL-3.0-or-later
// Random and mutated datagrams, from many addresses and as fast as they can be sent, while a
// hundred members talk: no member loses a line or its session, and the daemon does not grow.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/io/datagram_batch.hpp"
#include "common/wire/native/native_handshake.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/recoveries.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/sanitized.hpp"

namespace chatd::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMembers = 100;
constexpr std::size_t kBatch = 64;
constexpr milliseconds kBetweenMessages{20};
constexpr std::string_view kWord{"line "};

seconds flood_time() {
  // For a measurement, as tests/README.md has some.
  const char* const wanted = std::getenv("CHATD_FLOOD_SECONDS");
  return seconds{wanted != nullptr ? std::atoi(wanted) : is_whole_run() ? 5 : 2};
}

// The machine has no other work then, and times are meaningful.
bool is_measured() {
  return !are_programs_sanitized() && std::getenv("CHATD_FLOOD_SECONDS") != nullptr;
}

// A separate process, which sends until it is killed.
class Flood {
 public:
  explicit Flood(const Endpoint& server) : server_{server} {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) send_some();
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  void send_some() {
    writer_.clear();
    for (auto& datagram : datagrams_) {
      const std::size_t size = make(datagram);
      IpAddress from = server_.address;  // 127.0.0.1: somewhere in 127.0.0.0/8
      from.bytes[13] = static_cast<std::uint8_t>(random_());
      from.bytes[14] = static_cast<std::uint8_t>(random_());
      from.bytes[15] = static_cast<std::uint8_t>(1 + random_() % 254);
      writer_.add_run(server_, from, std::span{datagram}.first(size), 0);
    }
    (void)writer_.send(socket_.fd());
  }

  // Garbage, all packets of the protocol with something wrong, and text.
  std::size_t make(std::span<std::byte> datagram) {
    wire::ByteWriter out{datagram};
    switch (random_() % 6) {
      case 0:
        wire::write_hello(out, {.time = 1, .token = random_(), .cookie = {}, .noise = noise()});
        break;
      case 1:
        wire::write_confirm(out, {.time = 1, .handshake = random_(), .noise = noise()});
        break;
      case 2:
        // Also with names of real members.
        wire::write_sealed(out, {.connection = wire::connection_of(
                                     static_cast<std::uint32_t>(random_() % kMembers),
                                     static_cast<std::uint32_t>(random_())),
                                 .counter = random_() % 1000,
                                 .time = 1,
                                 .echo = 1});
        out.put_bytes(noise());
        break;
      case 3: {
        static constexpr std::array kWords{"L eve", "C hello", "Q", "L \xff\xfe", "C", "L "};
        const std::string_view word = kWords[random_() % kWords.size()];
        out.put_text(word);
        break;
      }
      default:
        for (std::size_t i = 0; i < random_() % 200; ++i)
          out.put(static_cast<std::uint8_t>(random_()));
        break;
    }
    const std::size_t size = std::max<std::size_t>(out.size(), 1);
    if (random_() % 2 == 0) datagram[random_() % size] ^= static_cast<std::byte>(random_());
    return random_() % 8 == 0 ? 1 + random_() % size : size;
  }
  wire::Bytes noise() {
    for (auto& byte : noise_) byte = static_cast<std::byte>(random_());
    return noise_;
  }

  Endpoint server_;
  pid_t pid_{-1};
  UdpClient socket_{"0.0.0.0"};
  io::DatagramWriter writer_{kBatch};
  std::array<std::array<std::byte, 2048>, kBatch> datagrams_{};
  std::array<std::byte, 96> noise_{};
  std::mt19937_64 random_{1};  // NOLINT(cert-msc51-cpp): the same flood in every run
};

constexpr const char* kConfig =
    "limits.messages_per_second = 0\n"
    "limits.sessions = 200\n";

class HostileDatagrams : public ::testing::Test {
 protected:
  explicit HostileDatagrams(const std::string& more_config = {})
      : daemon_{{.config = kConfig + more_config}} {
    crowd_.on_event = [this](std::size_t member, const client::Event& event) {
      const auto* line = std::get_if<client::Line>(&event);
      if (line == nullptr) return;
      const auto said = said_at_.find(line->text);
      if (said == said_at_.end()) return;
      heard_[member].push_back(line->text);
      delays_.push_back(crowd_.heard_at() - said->second);
    };
  }

  // The 99th percentile of the time from a message to each member that received it.
  Micros talk(seconds time) {
    delays_.clear();
    said_at_.clear();
    heard_.assign(kMembers, {});
    const MonoTime end = mono_now() + time;
    for (MonoTime due = mono_now(); due < end; due += kBetweenMessages) {
      do {
        crowd_.pump(std::max(due - mono_now(), Micros{0}));
      } while (mono_now() < due);
      const std::string text = std::string{kWord} + std::to_string(said_);
      said_at_.emplace(text, due);
      crowd_.say(said_ % kMembers, text);
      ++said_;
    }
    EXPECT_TRUE(crowd_.pump_until([&] { return has_everybody_heard(); }));
    expect_each_line_once_and_in_order();
    std::ranges::sort(delays_);
    return delays_.at(delays_.size() * 99 / 100);
  }
  [[nodiscard]] bool has_everybody_heard() const {
    return crowd_.unconfirmed() == 0 && std::ranges::all_of(heard_, [&](const auto& lines) {
             return lines.size() >= said_at_.size();
           });
  }
  // The messages of two members may be in either order, but it is the same order for all members,
  // and the messages of one member keep theirs.
  void expect_each_line_once_and_in_order() const {
    std::vector<std::string> lines = heard_.front();
    std::array<std::size_t, kMembers> last{};
    for (const auto& line : lines) {
      const std::size_t number = std::stoul(line.substr(kWord.size()));
      EXPECT_LE(std::exchange(last[number % kMembers], number + 1), number) << line;
    }
    std::ranges::sort(lines);
    EXPECT_TRUE(std::ranges::equal(lines, std::views::keys(said_at_)))
        << lines.size() << " of " << said_at_.size();
    for (std::size_t i = 1; i < kMembers; ++i) EXPECT_EQ(heard_[i], heard_.front()) << i;
  }
  std::size_t memory() {
    std::size_t sum = memory_of(daemon_.pid());
    for (const auto& victim : victims(daemon_)) sum += memory_of(victim.pid);
    return sum;
  }

  struct Percentiles {
    Micros quiet;
    Micros flooded;
  };
  // Every member is served, and no process grows.
  Percentiles expect_no_harm() {
    EXPECT_TRUE(crowd_.enter());
    Percentiles p99{};
    p99.quiet = talk(flood_time());
    const std::uint64_t received = daemon_.counter("datagrams_received");
    const std::size_t before = memory();
    {
      const Flood flood{daemon_.endpoint()};
      p99.flooded = talk(flood_time());
    }
    const std::size_t after = memory();
    const std::uint64_t taken = daemon_.counter("datagrams_received") - received;
    const auto time = static_cast<std::uint64_t>(flood_time().count());
    EXPECT_EQ(crowd_.ended(), 0U);
    EXPECT_LE(after, before + 2048) << "KiB";
    EXPECT_EQ(daemon_.processes("gateway").at(0).at("restarts"), 0);
    EXPECT_GT(daemon_.counter("packets_unknown"), 100U) << "the flood went past the daemon";
    EXPECT_GT(taken, time * (are_programs_sanitized() ? 500 : 10'000));
    std::cout << "[          ] " << taken / time << " datagrams a second; p99 " << p99.quiet.count()
              << " us when it is quiet, " << p99.flooded.count() << " us in the flood; memory "
              << before << " KiB before, " << after << " KiB after\n";
    return p99;
  }

  DaemonUnderTest daemon_;
  NativeCrowd crowd_{daemon_.endpoint(), {.size = kMembers, .keeps_lines = false}};
  std::map<std::string, MonoTime> said_at_;
  std::vector<Micros> delays_;
  std::size_t said_{0};
  std::vector<std::vector<std::string>> heard_;
};

TEST_F(HostileDatagrams, AtLineRateCostNoMemberALine) {
  const auto p99 = expect_no_harm();
  if (is_measured()) {
    EXPECT_LT(p99.flooded, 3 * p99.quiet);
  }
}

class AnsweredHostileDatagrams : public HostileDatagrams {
 protected:
  AnsweredHostileDatagrams() : HostileDatagrams{"limits.unauthenticated_per_second = 0\n"} {}
};

// The answers only cost time of the gateway.
TEST_F(AnsweredHostileDatagrams, CostNoMemberALine) { (void)expect_no_harm(); }

}  // namespace
}  // namespace chatd::test

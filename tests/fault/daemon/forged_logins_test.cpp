// SPDX-License-Identifier: GPL-3.0-or-later
// Logins with forged addresses, from as many networks as there are addresses: the members talk,
// others log in, and the owners of these addresses receive few bytes.
//
// With CHATD_FLOOD_SECONDS=10 it is a measurement, of as many datagrams a second as
// CHATD_FLOOD_RATE says, 100,000 by default.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/forged_network.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/native_crowd.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test::forged_logins {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMembers = 10;
constexpr milliseconds kBetweenMessages{40};
constexpr std::uint64_t kMaxBytesOut = 30'000'000;  // in 10 s
// On a machine with other work times mean little; lasting refusals do.
constexpr seconds kTimeLimit{60};
constexpr std::size_t kListeners = 256;  // text.listeners

bool is_measured() {
  return !are_programs_sanitized() && std::getenv("CHATD_FLOOD_SECONDS") != nullptr;
}
seconds flood_time() {
  const char* const wanted = std::getenv("CHATD_FLOOD_SECONDS");
  return seconds{wanted != nullptr ? std::atoi(wanted) : 3};
}
std::size_t logins_per_second() {
  const char* const wanted = std::getenv("CHATD_FLOOD_RATE");
  if (wanted != nullptr) return static_cast<std::size_t>(std::atol(wanted));
  // Datagrams that the gateway cannot read in time delay those of the members: no more are sent
  // than a machine with other work can read.
  return is_measured() ? 100'000 : 1'000;
}

enum class Forged { logins, logins_and_words };

// A separate process. Each login is from another address of 10.0.0.0/8.
class Flood {
 public:
  Flood(ForgedNetwork& network, const Endpoint& server, Forged forged) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    send(network, server, forged);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

 private:
  [[noreturn]] static void send(ForgedNetwork& network, const Endpoint& server, Forged forged) {
    constexpr std::size_t kLogins = 64;
    // Every flood has other addresses.
    const auto first = static_cast<std::uint64_t>(::getpid()) * 7'919;
    const MonoTime begin = mono_now();
    for (std::uint64_t sent = 0;; sent += kLogins) {
      for (std::uint64_t i = 0; i < kLogins; ++i) {
        const Endpoint from = address_of(first + sent + i);
        network.forge(from, server, "L z" + std::to_string(sent + i));
        if (forged == Forged::logins_and_words) network.forge(from, server, "C hello");
      }
      (void)network.send();
      const Micros due{
          static_cast<std::int64_t>((sent + kLogins) * 1'000'000 / logins_per_second())};
      const Micros ahead = begin + due - mono_now();
      if (ahead > milliseconds{2}) ::poll(nullptr, 0, static_cast<int>(ahead.count() / 1000));
    }
  }
  static Endpoint address_of(std::uint64_t number) {
    Endpoint from = parse_endpoint("10.0.0.0:4000").value();
    number %= 0xFF'0000U;
    from.address.bytes[13] = static_cast<std::uint8_t>(1 + number / 65'536);
    from.address.bytes[14] = static_cast<std::uint8_t>(number / 256);
    from.address.bytes[15] = static_cast<std::uint8_t>(number);
    return from;
  }
  pid_t pid_{-1};
};

class ForgedLogins : public ::testing::Test {
 protected:
  void SetUp() override {
    auto network = ForgedNetwork::create();
    if (!network) GTEST_SKIP() << "needs root and ip(8): " << network.error().message();
    network_ = std::move(*network);
    daemon_ = std::make_unique<DaemonUnderTest>(DaemonUnderTest::Options{.listen = {"0.0.0.0:0"}});
    const std::uint16_t port = daemon_->endpoint().port;
    here_ = {.address = parse_address("127.0.0.1").value(), .port = port};
    server_ = {.address = parse_address(ForgedNetwork::kServer).value(), .port = port};
    crowd_ = std::make_unique<NativeCrowd>(
        here_, NativeCrowd::Options{.size = kMembers, .keeps_lines = false});
    crowd_->on_event = [this](std::size_t, const client::Event& event) {
      const auto* line = std::get_if<client::Line>(&event);
      if (line == nullptr) return;
      const auto said = said_at_.find(line->text);
      if (said == said_at_.end()) return;
      delays_.push_back(crowd_->heard_at() - said->second);
    };
  }
  void TearDown() override {
    crowd_.reset();
    daemon_.reset();
    network_.reset();
  }

  void expect_little_harm(Forged forged);

  void say_next(MonoTime now) {
    const std::string text = "line " + std::to_string(said_);
    said_at_.emplace(text, now);
    crowd_->say(said_ % kMembers, text);
    ++said_;
  }
  // The members talk at least for that time, and as long as `goes_on` holds.
  void talk(seconds time, const std::function<bool(MonoTime)>& goes_on) {
    delays_.clear();
    said_at_.clear();
    const MonoTime end = mono_now() + time;
    for (MonoTime due = mono_now(); goes_on(due) || due < end; due += kBetweenMessages) {
      do {
        crowd_->pump(std::max(due - mono_now(), Micros{0}));
      } while (mono_now() < due);
      say_next(due);
    }
  }
  // Every member receives each line of talk(). Returns the 99th percentile of the time.
  Micros await_all() {
    EXPECT_TRUE(crowd_->pump_until([&] { return delays_.size() >= said_at_.size() * kMembers; },
                                   std::chrono::minutes{3}));
    EXPECT_EQ(delays_.size(), said_at_.size() * kMembers);
    std::ranges::sort(delays_);
    return delays_.at(delays_.size() * 99 / 100);
  }
  // Sends an L each tenth of a second, until the login succeeds.
  bool is_in(UdpClient& client, const Endpoint& server, const std::string& name, MonoTime& asked) {
    if (mono_now() - asked > milliseconds{100}) {
      asked = mono_now();
      client.send(server, "L " + name);
    }
    const auto got = client.receive(milliseconds{1});
    return got && got->bytes == "OK";
  }

  std::unique_ptr<ForgedNetwork> network_;
  std::unique_ptr<DaemonUnderTest> daemon_;
  std::unique_ptr<NativeCrowd> crowd_;
  Endpoint here_;
  Endpoint server_;
  std::map<std::string, MonoTime> said_at_;
  std::vector<Micros> delays_;
  std::size_t said_{0};
};

void ForgedLogins::expect_little_harm(Forged forged) {
  ASSERT_TRUE(crowd_->enter());
  TextClient home{here_, TextClient::Kind::bare};
  home.enter("home");
  TextClient elsewhere{server_, TextClient::Kind::bare, ForgedNetwork::kElsewhere};
  elsewhere.enter("elsewhere");
  // After this time a message of a member from another machine proves its address.
  talk(seconds{11}, [](MonoTime) { return false; });
  const Micros quiet = await_all();
  elsewhere.send("C here I am");
  ASSERT_TRUE(eventually([&] { return daemon_->counter("messages") > said_at_.size(); }));

  const std::uint64_t received = daemon_->counter("datagrams_received");
  const std::uint64_t out = ForgedNetwork::bytes_out();
  const std::uint64_t joins = daemon_->counter("joins");
  NativeClient native{here_, {.name = "native"}};
  UdpClient local{"127.0.0.1"};
  const MonoTime began = mono_now();
  MonoTime native_in = MonoTime::max();
  MonoTime local_in = MonoTime::max();
  MonoTime asked{};
  Micros lasted{};
  {
    const Flood flood{*network_, server_, forged};
    ASSERT_TRUE(eventually(
        [&] { return daemon_->counter("joins") - joins >= 500; }));  // the logins of the burst
    const MonoTime start = mono_now();
    native.member().start(start);
    talk(flood_time(), [&](MonoTime now) {
      native.pump(milliseconds{0});
      if (native_in == MonoTime::max() && native.member().is_joined()) native_in = mono_now();
      if (local_in == MonoTime::max() && is_in(local, here_, "local", asked)) local_in = mono_now();
      return now < start + kTimeLimit &&
             (native_in == MonoTime::max() || local_in == MonoTime::max());
    });
    lasted = mono_now() - began;
    EXPECT_LE(native_in - start, is_measured() ? seconds{10} : kTimeLimit);
    EXPECT_LE(local_in - start, is_measured() ? seconds{1} : kTimeLimit);
  }
  const MonoTime over = mono_now();
  UdpClient further{ForgedNetwork::kFurther};
  MonoTime again{};
  EXPECT_TRUE(eventually(
      [&] {
        crowd_->pump(Micros{0});
        return is_in(further, server_, "further", again);
      },
      is_measured() ? seconds{5} : kTimeLimit));
  const Micros further_in = mono_now() - over;
  const Micros flooded = await_all();
  const std::uint64_t bytes = ForgedNetwork::bytes_out() - out;
  const std::uint64_t joined = daemon_->counter("joins") - joins;
  const std::uint64_t taken = daemon_->counter("datagrams_received") - received;
  const auto names = daemon_->names();
  for (const char* const name : {"home", "elsewhere", "native", "local", "further"}) {
    EXPECT_TRUE(std::ranges::binary_search(names, name)) << name;
  }
  EXPECT_EQ(crowd_->ended(), 0U);
  EXPECT_LE(names.size(), kMembers + 5 + kListeners);
  const auto seconds_passed = static_cast<std::uint64_t>((mono_now() - began).count()) / 1'000'000;
  EXPECT_LE(bytes, kMaxBytesOut * std::max<std::uint64_t>(seconds_passed, 10) / 10);
  EXPECT_LE(joined, 510 + 100 * (seconds_passed + 1));
  EXPECT_EQ(daemon_->processes("gateway").at(0).at("restarts"), 0);
  if (is_measured()) {
    EXPECT_LE(flooded, std::max<Micros>(3 * quiet, milliseconds{50}));
  }
  const auto millis = [](Micros time) { return time.count() / 1000; };
  std::cout << "[          ] " << taken * 1'000'000 / static_cast<std::uint64_t>(lasted.count())
            << " datagrams a second read for " << millis(lasted) << " ms; " << joined
            << " came in; " << bytes << " bytes out; p99 " << quiet.count()
            << " us when it is quiet, " << flooded.count() << " us in the flood; in after "
            << "native " << millis(native_in - began) << " ms, local " << millis(local_in - began)
            << " ms, from elsewhere " << millis(further_in) << " ms after the flood\n";
}

TEST_F(ForgedLogins, AreLimitedAndCostMembersAndThirdPartiesLittle) {
  expect_little_harm(Forged::logins);
}

TEST_F(ForgedLogins, WithAMessageAreLimitedAsWithoutOne) {
  expect_little_harm(Forged::logins_and_words);
}

}  // namespace
}  // namespace chatd::test::forged_logins

// SPDX-License-Identifier: GPL-3.0-or-later
// Browsers: the page, its interface, and the process that serves them.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/io/tcp_socket.hpp"
#include "common/io/udp_socket.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::test {
namespace {

using namespace std::chrono_literals;

DaemonUnderTest::Options with_page(std::string config = {}) {
  DaemonUnderTest::Options options;
  options.config = std::move(config);
  options.web = {"127.0.0.1:0"};
  return options;
}

Endpoint page_of(const DaemonUnderTest& daemon) {
  const auto web = daemon.ctl_json({"status"}).at("web");
  return parse_endpoint(web.at(0).get<std::string>()).value();
}

pid_t web_pid(const DaemonUnderTest& daemon) {
  return daemon.processes("web").at(0).at("pid").get<pid_t>();
}

bool is_ready(const DaemonUnderTest& daemon) {
  return daemon.processes("web").at(0).at("state") == "ready";
}

TEST(WebTest, ServesThePageAndSaysThatAllIsWell) {
  const DaemonUnderTest daemon{with_page()};
  const Browser browser{page_of(daemon), 'a'};
  const auto page = browser.ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.head.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  EXPECT_TRUE(eventually([&] { return browser.ask("GET", "/healthz").body == "ok\n"; }));
  const auto about = browser.ask("GET", "/api/room").json();
  EXPECT_EQ(about.at("password_wanted"), false);
  EXPECT_TRUE(about.at("fingerprint").get<std::string>().starts_with("SHA256:"));
  EXPECT_EQ(browser.ask("GET", "/nothing").status, 404);
  EXPECT_EQ(browser.ask("PUT", "/").status, 405);
  EXPECT_EQ(browser.ask("GET", "/api/users").status, 401);
  EXPECT_TRUE(daemon.ctl_json({"status"}).at("problems").empty());
}

TEST(WebTest, ARoomWhosePageHasNoAddressRunsAndSaysSo) {
  const auto taken = io::listen_tcp(parse_endpoint("127.0.0.1:0").value());
  ASSERT_TRUE(taken);
  auto options = with_page();
  options.web = {to_text(io::local_endpoint(taken->get()).value())};
  const DaemonUnderTest daemon{options};
  const auto status = daemon.ctl_json({"status"});
  ASSERT_EQ(status.at("problems").size(), 1U);
  EXPECT_NE(status.at("problems").at(0).get<std::string>().find("Address already in use"),
            std::string::npos);
  EXPECT_TRUE(daemon.processes("web").empty());
}

TEST(WebTest, ARoomWithoutAPageHasNoProcessForIt) {
  const DaemonUnderTest daemon;
  EXPECT_TRUE(daemon.processes("web").empty());
  EXPECT_TRUE(daemon.ctl_json({"status"}).at("problems").empty());
}

TEST(WebTest, TheProcessIsInItsSandbox) {
  const DaemonUnderTest daemon{with_page()};
  ASSERT_TRUE(eventually([&] { return is_ready(daemon); }));
  const std::string place = "/proc/" + std::to_string(web_pid(daemon));
  const std::string status = file_text(place + "/status");
  EXPECT_NE(status.find("Seccomp:\t2\n"), std::string::npos) << status;
  EXPECT_NE(status.find("NoNewPrivs:\t1\n"), std::string::npos);
  for (const auto& entry : std::filesystem::directory_iterator{place + "/fd"}) {
    std::error_code ignored;
    const auto target = std::filesystem::read_symlink(entry.path(), ignored).string();
    EXPECT_EQ(target.find("memfd"), std::string::npos) << target;
    EXPECT_EQ(target.find(".db"), std::string::npos) << target;
  }
}

// The memory that others map as well and that hostile code could change: one small file. The
// channel to the supervisor, with its lock, is not there any more.
TEST(WebTest, TheProcessSharesItsPresenceOnlyForWriting) {
  const DaemonUnderTest daemon{with_page()};
  std::vector<std::string> writable;
  // Web closes the channel when it has said that it is ready.
  ASSERT_TRUE(eventually([&] {
    std::istringstream maps{file_text("/proc/" + std::to_string(web_pid(daemon)) + "/maps")};
    writable.clear();
    for (std::string line; std::getline(maps, line);) {
      if (line.find(" rw-s ") != std::string::npos) writable.push_back(line);
    }
    return is_ready(daemon) && writable.size() == 1;
  }));
  EXPECT_NE(writable[0].find("/memfd:chatd-web"), std::string::npos) << writable[0];
}

TEST(WebTest, AWebThatWorksIsNotReplaced) {
  const DaemonUnderTest daemon{with_page("workers.hang_timeout = \"5s\"\n")};
  ASSERT_TRUE(eventually([&] { return is_ready(daemon); }));
  const auto started = std::chrono::steady_clock::now();
  const pid_t first = web_pid(daemon);
  // For longer than its limit: without a heartbeat that the supervisor sees, it would be killed
  // meanwhile.
  while (std::chrono::steady_clock::now() - started < 7s) {
    ASSERT_EQ(web_pid(daemon), first);
    ASSERT_TRUE(is_ready(daemon));
  }
}

TEST(WebTest, AStreamThatIsOpenedWithoutPauseIsRefused) {
  const DaemonUnderTest daemon{with_page()};
  Browser ada{page_of(daemon), 'a'};
  ASSERT_EQ(ada.enter("ada").status, 201);
  int opened = 0;
  while (opened < 1000 && ada.open()) ++opened;
  EXPECT_GE(opened, 30);
  EXPECT_EQ(ada.status(), 429);
}

TEST(WebTest, ABrowserSaysAndHears) {
  const DaemonUnderTest daemon{with_page()};
  const Endpoint page = page_of(daemon);
  Browser ada{page, 'a'};
  Browser bob{page, 'b'};
  const auto entered = ada.enter("ada");
  ASSERT_EQ(entered.status, 201) << entered.body;
  ASSERT_EQ(bob.enter("bob").status, 201);
  EXPECT_EQ(entered.json().at("next"), 1);
  ASSERT_TRUE(ada.open());
  ASSERT_TRUE(bob.open());
  const auto said = ada.command({{"kind", "say"}, {"room", ""}, {"text", "tea?"}});
  EXPECT_EQ(said.status, 200) << said.body;
  const auto heard = bob.await("say");
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->at("text"), "tea?");
  EXPECT_EQ(heard->at("name"), "ada");
  EXPECT_EQ(heard->at("own"), false);
  EXPECT_FALSE(heard->contains("n"));
  EXPECT_EQ(heard->at("by"), entered.json().at("person"));
  const auto own = ada.await("say");
  ASSERT_TRUE(own);
  EXPECT_EQ(own->at("n"), 1);
  EXPECT_EQ(daemon.names(), (std::vector<std::string>{"ada", "bob"}));
  const auto users = ada.ask("GET", "/api/users").json();
  EXPECT_EQ(users.at("users").size(), 2U) << users;
  EXPECT_EQ(ada.ask("GET", "/api/users?room=").json(), users);
  EXPECT_TRUE(eventually([&] {
    const auto lines = ada.ask("GET", "/api/history?room=&limit=5").json();
    return lines.contains("lines") && lines.at("lines").size() == 1;
  }));
  EXPECT_EQ(ada.ask("DELETE", "/api/session").status, 200);
  EXPECT_TRUE(bob.await("leave"));
}

TEST(WebTest, ARefusedCommandIsAnEvent) {
  const DaemonUnderTest daemon{with_page()};
  Browser ada{page_of(daemon), 'a'};
  ASSERT_EQ(ada.enter("ada").status, 201);
  ASSERT_TRUE(ada.open());
  EXPECT_EQ(ada.command({{"kind", "join"}, {"room", "nowhere"}}).status, 200);
  const auto refused = ada.await("refused");
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->at("code"), "no_such_room");
  EXPECT_EQ(refused->at("n"), 1);
  EXPECT_EQ(ada.command({{"kind", "make"}, {"room", "lab"}}).status, 200);
  const auto joined = ada.await("room_joined");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->at("room"), "lab");
  EXPECT_EQ(ada.command({{"kind", "say"}, {"room", "lab"}, {"text", "hello"}}).status, 200);
  const auto said = ada.await("say");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->at("room"), "lab");
}

TEST(WebTest, AKickEndsTheStream) {
  const DaemonUnderTest daemon{with_page()};
  Browser ada{page_of(daemon), 'a'};
  ASSERT_EQ(ada.enter("ada").status, 201);
  ASSERT_TRUE(ada.open());
  EXPECT_EQ(daemon.ctl({"kick", "ada", "noise"}).status, 0);
  std::optional<nlohmann::json> last;
  while (const auto event = ada.next()) last = event;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->at("event"), "ended") << *last;
  EXPECT_EQ(last->at("outcome"), "kicked");
}

// The texts "line 0" to "line N-1" came once each, and in order.
void expect_lines(const std::vector<std::string>& heard, int lines) {
  ASSERT_EQ(heard.size(), static_cast<std::size_t>(lines));
  for (int i = 0; i < lines; ++i) {
    EXPECT_EQ(heard[static_cast<std::size_t>(i)], "line " + std::to_string(i));
  }
}

void talk_while(const DaemonUnderTest& daemon, std::string_view role) {
  constexpr int kLines = 40;
  const Endpoint page = page_of(daemon);
  Browser ada{page, 'a'};
  Browser bob{page, 'b'};
  ada.set_name("ada");
  bob.set_name("bob");
  ASSERT_EQ(ada.enter("ada").status, 201);
  ASSERT_EQ(bob.enter("bob").status, 201);
  ASSERT_TRUE(bob.open());
  std::vector<std::string> heard;
  std::vector<std::string> left;
  std::thread listener{[&] {
    while (heard.size() < kLines) {
      const auto event = bob.next(5s);
      if (!event) {
        if (!bob.open() && bob.status() == 401) (void)bob.enter("bob");
        continue;
      }
      if (event->value("event", "") == "say") heard.push_back(event->at("text"));
      if (event->value("event", "") == "leave") left.push_back(event->at("name"));
      if (event->value("event", "") == "lost") break;
    }
  }};
  for (int i = 0; i < kLines; ++i) {
    const auto said =
        ada.command({{"kind", "say"}, {"room", ""}, {"text", "line " + std::to_string(i)}});
    EXPECT_EQ(said.status, 200) << said.body;
    if (i % 8 == 4) ::kill(daemon.processes(role).at(0).at("pid").get<pid_t>(), SIGKILL);
  }
  listener.join();
  expect_lines(heard, kLines);
  EXPECT_TRUE(left.empty()) << "nobody leaves because a process dies";
}

constexpr const char* kWithoutRate = "limits.messages_per_second = 0\nlimits.burst = 0\n";

TEST(WebTest, EveryLineComesOnceWhileWebIsKilled) {
  const DaemonUnderTest daemon{with_page(kWithoutRate)};
  talk_while(daemon, "web");
  EXPECT_TRUE(eventually([&] { return is_ready(daemon); }));
}

TEST(WebTest, EveryLineComesOnceWhileTheGatewayIsKilled) {
  const DaemonUnderTest daemon{with_page(kWithoutRate)};
  talk_while(daemon, "gateway");
}

TEST(WebTest, AStoppedWebIsReplaced) {
  const DaemonUnderTest daemon{with_page("workers.hang_timeout = \"1s\"\n")};
  const pid_t before = web_pid(daemon);
  ASSERT_EQ(::kill(before, SIGSTOP), 0);
  EXPECT_TRUE(eventually([&] { return web_pid(daemon) != before && is_ready(daemon); }));
}

TEST(WebTest, ARoomWithAPasswordHasAPageOnlyIfItIsWritten) {
  const TempDir place;
  write_file(place / "password", "secret\n");
  std::filesystem::permissions(place / "password", std::filesystem::perms{0600});
  const std::string config = "room.password_file = \"" + place / "password" + "\"\n";
  {
    DaemonUnderTest::Options options;
    options.config = config;
    options.web = {};
    const DaemonUnderTest closed{options};
    EXPECT_TRUE(closed.processes("web").empty());
  }
  const DaemonUnderTest daemon{with_page(config + "web.enabled = true\n")};
  Browser ada{page_of(daemon), 'a'};
  EXPECT_EQ(ada.ask("GET", "/api/room").json().at("password_wanted"), true);
  const auto without = ada.enter("ada");
  EXPECT_EQ(without.status, 403) << without.body;
  EXPECT_EQ(without.json().at("error"), "password_wanted");
  EXPECT_EQ(ada.enter("ada", "wrong").json().at("error"), "wrong_password");
  EXPECT_EQ(ada.enter("ada", "secret").status, 201);
}

TEST(WebTest, AnotherPageOfTheSameUserTakesTheSession) {
  const DaemonUnderTest daemon{with_page()};
  const Endpoint page = page_of(daemon);
  Browser first{page, 'a', 1};
  Browser second{page, 'a', 2};
  ASSERT_EQ(first.enter("ada").status, 201);
  ASSERT_TRUE(first.open());
  ASSERT_EQ(second.enter("ada").status, 201);
  std::optional<nlohmann::json> last;
  while (const auto event = first.next()) last = event;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->value("outcome", ""), "replaced") << *last;
  EXPECT_FALSE(first.open());
  EXPECT_EQ(first.status(), 409);
  EXPECT_TRUE(second.open());
}

}  // namespace
}  // namespace chatd::test

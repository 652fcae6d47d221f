// SPDX-License-Identifier: GPL-3.0-or-later
// The output of uchat while the server does not answer for some time.
#include <csignal>
#include <regex>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/support/processes.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

class Reconnect : public ChatOnScreen {
 protected:
  // Stops all processes of the daemon. The supervisor first: it would restart stopped workers.
  void stop_daemon() const {
    ::kill(daemon_.pid(), SIGSTOP);
    for (const auto& child : children_of(daemon_.pid())) ::kill(child.pid, SIGSTOP);
  }
  void continue_daemon() const {
    for (const auto& child : children_of(daemon_.pid())) ::kill(child.pid, SIGCONT);
    ::kill(daemon_.pid(), SIGCONT);
  }
};

TEST_F(Reconnect, ShowsTheReconnectAndLosesNoMessage) {
  start();
  stop_daemon();
  screen_.enter("said into the silence");
  ASSERT_TRUE(screen_.shows("(sending 1) ada>"));
  ASSERT_TRUE(screen_.shows("[reconnecting "));
  const auto away = [this] {
    static const std::regex kAway{R"(\[reconnecting ([0-9]{1,6}) s\] \(sending 1\) ada>)"};
    const std::string row = screen_.last();  // read once: the number increases meanwhile
    std::smatch found;
    return std::regex_search(row, found, kAway) ? std::stoi(found[1].str()) : 0;
  };
  int first = 0;
  ASSERT_TRUE(eventually([&] { return (first = away()) >= 4; }));
  ASSERT_TRUE(eventually([&] { return away() > first; })) << "it counts";
  screen_.type("typed meanwhile");
  continue_daemon();
  EXPECT_TRUE(screen_.shows("-- connected again after "));
  EXPECT_TRUE(has_line("ada: said into the silence ✓"));
  EXPECT_TRUE(screen_.ends_with("ada> typed meanwhile"));
  screen_.press("Enter");
  EXPECT_TRUE(has_line("ada: typed meanwhile ✓"));
  EXPECT_EQ(screen_.history().find("ada left"), std::string::npos);
}

TEST_F(Reconnect, AKilledGatewayIsNotVisible) {
  NativeClient bob{daemon_.endpoint(), {.name = "bob"}};
  bob.enter();
  start();
  for (const auto& gateway : daemon_.processes("gateway")) {
    ASSERT_EQ(::kill(gateway.at("pid").get<pid_t>(), SIGKILL), 0);
  }
  screen_.enter("still here");
  bob.await_line("ada: still here");
  EXPECT_TRUE(has_line("ada: still here ✓"));
  EXPECT_EQ(screen_.history().find("bob left"), std::string::npos);
}

TEST_F(Reconnect, ControlCQuitsWhileTheServerIsSilent) {
  start();
  stop_daemon();
  screen_.enter("never arrives");
  ASSERT_TRUE(screen_.shows("[reconnecting "));
  screen_.press("C-c");
  screen_.press("C-c");
  EXPECT_TRUE(screen_.has_row("! not confirmed, perhaps sent: never arrives"));
  EXPECT_TRUE(screen_.shows("the server has not confirmed everything: 1 message"));
  EXPECT_TRUE(ended_with(16));
  continue_daemon();
}

}  // namespace
}  // namespace chatd::test

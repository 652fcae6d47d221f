// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/session_process.hpp"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/client/fake_session.hpp"
#include "tests/client/reports.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/leak_check.hpp"

namespace chatd::client {
namespace {

class SessionProcessTest : public test::LeakCheck {
 protected:
  // The next report; an empty one if there is none.
  static Report next(SessionProcess& session) {
    std::optional<Report> report;
    EXPECT_TRUE(test::eventually([&] {
      report = session.receive();
      return report || session.has_ended();
    }));
    return report.value_or(Report{});
  }
};

TEST_F(SessionProcessTest, SendsOrdersAndReceivesReports) {
  auto session = SessionProcess::start(&run_fake_session);
  ASSERT_TRUE(session);
  session->send(Enter{.name = "ada"});
  EXPECT_TRUE(std::holds_alternative<Joined>(next(*session)));
  EXPECT_FALSE(session->receive());
  EXPECT_FALSE(session->has_ended());
}

TEST_F(SessionProcessTest, SendsOrdersInTheirOrder) {
  auto session = SessionProcess::start(&run_fake_session);
  ASSERT_TRUE(session);
  session->send_all({Enter{.name = "ada", .password = "secret"}, AskAbout{.room = "lab"}});
  EXPECT_TRUE(std::holds_alternative<Joined>(next(*session)));
  EXPECT_TRUE(std::holds_alternative<RoomAbout>(next(*session)));
}

TEST_F(SessionProcessTest, ReportsHowTheOtherProcessEnded) {
  auto session = SessionProcess::start(&run_fake_session);
  ASSERT_TRUE(session);
  session->send(Post{.number = 1, .message = Say{"crash"}});
  (void)next(*session);
  EXPECT_TRUE(session->has_ended());
  EXPECT_EQ(session->how_it_ended(), "exit status 3");

  auto killed = SessionProcess::start(&run_fake_session);
  ASSERT_TRUE(killed);
  ::kill(killed->pid(), SIGKILL);
  (void)next(*killed);
  EXPECT_EQ(killed->how_it_ended(), "signal 9");
}

TEST_F(SessionProcessTest, KillsAProcessThatDoesNotEnd) {
  auto session = SessionProcess::start([](process::PipeEnd link) {
    (void)std::signal(SIGTERM, SIG_IGN);
    for (;;) ::pause();
    link.close();
    return 0;
  });
  ASSERT_TRUE(session);
  // The fixture looks for children after the destructor.
}

}  // namespace
}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/server.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tests/common/http/server_fixture.hpp"
#include "tests/support/eventually.hpp"

namespace chatd::http {
namespace {

using namespace std::chrono_literals;

const std::string kGet = "GET /a?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";

Server::Handler echo() {
  return [](Exchange exchange) {
    const Request& request = exchange.request();
    exchange.answer({.body = request.path + " " + request.body + "\n"});
  };
}

TEST_F(ServerTest, AnswersWithTheFixedHeadersAndCloses) {
  serve({}, echo());
  const std::string response = ask(kGet);
  EXPECT_EQ(status_line_of(response), "HTTP/1.1 200 OK");
  EXPECT_TRUE(response.ends_with("/a \n")) << response;
  for (const char* header :
       {"Content-Security-Policy: default-src 'none'", "require-trusted-types-for 'script'",
        "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
        "Cross-Origin-Resource-Policy: same-origin", "X-Frame-Options: DENY", "Connection: close",
        "Cache-Control: no-store", "Content-Type: application/json"}) {
    EXPECT_NE(response.find(header), std::string::npos) << header << " in " << response;
  }
}

TEST_F(ServerTest, ReadsAPostInPieces) {
  serve({}, echo());
  RawClient client = connect();
  for (const char one :
       std::string{"POST /say HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"}) {
    ASSERT_TRUE(client.send({&one, 1}));
  }
  EXPECT_TRUE(client.read_until().ends_with("/say hello\n"));
}

TEST_F(ServerTest, AHeadHasTheHeadersOnly) {
  serve({}, echo());
  const std::string response = ask("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(response.find("Content-Length: 4\r\n"), std::string::npos) << response;
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, NeverReadsASecondRequest) {
  std::atomic<int> requests{0};
  serve({}, [&](Exchange exchange) {
    ++requests;
    exchange.answer({.body = "x"});
  });
  const std::string response = ask(kGet + kGet);
  EXPECT_EQ(response.find("HTTP/1.1", 1), std::string::npos) << response;
  EXPECT_EQ(requests, 1);
}

TEST_F(ServerTest, RefusesWhatNoBrowserSends) {
  std::atomic<int> requests{0};
  serve({.request = 500ms}, [&](Exchange exchange) {
    ++requests;
    exchange.answer({.body = "x"});
  });
  const std::string host = "Host: localhost\r\n";
  const std::string post = "POST / HTTP/1.1\r\n" + host;
  for (const std::string& hostile : {
           std::string{"GET / HTTP/1.1\r\n\r\n"},
           "GET / HTTP/1.1\r\n" + host + host + "\r\n",
           "GET http://localhost/ HTTP/1.1\r\n" + host + "\r\n",
           "GET http://evil.test/ HTTP/1.1\r\n" + host + "\r\n",
           "CONNECT localhost:80 HTTP/1.1\r\n" + host + "\r\n",
           "GET /%zz HTTP/1.1\r\n" + host + "\r\n",
           "GET /?a=%00 HTTP/1.1\r\n" + host + "\r\n",
           "GET * HTTP/1.1\r\n" + host + "\r\n",
           post + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
           post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n",
           post + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
           post + "Content-Length: +1\r\n\r\nx",
           post + "Content-Length: -1\r\n\r\n",
           post + "Content-Length: 1x\r\n\r\nx",
           post + "Content-Length: 99999999999999999999\r\n\r\n",
           post + "Content-Length: 20000\r\n\r\n" + std::string(20'000, 'x'),
           "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
           "GET / HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n",
           std::string{"BREW / HTTP/1.1\r\n"} + host + "\r\n",
           std::string{"GET\r\n\r\n"},
           std::string{"\x16\x03\x01\x02\r\n\r\n"},
       }) {
    const std::string response = ask(hostile);
    EXPECT_TRUE(response.empty() || response.starts_with("HTTP/1.1 4") ||
                response.starts_with("HTTP/1.1 501"))
        << hostile.substr(0, 60) << " -> " << response;
  }
  EXPECT_EQ(requests, 0);
}

TEST_F(ServerTest, ARequestThatIsCutAnywhereIsNoRequest) {
  std::atomic<int> requests{0};
  serve({}, [&](Exchange exchange) {
    ++requests;
    exchange.answer({.body = "x"});
  });
  const std::string whole = "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    RawClient client = connect();
    ASSERT_TRUE(client.send(whole.substr(0, bytes)));
  }
  (void)ask("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n");
  EXPECT_EQ(requests, 0);
}

TEST_F(ServerTest, ASlowRequestEnds) {
  serve({.request = 300ms}, echo());
  RawClient client = connect();
  const auto began = std::chrono::steady_clock::now();
  std::string sent = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
  // A byte now and then does not make the time longer.
  while (client.send(sent) && std::chrono::steady_clock::now() - began < 10s) {
    sent = "x";
    if (client.ends_within(20ms)) break;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST_F(ServerTest, SlowSendersDoNotKeepOthersOut) {
  serve({.connections = 20, .request = 60s, .request_if_full = 100ms}, echo());
  std::vector<RawClient> slow;
  for (int i = 0; i < 100; ++i) slow.emplace_back(connect()).send("GET / HT");
  EXPECT_TRUE(ask(kGet).ends_with("/a \n"));
}

TEST_F(ServerTest, AConnectionThatEndsGivesItsPlaceBack) {
  serve({.connections = 5, .request = 60s, .request_if_full = 60s}, echo());
  for (int i = 0; i < 200; ++i) {
    RawClient client = connect();
    if (i % 2 == 0) client.send("GET /");
  }
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(ask(kGet).ends_with("/a \n"));
}

TEST_F(ServerTest, AnswersLater) {
  std::mutex mutex;
  std::vector<Exchange> waiting;
  serve({}, [&](Exchange exchange) {
    const std::lock_guard lock{mutex};
    if (exchange.request().path == "/wait") {
      waiting.push_back(std::move(exchange));
      return;
    }
    exchange.answer({.body = std::to_string(waiting.size())});
    for (Exchange& one : waiting) one.answer({.status = 201, .body = "later"});
    waiting.clear();
  });
  RawClient first = connect();
  RawClient gone = connect();
  first.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
  gone.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (true) {
    const std::lock_guard lock{mutex};
    if (waiting.size() == 2) break;
  }
  gone.close();
  EXPECT_TRUE(ask(kGet).ends_with("\r\n\r\n2"));
  EXPECT_TRUE(first.read_until().ends_with("later"));
}

TEST_F(ServerTest, ARequestWithoutAnAnswerGetsOne) {
  serve({}, [](const Exchange& /*exchange*/) {});
  EXPECT_EQ(status_line_of(ask(kGet)), "HTTP/1.1 503 Service Unavailable");
}

TEST_F(ServerTest, ASocketIsTakenOverAndStaysOpen) {
  std::mutex mutex;
  std::optional<UniqueFd> taken;
  serve({.request = 100ms, .response = 100ms}, [&](Exchange exchange) {
    if (exchange.request().path != "/stream") return exchange.answer({.body = "x"});
    const std::lock_guard lock{mutex};
    taken = exchange.take_socket();
    EXPECT_TRUE(exchange.is_gone());
  });
  RawClient client = connect();
  client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + 400ms;  // four times the limits
  while (std::chrono::steady_clock::now() < end) EXPECT_TRUE(ask(kGet).ends_with("x"));
  const std::lock_guard lock{mutex};
  ASSERT_TRUE(taken && taken->is_open());
  ASSERT_EQ(::send(taken->get(), "data", 4, MSG_NOSIGNAL), 4);
  EXPECT_EQ(client.read_until("data"), "data");
}

TEST_F(ServerTest, ARequestForAnotherHostIsRefusedBeforeTheHandler) {
  serve({}, echo());
  const std::string response = ask("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n");
  EXPECT_EQ(status_line_of(response), "HTTP/1.1 421 Misdirected Request");
  EXPECT_NE(response.find("web.hosts"), std::string::npos);
  EXPECT_NE(response.find("nosniff"), std::string::npos);
}

TEST_F(ServerTest, AClientBehindAProxyDoesNotHoldAllConnections) {
  std::mutex mutex;
  std::vector<Exchange> waiting;
  serve({.per_network = 2},
        [&](Exchange exchange) {
          const std::scoped_lock lock{mutex};
          waiting.push_back(std::move(exchange));
          if (waiting.back().request().path != "/last") return;
          for (Exchange& one : waiting) one.answer({.body = "x"});
          waiting.clear();
        },
        {.hosts = {}, .proxies = {parse_network("127.0.0.1").value()}});
  const auto request = [](std::string_view path, std::string_view client) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {}\r\n\r\n", path,
                       client);
  };
  RawClient first = connect();
  RawClient second = connect();
  EXPECT_TRUE(first.send(request("/wait", "192.0.2.1")));
  EXPECT_TRUE(second.send(request("/wait", "192.0.2.1")));
  const auto are_waiting = [&] {
    const std::scoped_lock lock{mutex};
    return waiting.size() == 2;
  };
  ASSERT_TRUE(test::eventually(are_waiting));
  EXPECT_EQ(status_line_of(ask(request("/wait", "192.0.2.1"))), "HTTP/1.1 503 Service Unavailable");
  EXPECT_EQ(status_line_of(ask(request("/last", "192.0.2.2"))), "HTTP/1.1 200 OK");
}

}  // namespace
}  // namespace chatd::http

// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/http/message.hpp"

#include <gtest/gtest.h>

#include "common/http/server.hpp"

namespace chatd::http {
namespace {

TEST(PercentTest, DecodesEscapes) {
  EXPECT_EQ(percent_decoded("a%20b%E4%BD%a0"), "a b\xe4\xbd\xa0");
  EXPECT_EQ(percent_decoded(""), "");
  for (const char* wrong : {"%", "%4", "%zz", "%4g", "a%00b", "%-1", "%+1"}) {
    EXPECT_EQ(percent_decoded(wrong), std::nullopt) << wrong;
  }
}

TEST(QueryTest, HasItsParametersInOrder) {
  EXPECT_EQ(parse_query("q=a+b%2b&room=&x&&=y"),
            (Fields{{"q", "a b+"}, {"room", ""}, {"x", ""}, {"", "y"}}));
  EXPECT_EQ(parse_query("a=1=2"), (Fields{{"a", "1=2"}}));
  EXPECT_EQ(parse_query("a=%"), std::nullopt);
}

TEST(RequestTest, FindsTheFirstHeaderWithAName) {
  const Request request{.query = {{"q", "1"}}, .headers = {{"a", "1"}, {"a", "2"}}};
  EXPECT_EQ(request.header("a"), "1");
  EXPECT_EQ(request.header("b"), std::nullopt);
  EXPECT_EQ(request.parameter("q"), "1");
}

TEST(ResponseTest, ARefusalIsOneJsonObject) {
  const Response response =
      refusal_response({.status = 421, .code = "wrong_host", .message = "a \"b\"\n\\"});
  EXPECT_EQ(response.status, 421);
  EXPECT_EQ(response.body, "{\"error\":\"wrong_host\",\"message\":\"a \\\"b\\\" \\\\\"}\n");
}

TEST(ResponseTest, AStreamIsNotBufferedByAProxy) {
  const std::string head = event_stream_head(false);
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  for (const char* part : {"X-Accel-Buffering: no\r\n", "Connection: close\r\n", "nosniff",
                           "Content-Security-Policy: default-src 'none'"}) {
    EXPECT_NE(head.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(head.find("Opener"), std::string::npos);
  EXPECT_NE(event_stream_head(true).find("Cross-Origin-Opener-Policy: same-origin"),
            std::string::npos);
}

}  // namespace
}  // namespace chatd::http

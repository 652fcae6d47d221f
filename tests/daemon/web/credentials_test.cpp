// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/credentials.hpp"

#include <gtest/gtest.h>

namespace chatd::web {
namespace {

const std::string kToken = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd__8";

TEST(CredentialsTest, ATokenIsExactly32Bytes) {
  const auto token = read_token(kToken);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->at(1), std::byte{1});
  EXPECT_EQ(token->at(31), std::byte{0xff});
  for (const std::string& wrong :
       {std::string{}, kToken + "=", kToken + "A", kToken.substr(1), std::string(43, '+'),
        kToken.substr(0, 42) + "9", std::string(43, ' '), std::string(44, 'A')}) {
    EXPECT_FALSE(read_token(wrong)) << wrong;
  }
}

TEST(CredentialsTest, APageHasANumber) {
  EXPECT_EQ(read_client("18446744073709551615"), UINT64_MAX);
  for (const char* wrong : {"", "0", "-1", "1x", " 1", "18446744073709551616"}) {
    EXPECT_FALSE(read_client(wrong)) << wrong;
  }
}

TEST(CredentialsTest, BothAreHeaders) {
  const http::Request request{
      .headers = {{"authorization", "Bearer " + kToken}, {"x-client", "7"}}};
  ASSERT_TRUE(credentials_of(request));
  EXPECT_EQ(credentials_of(request)->client, 7U);
  EXPECT_FALSE(credentials_of({.headers = {{"authorization", "Bearer " + kToken}}}));
  EXPECT_FALSE(
      credentials_of({.headers = {{"authorization", "Basic " + kToken}, {"x-client", "7"}}}));
  EXPECT_FALSE(credentials_of({.query = {{"token", kToken}}, .headers = {{"x-client", "7"}}}))
      << "never in an address";
}

}  // namespace
}  // namespace chatd::web

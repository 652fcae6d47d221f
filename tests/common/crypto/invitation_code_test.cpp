// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/invitation_code.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include <gtest/gtest.h>

#include "tests/common/crypto/hex.hpp"

namespace chatd::crypto {
namespace {

Hash server(std::string_view name) { return sha256({as_bytes(name)}); }

std::string text_of(const InvitationCode& code) {
  const auto text = code.text();
  return {text.begin(), text.end()};
}

TEST(InvitationCodeTest, IsReadBackAsItWasMade) {
  for (int i = 0; i < 100; ++i) {
    const InvitationCode code = InvitationCode::make(server("a"));
    const auto read = InvitationCode::read(text_of(code));
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, code);
    EXPECT_TRUE(read->is_of(server("a")));
  }
}

TEST(InvitationCodeTest, HasSevenGroupsOfFourWithoutTheLettersThatLookLikeDigits) {
  const std::string text = text_of(InvitationCode::make(server("a")));
  ASSERT_EQ(text.size(), 34U);
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(text[i] == '-', i % 5 == 4) << text;
  }
  EXPECT_EQ(text.find_first_of("ILOU"), std::string::npos) << text;
}

TEST(InvitationCodeTest, IsOfNoOtherServer) {
  const InvitationCode code = InvitationCode::make(server("a"));
  EXPECT_FALSE(code.is_of(server("b")));
}

TEST(InvitationCodeTest, TwoCodesOfOneServerDifferInBothParts) {
  const std::string first = text_of(InvitationCode::make(server("a")));
  const std::string second = text_of(InvitationCode::make(server("a")));
  EXPECT_NE(first.substr(0, 19), second.substr(0, 19));
  EXPECT_NE(first.substr(20), second.substr(20));
}

TEST(InvitationCodeTest, IsReadInAnyCaseWithoutDashesAndWithLettersForDigits) {
  const InvitationCode code = InvitationCode::make(server("a"));
  std::string typed = text_of(code);
  std::erase(typed, '-');
  std::ranges::transform(typed, typed.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::ranges::replace(typed, '1', 'l');
  std::ranges::replace(typed, '0', 'O');
  const auto read = InvitationCode::read("  " + typed + " ");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, code);
}

// Each character counts: a code with one that is wrong is not sent to the server.
TEST(InvitationCodeTest, WithOneOtherCharacterItIsOfNoServer) {
  const std::string text = text_of(InvitationCode::make(server("a")));
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    std::string typed = text;
    typed[i] = text[i] == '7' ? '8' : '7';
    const auto read = InvitationCode::read(typed);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->is_of(server("a"))) << i;
  }
}

TEST(InvitationCodeTest, OtherTextsAreNoCodes) {
  const std::string text = text_of(InvitationCode::make(server("a")));
  EXPECT_FALSE(InvitationCode::read(""));
  EXPECT_FALSE(InvitationCode::read(text.substr(1)));
  EXPECT_FALSE(InvitationCode::read(text + "0"));
  EXPECT_FALSE(InvitationCode::read("U" + text.substr(1)));
  EXPECT_FALSE(InvitationCode::read(text.substr(0, 33) + "\xC3\xA9"));
}

// The format of codes that are on paper stays: a fixed secret and server give these characters.
TEST(InvitationCodeTest, TheCheckIsTheBeginningOfAnHmac) {
  const auto code = InvitationCode::read("0000-0000-0000-0000-0000-0000-0000");
  ASSERT_TRUE(code);
  const InvitationCode::Secret zeros{};
  EXPECT_EQ(code->secret(), zeros);
  const Hash hash = hmac_sha256(zeros, {as_bytes("chatd invitation check"), server("a")});
  std::string typed = "0000-0000-0000-0000-";
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (unsigned digit = 0; digit < 12; ++digit) {
    unsigned value = 0;
    for (unsigned bit = digit * 5; bit < digit * 5 + 5; ++bit) {
      value = value * 2 + (std::to_integer<unsigned>(hash[bit / 8]) >> (7 - bit % 8)) % 2;
    }
    typed += kDigits[value];
  }
  const auto of_server = InvitationCode::read(typed);
  ASSERT_TRUE(of_server);
  EXPECT_TRUE(of_server->is_of(server("a")));
}

TEST(InvitationCodeTest, TheHashIsThatOfTheSecretUnderALabel) {
  EXPECT_EQ(hash_of_invitation(as_bytes("x")), sha256({as_bytes("chatd invitationx")}));
}

}  // namespace
}  // namespace chatd::crypto

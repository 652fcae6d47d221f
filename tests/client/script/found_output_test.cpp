// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/script/found_output.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/crypto/keys.hpp"
#include "tests/client/found_servers.hpp"

namespace chatd::client {
namespace {

std::vector<FoundRow> two_rows() {
  FoundRow lab{.server = found(1, {"192.168.1.5:8888", "[fe80::1%2]:8888"}, "room 204"),
               .fingerprint = crypto::fingerprint(test::key(1)),
               .known = "lab.example:8888",
               .alias = "lab"};
  FoundRow other{.server = found(2, {"10.0.0.7:8888"}),
                 .fingerprint = crypto::fingerprint(test::key(2))};
  other.server.wants_password = true;
  other.server.wants_invitation = true;
  return {lab, other};
}

TEST(FoundOutput, IsATable) {
  EXPECT_EQ(found_text(two_rows(), wire::Language::en),
            "192.168.1.5:8888  known as lab               " + crypto::fingerprint(test::key(1)) +
                "  room 204\n"
                "10.0.0.7:8888     new, password, invitation  " +
                crypto::fingerprint(test::key(2)) + "\n");
}

TEST(FoundOutput, ChoicesHaveNumbers) {
  EXPECT_EQ(found_choices(two_rows(), wire::Language::zh),
            "  1  192.168.1.5:8888  已知：lab                 room 204\n"
            "  2  10.0.0.7:8888     未知, 需要口令, 需要邀请\n");
}

TEST(FoundOutput, ANameOfARoomDoesNotMoveTheCursor) {
  const std::vector<FoundRow> rows{{.server = found(1, {"10.0.0.7:8888"}, "a\x1b[2Jb\nc")}};
  EXPECT_THAT(found_text(rows, wire::Language::en), ::testing::EndsWith("a\\x1b[2Jb c\n"));
  EXPECT_THAT(found_choices(rows, wire::Language::en), ::testing::EndsWith("a\\x1b[2Jb c\n"));
}

constexpr WallTime kNow{std::chrono::seconds{1}};

TEST(FoundOutput, JsonHasAllAddressesAndNoEmptyTexts) {
  const auto rows = two_rows();
  const auto lab = nlohmann::json::parse(json_line(rows[0], kNow));
  EXPECT_EQ(lab, nlohmann::json({{"schema", 1},
                                 {"event", "found"},
                                 {"room", ""},
                                 {"time", "1970-01-01T00:00:01.000Z"},
                                 {"server", "room 204"},
                                 {"addresses", {"192.168.1.5:8888", "[fe80::1%2]:8888"}},
                                 {"fingerprint", crypto::fingerprint(test::key(1))},
                                 {"known", "lab.example:8888"},
                                 {"alias", "lab"},
                                 {"password", false},
                                 {"invitation", false}}));
  const auto other = nlohmann::json::parse(json_line(rows[1], kNow));
  EXPECT_FALSE(other.contains("server"));
  EXPECT_FALSE(other.contains("known"));
  EXPECT_FALSE(other.contains("alias"));
  EXPECT_EQ(other["password"], true);
  EXPECT_EQ(other["invitation"], true);
}

TEST(FoundOutput, JsonOfABrokenNameIsOneLineOfUtf8) {
  const std::string line =
      json_line({.server = found(1, {"10.0.0.7:8888"}, "a\xff\n")}, WallTime{});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(nlohmann::json::parse(line)["server"], "a\uFFFD\n");
}

// A terminal obeys them: U+009B begins a sequence as ESC [ does.
TEST(FoundOutput, JsonEscapesTheControlCharactersOfBothRanges) {
  const std::string line = json_line({.server = found(1, {"10.0.0.7:8888"},
                                                      "a\xc2\x9b"
                                                      "31m\x7f\xc2\x80\xc2\x9f")},
                                     WallTime{});
  EXPECT_NE(line.find(R"("server":"a\u009b31m\u007f\u0080\u009f")"), std::string::npos) << line;
}

}  // namespace
}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/qr_code.hpp"

#include <sstream>
#include <vector>

#include <gmock/gmock.h>

namespace chatd::ctl {
namespace {

using ::testing::Each;
using ::testing::SizeIs;

// The modules of the code, a row for each string; '#' is a dark one.
std::vector<std::string> modules_of(const std::string& drawn) {
  std::vector<std::string> rows;
  std::istringstream lines{drawn};
  for (std::string line; std::getline(lines, line);) {
    std::string upper;
    std::string lower;
    for (std::size_t at = 0; at < line.size();) {
      const std::string block = line.substr(at, line[at] == ' ' ? 1 : 3);
      at += block.size();
      upper += block == "█" || block == "▀" ? '.' : '#';
      lower += block == "█" || block == "▄" ? '.' : '#';
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

TEST(QrCode, HasItsThreeMarksAndALightMargin) {
  // 21 modules and two margins of 4; a row more makes the last line whole.
  const auto rows = modules_of(qr_code("chat", false));
  ASSERT_THAT(rows, SizeIs(30));
  ASSERT_THAT(rows, Each(SizeIs(29)));
  const std::vector<std::string> mark{"#######", "#.....#", "#.###.#", "#.###.#",
                                      "#.###.#", "#.....#", "#######"};
  for (std::size_t y = 0; y < mark.size(); ++y) {
    EXPECT_EQ(rows[4 + y].substr(4, 7), mark[y]);
    EXPECT_EQ(rows[4 + y].substr(18, 7), mark[y]);
    EXPECT_EQ(rows[18 + y].substr(4, 7), mark[y]);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(rows[i], std::string(29, '.'));
    EXPECT_EQ(rows[25 + i], std::string(29, '.'));
  }
  for (const auto& row : rows) {
    EXPECT_EQ(row.substr(0, 4) + row.substr(25), "........");
  }
}

TEST(QrCode, AnotherTextIsAnotherCode) {
  EXPECT_NE(qr_code("http://192.0.2.7:8880/", false), qr_code("http://192.0.2.8:8880/", false));
}

TEST(QrCode, WithColoursEachLineIsWhiteOnBlack) {
  std::istringstream lines{qr_code("chat", true)};
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("\x1b[97;40m") && line.ends_with("\x1b[0m"));
  }
}

TEST(QrCode, ATextThatIsTooLongHasNone) { EXPECT_EQ(qr_code(std::string(4000, 'x'), false), ""); }

}  // namespace
}  // namespace chatd::ctl

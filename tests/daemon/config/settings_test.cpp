// SPDX-License-Identifier: GPL-3.0-or-later
// The table itself, and the two documents that are compared with it.
#include "daemon/config/settings.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;

std::vector<std::string> lines_of(std::string_view path) {
  std::ifstream file{std::string{CHATD_SOURCE_DIR "/"} + std::string{path}};
  EXPECT_TRUE(file.is_open()) << path;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// For example: "Integer: 1 to 100000."
std::string type_and_range(const Setting& setting) {
  std::string text = setting.kind->type() + ": " + setting.kind->range() + ".";
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

TEST(Settings, EveryRowIsCompleteAndUnique) {
  std::set<std::string_view> keys;
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
    EXPECT_EQ(std::ranges::count(setting.key, '.'), 1) << setting.key;
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.key;
    EXPECT_FALSE(setting.kind->type().empty()) << setting.key;
    EXPECT_FALSE(setting.kind->range().empty()) << setting.key;
    EXPECT_EQ(setting.table().size() + 1 + setting.name().size(), setting.key.size());
  }
}

TEST(Settings, RowsOfATableAreTogether) {
  std::vector<std::string_view> tables;
  for (const Setting& setting : settings()) {
    if (tables.empty() || tables.back() != setting.table()) tables.push_back(setting.table());
  }
  const std::set<std::string_view> different(tables.begin(), tables.end());
  EXPECT_EQ(tables.size(), different.size());
}

TEST(Settings, ADefaultIsInItsRangeAndIsReadBack) {
  for (const Setting& setting : settings()) {
    EXPECT_EQ(setting.kind->check(Config{}), std::nullopt) << setting.key;
    const Config config = config_of(std::string{setting.key} + " = " + setting.default_text());
    EXPECT_EQ(setting.kind->print(config), setting.default_text()) << setting.key;
  }
}

TEST(Settings, AreFoundByTheirFullName) {
  ASSERT_NE(find_setting("limits.burst"), nullptr);
  EXPECT_EQ(find_setting("limits.burst")->name(), "burst");
  EXPECT_EQ(find_setting("burst"), nullptr);
  EXPECT_EQ(find_setting("limits"), nullptr);
  EXPECT_TRUE(is_table("limits"));
  EXPECT_FALSE(is_table("limit"));
}

// The example file: "# words" explains a setting, "#name = value" is a setting at its default.
struct Example {
  std::string toml;                          // the file with all settings uncommented
  std::map<std::string, std::string> words;  // the text above each setting, by its name
};

Example read_example() {
  Example example;
  std::string table;
  std::string words;
  for (const std::string& line : lines_of("packaging/chatd.toml")) {
    if (line.starts_with("# ")) {
      words += line.substr(1);
      continue;
    }
    if (line.starts_with('[')) table = line.substr(1, line.find(']') - 1);
    const bool is_setting = line.starts_with('#') && line.size() > 1;
    if (is_setting) example.words[table + "." + line.substr(1, line.find(' ') - 1)] = words;
    example.toml += (is_setting ? line.substr(1) : line) + "\n";
    words.clear();
  }
  return example;
}

TEST(ExampleFile, IsTheDefaultConfiguration) {
  std::string toml;
  for (const std::string& line : lines_of("packaging/chatd.toml")) toml += line + "\n";
  EXPECT_EQ(print(config_of(toml)), print(Config{}));
}

TEST(ExampleFile, ShowsEverySettingAtItsDefaultInTableOrder) {
  const Example example = read_example();
  EXPECT_EQ(print(config_of(example.toml)), print(Config{}));
  std::vector<std::string> keys;
  const auto entries = read_document(example.toml).value();
  for (const Entry& entry : entries) keys.push_back(entry.key());
  EXPECT_THAT(keys, ElementsAreArray(all_keys()));
}

TEST(ExampleFile, ExplainsEverySettingWithTheWordsOfTheTable) {
  Example example = read_example();
  for (const Setting& setting : settings()) {
    const std::string& words = example.words[std::string{setting.key}];
    EXPECT_THAT(words, HasSubstr(std::string{setting.help})) << setting.key;
    EXPECT_THAT(words, HasSubstr(type_and_range(setting))) << setting.key;
    EXPECT_EQ(words.contains("Needs a restart."), needs_restart(setting.key)) << setting.key;
  }
}

// Reads the manual: an item `.It Va limits.burst` for each setting.
std::map<std::string, std::string> read_manual(std::vector<std::string>& order) {
  constexpr std::string_view kItem{".It Va "};
  std::map<std::string, std::string> items;
  std::string* item = nullptr;
  for (const std::string& line : lines_of("man/chatd.toml.5")) {
    if (line.starts_with(kItem)) {
      order.push_back(line.substr(kItem.size()));
      item = &items[order.back()];
    } else if (line.starts_with(".El") || line.starts_with(".S")) {
      item = nullptr;
    } else if (item != nullptr && !line.starts_with('.')) {
      *item += line + " ";
    }
  }
  return items;
}

TEST(Manual, HasTheSettingsInTheOrderOfTheTable) {
  std::vector<std::string> order;
  read_manual(order);
  EXPECT_THAT(order, ElementsAreArray(all_keys()));
}

TEST(Manual, ExplainsEverySettingWithTheWordsOfTheTable) {
  std::vector<std::string> order;
  auto items = read_manual(order);
  for (const Setting& setting : settings()) {
    const std::string& words = items[std::string{setting.key}];
    EXPECT_THAT(words, HasSubstr(std::string{setting.help})) << setting.key;
    EXPECT_THAT(words, HasSubstr(type_and_range(setting))) << setting.key;
    EXPECT_THAT(words, HasSubstr("Default: " + setting.default_text() + ".")) << setting.key;
    const bool restart = needs_restart(setting.key);
    EXPECT_EQ(words.contains("Needs a restart."), restart) << setting.key;
    EXPECT_EQ(words.contains("Applied by a reload."), !restart) << setting.key;
  }
}

}  // namespace
}  // namespace chatd::config

// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/native/native_room.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

using namespace std::string_view_literals;

// The bytes of a RoomSetting: the property, and the value with its low byte first.
std::string setting(unsigned property, unsigned value) {
  return {static_cast<char>(property), static_cast<char>(value & 0xFFU),
          static_cast<char>(value >> 8U)};
}

std::string moderation(unsigned action, std::string_view name, std::string_view reason) {
  std::string text{static_cast<char>(action), 60, 0, 0, 0, static_cast<char>(name.size())};
  return text.append(name).append(reason);
}

TEST(RoomSetting, IsRead) {
  for (const unsigned property : {1U, 2U, 3U, 4U, 6U}) {
    for (const unsigned value : {0U, 1U}) {
      const std::string text = setting(property, value);
      const auto read = read_setting(text);
      ASSERT_TRUE(read) << property << " " << value;
      EXPECT_EQ(read->property, RoomProperty(property));
      EXPECT_EQ(read->value, value);
    }
  }
  EXPECT_EQ(read_setting(setting(4, kMaxSlowSeconds))->value, kMaxSlowSeconds);
}

TEST(RoomSetting, AnUnknownPropertyOrALargeValueIsRefused) {
  EXPECT_FALSE(read_setting(setting(0, 0)));
  EXPECT_FALSE(read_setting(setting(7, kMaxHistoryDays + 1)));
  EXPECT_FALSE(read_setting(setting(8, 0)));
  EXPECT_FALSE(read_setting(setting(6, 3)));
  EXPECT_FALSE(read_setting(setting(255, 0)));
  for (const unsigned flag : {1U, 2U, 3U}) EXPECT_FALSE(read_setting(setting(flag, 2)));
  EXPECT_FALSE(read_setting(setting(1, 0x100)));
  EXPECT_FALSE(read_setting(setting(4, kMaxSlowSeconds + 1)));
}

TEST(RoomSetting, ACutOneIsRefused) {
  for (std::size_t size = 0; size < 3; ++size) {
    EXPECT_FALSE(read_setting(std::string_view{setting(1, 1)}.substr(0, size))) << size;
  }
}

TEST(Moderation, IsReadAsItWasWritten) {
  const std::string name = std::string(kMaxNameBytes, 'n') + "\t0123456789abcdef";
  const std::string reason(kMaxModerationReason, 'r');
  for (unsigned action = 1; action <= 10; ++action) {
    const Moderation whole{
        .action = ModerateAction(action), .seconds = 0xFFFF'FFFF, .name = name, .reason = reason};
    std::array<char, kMaxModerationBytes> out{};
    const auto text = write_moderation(whole, out);
    EXPECT_EQ(text.size(), kMaxModerationBytes);
    const auto read = read_moderation(text);
    ASSERT_TRUE(read) << action;
    EXPECT_EQ(read->action, whole.action);
    EXPECT_EQ(read->seconds, 0xFFFF'FFFFU);
    EXPECT_EQ(read->name, name);
    EXPECT_EQ(read->reason, reason);
  }
}

TEST(Moderation, TheLayoutOfItsBytesIsKnown) {
  const auto read = read_moderation(
      "\x02\x3c\x00\x00\x00\x03"
      "bobspam"sv);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->action, ModerateAction::ban);
  EXPECT_EQ(read->seconds, 60U);
  EXPECT_EQ(read->name, "bob");
  EXPECT_EQ(read->reason, "spam");
  EXPECT_EQ(read_moderation(moderation(1, "", ""))->reason, "");
}

TEST(Moderation, AnUnknownActionOrALongTextIsRefused) {
  EXPECT_FALSE(read_moderation(moderation(0, "bob", "")));
  EXPECT_FALSE(read_moderation(moderation(11, "bob", "")));
  EXPECT_FALSE(read_moderation(moderation(1, std::string(kMaxNameBytes + 1, 'x'), "")));
  EXPECT_FALSE(read_moderation(moderation(1, "bob", std::string(kMaxModerationReason + 1, 'x'))));
}

TEST(Moderation, ACutOneIsRefused) {
  const std::string whole = moderation(2, "bob", "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_moderation(std::string_view{whole}.substr(0, size))) << size;
  }
}

TEST(RoomProperty, HasAName) {
  EXPECT_EQ(name_of(RoomProperty::slow), "slow");
  EXPECT_EQ(name_of(RoomProperty::name), "name");
  EXPECT_EQ(name_of(RoomProperty{0}), "");
  EXPECT_EQ(name_of(RoomProperty::enter), "enter");
  EXPECT_EQ(name_of(RoomProperty::history), "history");
  EXPECT_EQ(name_of(RoomProperty{8}), "");
}

TEST(RoomProperty, IsFoundByItsNameUnlessOnlyARenameChangesIt) {
  for (std::uint8_t number = 1; !name_of(RoomProperty{number}).empty(); ++number) {
    const RoomProperty property{number};
    const bool is_set = std::ranges::find(kSetProperties, property) != kSetProperties.end();
    EXPECT_EQ(is_set, property != RoomProperty::name) << +number;
    EXPECT_EQ(property_of(name_of(property)), is_set ? std::optional{property} : std::nullopt);
  }
  EXPECT_EQ(property_of("name"), std::nullopt);
  EXPECT_EQ(property_of(""), std::nullopt);
}

TEST(MayEnter, EachValueHasANameAndIsReadFromIt) {
  for (const MayEnter who : {MayEnter::anyone, MayEnter::known, MayEnter::owned}) {
    EXPECT_EQ(may_enter_of(name_of(who)), who);
  }
  EXPECT_EQ(name_of(MayEnter::owned), "owned");
  EXPECT_EQ(name_of(MayEnter{3}), "");
  EXPECT_EQ(may_enter_of(""), std::nullopt);
}

TEST(RoomHistory, IsDefaultOrOffOrANumberOfDays) {
  for (const std::uint16_t value :
       {kHistoryOfServer, std::uint16_t{1}, std::uint16_t{30}, kMaxHistoryDays, kHistoryOff}) {
    EXPECT_EQ(history_of(history_text(value)), value);
    std::array<char, kMaxSettingBytes> bytes{};
    const auto setting = read_setting(
        write_setting({.property = RoomProperty::history, .value = value, .name = {}}, bytes));
    ASSERT_TRUE(setting) << value;
    EXPECT_EQ(setting->value, value);
  }
  EXPECT_EQ(history_text(30), "30d");
  for (const char* text : {"", "d", "0d", "3651d", "65535d", "30", "30h", "-1d", "OFF", "30dd"}) {
    EXPECT_EQ(history_of(text), std::nullopt) << text;
  }
  std::array<char, kMaxSettingBytes> bytes{};
  EXPECT_FALSE(read_setting(
      write_setting({.property = RoomProperty::history, .value = 3651, .name = {}}, bytes)));
}

TEST(ModerateAction, HasAName) {
  EXPECT_EQ(name_of(ModerateAction::kick), "kick");
  EXPECT_EQ(name_of(ModerateAction::no_role), "no_role");
  EXPECT_EQ(name_of(ModerateAction{0}), "");
  EXPECT_EQ(name_of(ModerateAction{11}), "");
}

}  // namespace
}  // namespace chatd::wire

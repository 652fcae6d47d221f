// SPDX-License-Identifier: GPL-3.0-or-later
// Compares man/uchat.1 with the tables of the program.
#include "tests/support/man_page.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/script/json_lines.hpp"
#include "client/settings/commands.hpp"
#include "client/terminal/input.hpp"
#include "client/words/outcome.hpp"
#include "common/wire/native/record_name.hpp"
#include "common/wire/reasons.hpp"
#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

using ::testing::ElementsAreArray;
using ::testing::UnorderedElementsAreArray;

class ManPage : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> after(std::string_view beginning) const {
    return page_.after(beginning);
  }
  const chatd::test::ManPage page_{UCHAT_MANUAL};
  const std::vector<std::string>& lines_{page_.lines};
};

TEST_F(ManPage, HasExactlyTheExitStatusesAndTheirCodes) {
  std::vector<std::string> documented;
  for (const std::string& line : after(".It ")) {
    if (line[0] >= '0' && line[0] <= '9') documented.push_back(line);
  }
  std::vector<std::string> expected;
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (row.status) expected.push_back(fmt::format("{} Pq Li {}", *row.status, row.code));
  }
  EXPECT_THAT(documented, ElementsAreArray(expected));
}

TEST_F(ManPage, HasExactlyTheCommands) {
  std::vector<std::string> expected;
  for (const CommandRow& row : kCommands) {
    std::string line = usage_of(row);
    for (auto at = line.find(' '); at != std::string::npos; at = line.find(' ', at + 4)) {
      line.replace(at, 1, " Ar ");
    }
    expected.push_back(std::move(line));
  }
  EXPECT_THAT(after(".It Ic "), ElementsAreArray(expected));
}

TEST_F(ManPage, HasExactlyTheOtherNamesOfCommands) {
  std::vector<std::string> expected;
  for (const CommandRow& row : kCommands) {
    if (!row.aliases.empty()) expected.emplace_back(row.aliases);
  }
  EXPECT_THAT(after(".Pq also Ic "), ElementsAreArray(expected));
}

TEST_F(ManPage, HasExactlyTheOptions) {
  std::string help;
  std::vector<std::string> commands{""};
  for (const ProgramCommand& command : kProgramCommands) commands.emplace_back(command.word);
  for (const std::string& command : commands) {
    std::vector<const char*> words{"uchat", "--help"};
    if (!command.empty()) words.insert(words.begin() + 1, command.c_str());
    ::testing::internal::CaptureStdout();
    EXPECT_FALSE(parse_options(static_cast<int>(words.size()), words.data()));
    help += ::testing::internal::GetCapturedStdout();
  }
  std::set<std::string> expected;
  for (auto at = help.find("--"); at != std::string::npos; at = help.find("--", at + 2)) {
    expected.insert(help.substr(at + 2, help.find_first_of(" ,\n[", at) - at - 2));
  }
  std::vector<std::string> documented;
  for (const std::string& line : after(".It Fl \\-")) {
    documented.push_back(line.substr(0, line.find(' ')));
  }
  EXPECT_THAT(documented, UnorderedElementsAreArray(expected));
}

TEST_F(ManPage, HasEveryMemberOfTheJsonEvents) {
  std::string page;
  for (const std::string& line : lines_) page += line + '\n';
  Line numbered = said("a", "b");
  numbered.sequence = 1;
  for (const Report& report : std::initializer_list<Report>{
           numbered,
           joined("a"),
           FirstContact{},
           ended(Outcome::done, "x"),
           MissedHere{},
           Missed{},
           RoomJoined{.topic = "x"},
           RoomLeft{.code = "x", .text = "x"},
           line_of(wire::RecordKind::direct, "a"),
           line_of(wire::RecordKind::topic, "a"),
           line_of(wire::RecordKind::crowd, "", std::string(8, 'a')),
           set_by("a", {.property = wire::RoomProperty::hidden}),
           moderated_by("a", {.action = wire::ModerateAction::mute, .seconds = 1, .name = "b"}),
           RoomInvited{},
           RoomAbout{.list = "topic\ttea\ntopic_by\ta\nmute\t1\ta\t0\tb\tx"},
           OtherPerson{},
           MemberAway{.name = "a", .text = "x"},
           MemberBack{},
           OwnNews{.name = "a",
           .facts = "event\tkeys\ncode\t0123456789abcdef\nseconds\t1\ndevice\tx\nlabel\tx\n"
                    "saved\tyes\nkey\tSHA256:"
                    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\t1\t-\tx"},
           DeviceAsks{.name = "a", .facts = "key\tx\naddress\tx\nlabel\tx\nseconds\t1"},
           OtherProgram{},
           Waiting{}}) {
    const std::string line = json_line(report, kFriday);
    for (auto at = line.find('"'); at != std::string::npos;) {
      const auto end = line.find('"', at + 1);
      const std::string word = line.substr(at + 1, end - at - 1);
      if (line[end + 1] == ':') {
        EXPECT_NE(page.find("\\(dq" + word + "\\(dq"), std::string::npos) << word;
      }
      at = line.find('"', end + 1);
    }
    const auto name = line.substr(line.find("event\":\"") + 8);
    const std::string event = name.substr(0, name.find('"'));
    EXPECT_NE(page.find("Li " + event), std::string::npos) << event;
  }
}

// A manual's whole source, its lines joined by blanks.
std::string text_of(const std::string& path) {
  std::string text;
  for (const std::string& line : chatd::test::ManPage{path}.lines) text += line + ' ';
  return text;
}

// The numbers of a list such as "codes: 1 name taken, 2 name not possible", which begins behind
// the first `label` behind `heading` and ends before `end`.
std::vector<int> numbers_of(const std::string& page, std::string_view heading,
                            std::string_view label, std::string_view end) {
  const auto from = page.find(label, page.find(heading)) + label.size();
  std::istringstream list{page.substr(from, page.find(end, from) - from)};
  std::vector<int> found;
  for (std::string word; list >> word;) {
    if (word.find_first_not_of("0123456789") == std::string::npos) found.push_back(std::stoi(word));
  }
  return found;
}

template <class Code>
std::vector<int> numbers_in_table(std::optional<Code> wire::ReasonRow::*column) {
  std::set<int> found;
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (row.*column) found.insert(static_cast<int>(*(row.*column)));
  }
  return {found.begin(), found.end()};
}

TEST(ProtocolManPage, HasEachNumberOfAReasonAndNoOther) {
  const std::string page = text_of(PROTOCOL_MANUAL);
  EXPECT_EQ(numbers_of(page, "REFUSE  to", "codes:", "RESET "),
            numbers_in_table(&wire::ReasonRow::refuse));
  EXPECT_EQ(numbers_of(page, "9 BYE", "reasons:", "10 WELCOME"),
            numbers_in_table(&wire::ReasonRow::bye));
  EXPECT_EQ(numbers_of(page, "11 REFUSED", "codes:", "12 ACK_WISH"),
            numbers_in_table(&wire::ReasonRow::refused));
}

TEST(ProtocolManPage, NamesEachByeReasonAsTheTableDoes) {
  const std::string page = text_of(PROTOCOL_MANUAL);
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (!row.bye) continue;
    const std::string named = fmt::format("{} {}", static_cast<int>(*row.bye), row.code);
    EXPECT_NE(page.find(named), std::string::npos) << named;
  }
}

TEST(ProtocolManPage, NamesEachKindOfARecordAsTheTableDoes) {
  const std::string page = text_of(PROTOCOL_MANUAL);
  for (int number = 0; number < 100; ++number) {
    const std::string_view name = wire::name_of(static_cast<wire::RecordKind>(number));
    if (name.empty()) continue;
    const std::string named = fmt::format("{} {}", number, name);
    EXPECT_NE(page.find(named), std::string::npos) << named;
  }
}

TEST(ProtocolManPage, HasEachCodeOfARefusedCommandAndNoOther) {
  const std::string page = text_of(PROTOCOL_MANUAL);
  const auto from =
      page.find("was refused; codes:") + std::string_view{"was refused; codes:"}.size();
  std::string list = page.substr(from, page.find(')', from) - from);
  std::ranges::replace(list, ',', ' ');
  std::istringstream words{list};
  std::set<std::string> documented;
  for (std::string word; words >> word;) documented.insert(word);
  std::set<std::string> expected;
  for (const wire::ReasonRow& row : wire::reason_table()) {
    const bool is_narrow = row.outcome == Outcome::message_refused && row.reason != row.outcome;
    if (is_narrow && !row.code.empty()) expected.emplace(row.code);
  }
  EXPECT_EQ(documented, expected);
}

TEST(DaemonManPage, HasTheCodeOfEachReasonThatTheJournalHas) {
  const std::string page = text_of(CHATD_MANUAL);
  for (const auto reason :
       {wire::Reason::quit, wire::Reason::idle, wire::Reason::unreachable, wire::Reason::name_taken,
        wire::Reason::name_refused, wire::Reason::room_full, wire::Reason::address_full,
        wire::Reason::banned, wire::Reason::not_invited, wire::Reason::wrong_password}) {
    EXPECT_NE(page.find(fmt::format(".Li {} ", code_of(reason))), std::string::npos)
        << code_of(reason);
  }
}

}  // namespace
}  // namespace chatd::client

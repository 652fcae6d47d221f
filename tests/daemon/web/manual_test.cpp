// SPDX-License-Identifier: GPL-3.0-or-later
// Compares man/chatd-web.7 with the tables of the program.
#include <cctype>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/http/limits.hpp"
#include "common/wire/native/native_history.hpp"
#include "common/wire/native/record_name.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/gateway/web_link.hpp"
#include "daemon/web/answers.hpp"
#include "daemon/web/api.hpp"
#include "daemon/web/command_json.hpp"
#include "daemon/web/pulse.hpp"
#include "daemon/web/render.hpp"
#include "daemon/web/routes.hpp"
#include "tests/support/man_page.hpp"

namespace chatd::web {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

const std::string kWebManual = CHATD_SOURCE_DIR "/man/chatd-web.7";

using Words = std::set<std::string>;

// The words of "say , action , join".
void add_words(Words& words, const std::string& list) {
  std::istringstream in{list};
  for (std::string word; in >> word;) {
    if (word.find_first_not_of(",.;:") != std::string::npos) words.insert(word);
  }
}

// The items of a list in a section: ".It Li say , action".
Words items_of(std::string_view section) {
  Words words;
  for (const std::string& line : test::ManPage{kWebManual, section}.after(".It Li ")) {
    add_words(words, line);
  }
  return words;
}

// A section as one line, without the names of the macros ".Li" and ".Dq".
std::string text_of_section(std::string_view section) {
  std::string text;
  for (std::string line : test::ManPage{kWebManual, section}.lines) {
    if (line.starts_with(".Li ") || line.starts_with(".Dq ")) line = line.substr(4);
    text += line + ' ';
  }
  return text;
}

std::string name_of_method(http::Method method) {
  switch (method) {
    case http::Method::get:
      return "GET";
    case http::Method::post:
      return "POST";
    case http::Method::remove:
      return "DELETE";
    default:
      return "?";
  }
}

TEST(WebManual, HasEachRouteInTheOrderOfTheTable) {
  std::vector<std::string> documented;
  for (const std::string& line : test::ManPage{kWebManual, ".Sh ROUTES"}.after(".It Li ")) {
    documented.push_back(line.substr(0, line.find('?')));
  }
  std::vector<std::string> expected;
  for (const RouteRow& row : kRoutes) {
    const std::string_view rest = row.route == Route::file ? "HASH/FILE" : "";
    expected.push_back(fmt::format("{} {}{}", name_of_method(row.method), row.path, rest));
  }
  EXPECT_THAT(documented, ElementsAreArray(expected));
}

TEST(WebManual, HasEachKindOfACommand) {
  Words expected;
  for (const std::string_view kind : command_kinds()) expected.emplace(kind);
  EXPECT_EQ(items_of(".Sh COMMANDS"), expected);
}

TEST(WebManual, HasEachEvent) {
  Words expected{std::string{kLostEvent}, std::string{kEndedEvent}, std::string{kGapEvent}};
  for (int number = 0; number <= static_cast<int>(wire::RecordKind::direct); ++number) {
    const auto kind = static_cast<wire::RecordKind>(number);
    const std::string_view name = wire::name_of(kind);
    if (!name.empty() && kind != wire::RecordKind::speaker) expected.emplace(name);
  }
  for (const MailboxEvent& row : kMailboxEvents) expected.emplace(row.event);
  EXPECT_EQ(items_of(".Sh EVENTS"), expected);
}

TEST(WebManual, HasEachOutcomeOfAStream) {
  Words documented;
  const auto lines = test::ManPage{kWebManual, ".Sh EVENTS"}.lines;
  auto line = std::ranges::find(lines, ".It Li ended");
  for (; line != lines.end() && *line != ".El"; ++line) {
    if (line->starts_with(".Li ")) add_words(documented, line->substr(4));
  }
  Words expected;
  for (const wire::ReasonRow& row : wire::reason_table()) {
    if (row.bye) expected.emplace(wire::code_of(row.reason));
  }
  EXPECT_EQ(documented, expected);
}

TEST(WebManual, HasEachCodeOfARefusalUnderItsStatus) {
  std::set<std::pair<int, std::string>> documented;
  int status = 0;
  for (const std::string& line : test::ManPage{kWebManual, ".Sh STATUS"}.lines) {
    if (line.starts_with(".It ")) status = std::stoi(line.substr(4));
    if (!line.starts_with(".Li ")) continue;
    Words words;
    add_words(words, line.substr(4));
    for (const std::string& word : words) documented.emplace(status, word);
  }
  std::set<std::pair<int, std::string>> expected;
  for (const http::Code& one : http::code::kAll) expected.emplace(one.status, one.word);
  for (const http::Code& one : code::kAll) expected.emplace(one.status, one.word);
  for (const ReasonStatus& row : kReasonStatuses) {
    expected.emplace(row.status, wire::code_of(row.reason));
  }
  EXPECT_EQ(documented, expected);
}

TEST(WebManual, HasTheLimits) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  const auto in_seconds = [](auto time) { return duration_cast<seconds>(time).count(); };
  const http::Limits limits;
  const std::string page = text_of_section(".Sh LIMITS");
  for (const std::string& sentence :
       {fmt::format("at most {} bytes", limits.header_bytes),
        fmt::format("a body at most {}.", limits.body_bytes),
        fmt::format("within {} seconds", in_seconds(limits.request)),
        fmt::format("within {} while", in_seconds(limits.request_if_full)),
        fmt::format("response within {} seconds", in_seconds(limits.response)),
        fmt::format("at most {} connections", limits.connections),
        fmt::format("{} of one network", limits.per_network),
        fmt::format("stream {} times a second, {} times at once", Api::kStreamsPerSecond,
                    Api::kStreamsAtOnce),
        fmt::format("tries {} passwords a second, {} at once, all networks together {}.",
                    PasswordKeys::kPerSecond, PasswordKeys::kAtOnce, PasswordKeys::kTotalPerSecond),
        fmt::format("shows {} tokens a second, {} at once", Logins::kResumesOfNetwork,
                    Logins::kResumesOfNetworkAtOnce),
        fmt::format("within {} seconds, or the status is 504", in_seconds(Members::kLimit)),
        fmt::format("at most {} requests wait", Members::kMaxRequests)}) {
    EXPECT_THAT(page, HasSubstr(sentence));
  }
  const std::string routes = text_of_section(".Sh ROUTES");
  for (const std::string& sentence : {fmt::format("for {} seconds", in_seconds(Pulse::kLimit)),
                                      fmt::format("at most {} bytes", Api::kMaxSearchBytes),
                                      fmt::format("1 to {}", wire::kMaxPageLines)}) {
    EXPECT_THAT(routes, HasSubstr(sentence));
  }
  const std::string events = text_of_section(".Sh EVENTS");
  EXPECT_THAT(events, HasSubstr(fmt::format("After {} seconds", in_seconds(Streams::kSilence))));
  EXPECT_THAT(events, HasSubstr(fmt::format("for {} seconds is away",
                                            in_seconds(gateway::kBrowserSilence))));
}

}  // namespace
}  // namespace chatd::web

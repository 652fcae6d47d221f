// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/render.hpp"

#include <array>
#include <span>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/wire/native/native_command.hpp"
#include "common/wire/native/record_text.hpp"
#include "daemon/web/line_cache.hpp"

namespace chatd::web {
namespace {

using nlohmann::json;
using wire::RecordKind;

wire::RecordView record(RecordKind kind, std::string_view name, std::string_view text = {}) {
  wire::RecordView view{.header = {}, .name = name, .text = text};
  view.header.kind = kind;
  view.header.wall_time = 1'795'216'504'000'000;
  view.header.sequence = 7;
  view.header.sender_slot = 3;
  view.header.sender_generation = 5;
  view.header.uplink_offset = 99;
  return view;
}
std::string person(const wire::RecordHeader& /*header*/) { return "00000000000000ff"; }
json line_of(const wire::RecordView& view, std::uint64_t n = 0) {
  const std::string shared = shared_part(view, "lab", person);
  return shared.empty() ? json{} : json::parse(shared + own_part(false, n));
}
json mail(const wire::RecordView& view, std::uint64_t n = 0) {
  std::string facts;
  const std::string event = mailbox_event(view, n, facts);
  return event.empty() ? json{} : json::parse(event);
}

TEST(RenderTest, ALineIsTheSameForAllButItsEnd) {
  const auto said = line_of(record(RecordKind::say, "ada", "tea?"));
  EXPECT_EQ(said.at("event"), "say");
  EXPECT_EQ(said.at("room"), "lab");
  EXPECT_EQ(said.at("by"), "00000000000000ff");
  EXPECT_EQ(said.at("own"), false);
  EXPECT_FALSE(said.contains("n"));
  const auto own = line_of(record(RecordKind::say, "ada", "tea?"), 17);
  EXPECT_EQ(own.at("own"), true);
  EXPECT_EQ(own.at("n"), 17);
}

TEST(RenderTest, RecordsThatAreNotShownAreNoEvents) {
  EXPECT_TRUE(line_of(record(RecordKind::speaker, "ada")).is_null());
  EXPECT_TRUE(line_of(record(RecordKind::say, "ada", "    ")).is_null()) << "it was taken back";
  EXPECT_TRUE(line_of(record(RecordKind::notice, "ada")).is_null());
  EXPECT_TRUE(mail(record(RecordKind::who, "ada")).is_null());
  EXPECT_TRUE(mail(record(static_cast<RecordKind>(60'000), "ada")).is_null());
}

TEST(RenderTest, ARefusalHasItsCodeAndTheNumberOfTheCommand) {
  const auto refused = mail(record(RecordKind::notice, "muted", "You are muted."), 17);
  EXPECT_EQ(refused.at("event"), "refused");
  EXPECT_EQ(refused.at("code"), "muted");
  EXPECT_EQ(refused.at("text"), "You are muted.");
  EXPECT_EQ(refused.at("n"), 17);
}

TEST(RenderTest, ADirectMessageIsOwnIfAnotherProgramSentIt) {
  EXPECT_EQ(mail(record(RecordKind::direct, "bob", "psst")).at("own"), false);
  EXPECT_EQ(mail(record(RecordKind::sent, "bob", "psst")).at("own"), true);
  EXPECT_EQ(mail(record(RecordKind::sent, "bob", "psst")).at("event"), "direct");
  auto waited = record(RecordKind::direct, "bob", "psst");
  waited.header.sender_slot = wire::kNobody;
  EXPECT_EQ(mail(waited).at("waited"), true);
  EXPECT_EQ(mail(waited).at("by"), "0000000000000005");
}

TEST(RenderTest, RoomsAreEnteredAndLeft) {
  const auto text = wire::as_argument(wire::JoinedRoom{.stream = 2, .room = 7});
  const auto joined =
      mail(record(RecordKind::joined, "lab", std::string{text.data(), text.size()} + "tea"));
  EXPECT_TRUE(joined.is_null() || joined.at("room") == "lab");
  EXPECT_EQ(mail(record(RecordKind::invited, "lab", "bob")).at("room"), "lab");
  EXPECT_EQ(mail(record(RecordKind::invited, "lab", "bob")).at("name"), "bob");
}

TEST(RenderTest, FactsOfSeveralRecordsAreOneEvent) {
  std::string facts;
  auto first = record(RecordKind::about, "lab", "topic\ttea\nmembers\t2");
  EXPECT_EQ(mailbox_event(first, 0, facts), "");
  auto last = record(RecordKind::about, "lab", "owner\tada");
  last.header.sender_slot = wire::kNobody;
  const auto about = json::parse(mailbox_event(last, 0, facts));
  EXPECT_EQ(about.at("topic"), "tea");
  EXPECT_EQ(about.at("owners"), json::array({"ada"}));
  EXPECT_EQ(facts, "");
}

TEST(RenderTest, AnEventIsLinesOfAStream) {
  std::string stream;
  append_event(stream, "", "{}\n");
  append_event(stream, "a-b", "{}\n");
  EXPECT_EQ(stream, "data: {}\n\nid: a-b\ndata: {}\n\n");
}

TEST(LineCacheTest, ALineIsRenderedOnceAndTheOldestGoes) {
  LineCache cache;
  int rendered = 0;
  const auto render = [&] {
    ++rendered;
    return std::string(LineCache::kMaxBytes / 4, 'x');
  };
  for (int i = 0; i < 3; ++i) (void)cache.get(1, render);
  EXPECT_EQ(rendered, 1);
  for (std::uint64_t at = 2; at < 10; ++at) (void)cache.get(at, render);
  EXPECT_LE(cache.bytes(), LineCache::kMaxBytes);
  (void)cache.get(1, render);
  EXPECT_EQ(rendered, 10);
  cache.clear();
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(LineCacheTest, ALineThatIsForgottenIsRenderedAgain) {
  LineCache cache;
  const auto text = [&](std::string line) { return cache.get(1, [&] { return line; }); };
  EXPECT_EQ(text("secret"), "secret");
  cache.forget(1);
  cache.forget(2);
  EXPECT_EQ(cache.bytes(), 0U);
  EXPECT_EQ(text("other"), "other");
}

}  // namespace
}  // namespace chatd::web

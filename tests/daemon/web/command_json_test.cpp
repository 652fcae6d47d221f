// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/web/command_json.hpp"

#include <span>

#include <gtest/gtest.h>

#include "common/wire/native/named_person.hpp"
#include "common/wire/native/native_block.hpp"
#include "common/wire/reasons.hpp"
#include "daemon/web/answers.hpp"

namespace chatd::web {
namespace {

std::optional<wire::RoomId> find_room(std::string_view name) {
  if (name.empty()) return wire::kDefaultRoom;
  return name == "lab" ? std::optional<wire::RoomId>{7} : std::nullopt;
}

std::expected<Command, http::Refusal> read(std::string_view body) {
  return read_command(body, find_room);
}
wire::CommandView view(const Command& command) {
  return wire::read_command(std::as_bytes(std::span{command.bytes})).value();
}
std::string code_of(std::string_view body) {
  const auto command = read(body);
  return command ? "" : std::string{command.error().code};
}

TEST(CommandJson, AMessageGoesToItsRoom) {
  const auto said = read(R"({"n":3,"kind":"say","room":"","text":"tea?"})");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->n, 3U);
  EXPECT_EQ(view(*said).kind, wire::CommandKind::say);
  EXPECT_EQ(view(*said).text, "tea?");
  EXPECT_TRUE(view(*said).name.empty());
  const auto acted = read(R"({"n":4,"kind":"action","room":"lab","text":"waves","after":"a-b"})");
  ASSERT_TRUE(acted);
  EXPECT_EQ(wire::room_of(view(*acted)), 7U);
  EXPECT_EQ(acted->after, "a-b");
}

TEST(CommandJson, AUserIsNamedWithThePersonThatWasSeen) {
  const auto direct =
      read(R"({"n":1,"kind":"direct","to":"ada","person":"00000000000000ff","text":"psst"})");
  ASSERT_TRUE(direct);
  const auto named = wire::read_named(view(*direct).name);
  EXPECT_EQ(named.name, "ada");
  EXPECT_EQ(named.person, 0xffU);
  const auto unknown = read(R"({"n":1,"kind":"direct","to":"ada","text":"psst"})");
  EXPECT_EQ(wire::read_named(view(*unknown).name).person, 0U);
  EXPECT_EQ(code_of(R"({"n":1,"kind":"direct","to":"ada","person":"12.7","text":"x"})"),
            "bad_command");
}

TEST(CommandJson, EveryKindIsACommand) {
  using wire::CommandKind;
  for (
      const auto& [body, kind] :
      {std::pair{R"({"n":1,"kind":"join","room":"tea"})", CommandKind::join},
       {R"({"n":1,"kind":"make","room":"tea"})", CommandKind::make},
       {R"({"n":1,"kind":"leave","room":"lab"})", CommandKind::leave},
       {R"({"n":1,"kind":"about","room":"lab"})", CommandKind::about},
       {R"({"n":1,"kind":"topic","room":"lab","text":"x"})", CommandKind::topic},
       {R"({"n":1,"kind":"set","room":"lab","property":"slow","value":30})", CommandKind::set},
       {R"({"n":1,"kind":"moderate","room":"lab","action":"ban","to":"bob","seconds":60,"text":"x"})",
        CommandKind::moderate},
       {R"({"n":1,"kind":"erase","room":"lab","sequence":9})", CommandKind::erase},
       {R"({"n":1,"kind":"erase","room":""})", CommandKind::erase},
       {R"({"n":1,"kind":"away","text":"lunch"})", CommandKind::away},
       {R"({"n":1,"kind":"away"})", CommandKind::away},
       {R"({"n":1,"kind":"block","action":"add","to":"bob"})", CommandKind::block},
       {R"({"n":1,"kind":"block","action":"list"})", CommandKind::block}}) {
    const auto command = read(body);
    ASSERT_TRUE(command) << body;
    EXPECT_EQ(view(*command).kind, kind) << body;
  }
  const auto banned = read(
      R"({"n":1,"kind":"moderate","room":"","action":"ban","to":"bob","seconds":60,"text":"x"})");
  const auto moderation = wire::read_moderation(view(*banned).text);
  ASSERT_TRUE(moderation);
  EXPECT_EQ(moderation->action, wire::ModerateAction::ban);
  EXPECT_EQ(moderation->seconds, 60U);
  EXPECT_EQ(moderation->reason, "x");
  const auto set = wire::read_setting(
      view(*read(R"({"n":1,"kind":"set","room":"lab","property":"slow","value":30})")).text);
  EXPECT_EQ(set->value, 30);
}

TEST(CommandJson, OtherBodiesAreRefused) {
  for (const char* body :
       {"", "[]", "1", "{", R"({"n":1})", R"({"n":0,"kind":"say","text":"x"})",
        R"({"n":-1,"kind":"say","text":"x"})", R"({"n":1.5,"kind":"say","text":"x"})",
        R"({"n":"1","kind":"say","text":"x"})", R"({"n":1,"kind":"say"})",
        R"({"n":1,"kind":"say","text":7})", R"({"kind":"say","text":"x"})",
        R"({"n":18446744073709551616,"kind":"say","text":"x"})",
        R"({"n":1,"kind":"say","text":{"a":{"b":{"c":1}}}})",
        R"({"n":1,"kind":"set","room":"lab","property":"name","value":1})",
        R"({"n":1,"kind":"set","room":"lab","property":"slow","value":65536})",
        R"({"n":1,"kind":"moderate","room":"lab","action":"hug","to":"bob"})",
        R"({"n":1,"kind":"block","action":"hug","to":"bob"})"}) {
    EXPECT_EQ(code_of(body), "bad_command") << body;
  }
  EXPECT_EQ(code_of(R"({"n":1,"kind":"quit"})"), wire::code_of(wire::Reason::unknown_kind));
  EXPECT_EQ(code_of(R"({"n":1,"kind":"say","room":"tea","text":"x"})"),
            wire::code_of(wire::Reason::not_in_that_room));
  EXPECT_EQ(code_of(R"({"n":1,"kind":"direct","to":"","text":"x"})"),
            wire::code_of(wire::Reason::no_such_member));
  EXPECT_EQ(code_of(R"({"n":1,"kind":"say","text":")" + std::string(1000, 'x') + "\"}"),
            wire::code_of(wire::Reason::text_too_long))
      << "the page has its words by the code";
  EXPECT_FALSE(sentence_of(wire::Reason::text_too_long).empty());
  EXPECT_EQ(code_of(std::string(10'000, '[')), "bad_command") << "needs no stack";
}

TEST(CommandJson, ANoteOfWhatWasReadHasNoNumber) {
  const auto read_to = read(R"({"kind":"read","after":"1-2"})");
  ASSERT_TRUE(read_to);
  EXPECT_EQ(read_to->n, 0U);
  EXPECT_EQ(read_to->after, "1-2");
  EXPECT_TRUE(read_to->bytes.empty());
}

TEST(CommandJson, AnEntryHasItsToken) {
  const auto entry =
      read_enter(R"({"name":"ada","token":"t","client":"7","password":"p","code":"c"})");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->name, "ada");
  EXPECT_EQ(entry->token, "t");
  EXPECT_EQ(entry->client, "7");
  EXPECT_EQ(entry->password, "p");
  EXPECT_EQ(entry->code, "c");
  EXPECT_FALSE(read_enter(R"({"name":"ada","token":"t","client":"7"})")->password);
  EXPECT_FALSE(read_enter(R"({"name":"ada","token":"t","client":7})"));
  EXPECT_FALSE(read_enter(R"({"name":"ada","client":"7"})"));
}

TEST(CommandJson, QuestionsAreCommandsToo) {
  const auto decoded = [](const std::string& bytes) {
    return wire::read_command(std::as_bytes(std::span{bytes}))->kind;
  };
  EXPECT_EQ(decoded(who_command(std::nullopt, 0)), wire::CommandKind::who);
  EXPECT_EQ(decoded(rooms_command(5)), wire::CommandKind::rooms);
  const auto name_of = [](const std::string& bytes) {
    return std::string{wire::read_command(std::as_bytes(std::span{bytes}))->name};
  };
  EXPECT_EQ(name_of(who_command(wire::kDefaultRoom, 0)), "") << "the default room has no address";
  EXPECT_EQ(name_of(history_command(wire::kDefaultRoom, {.way = wire::HistoryWay::before})), "");
  EXPECT_NE(name_of(history_command(wire::kDefaultRoom, {.way = wire::HistoryWay::search_all})),
            "");
  EXPECT_EQ(decoded(history_command(7, {.way = wire::HistoryWay::search, .text = "tea"})),
            wire::CommandKind::history);
}

}  // namespace
}  // namespace chatd::web

// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/control_message.hpp"

#include <string>

#include <gtest/gtest.h>

namespace chatd::wire {
namespace {

std::string refusal(std::string_view line) {
  const auto request = decode_request(line);
  return request ? "understood" : request.error().code;
}

TEST(ControlRequest, SurvivesWritingAndReading) {
  const ControlRequest request{.verb = "kick", .args = {"李雷", "tab\tquote\" newline\n 😀"}};
  const std::string line = encode(request);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(decode_request(line), request);
}

TEST(ControlRequest, IsWrittenAsInTheManual) {
  EXPECT_EQ(encode(ControlRequest{.verb = "announce", .args = {"hello"}}),
            R"({"schema":1,"verb":"announce","args":["hello"]})");
}

TEST(ControlRequest, NeedsOnlyAVerbWhenItIsTypedByHand) {
  EXPECT_EQ(decode_request(R"( {"verb": "status"} )"), (ControlRequest{"status", {}}));
}

TEST(ControlRequest, IgnoresMembersThatALaterSchemaMayAdd) {
  EXPECT_TRUE(decode_request(R"({"verb":"ping","new":{"a":[1]}})"));
}

TEST(ControlRequest, AnotherSchemaIsRefusedAsSuch) {
  EXPECT_EQ(refusal(R"({"schema":2,"verb":"ping"})"), "unsupported_schema");
  EXPECT_EQ(refusal(R"({"schema":"1","verb":"ping"})"), "unsupported_schema");
}

TEST(ControlRequest, OtherTextIsMalformed) {
  for (const std::string_view line :
       {"", "status", "[]", "1", "null", "{", R"({"verb":1})", R"({"args":[]})",
        R"({"verb":"x","args":"y"})", R"({"verb":"x","args":[1]})", R"({"verb":"x"} {})",
        R"({"verb":"x","args":{}})"}) {
    EXPECT_EQ(refusal(line), "malformed") << line;
  }
}

TEST(ControlRequest, TextMustBeUtf8) {
  EXPECT_EQ(refusal("{\"verb\":\"\xff\"}"), "malformed");
  EXPECT_EQ(refusal("{\"verb\":\"x\",\"args\":[\"\xe6\x9d\"]}"), "malformed");
  EXPECT_EQ(refusal(R"({"verb":"x","args":["\ud800"]})"), "malformed");
}

TEST(ControlRequest, HasALimitOfArguments) {
  ControlRequest request{.verb = "x", .args = std::vector<std::string>(kMaxRequestArgs, "a")};
  EXPECT_EQ(decode_request(encode(request)), request);
  request.args.emplace_back("a");
  EXPECT_EQ(refusal(encode(request)), "too_long");
}

TEST(ControlRequest, HasALimitOfBytes) {
  ControlRequest request{.verb = "x", .args = {""}};
  request.args[0].assign(kMaxRequestBytes - encode(request).size(), 'a');
  EXPECT_TRUE(decode_request(encode(request)));
  request.args[0] += 'a';
  EXPECT_EQ(refusal(encode(request)), "too_long");
}

TEST(ControlRequest, HasALimitOfDepth) {
  const auto nested = [](std::size_t depth) {
    return R"({"verb":"x","new":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(refusal(nested(kMaxControlDepth - 1)), "understood");
  EXPECT_EQ(refusal(nested(kMaxControlDepth)), "malformed");
  EXPECT_EQ(refusal(nested(30'000)), "malformed");
}

TEST(ControlRequest, BracketsInsideAStringAreNoDepth) {
  const ControlRequest request{.verb = "announce", .args = {R"([[[[[[[[[[[[ \" {{{{{{{{{{{)"}};
  EXPECT_EQ(decode_request(encode(request)), request);
}

TEST(ControlReply, SurvivesWritingAndReading) {
  const ControlReply good{R"({"members":3})"};
  EXPECT_EQ(encode(good), R"({"schema":1,"ok":true,"result":{"members":3}})");
  EXPECT_EQ(decode_reply(encode(good)), good);

  const ControlReply bad{std::unexpected{ControlError{"not_found", "nobody is called bob"}}};
  EXPECT_EQ(encode(bad), R"({"schema":1,"ok":false,"error":{"code":"not_found","message":)"
                         R"("nobody is called bob"}})");
  EXPECT_EQ(decode_reply(encode(bad)), bad);
}

TEST(ControlReply, KeepsTheOrderOfItsMembers) {
  const ControlReply reply{R"({"z":1,"a":{"y":2,"b":3}})"};
  EXPECT_EQ(decode_reply(encode(reply)), reply);
}

TEST(ControlReply, BytesThatAreNotUtf8AreReplaced) {
  const auto line = encode(ControlReply{std::unexpected{ControlError{"failed", "caf\xe9!"}}});
  EXPECT_EQ(decode_reply(line).error().message, "caf\xef\xbf\xbd!");
}

TEST(ControlReply, BecomesAnErrorIfItIsTooLong) {
  const ControlReply reply{R"({"a":")" + std::string(kMaxReplyBytes, 'a') + R"("})"};
  EXPECT_EQ(decode_reply(encode(reply)).error().code, "too_long");
}

TEST(ControlReply, OtherTextIsMalformed) {
  for (const std::string_view line :
       {"", "{}", R"({"ok":1})", R"({"ok":true})", R"({"ok":true,"result":[]})", R"({"ok":false})",
        R"({"ok":false,"error":{}})", R"({"ok":false,"error":{"code":1,"message":"x"}})",
        R"({"ok":false,"error":{"code":"x"}})"}) {
    const auto reply = decode_reply(line);
    ASSERT_FALSE(reply) << line;
    EXPECT_EQ(reply.error().code, "malformed") << line;
  }
  EXPECT_EQ(decode_reply(R"({"schema":9,"ok":true,"result":{}})").error().code,
            "unsupported_schema");
}

TEST(WithSchema, PutsTheSchemaFirst) {
  EXPECT_EQ(with_schema("{}"), R"({"schema":1})");
  EXPECT_EQ(with_schema(R"({"a":1})"), R"({"schema":1,"a":1})");
  EXPECT_EQ(with_schema(ControlError{"failed", "no \"luck\""}),
            R"({"schema":1,"error":{"code":"failed","message":"no \"luck\""}})");
}

TEST(VerbsAsJson, NamesEveryVerb) {
  const std::string json = verbs_as_json();
  EXPECT_TRUE(json.starts_with(R"({"verbs":[{"name":"status")")) << json;
  EXPECT_NE(json.find(R"({"name":"kick","usage":"NAME [REASON]")"), std::string::npos) << json;
}

}  // namespace
}  // namespace chatd::wire

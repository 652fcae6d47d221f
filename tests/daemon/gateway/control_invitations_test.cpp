// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/control_invitations.hpp"

#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/crypto/invitation_code.hpp"
#include "tests/daemon/gateway/control_host_fixture.hpp"
#include "tests/support/crash.hpp"

namespace chatd::gateway {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
namespace verb = wire::verb;

class ControlInvitationsTest : public ControlHostFixture {
 protected:
  static constexpr std::string_view kKey = "a key of ada";

  control::Args invite_args(const std::string& each, const std::string& uses = {},
                            const std::string& time = {}) {
    return {each, uses, time};
  }
  Json invite(const control::Args& args) {
    return Json::parse(ask(verb::kInvite.row, args), nullptr, false);
  }
  // A native member of that name with a key of its own, which came with the code.
  chat::Slot come(std::string_view name, const std::string& typed) {
    const auto code = crypto::InvitationCode::read(typed).value();
    state::Identity key{};
    key.fill(static_cast<std::byte>(name.front()));
    const auto person = sessions().persons().of_native(key);
    const std::string_view secret{reinterpret_cast<const char*>(code.secret().data()),
                                  code.secret().size()};
    const auto entry = chat().door.look(person, secret, wall_now());
    EXPECT_TRUE(entry && *entry) << name;
    if (entry && *entry) (void)chat().door.admit(**entry, person, name, wall_now());
    const auto login = sessions().admit(
        {.name = name,
         .from = test::delivery_to(test::endpoint("127.0.0.1:5")),
         .native = chat::NativeClient{.identity = key, .client = 1, .random = 7, .window = 65536}},
        now());
    sessions().settle();
    return login.slot;
  }
  bool is_in(std::string_view name) { return sessions().find_name(name).has_value(); }
};

TEST_F(ControlInvitationsTest, MakesTheGivenNumberOfCodesForThisServer) {
  const Json answer = invite(invite_args("30", "2", "1d"));
  const Json codes = answer.at("codes");
  ASSERT_EQ(codes.size(), 30U);
  std::set<std::string> all;
  for (const Json& row : codes) {
    const auto code = crypto::InvitationCode::read(row.at("code").get<std::string>());
    ASSERT_TRUE(code);
    EXPECT_TRUE(code->is_of(crypto::sha256({inheritance_.certificate.identity})));
    all.insert(row.at("code").get<std::string>());
  }
  EXPECT_EQ(all.size(), 30U);
  EXPECT_EQ(answer.at("uses"), 2);
  EXPECT_EQ(answer.at("door"), "open");
  EXPECT_EQ(answer.at("saved"), false);
  EXPECT_EQ(chat().invitations.codes(), 30U);
}

TEST_F(ControlInvitationsTest, RefusesNumbersAndTimesThatItDoesNotKnow) {
  for (const auto& args : {invite_args("0"), invite_args("1001"), invite_args("x"),
                           invite_args("1", "-1"), invite_args("1", "1", "0s"),
                           invite_args("1", "1", "366d"), invite_args("1", "1", "soon")}) {
    EXPECT_EQ(ask(verb::kInvite.row, args), "usage");
  }
  EXPECT_EQ(ask(verb::kInvite.row, {"", "", "", "nowhere"}), "not_found");
  EXPECT_EQ(ask(verb::kInvite.row, {"1000", "17"}), "failed");
  EXPECT_EQ(chat().invitations.codes(), 0U);
}

TEST_F(ControlInvitationsTest, TheListShowsWhomEachCodeHasAdmittedAndNoCode) {
  const Json made = invite(invite_args("2"));
  const std::string code = made.at("codes").at(0).at("code");
  come("ada", code);
  const std::string text = ask(verb::kInvites.row, {});
  EXPECT_THAT(text, ::testing::Not(HasSubstr(code)));
  const Json list = Json::parse(text);
  EXPECT_EQ(list.at("door"), "open");
  const Json rows = list.at("invitations");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.at(0).at("state"), "used");
  EXPECT_EQ(rows.at(0).at("admitted").at(0).at("name"), "ada");
  EXPECT_EQ(rows.at(1).at("state"), "open");
}

TEST_F(ControlInvitationsTest, ARevokedCodeEndsItsAdmissionsOnlyWithTheOptionWithMembers) {
  const Json made = invite(invite_args("1", "3"));
  const std::string code = made.at("codes").at(0).at("code");
  come("ada", code);
  come("bob", code);
  EXPECT_EQ(ask(verb::kInviteRevoke.row, {"9"}), "not_found");
  EXPECT_EQ(ask(verb::kInviteRevoke.row, {"2-1"}), "usage");
  EXPECT_THAT(ask(verb::kInviteRevoke.row, {"1"}), HasSubstr(R"("removed":[])"));
  EXPECT_TRUE(is_in("ada"));
  const Json gone = Json::parse(ask(verb::kInviteRevoke.row, {"1-1", "yes"}));
  EXPECT_EQ(gone.at("removed").size(), 2U);
  EXPECT_FALSE(is_in("ada"));
  EXPECT_FALSE(is_in("bob"));
}

TEST_F(ControlInvitationsTest, MembersThatAnotherCodeHasAdmittedStay) {
  const Json codes = invite(invite_args("2", "3")).at("codes");
  const auto ada = come("ada", codes.at(0).at("code"));
  come("bob", codes.at(0).at("code"));
  const auto second = crypto::InvitationCode::read(codes.at(1).at("code").get<std::string>());
  const auto bytes = second.value().secret();
  const std::string_view secret{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  const auto person = sessions().person(ada);
  const auto entry = chat().door.look(person, secret, wall_now());
  ASSERT_TRUE(entry && *entry);
  (void)chat().door.admit(**entry, person, "ada", wall_now());
  const Json gone = Json::parse(ask(verb::kInviteRevoke.row, {"1", "yes"}));
  EXPECT_EQ(gone.at("removed"), Json::array({"bob"}));
  EXPECT_TRUE(is_in("ada"));
  EXPECT_FALSE(is_in("bob"));
}

TEST_F(ControlInvitationsTest, AfterAKillARepeatedCommandRemovesTheMembersThatAreLeft) {
  const auto revoke = [this] { (void)ask(verb::kInviteRevoke.row, {"1", "yes"}); };
  const auto restart = [this] {
    host_.reset();
    take_over();
  };
  const int rounds =
      test::at_each_death({.begin =
                               [&] {
                                 renew_region();
                                 restart();
                                 const Json made = invite(invite_args("1", "3"));
                                 come("ada", made.at("codes").at(0).at("code"));
                                 come("bob", made.at("codes").at(0).at("code"));
                               },
                           .work = revoke,
                           .check =
                               [&] {
                                 restart();
                                 revoke();
                                 EXPECT_FALSE(is_in("ada"));
                                 EXPECT_FALSE(is_in("bob"));
                                 EXPECT_EQ(chat().invitations.used(state::InvitationId{1}), 0U);
                               }});
  EXPECT_GT(rounds, 4);
}

TEST_F(ControlInvitationsTest, ABanEndsTheCodeThatAdmittedThePersonUnlessKeepInviteIsGiven) {
  const Json made = invite(invite_args("2", "30"));
  come("ada", made.at("codes").at(0).at("code"));
  come("bob", made.at("codes").at(1).at("code"));
  const auto ban = [&](const std::string& name, const std::string& keep,
                       const std::string& dry = "") {
    const Json placed = Json::parse(ask(verb::kBan.row, {name, "", "", "", dry, "yes", keep}));
    return placed.at("closed_invitations").dump();
  };
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ban("ada", "", "yes"), "[1]") << "a dry run ends none";
  EXPECT_EQ(ban("ada", "yes", "yes"), "[]");
  EXPECT_EQ(ban("ada", ""), "[1]");
  EXPECT_EQ(ban("bob", "yes"), "[]");
  const Json list = Json::parse(ask(verb::kInvites.row, {}));
  const Json rows = list.at("invitations");
  EXPECT_EQ(rows.at(0).at("state"), "closed");
  EXPECT_EQ(rows.at(1).at("state"), "open");
}

TEST_F(ControlInvitationsTest, ABanAtAClosedDoorFindsAPersonThatHasLeft) {
  config_.server.door = config::WhoEnters::invited;
  const Json made = invite(invite_args("1", "30"));
  const chat::Slot ada = come("ada", made.at("codes").at(0).at("code"));
  const state::PersonId person = sessions().person(ada);
  sessions().remove(ada, state::LeaveKind::quit, {}, now());
  sessions().settle();
  const Json placed = Json::parse(ask(verb::kBan.row, {"ADA"}));
  EXPECT_EQ(placed.at("rules").at(0).at("by_what"), "key");
  EXPECT_EQ(placed.at("closed_invitations").dump(), "[1]");
  EXPECT_TRUE(chat().rules.has(state::RuleKind::ban, person, state::kDefaultRoom, wall_now()));
  EXPECT_EQ(Json::parse(ask(verb::kUnban.row, {"ada"})).at("rules").size(), 1U);
  EXPECT_EQ(Json::parse(ask(verb::kBan.row, {"zoe"})).at("rules").at(0).at("by_what"), "name");
}

}  // namespace
}  // namespace chatd::gateway

// SPDX-License-Identifier: GPL-3.0-or-later
// A class that enters by invitation codes: the real daemon, chatctl and uchat.
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "common/crypto/invitation_code.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/native_client.hpp"
#include "tests/support/text_client.hpp"

namespace chatd::test {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr int kNotInvited = 26;
constexpr int kWrongCode = 27;

class Door : public ::testing::Test {
 protected:
  // `uchat send` of a user with a key of its own. "": without a code.
  Finished send(const std::string& user, const std::string& code, const std::string& room = {}) {
    std::vector<std::string> command{uchat_program(), "send"};
    if (!code.empty()) {
      const std::string file = directory_ / (user + ".code");
      write_file(file, code + "\n");
      EXPECT_EQ(::chmod(file.c_str(), 0600), 0);
      command.insert(command.end(), {"--code-file", file});
    }
    if (!room.empty()) command.insert(command.end(), {"--room", room});
    command.insert(command.end(), {user + "@" + to_text(daemon_.endpoint()), "hello"});
    return run_program(command, {.environment = {{"XDG_CONFIG_HOME", directory_ / user},
                                                 {"XDG_STATE_HOME", directory_ / user},
                                                 {"LC_ALL", "C.UTF-8"}}});
  }
  int status_of(const std::string& user, const std::string& code = {}) {
    const Finished sent = send(user, code);
    last_words_ = sent.err;
    return sent.status;
  }
  std::vector<std::string> invite(std::vector<std::string> options) {
    options.insert(options.begin(), "invite");
    const Json answer = daemon_.ctl_json(options);
    EXPECT_EQ(answer.at("saved"), true);
    const Json rows = answer.at("codes");
    std::vector<std::string> codes;
    for (const Json& row : rows) codes.push_back(row.at("code").get<std::string>());
    return codes;
  }
  std::string states() {
    const Json answer = daemon_.ctl_json({"invites"});
    const Json rows = answer.at("invitations");
    std::string all;
    for (const Json& row : rows) all += row.at("state").get<std::string>() + " ";
    return all;
  }

  TempDir directory_;
  DaemonUnderTest daemon_{{.config = "[server]\ndoor = \"invited\"\n", .state = directory_.path()}};
  std::string last_words_;
};

TEST_F(Door, AClassEntersByCodesAndTheServerKnowsItAfterAPowerFailure) {
  ASSERT_EQ(daemon_.ctl({"room", "make", "lesson"}).status, 0);
  ASSERT_EQ(daemon_.ctl({"room", "set", "lesson", "invited", "yes"}).status, 0);
  const auto codes = invite({"--each", "3", "--for", "1d", "--room", "lesson"});
  ASSERT_EQ(codes.size(), 3U);

  EXPECT_EQ(status_of("ada"), kNotInvited);
  EXPECT_THAT(last_words_, HasSubstr("admits invited persons only"));
  EXPECT_EQ(status_of("ada", codes[0]), 0) << last_words_;
  EXPECT_EQ(status_of("bob", codes[0]), kNotInvited) << "it was for one person";
  std::string mistyped = codes[1];
  mistyped[0] = mistyped[0] == '7' ? '8' : '7';
  EXPECT_EQ(status_of("bob", mistyped), kWrongCode);
  EXPECT_EQ(status_of("bob", codes[1]), 0) << last_words_;
  EXPECT_EQ(status_of("ada"), 0) << "the server knows her key";
  EXPECT_EQ(send("ada", "", "lesson").status, 0);
  EXPECT_EQ(states(), "used used open ");

  // Its answer comes when it, and all changes before it, are on disk.
  ASSERT_EQ(daemon_.ctl({"room", "set", "lesson", "topic", "trees"}).status, 0);
  daemon_.kill();
  daemon_.start_again();
  EXPECT_EQ(states(), "used used open ");
  EXPECT_EQ(status_of("ada"), 0) << last_words_;
  EXPECT_EQ(send("bob", "", "lesson").status, 0);
  EXPECT_EQ(status_of("eve"), kNotInvited);
  EXPECT_EQ(status_of("eve", codes[2]), 0) << last_words_;
}

TEST_F(Door, ABanEndsTheCodeThatAdmittedThePerson) {
  const auto codes = invite({"--uses", "30"});
  const auto code = crypto::InvitationCode::read(codes[0]).value();
  NativeClient eve{
      daemon_.endpoint(),
      {.name = "eve",
       .code = {reinterpret_cast<const char*>(code.secret().data()), code.secret().size()}}};
  eve.enter();
  EXPECT_EQ(status_of("ada", codes[0]), 0) << last_words_;
  EXPECT_THAT(daemon_.ctl({"ban", "eve"}).out,
              HasSubstr("ended the invitation 1, by which the person came\n"));
  EXPECT_EQ(eve.await<client::Ended>().reason, wire::Reason::kicked);
  EXPECT_EQ(states(), "closed ");
  EXPECT_EQ(status_of("eve2", codes[0]), kNotInvited) << "with another key";
  EXPECT_EQ(status_of("ada"), 0) << last_words_;
}

TEST_F(Door, ARevokedCodeEndsItsAdmissionsOnlyWithTheOptionWithMembers) {
  const auto codes = invite({"--uses", "30"});
  EXPECT_EQ(status_of("ada", codes[0]), 0) << last_words_;
  EXPECT_EQ(daemon_.ctl({"invite", "revoke", "1"}).out, "ended the invitation 1\n");
  EXPECT_EQ(status_of("tom", codes[0]), kNotInvited);
  EXPECT_EQ(status_of("ada"), 0) << last_words_;
  EXPECT_THAT(daemon_.ctl({"invite", "revoke", "1", "--with-members"}).out,
              HasSubstr("ada is not admitted any more\n"));
  EXPECT_EQ(status_of("ada"), kNotInvited);
}

TEST_F(Door, ATextClientGetsOneLine) {
  TextClient nc{daemon_.endpoint(), TextClient::Kind::lines};
  nc.send("L nc");
  EXPECT_THAT(nc.answer(), HasSubstr("Only invited persons enter this server"));
}

TEST_F(Door, AMemberThatIsInWhenAReloadClosesItStaysAndOthersNeedACode) {
  daemon_.write_config("");
  ASSERT_EQ(daemon_.ctl({"reload"}).status, 0);
  NativeClient ada{daemon_.endpoint(), {.name = "ada"}};
  ada.enter();
  daemon_.write_config("[server]\ndoor = \"invited\"\n");
  ASSERT_EQ(daemon_.ctl({"reload"}).status, 0);
  ada.say("still here");
  NativeClient second{daemon_.endpoint(), {.name = "ada", .identity = ada.identity()}};
  second.enter();
  EXPECT_EQ(status_of("bob"), kNotInvited);
}

}  // namespace
}  // namespace chatd::test

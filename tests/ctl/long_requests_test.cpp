// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/long_requests.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>

#include "common/wire/control/verbs.hpp"
#include "tests/ctl/fake_daemon.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::chrono::milliseconds kTimeout{5000};

std::expected<void, wire::ControlError> export_of(const std::string& answer, std::string& output) {
  FakeDaemon daemon{[&](const std::string&) { return answer; }};
  Client client{daemon.path(), kTimeout};
  ::testing::internal::CaptureStdout();
  auto done = run_export(client, {.verb = "export", .args = {}});
  output = ::testing::internal::GetCapturedStdout();
  return done;
}

TEST(Export, LinesAreWrittenAsTheyComeAndTheLastOneSaysHowMany) {
  const std::string lines =
      "{\"number\":1}\n{\"number\":2}\n{\"schema\":1,\"end\":true,\"lines\":2}\n";
  std::string output;
  EXPECT_TRUE(export_of(FakeDaemon::ok("{\"rows\":2}") + lines, output));
  EXPECT_EQ(output, lines);
}

TEST(Export, OneThatIsCutIsAnError) {
  const std::string begin = FakeDaemon::ok("{\"rows\":2}");
  for (const char* lines :
       {"", "{\"number\":1}\n", "{\"number\":1}\n{\"num", "{\"end\":true,\"lines\":5}\n",
        "{\"text\":\"\\\"end\\\":true\",\"lines\":0}\n", "{\"end\":true,\"lines\":0}"}) {
    std::string output;
    const auto done = export_of(begin + lines, output);
    ASSERT_FALSE(done) << lines;
    EXPECT_THAT(done.error().message, HasSubstr("cut"));
    EXPECT_EQ(output, lines);
  }
}

TEST(Export, ARefusalWritesNothing) {
  std::string output;
  EXPECT_EQ(export_of(FakeDaemon::error("denied", "no"), output).error().code, "denied");
  EXPECT_THAT(output, IsEmpty());
}

class Backup : public ::testing::Test {
 protected:
  std::expected<Answer, wire::ControlError> run(const std::string& answer) {
    FakeDaemon daemon{[&](const std::string& line) {
      request_ = line;
      return answer;
    }};
    Client client{daemon.path(), kTimeout};
    return run_backup(client, {.verb = "backup", .args = {file_}});
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{directory_.path()}) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  test::TempDir directory_;
  std::string file_{directory_ / "it is a \"backup\".tar"};
  std::string request_;
};

TEST_F(Backup, TheBytesAreInAFileForItsOwnerOnly) {
  const auto answer = run(FakeDaemon::ok(R"({"bytes":5,"files":["a"]})") + "he\nlo");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(test::file_text(file_), "he\nlo");
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_THAT(request_, Not(HasSubstr("backup.tar"))) << "the name is chatctl's own";
}

TEST_F(Backup, AFileThatExistsIsNotChangedAlsoALinkToNothing) {
  test::write_file(file_, "old");
  EXPECT_THAT(run(FakeDaemon::ok(R"({"bytes":1})") + "x").error().message, HasSubstr("exists"));
  EXPECT_EQ(test::file_text(file_), "old");
  EXPECT_THAT(request_, IsEmpty()) << "nothing is asked";
  std::filesystem::remove(file_);
  std::filesystem::create_symlink(directory_ / "target", file_);
  EXPECT_FALSE(run(FakeDaemon::ok(R"({"bytes":1})") + "x"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "target"));
}

TEST_F(Backup, OneThatIsCutOrRefusedLeavesNoFile) {
  EXPECT_THAT(run(FakeDaemon::ok(R"({"bytes":50})") + "hello").error().message, HasSubstr("cut"));
  EXPECT_FALSE(run(FakeDaemon::ok(R"({"bytes":2})") + "hello")) << "too long";
  EXPECT_FALSE(run(FakeDaemon::error("failed", "no backup can be made now")));
  EXPECT_THAT(files(), IsEmpty());
}

TEST(Erase, ManyLinesAreCountedFirstAndNeedYesWithoutATerminal) {
  FakeDaemon daemon{[](const std::string&) {
    return FakeDaemon::ok(R"({"lines":12,"dry_run":true,"gone":false})");
  }};
  Client client{daemon.path(), kTimeout};
  const auto answer = run_erase(client, {.verb = "erase", .args = {"", "ada"}});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "too_wide");
  EXPECT_THAT(answer.error().message, HasSubstr("12 lines would be erased, and nothing was"));
  ASSERT_EQ(daemon.requests().size(), 1U);
  EXPECT_THAT(daemon.requests()[0], HasSubstr(R"(["","ada","","","yes","",""])"));
}

TEST(Erase, WithYesOrForOneLineItIsAskedOnceAndBlankLinesAreNoAnswer) {
  FakeDaemon daemon{
      [](const std::string&) { return "\n\n" + FakeDaemon::ok(R"({"lines":1,"gone":true})"); }};
  Client client{daemon.path(), kTimeout};
  const auto one = run_erase(client, {.verb = "erase", .args = {"3", "", "", "", "", "", "lab"}});
  ASSERT_TRUE(one);
  EXPECT_THAT(one->text, HasSubstr("erased 1 line: no file"));
  EXPECT_TRUE(run_erase(client, {.verb = "erase", .args = {"", "ada", "", "", "", "yes"}}));
  EXPECT_EQ(daemon.requests().size(), 2U);
}

TEST(Times, AnOptionWithAWrongTimeIsAUsageError) {
  const wire::Verb& verb = wire::verb::kErase.row;
  const auto timed = with_times({.verb = "erase", .args = {"", "", "2026-11-29"}}, verb);
  EXPECT_EQ(timed.value().args[2], "2026-11-29T00:00:00.000Z");
  EXPECT_EQ(with_times({.verb = "erase", .args = {"", "", "soon"}}, verb).error().code, "usage");
}

}  // namespace
}  // namespace chatd::ctl

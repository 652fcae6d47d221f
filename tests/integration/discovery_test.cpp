// SPDX-License-Identifier: GPL-3.0-or-later
// Servers are found in a network: two network namespaces with a link between them, one for the
// server and one for the client.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sched.h>

#include "common/base/unique_fd.hpp"
#include "tests/client/pty.hpp"
#include "tests/support/daemon_under_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::test::discovery {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr int kNoAnswer = 5;
constexpr int kSearches = 20;

UniqueFd this_network() { return UniqueFd{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)}; }

// The two namespaces. This process is in one of them at a time, and so are programs that it starts.
// 10.77.0.1 and fe80::1 are addresses of the server's end, 10.77.0.2 and fe80::2 of the client's.
class Lan {
 public:
  // nullptr: the system does not allow it.
  static std::unique_ptr<Lan> create() {
    std::unique_ptr<Lan> lan{new Lan};
    if (::unshare(CLONE_NEWNET) < 0) return nullptr;
    lan->server_ = this_network();
    if (::unshare(CLONE_NEWNET) < 0) return nullptr;
    lan->client_ = this_network();
    const std::string there =
        "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(lan->server_.get());
    if (!runs(
            "ip link set lo up && ip link add there type veth peer name here && ip link set there "
            "netns " +
            there) ||
        !has_address("here", "2")) {
      return nullptr;
    }
    lan->enter_server();
    if (!runs("ip link set lo up") || !has_address("there", "1")) return nullptr;
    return lan;
  }
  Lan(const Lan&) = delete;
  Lan& operator=(const Lan&) = delete;
  ~Lan() { (void)::setns(home_.get(), CLONE_NEWNET); }

  void enter_server() const { EXPECT_EQ(::setns(server_.get(), CLONE_NEWNET), 0); }
  void enter_client() const { EXPECT_EQ(::setns(client_.get(), CLONE_NEWNET), 0); }
  // In the namespace of this process.
  static bool runs(const std::string& command) {
    const auto ran = run_program({"/bin/sh", "-c", command});
    if (ran.status != 0) std::fputs(ran.err.c_str(), stderr);
    return ran.status == 0;
  }

 private:
  Lan() = default;
  static bool has_address(const std::string& link, const std::string& number) {
    return runs("ip link set " + link + " up && ip address add 10.77.0." + number +
                "/24 broadcast + dev " + link + " && ip address add fe80::" + number + "/64 dev " +
                link + " nodad");
  }

  UniqueFd home_{this_network()};
  UniqueFd server_;
  UniqueFd client_;
};

class Discovery : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root makes network namespaces";
    lan_ = Lan::create();
    ASSERT_NE(lan_, nullptr);
  }
  void serve(const std::string& config, std::vector<std::string> listen) {
    lan_->enter_server();
    daemon_ = std::make_unique<DaemonUnderTest>(
        DaemonUnderTest::Options{.config = config, .listen = std::move(listen)});
    lan_->enter_client();
  }
  [[nodiscard]] Finished uchat(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), uchat_program());
    return run_program(arguments, {.environment = {{"XDG_CONFIG_HOME", directory_.path()},
                                                   {"LC_ALL", "C.UTF-8"}}});
  }
  // The lines of `uchat find --json`.
  [[nodiscard]] std::vector<nlohmann::json> found_now() const {
    const auto ran = uchat({"find", "--json"});
    EXPECT_TRUE(ran.status == 0 || ran.out.empty()) << ran.err;
    std::vector<nlohmann::json> rows;
    std::istringstream lines{ran.out};
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
    return rows;
  }
  // On a machine with much other work an answer may be too late: it searches again.
  [[nodiscard]] std::vector<nlohmann::json> found() const {
    std::vector<nlohmann::json> rows;
    for (int i = 0; i < kSearches && rows.empty(); ++i) rows = found_now();
    return rows;
  }
  [[nodiscard]] std::string known_servers() const {
    const std::string file = directory_ / "uchat/known_servers";
    return std::filesystem::exists(file) ? file_text(file) : "";
  }
  // uchat without an address, whose search has found a server.
  [[nodiscard]] std::unique_ptr<OnTerminal> on_terminal() const {
    for (int i = 0; i < kSearches; ++i) {
      auto terminal = std::make_unique<OnTerminal>([this] {
        ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
        ::setenv("LC_ALL", "C.UTF-8", 1);
        ::execl(uchat_program().c_str(), "uchat", "--name", "ada", nullptr);
        return 127;
      });
      if (!terminal->shows("local network\r\n")) return nullptr;
      const auto has = [&](const char* text) { return terminal->output().contains(text); };
      (void)eventually([&] { return has("10.77.0.") || has("has answered"); });
      if (has("10.77.0.")) return terminal;
    }
    return nullptr;
  }

  TempDir directory_;
  std::unique_ptr<Lan> lan_;
  std::unique_ptr<DaemonUnderTest> daemon_;
};

TEST_F(Discovery, AServerAtAWildcardAddressIsFoundByIpv4) {
  serve("room.name = \"room 204\"\n", {"0.0.0.0:8888"});
  const auto rows = found();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0]["addresses"][0], "10.77.0.1:8888");
  EXPECT_EQ(rows[0]["server"], "room 204");
  EXPECT_FALSE(rows[0].contains("known"));
  EXPECT_GE(daemon_->counter("seeks_answered"), 1U);
}

TEST_F(Discovery, AServerAtAWildcardAddressIsFoundByIpv6) {
  serve("", {"[::]:8888"});
  const auto rows = found();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_THAT(rows[0]["addresses"][0], ::testing::MatchesRegex(".fe80::.*%[0-9]+.:8888"));
}

TEST_F(Discovery, AServerThatIsNotAtAWildcardAddressOrHasItOffIsNotFound) {
  serve("", {"127.0.0.1:8888"});
  EXPECT_THAT(found_now(), IsEmpty());
  daemon_.reset();
  serve("network.discovery = false\n", {"0.0.0.0:8888", "[::]:8888"});
  EXPECT_THAT(found_now(), IsEmpty());
  const auto ran = uchat({"find"});
  EXPECT_EQ(ran.status, kNoAnswer);
  EXPECT_EQ(ran.err, "uchat: no server in the local network has answered\n");
}

TEST_F(Discovery, WithoutAnAddressUchatEntersTheOnlyKnownServer) {
  serve("room.name = \"room 204\"\n", {"0.0.0.0:8888"});
  ASSERT_EQ(uchat({"send", "bob@10.77.0.1", "hello"}).status, 0);
  const auto terminal = on_terminal();
  ASSERT_NE(terminal, nullptr);
  EXPECT_TRUE(terminal->shows("found \"room 204\" at 10.77.0.1:8888"));
  EXPECT_TRUE(terminal->shows("bob: hello"));
  terminal->type("/quit\n");
  EXPECT_EQ(terminal->wait(), 0);
}

TEST_F(Discovery, AKnownServerIsEnteredAtItsNewAddressUnderItsKnownName) {
  serve("", {"0.0.0.0:8888"});
  ASSERT_EQ(uchat({"send", "bob@10.77.0.1", "hello"}).status, 0);
  lan_->enter_server();
  ASSERT_TRUE(
      Lan::runs("ip address del 10.77.0.1/24 dev there && "
                "ip address add 10.77.0.9/24 broadcast + dev there"));
  lan_->enter_client();
  const auto terminal = on_terminal();
  ASSERT_NE(terminal, nullptr);
  EXPECT_TRUE(terminal->shows("at 10.77.0.9:8888"));
  EXPECT_TRUE(terminal->shows("bob: hello"));
  terminal->type("/quit\n");
  EXPECT_EQ(terminal->wait(), 0);
  EXPECT_THAT(known_servers(), AllOf(HasSubstr("10.77.0.1:8888"), Not(HasSubstr("10.77.0.9"))));
}

TEST_F(Discovery, AnUnknownServerIsEnteredAfterTwoQuestions) {
  serve("room.name = \"room 204\"\n", {"0.0.0.0:8888"});
  const auto terminal = on_terminal();
  ASSERT_NE(terminal, nullptr);
  EXPECT_TRUE(terminal->shows("1  10.77.0.1:8888  new  room 204"));
  EXPECT_TRUE(terminal->shows("which one?"));
  terminal->type("1\n");
  EXPECT_TRUE(terminal->shows("SHA256:")) << "its fingerprint, and the question about it";
  EXPECT_EQ(known_servers(), "");
  terminal->type("yes\n");
  EXPECT_TRUE(terminal->shows("ada>"));
  EXPECT_TRUE(eventually([&] { return known_servers().contains("10.77.0.1:8888"); }));
  terminal->type("/quit\n");
  EXPECT_EQ(terminal->wait(), 0);
}

TEST_F(Discovery, TheOwnMachineIsFoundAsWell) {
  serve("", {"0.0.0.0:8888"});
  lan_->enter_server();
  const auto rows = found();
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0]["addresses"][0], "10.77.0.1:8888");
}

TEST_F(Discovery, AScriptWithoutAnAddressIsRefused) {
  serve("", {"0.0.0.0:8888"});
  for (const auto& words : std::vector<std::vector<std::string>>{{}, {"send"}, {"listen"}}) {
    const auto ran = uchat(words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_THAT(ran.err, HasSubstr("say where to go"));
  }
  EXPECT_EQ(daemon_->counter("seeks_answered"), 0U);
}

}  // namespace
}  // namespace chatd::test::discovery

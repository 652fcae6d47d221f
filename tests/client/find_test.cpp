// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/find.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include <gmock/gmock.h>

#include "client/words/outcome.hpp"
#include "tests/client/found_servers.hpp"
#include "tests/client/in_child.hpp"
#include "tests/support/temp_dir.hpp"

namespace chatd::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class Find : public ::testing::Test {
 protected:
  Find() { options_.language = wire::Language::en; }
  // The answers that the search finds.
  void answer(int seed, const char* from, std::string_view room = {}) {
    answers_.push_back(found(seed, {from}, std::string{room}));
  }
  void know(int seed, const char* name) {
    EXPECT_TRUE(known_.add(name, {.identity = test::key(seed), .key = {}}));
  }
  [[nodiscard]] bool search(Finder& finder) const {
    const std::uint64_t token = wire::read_seek(finder.seek()).value().token;
    for (const FoundServer& server : answers_) {
      std::array<std::byte, wire::kSeekBytes> bytes{};
      wire::ByteWriter out{bytes};
      wire::write_here(out, {.token = token, .identity = server.identity, .room = server.room});
      finder.receive(out.written(), server.addresses.front());
    }
    return is_in_network_;
  }
  // Prints the choice as "-> TARGET ADDRESS...".
  [[nodiscard]] test::Ran chosen(const std::string& typed = {}) const {
    return test::in_child([&] {
      ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
      std::istringstream in{typed};
      const auto choice = choose_server(
          options_, config_, *options_.language, [this](Finder& finder) { return search(finder); },
          in, std::cout);
      if (!choice) return choice.error();
      std::cout << "-> " << choice->target;
      for (const Endpoint& address : choice->addresses) std::cout << ' ' << to_text(address);
      std::cout << '\n' << std::flush;
      return 0;
    });
  }
  [[nodiscard]] test::Ran listed() const {
    return test::in_child([&] {
      ::setenv("XDG_CONFIG_HOME", directory_.path().c_str(), 1);
      return run_find(options_, *options_.language,
                      [this](Finder& finder) { return search(finder); });
    });
  }

  test::TempDir directory_;
  KnownServers known_{directory_ / "uchat/known_servers"};
  Options options_;
  UserConfig config_;
  bool is_in_network_{true};
  std::vector<FoundServer> answers_;
};

TEST_F(Find, TheOnlyKnownServerIsChosenWithoutAQuestion) {
  know(1, "lab.example:8888");
  answer(2, "192.168.1.9:8888", "other");
  answer(1, "192.168.1.5:8888", "room 204");
  const auto ran = chosen();
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "looking for servers in the local network\n"
            "found \"room 204\" at 192.168.1.5:8888\n"
            "-> lab.example:8888 192.168.1.5:8888\n");
}

TEST_F(Find, AnUnknownServerIsNeverChosenWithoutAQuestion) {
  answer(1, "192.168.1.5:8888", "room 204");
  const auto none = chosen("\n");
  EXPECT_EQ(none.status, 0);
  EXPECT_THAT(none.out, HasSubstr("  1  192.168.1.5:8888  new  room 204\n"));
  EXPECT_THAT(none.out, Not(HasSubstr("->")));
  EXPECT_THAT(chosen("1\n").out, EndsWith("-> 192.168.1.5:8888\n"));
}

TEST_F(Find, AnAddressOfAKnownServerWithAnotherIdentityIsUnknown) {
  know(1, "192.168.1.5:8888");
  answer(2, "192.168.1.5:8888");
  EXPECT_THAT(chosen("1\n").out, EndsWith("  1  192.168.1.5:8888  new\n"
                                          "which one? its number, or Enter for none: "
                                          "-> 192.168.1.5:8888\n"));
}

TEST_F(Find, OfSeveralKnownServersTheUserChoosesOne) {
  know(1, "lab.example:8888");
  know(2, "hall.example:8888");
  answer(1, "192.168.1.5:8888");
  answer(2, "192.168.1.6:8888");
  const auto ran = chosen("three\n3\n0\n 2 \n");
  EXPECT_THAT(ran.out, HasSubstr("a number from 1 to 2, please"));
  EXPECT_THAT(ran.out, EndsWith("-> hall.example:8888 192.168.1.6:8888\n"));
  EXPECT_THAT(chosen("").out, Not(HasSubstr("->"))) << "the end of the input";
}

TEST_F(Find, WithAFingerprintOnlyThatServerCounts) {
  know(1, "lab.example:8888");
  answer(1, "192.168.1.5:8888");
  answer(2, "192.168.1.6:8888");
  options_.fingerprint = crypto::fingerprint(test::key(2));
  EXPECT_THAT(chosen().out, EndsWith("-> 192.168.1.6:8888\n"));
  options_.fingerprint = crypto::fingerprint(test::key(3));
  EXPECT_EQ(chosen().status, exit_status_of(Outcome::no_answer));
}

TEST_F(Find, WithoutAnAnswerItSaysHowToNameAServer) {
  const auto ran = chosen();
  EXPECT_EQ(ran.status, exit_status_of(Outcome::no_answer));
  EXPECT_EQ(ran.err,
            "uchat: no server in the local network has answered; say where to go: uchat "
            "[NAME@]HOST[:PORT]\n");
  is_in_network_ = false;
  EXPECT_THAT(chosen().err, HasSubstr("this machine is in no local network"));
}

TEST_F(Find, AFileOfKnownServersThatCannotBeReadIsAnError) {
  std::filesystem::create_directories(directory_ / "uchat/known_servers");
  answer(1, "192.168.1.5:8888");
  EXPECT_EQ(chosen("1\n").status, exit_status_of(Outcome::failed));
}

TEST_F(Find, ListsTheServersAsTextAndAsJson) {
  know(1, "lab.example:8888");
  answer(1, "192.168.1.5:8888", "room 204");
  const auto text = listed();
  EXPECT_EQ(text.status, 0);
  EXPECT_EQ(text.err, "");
  EXPECT_EQ(text.out, "192.168.1.5:8888  known as lab.example:8888  " +
                          crypto::fingerprint(test::key(1)) + "  room 204\n");
  options_.json = true;
  EXPECT_THAT(listed().out,
              HasSubstr("\"server\":\"room 204\",\"addresses\":[\"192.168.1.5:8888\"]"));
}

TEST_F(Find, AnEmptyListIsNoAnswer) {
  const auto ran = listed();
  EXPECT_EQ(ran.status, exit_status_of(Outcome::no_answer));
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "uchat: no server in the local network has answered\n");
}

}  // namespace
}  // namespace chatd::client

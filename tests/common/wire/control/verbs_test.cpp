// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/wire/control/verbs.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "common/wire/control/control_message.hpp"

namespace chatd::wire {
namespace {

using ::testing::ElementsAre;

// The group of the control socket may not read messages, admit persons or change names and keys.
TEST(Verbs, ThoseThatReadMessagesAdmitPersonsOrChangeNamesAndKeysArePrivileged) {
  std::vector<std::string_view> names;
  for (const Verb& verb : kVerbs) {
    if (verb.privileged) names.push_back(verb.name);
    EXPECT_TRUE(!verb.privileged || verb.mutating) << verb.name << ": each use is logged";
  }
  EXPECT_THAT(names, ElementsAre("name give", "name take", "name rest", "token", "invite",
                                 "invite revoke", "history", "search", "export", "backup", "erase",
                                 "key renew", "key install"));
}

TEST(Verbs, EveryVerbIsFoundByItsWholeNameOnly) {
  for (const Verb& verb : kVerbs) {
    EXPECT_EQ(find_verb(verb.name), &verb);
    const Verb* const shorter = find_verb(verb.name.substr(0, verb.name.size() - 1));
    // `room` is a verb, and the beginning of `rooms`; so are `ban` and `invite`.
    const bool is_plural = verb.name == "rooms" || verb.name == "bans" || verb.name == "invites";
    EXPECT_EQ(shorter != nullptr, is_plural) << verb.name;
  }
  EXPECT_EQ(find_verb(""), nullptr);
}

TEST(Verbs, TheLongestVerbAtTheBeginningOfACommandLineIsFound) {
  const auto found = [](std::vector<std::string> words) {
    const auto [verb, count] = find_verb(words);
    return std::pair{verb == nullptr ? "" : verb->name, count};
  };
  using Found = std::pair<std::string_view, std::size_t>;
  EXPECT_EQ(found({"room", "make", "lab"}), (Found{"room make", 2}));
  EXPECT_EQ(found({"room", "make"}), (Found{"room make", 2}));
  EXPECT_EQ(found({"room", "lab", "make"}), (Found{"room", 1}));
  EXPECT_EQ(found({"room", "#make"}), (Found{"room", 1}));
  EXPECT_EQ(found({"room", "MAKE"}), (Found{"room", 1}));
  EXPECT_EQ(found({"room"}), (Found{"room", 1}));
  EXPECT_EQ(found({"room make", "lab"}), (Found{"room make", 1}));
  EXPECT_EQ(found({"kick", "room", "make"}), (Found{"kick", 1}));
  EXPECT_EQ(found({"make", "lab"}), (Found{"", 1}));
  EXPECT_EQ(found({}), (Found{"", 0}));
}

TEST(Verbs, EveryVerbIsExplainedInOneSentence) {
  for (const Verb& verb : kVerbs) {
    EXPECT_TRUE(verb.help.ends_with('.')) << verb.name;
    EXPECT_LE(verb.help.size(), 64U) << verb.name << " does not fit its line in --help";
  }
}

TEST(Verbs, OptionsAreArgumentsBehindTheOthersAndBeforeTheRoom) {
  const Verb verb{
      .name = "x", .help = "X.", .max_args = 2, .takes_room = true, .options = "--one --two"};
  EXPECT_EQ(verb.argument_of("--one"), 2U);
  EXPECT_EQ(verb.argument_of("--two"), 3U);
  EXPECT_EQ(verb.argument_of("--three"), verb.all_args());
  EXPECT_TRUE(verb.has_option("--two"));
  EXPECT_FALSE(verb.has_option("--t"));
  EXPECT_EQ(verb.all_args(), 5U);
  std::vector<std::string_view> names;
  verb.for_each_option([&](std::string_view name) { names.push_back(name); });
  EXPECT_EQ(names, (std::vector<std::string_view>{"--one", "--two"}));
  Verb{.name = "x", .help = "X."}.for_each_option([](std::string_view) { FAIL(); });
  EXPECT_EQ((Verb{.name = "x", .help = "X.", .max_args = 2}).all_args(), 2U);
}

TEST(Verbs, NoVerbTakesMoreArgumentsThanARequestHas) {
  for (const Verb& verb : kVerbs) EXPECT_LE(verb.all_args(), kMaxRequestArgs) << verb.name;
}

TEST(Verbs, OnlyVerbsThatChangeNothingCanBeWatched) {
  for (const Verb& verb : kVerbs) EXPECT_FALSE(verb.watchable && verb.mutating) << verb.name;
}

TEST(Verbs, ATypingErrorFindsTheVerbThatWasMeant) {
  EXPECT_EQ(nearest_verb("statsu"), "status");
  EXPECT_EQ(nearest_verb("user"), "users");
  EXPECT_EQ(nearest_verb("anounce"), "announce");
  EXPECT_EQ(nearest_verb("kcik"), "kick");
}

TEST(Verbs, AWordThatIsLikeNoVerbFindsNone) {
  EXPECT_EQ(nearest_verb("frobnicate"), "");
  EXPECT_EQ(nearest_verb("xy"), "");
  EXPECT_EQ(nearest_verb(""), "");
  EXPECT_EQ(nearest_verb(std::string(1'000'000, 'a')), "");
}

}  // namespace
}  // namespace chatd::wire

// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/terminal/input.hpp"

#include <gtest/gtest.h>

#include "client/terminal/kept_lines.hpp"
#include "client/words/text.hpp"

namespace chatd::client {
namespace {

TEST(Input, WithoutACommandIsAMessage) {
  EXPECT_EQ(parse_input("hello"), Input{Say{"hello"}});
  EXPECT_EQ(parse_input("  two words "), Input{Say{"  two words"}}) << "its indent stays";
  EXPECT_EQ(parse_input("I quit"), Input{Say{"I quit"}});
  EXPECT_EQ(parse_input(" \t"), Input{});
}

TEST(Input, KnowsTheCommands) {
  EXPECT_EQ(parse_input("/users"), Input{AskUsers{}});
  EXPECT_EQ(parse_input("/help"), Input{Help{}});
  EXPECT_EQ(parse_input("/quit"), Input{Quit{}});
  EXPECT_EQ(parse_input("quit"), Input{Quit{}});
  EXPECT_EQ(parse_input("/me waves  twice"), Input{Act{"waves  twice"}});
  EXPECT_EQ(parse_input("/msg 小明  hi there"), (Input{Direct{"小明", "hi there"}}));
}

TEST(Input, KnowsCommandsInAnyLetters) {
  EXPECT_EQ(parse_input("/USERS"), Input{AskUsers{}});
  EXPECT_EQ(parse_input("/Msg bob Hi"), (Input{Direct{"bob", "Hi"}}));
  EXPECT_EQ(parse_input("/W bob Hi"), (Input{Direct{"bob", "Hi"}}));
  EXPECT_EQ(parse_input("exit"), Input{Quit{}});
  EXPECT_EQ(parse_input("help"), Input{Help{}});
  EXPECT_EQ(parse_input("?"), Input{Say{"?"}}) << "said in a conversation";
}

TEST(Input, KnowsANameAsItIsShownOrCompleted) {
  for (const std::string name : {"bob", "bob:", "@bob", "~bob", "bob："}) {
    EXPECT_EQ(parse_input("/msg " + name + " hi"), (Input{Direct{"bob", "hi"}})) << name;
    EXPECT_EQ(parse_input("/whois " + name), Input{AskMember{"bob"}}) << name;
  }
  EXPECT_EQ(parse_input("/msg @ hi"), Input{Incomplete{"/msg NAME TEXT"}});
  EXPECT_EQ(parse_input("/nick bob:"), Input{ChangeName{"bob:"}}) << "which is refused";
  EXPECT_EQ(parse_input("/join Physics 101 "), Input{JoinRoom{"Physics 101"}});
}

TEST(Input, KnowsShortNamesOfCommands) {
  EXPECT_EQ(parse_input("/w bob hi there"), (Input{Direct{"bob", "hi there"}}));
  EXPECT_EQ(parse_input("/w bob"), Input{Incomplete{"/msg NAME TEXT"}});
  EXPECT_EQ(parse_input("/r  yes, at 5"), Input{Reply{"yes, at 5"}});
  EXPECT_EQ(parse_input("/r"), Input{Incomplete{"/r TEXT"}});
  EXPECT_EQ(parse_input("/nick eve"), Input{ChangeName{"eve"}});
  EXPECT_EQ(parse_input("/nick eve b"), Input{Incomplete{"/nick NAME"}});
  EXPECT_EQ(parse_input("/ignore bob"), Input{Ignore{"bob"}});
  EXPECT_EQ(parse_input("/ignore"), Input{Ignore{}});
  EXPECT_EQ(parse_input("/unignore bob"), Input{StopIgnoring{"bob"}});
  EXPECT_EQ(parse_input("/unignore"), Input{Incomplete{"/unignore NAME"}});
  EXPECT_EQ(parse_input("/names"), Input{AskUsers{}});
  EXPECT_EQ(parse_input("/q"), Input{Quit{}});
  EXPECT_EQ(parse_input("/exit"), Input{Quit{}});
  EXPECT_EQ(parse_input("/q /exit"), Input{Quit{}}) << "as /quit";
  EXPECT_EQ(parse_input("/j #lab"), Input{JoinRoom{"lab"}});
  EXPECT_EQ(parse_input("/part lab"), Input{LeaveRoom{"lab"}});
  EXPECT_EQ(parse_input("/list"), Input{AskRooms{}});
  EXPECT_EQ(parse_input("/h"), Input{Help{}});
  EXPECT_EQ(parse_input("/? owners"), Input{Help{HelpPart::owners}});
  EXPECT_EQ(parse_input("/"), Input{Unknown{"/"}}) << "not the empty name of others";
}

TEST(Input, KnowsTheCommandsAboutRooms) {
  EXPECT_EQ(parse_input("/rooms"), Input{AskRooms{}});
  EXPECT_EQ(parse_input("/make lab"), Input{MakeRoom{"lab"}});
  EXPECT_EQ(parse_input("/join #lab"), Input{JoinRoom{"lab"}});
  EXPECT_EQ(parse_input("/leave #lab"), Input{LeaveRoom{"lab"}});
  EXPECT_EQ(parse_input("/leave"), Input{LeaveRoom{}});
  EXPECT_EQ(parse_input("/2"), Input{SelectRoom{2}});
  EXPECT_EQ(parse_input("/12"), Input{SelectRoom{12}});
  EXPECT_EQ(parse_input("/99999999999999999999"), Input{SelectRoom{0}});
  EXPECT_EQ(parse_input("/2x"), Input{Unknown{"/2x"}});
}

TEST(Input, KnowsTheCommandsOfOwnersAndModerators) {
  using wire::ModerateAction;
  using wire::RoomProperty;
  EXPECT_EQ(parse_input("/room"), Input{AskAbout{}});
  EXPECT_EQ(parse_input("/topic"), Input{ShowTopic{}});
  EXPECT_EQ(parse_input("/topic tea and cake"), Input{SetTopic{"tea and cake"}});
  EXPECT_EQ(parse_input("/topic -"), Input{SetTopic{}});
  EXPECT_EQ(parse_input("/erase"), Input{EraseLine{}});
  EXPECT_EQ(parse_input("/erase 0"), Input{EraseLine{.number = 0}});
  EXPECT_EQ(as_typed(EraseLine{.number = 12}), "/erase 12");
  EXPECT_EQ(as_typed(EraseLine{}), "/erase");
  for (const char* wrong : {"/erase x", "/erase -1", "/erase 18446744073709551615", "/erase 1 2"}) {
    EXPECT_TRUE(std::holds_alternative<Incomplete>(parse_input(wrong))) << wrong;
  }
  EXPECT_EQ(parse_input("/set lecture yes"),
            (Input{SetProperty{.property = RoomProperty::lecture, .value = 1}}));
  EXPECT_EQ(parse_input("/set hidden no"), Input{SetProperty{.property = RoomProperty::hidden}});
  EXPECT_EQ(parse_input("/set slow 3600"),
            (Input{SetProperty{.property = RoomProperty::slow, .value = 3600}}));
  EXPECT_EQ(parse_input("/set enter owned"),
            (Input{SetProperty{.property = RoomProperty::enter, .value = 2}}));
  EXPECT_EQ(parse_input("/set slow no"), Input{SetProperty{.property = RoomProperty::slow}});
  EXPECT_EQ(parse_input("/invite bob"),
            (Input{Moderate{.action = ModerateAction::invite, .name = "bob"}}));
  EXPECT_EQ(parse_input("/kick bob 3 times"),
            (Input{Moderate{.action = ModerateAction::kick, .name = "bob", .reason = "3 times"}}));
  EXPECT_EQ(parse_input("/role bob none"),
            (Input{Moderate{.action = ModerateAction::no_role, .name = "bob"}}));
}

TEST(Input, KnowsTheCommandAboutJoinsAndLeaves) {
  EXPECT_EQ(parse_input("/quiet"), Input{SetQuiet{}});
  EXPECT_EQ(parse_input("/quiet on"), Input{SetQuiet{true}});
  EXPECT_EQ(parse_input("/quiet off"), Input{SetQuiet{false}});
  EXPECT_EQ(parse_input("/quiet maybe"), Input{Incomplete{"/quiet [on|off]"}});
  EXPECT_EQ(parse_input("/quiet on off"), Input{Incomplete{"/quiet [on|off]"}});
}

TEST(Input, KnowsTheCommandAboutTheLastLines) {
  EXPECT_EQ(parse_input("/history"), Input{ShowHistory{}});
  EXPECT_EQ(parse_input("/history 7"), Input{ShowHistory{.request = {.lines = 7}}});
  EXPECT_EQ(parse_input("/last"), Input{ShowLast{}});
  EXPECT_EQ(parse_input("/last two  words"), Input{ShowLast{.text = "two  words"}});
  EXPECT_EQ(parse_input("/mentions"), Input{ShowLast{.mentions = true}});
  EXPECT_EQ(parse_input("/mentions bob"), Input{Incomplete{"/mentions"}});
}

TEST(Input, ANumberAfterLastIsANumberOfLinesAndInQuotesAText) {
  EXPECT_EQ(parse_input("/last 7"), Input{ShowLast{.lines = 7}});
  EXPECT_EQ(parse_input("/last 1001"), Input{ShowLast{.lines = KeptLines::kMaxLines}});
  EXPECT_EQ(parse_input("/last 99999999999999999999"),
            Input{ShowLast{.lines = KeptLines::kMaxLines}});
  EXPECT_EQ(parse_input("/last 0"), Input{Incomplete{"/last [NUMBER|TEXT]"}});
  EXPECT_EQ(parse_input("/last \"7\""), Input{ShowLast{.text = "7"}});
  EXPECT_EQ(parse_input("/last 7 up"), Input{ShowLast{.text = "7 up"}});
  EXPECT_EQ(parse_input("/last \"\""), Input{ShowLast{.text = "\"\""}});
}

TEST(Input, TheMarkOfATextMemberIsNoPartOfItsName) {
  EXPECT_EQ(parse_input("/whois ~bob"), Input{AskMember{"bob"}});
  EXPECT_EQ(parse_input("/msg ~bob ~ yes"), (Input{Direct{.name = "bob", .text = "~ yes"}}));
}

TEST(Input, KnowsTheCommandAboutAUser) {
  EXPECT_EQ(parse_input("/whois  bob "), Input{AskMember{"bob"}});
  EXPECT_EQ(parse_input("/whois"), Input{Incomplete{"/whois NAME"}});
  EXPECT_EQ(parse_input("/whois bob cyd"), Input{Incomplete{"/whois NAME"}});
}

TEST(Input, KnowsTheCommandAboutThePresence) {
  EXPECT_EQ(parse_input("/away"), Input{SetAway{}});
  EXPECT_EQ(parse_input("/away  lunch until two "), Input{SetAway{"lunch until two"}});
  EXPECT_EQ(as_typed(SetAway{}), "/away");
  EXPECT_EQ(as_typed(SetAway{"lunch"}), "/away lunch");
}

TEST(Input, KnowsTheCommandAboutPrograms) {
  EXPECT_EQ(parse_input("/programs"), Input{AskPrograms{}});
  EXPECT_EQ(parse_input("/programs end 2"), Input{EndProgram{2}});
  EXPECT_EQ(parse_input("/programs  end\t4294967295 "), Input{EndProgram{4'294'967'295}});
  for (const char* words : {"end", "end x", "end -1", "end 2x", "end 2 3", "end 4294967296", "2",
                            "stop 2", "stop", "End 2", "ended 2"}) {
    EXPECT_EQ(parse_input(std::string{"/programs "} + words),
              Input{Incomplete{"/programs [end NUMBER]"}})
        << words;
  }
}

TEST(Input, ABanHasATimeAndAReasonIfTheyAreTyped) {
  const auto ban = [](std::uint32_t time, std::string_view reason) {
    return Input{Moderate{.action = wire::ModerateAction::ban,
                          .name = "bob",
                          .seconds = time,
                          .reason = std::string{reason}}};
  };
  EXPECT_EQ(parse_input("/ban bob"), ban(0, ""));
  EXPECT_EQ(parse_input("/ban bob noise"), ban(0, "noise"));
  EXPECT_EQ(parse_input("/ban bob 30m"), ban(1'800, ""));
  EXPECT_EQ(parse_input("/ban bob  2h  5 times"), ban(7'200, "5 times"));
  EXPECT_EQ(parse_input("/ban bob 7d noise"), ban(604'800, "noise"));
  EXPECT_EQ(parse_input("/ban bob 4294967295s"), ban(4'294'967'295, ""));
}

// A time that is mistyped must not become a ban without end.
TEST(Input, AnImpossibleTimeOrValueGivesTheUsage) {
  for (const char* time : {"30", "0m", "1w", "4294967296s", "49711d", "-1m5", "3rd", "1.5h"}) {
    const Input input = parse_input(std::string{"/mute bob "} + time);
    if (time[0] == '-') {
      EXPECT_TRUE(std::holds_alternative<Moderate>(input)) << "a reason";
    } else {
      EXPECT_EQ(input, Input{Incomplete{"/mute NAME [TIME] [REASON]"}}) << time;
    }
  }
  for (const char* value : {"lecture", "lecture 1", "lecture yes now", "slow yes", "slow 3601",
                            "slow 1x", "name no", "Slow 5", "topic yes", "enter yes", "slow known",
                            "history yes", "history 30", "history 0d", "history 3651d"}) {
    EXPECT_EQ(parse_input(std::string{"/set "} + value),
              Input{Incomplete{"/set invited|hidden|lecture|slow|enter|history "
                               "yes|no|SECONDS|anyone|known|owned|DAYS|off|default"}})
        << value;
  }
  for (const char* role : {"bob", "bob admin", "bob owner now"}) {
    EXPECT_EQ(parse_input(std::string{"/role "} + role),
              Input{Incomplete{"/role NAME owner|moderator|none"}})
        << role;
  }
}

TEST(Input, AnIncompleteCommandGivesItsUsage) {
  EXPECT_EQ(parse_input("/me"), Input{Incomplete{"/me TEXT"}});
  EXPECT_EQ(parse_input("/msg"), Input{Incomplete{"/msg NAME TEXT"}});
  EXPECT_EQ(parse_input("/join"), Input{Incomplete{"/join NAME"}});
  EXPECT_EQ(parse_input("/join #"), Input{Incomplete{"/join NAME"}});
  EXPECT_EQ(parse_input("/make #"), Input{Incomplete{"/make NAME"}});
  EXPECT_EQ(parse_input("/leave #"), Input{Incomplete{"/leave [NAME]"}});
  EXPECT_EQ(parse_input("/msg bob"), Input{Incomplete{"/msg NAME TEXT"}});
}

// "/invite bob cyd" must not look as if both were invited.
TEST(Input, ACommandWithTooManyArgumentsGivesItsUsage) {
  EXPECT_EQ(parse_input("/invite bob cyd"), Input{Incomplete{"/invite NAME"}});
  EXPECT_EQ(parse_input("/unmute bob now"), Input{Incomplete{"/unmute NAME"}});
  EXPECT_EQ(parse_input("/make algebra 101"), Input{Incomplete{"/make NAME"}});
  EXPECT_EQ(parse_input("/leave #lab please"), Input{Incomplete{"/leave [NAME]"}});
  EXPECT_EQ(parse_input("/quit for today"), Input{Quit{}});
}

// "/users lab" must not list another room than lab, and "/2 hello" must not lose "hello".
TEST(Input, ACommandWithoutArgumentsGivesItsUsageIfAWordFollows) {
  for (const char* command : {"/users", "/rooms", "/room"}) {
    EXPECT_EQ(parse_input(std::string{command} + " lab"), Input{Incomplete{command}});
  }
  EXPECT_EQ(parse_input("/2 hello"), Input{Incomplete{"/NUMBER"}});
  EXPECT_EQ(parse_input("/help set"), Input{Help{}});
  EXPECT_EQ(parse_input("/help owners"), Input{Help{HelpPart::owners}});
  EXPECT_EQ(parse_input("/help lines"), Input{Help{HelpPart::lines}});
  EXPECT_EQ(parse_input("/help users"), Input{Help{HelpPart::users}});
}

TEST(Input, AMistypedCommandIsNotSent) {
  EXPECT_EQ(parse_input("/mgs bob secret"), Input{Unknown{"/mgs"}});
  EXPECT_EQ(parse_input("//etc is a folder"), Input{Say{"/etc is a folder"}});
}

TEST(Input, ParsesEveryCommandOfTheTable) {
  for (const CommandRow& row : kCommands) {
    EXPECT_FALSE(std::holds_alternative<Unknown>(parse_input(row.name))) << row.name;
  }
}

TEST(Input, AMessageIsTypedAsItIsParsed) {
  for (const char* line : {"hello",
                           "/me waves",
                           "/msg bob hi there",
                           "/make lab",
                           "/join lab",
                           "/leave lab",
                           "/topic tea",
                           "/topic -",
                           "/set lecture yes",
                           "/set invited no",
                           "/set slow 10",
                           "/set history 30d",
                           "/set history off",
                           "/set history default",
                           "/kick bob noise",
                           "/ban bob 90m 3 times",
                           "/ban bob",
                           "/mute bob 1d",
                           "/unmute bob",
                           "/uninvite bob",
                           "/role bob owner",
                           "/role bob none",
                           "/programs end 2"}) {
    const Input input = parse_input(line);
    std::visit(
        [&]<class T>(const T& one) {
          if constexpr (std::is_constructible_v<Message, T>) {
            EXPECT_EQ(as_typed(one), line);
          } else {
            ADD_FAILURE() << line;
          }
        },
        input);
  }
}

}  // namespace
}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;

std::string why(std::string_view toml) {
  const auto config = parse(toml, "");
  return config || config.error().size() != 1 ? "" : config.error()[0].why;
}

TEST(Unknown, ATypingErrorInTheNameIsCorrected) {
  EXPECT_EQ(why("limits.burts = 1"), "unknown key; did you mean limits.burst?");
  EXPECT_EQ(why("limits.Burst = 1"), "unknown key; did you mean limits.burst?");
  EXPECT_EQ(why("limits.message-bytes = 1"), "unknown key; did you mean limits.message_bytes?");
  EXPECT_EQ(why("limits.session = 1"), "unknown key; did you mean limits.sessions?");
  EXPECT_EQ(why("log.levle = 1"), "unknown key; did you mean log.level?");
}

TEST(Unknown, ATypingErrorInTheTableIsCorrected) {
  EXPECT_EQ(why("[limit]\nburst = 1"), "unknown key; did you mean limits.burst?");
  EXPECT_EQ(why("[worker]\ncount = 1"), "unknown key; did you mean workers.count?");
  EXPECT_EQ(why("[limit]\n"), "unknown table; did you mean [limits]?");
}

TEST(Unknown, ARightNameInTheWrongTableIsCorrected) {
  EXPECT_EQ(why("burst = 1"), "unknown key; did you mean limits.burst?");
  EXPECT_EQ(why("[log]\nring_bytes = 1"), "unknown key; did you mean room.ring_bytes?");
  EXPECT_EQ(why("[server]\nlisten = 1"), "unknown key; did you mean network.listen?");
}

TEST(Unknown, WithoutANearNameTheKnownNamesAreListed) {
  EXPECT_EQ(why("[network]\ninterface = 1"), "unknown key; [network] has listen, discovery");
  EXPECT_EQ(why("[workers]\nnice = 1"), "unknown key; [workers] has count, hang_timeout");
  const std::string tables =
      "network, text, limits, workers, room, rooms, names, native, server, history, direct, "
      "registry, session, web, log, control, state";
  EXPECT_EQ(why("colour = 1"), "unknown key; there are the tables " + tables);
  EXPECT_EQ(why("[database]\n"), "unknown table; there are " + tables);
  EXPECT_EQ(why("[database]\nuser = 1"), "unknown key; there are the tables " + tables);
}

TEST(Unknown, AQuotedKeyIsNotTheSettingWithThatName) {
  EXPECT_THAT(problems_of("\"limits.burst\" = 1"),
              ElementsAre("chatd.toml:1: \"limits.burst\": unknown key; "
                          "did you mean limits.burst?"));
}

TEST(Unknown, TablesBelowTablesAreUnknown) {
  EXPECT_EQ(why("[limits.burst.more]\nx = 1\n"),
            "found a table, expected an integer: "
            "0 (no limit) or 1 to 100000");
  EXPECT_EQ(why("[limits.extra]\nx = 1\n"),
            "unknown key; [limits] has sessions, sessions_per_address, "
            "programs_per_person, messages_per_second, burst, unauthenticated_per_second, "
            "message_bytes, questions_per_second, rooms, rooms_per_member, rooms_per_address, "
            "names");
}

}  // namespace
}  // namespace chatd::config

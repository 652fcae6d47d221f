// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/message.hpp"

#include <gtest/gtest.h>

#include "tests/client/reports.hpp"

namespace chatd::client {
namespace {

TEST(Message, OrdersArriveAsTheyWere) {
  const auto enter = std::get<Enter>(
      decode_order(encode(Enter{.name = "ada", .password = "open", .fingerprint = "SHA256:x"}))
          .value());
  EXPECT_EQ(enter.name, "ada");
  EXPECT_EQ(enter.password, "open");
  EXPECT_EQ(enter.fingerprint, "SHA256:x");
  for (const Message& message :
       {Message{Say{"hi"}}, Message{Say{.text = "hi", .room = "lab"}},
        Message{Act{.text = "waves", .room = "lab"}}, Message{Direct{.name = "bob", .text = "hi"}},
        Message{MakeRoom{"lab"}}, Message{JoinRoom{"lab"}}, Message{LeaveRoom{"lab"}},
        Message{
            OwnOrder{.act = wire::OwnAct::use, .yes = true, .code = 7, .key = "k", .label = "l"}},
        Message{SetAway{"lunch"}}, Message{SetTopic{.topic = "tea", .room = "lab"}},
        Message{SetProperty{.property = wire::RoomProperty::slow, .value = 9, .room = "lab"}},
        Message{Moderate{.action = wire::ModerateAction::ban,
        .name = "bob",
        .seconds = 60,
        .reason = "noise",
        .room = "lab"}},
        Message{EraseLine{}}, Message{EraseLine{.number = 0, .room = "lab"}},
        Message{EndProgram{4'294'967'295}}, Message{Block{.name = "bob", .remove = true}},
        Message{TakeDirect{wire::DirectFrom::owned}}}) {
    const auto post =
        std::get<Post>(decode_order(encode(Post{.number = 7, .message = message})).value());
    EXPECT_EQ(post.number, 7U);
    EXPECT_EQ(post.message, message);
  }
  EXPECT_EQ(std::get<AskUsers>(decode_order(encode(AskUsers{"lab"})).value()), AskUsers{"lab"});
  EXPECT_EQ(std::get<AskAbout>(decode_order(encode(AskAbout{"lab"})).value()), AskAbout{"lab"});
  EXPECT_TRUE(std::holds_alternative<AskRooms>(decode_order(encode(AskRooms{})).value()));
  EXPECT_TRUE(std::holds_alternative<AskBlocks>(decode_order(encode(AskBlocks{})).value()));
  EXPECT_TRUE(std::holds_alternative<AskPrograms>(decode_order(encode(AskPrograms{})).value()));
  EXPECT_EQ(std::get<Rename>(decode_order(encode(Rename{"eve"})).value()), Rename{"eve"});
  EXPECT_EQ(std::get<AskMember>(decode_order(encode(AskMember{"bob"})).value()), AskMember{"bob"});
  EXPECT_TRUE(std::holds_alternative<Quit>(decode_order(encode(Quit{})).value()));
}

TEST(Message, ALineArrivesAsItWas) {
  Line line = said_by_me("ada", "hello");
  line.replay = true;
  line.room = {.id = 7, .name = "lab"};
  line.sequence = 9;
  line.text_member = true;
  const auto again = std::get<Line>(decode_report(encode(line)).value());
  EXPECT_EQ(encode(again), encode(line));
  EXPECT_EQ(again.time, kFriday);
  EXPECT_EQ(again.record, wire::RecordKind::say);
  EXPECT_EQ(again.name, "ada");
  EXPECT_EQ(again.text, "hello");
  EXPECT_TRUE(again.own && again.replay && again.text_member);
  EXPECT_EQ(again.room, line.room);
  EXPECT_EQ(again.sequence, 9U);
}

TEST(Message, ReportsArriveAsTheyWere) {
  const std::vector<Report> reports{
      joined("ada"),
      Confirmed{4},
      Confirmed{.number = 5, .waits_for = "bob"},
      BlockList{.list = "bob\t0000000000000007\t9", .from = "owned"},
      Refused{.number = 5, .code = "empty", .text = "why"},
      users("ada\nbob", true),
      LimitsChanged{5},
      Missed{.new_history = true, .room = {.id = 1, .name = "lab"}},
      RoomJoined{.room = {.id = 1, .name = "lab"},
                 .topic = "tea",
                 .topic_by = "ada",
                 .topic_set = WallTime{Micros{7}}},
      RoomLeft{.room = {.id = 1, .name = "lab"}, .text = "why"},
      RoomRenamed{.room = {.id = 1, .name = "lab"}, .before = "x"},
      RoomList{.list = "lab\t2\tin"},
      RoomAbout{.room = "lab", .list = "topic\ttea"},
      RoomInvited{.room = "lab", .name = "bob"},
      OtherPerson{.name = "bob", .has_key = true, .others = 3, .person = 7, .last_seen = kFriday},
      OtherProgram{.address = "there", .number = 7, .time = kFriday},
      ProgramList{.list = "7\tthere", .ended = 2},
      ProgramList{.code = "unknown_command", .text = "No."},
      NameRefused{.name = "eve", .reason = Outcome::name_taken},
      MemberAbout{.name = "bob", .list = "name\tbob"},
      MemberAbout{.code = "unknown_command", .text = "No."},
      MemberAway{.name = "bob", .text = "lunch"},
      MemberBack{},
      OwnNews{.name = "ada", .facts = "event\tkeys", .is_answer = true},
      DeviceAsks{.name = "ada", .facts = "key\tx"},
      ServerStopped{},
      Reconnecting{},
      Reconnected{},
      ended(Outcome::kicked, "spam"),
      FirstContact{.fingerprint = "SHA256:x", .file = "/f", .confirmed = true},
      Notice{"note"},
      Waiting{.reason = Outcome::no_answer, .text = "x"},
      MissedHere{6}};
  for (const Report& report : reports) {
    const auto again = decode_report(encode(report));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->index(), report.index());
    EXPECT_EQ(encode(*again), encode(report));
  }
}

TEST(Message, RefusesAnOutcomeWithoutAnExitStatus) {
  for (const auto& row : wire::reason_table()) {
    EXPECT_EQ(decode_report(encode(ended(row.reason))).has_value(), row.status.has_value());
  }
  EXPECT_FALSE(decode_report(encode(ended(static_cast<Outcome>(255)))));
}

TEST(Message, RefusesBytesThatAreCutOrTooLong) {
  auto bytes = encode(said("ada", "hello"));
  bytes.push_back(std::byte{0});
  EXPECT_FALSE(decode_report(bytes));
  bytes.resize(bytes.size() - 2);
  EXPECT_FALSE(decode_report(bytes));
  EXPECT_FALSE(decode_order({}));
}

// Checks that the pieces are short enough for the pipe, that each one but the last has `more` set,
// and that their rows are the rows of `list`.
template <class T>
void expect_pieces_of(const std::string& list, const std::vector<Report>& pieces) {
  ASSERT_GT(pieces.size(), 1U);
  std::string together;
  for (const Report& piece : pieces) {
    EXPECT_LE(encode(piece).size(), kMaxMessageBytes);
    const auto& part = std::get<T>(piece);
    EXPECT_EQ(part.more, &piece != &pieces.back());
    together += (together.empty() ? "" : "\n") + part.list;
  }
  EXPECT_EQ(together, list);
}

TEST(Message, ALongListOfUsersComesInPieces) {
  std::string list;
  for (int i = 0; i < 5000; ++i) list += (i > 0 ? "\n" : "") + ("member" + std::to_string(i));
  expect_pieces_of<Users>(list, in_pieces(users(list)));
}

TEST(Message, AnyOtherLongListComesInPiecesToo) {
  std::string list;
  for (int i = 0; i < 5000; ++i) {
    list += (i > 0 ? "\n" : "") + ("room" + std::to_string(i)) + "\t1";
  }
  expect_pieces_of<RoomList>(list, in_pieces(RoomList{.list = list}));
  for (const Report& piece : in_pieces(RoomAbout{.room = "lab", .list = list})) {
    EXPECT_LE(encode(piece).size(), kMaxMessageBytes);
    EXPECT_EQ(std::get<RoomAbout>(piece).room, "lab");
  }
  expect_pieces_of<ProgramList>(list, in_pieces(ProgramList{.list = list, .ended = 2}));
  for (const Report& piece : in_pieces(ProgramList{.list = list, .ended = 2})) {
    EXPECT_EQ(std::get<ProgramList>(piece).ended, 2U);
  }
  Users users{.list = list, .room = "lab"};
  for (const Report& piece : in_pieces(users)) EXPECT_EQ(std::get<Users>(piece).room, "lab");
}

TEST(Message, ALongTextWithoutNewlinesComesInPiecesToo) {
  for (const Report& piece : in_pieces(users(std::string(100'000, 'x')))) {
    EXPECT_LE(encode(piece).size(), kMaxMessageBytes);
  }
}

TEST(Message, APageOfLongLinesComesInPiecesToo) {
  HistoryPage page{.request = {.room = "lab"}, .first = 1, .last = 50, .has_older = true};
  for (std::uint64_t number = 1; number <= 50; ++number) {
    page.lines.push_back(
        {.kind = 3, .number = number, .name = "bob", .text = std::string(900, 'x')});
  }
  page.lines.back().text = std::string(100'000, 'x');  // of a hostile server
  std::uint64_t next = 1;
  const auto pieces = in_pieces(page);
  EXPECT_GT(pieces.size(), 1U);
  for (const Report& report : pieces) {
    EXPECT_LE(encode(report).size(), kMaxMessageBytes);
    const auto& piece = std::get<HistoryPage>(report);
    EXPECT_EQ(piece.request.room, "lab");
    EXPECT_EQ(piece.more, &report != &pieces.back());
    for (const HistoryLine& line : piece.lines) EXPECT_EQ(line.number, next++);
  }
  EXPECT_EQ(next, 51U);
  EXPECT_EQ(in_pieces(HistoryPage{.code = "nothing_stored"}).size(), 1U);
}

}  // namespace
}  // namespace chatd::client

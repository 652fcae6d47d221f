// SPDX-License-Identifier: GPL-3.0-or-later
// A hostile server sends names, rooms, lines and lists without end.
#include <cstddef>
#include <string>

#include <malloc.h>

#include "tests/client/terminal/dialogue_fixture.hpp"
#include "tests/support/sanitized.hpp"

// Of clang's <sanitizer/allocator_interface.h>, which g++ does not have.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();

namespace chatd::client {
namespace {

class DialogueMemory : public DialogueTest {
 protected:
  // Bytes in use.
  static std::size_t used() {
    if constexpr (test::kSanitized) return ::__sanitizer_get_current_allocated_bytes();
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
  }

  // The terminal process does this for each report.
  void take(const Report& one) {
    report(one);
    (void)dialogue_.take_text();
    (void)dialogue_.take_orders();
    (void)prompt();
  }
  // Reports about a name and a room that were never seen before.
  void flood(int number) {
    const std::string name = "n" + std::to_string(number) + std::string(50, 'x');
    const RoomRef room{.id = static_cast<wire::RoomId>(number % 31 + 1),
                       .name = "r" + std::to_string(number)};
    for (const auto record :
         {wire::RecordKind::join, wire::RecordKind::say, wire::RecordKind::direct}) {
      Line line = line_of(record, name, std::string(300, 'y') + " ada");
      line.person = static_cast<std::uint64_t>(number);
      if (record != wire::RecordKind::direct && number % 2 == 0) line.room = room;
      take(line);
    }
    take(RoomJoined{.room = room, .topic = name, .again = number % 2 == 0});
    take(RoomRenamed{.room = {.id = room.id, .name = room.name + "b"}, .before = room.name});
    take(RoomLeft{.room = {.id = room.id, .name = room.name + "b"}});
    take(RoomInvited{.room = name, .name = name, .person = static_cast<std::uint64_t>(number)});
    take(Users{.list = name, .more = true});
    take(RoomList{.list = name + "\t1", .more = true});
    take(OtherPerson{.name = name, .has_key = true});
    take(MemberAway{.name = name, .text = name});
    take(Confirmed{static_cast<std::uint64_t>(number)});
    take(Refused{.number = static_cast<std::uint64_t>(number), .text = name});
  }
};

TEST_F(DialogueMemory, HasALimit) {
  join_room();
  constexpr int kMany = 21'000;  // more than any list has space for
  constexpr std::size_t kLimit = 32'000'000;
  const std::size_t before = used();
  ASSERT_GT(before, 0U);
  for (int number = 0; number < kMany; ++number) flood(number);
  EXPECT_LT(used(), before + kLimit);
}

TEST_F(DialogueMemory, LongNamesThatJoinAreNotKept) {
  join_room();
  constexpr std::size_t kLimit = 1'000'000;
  const std::size_t before = used();
  for (int number = 0; number < 1'000; ++number) {
    report(line_of(wire::RecordKind::join, std::to_string(number) + std::string(8'000, 'x')));
  }
  EXPECT_LT(used(), before + kLimit);
  dialogue_.show_gathered();
  EXPECT_NE(dialogue_.take_text().find("1000 joined"), std::string::npos);
}

}  // namespace
}  // namespace chatd::client

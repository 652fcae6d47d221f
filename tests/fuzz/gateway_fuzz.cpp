// SPDX-License-Identifier: GPL-3.0-or-later
// gateway_fuzz.cpp — a whole room under a simulated clock, and a sequence of events: datagrams of
// both protocols from any sender, packets that a hostile member sealed, the same to a member from a
// hostile server, packet loss, changed and cut datagrams in handshakes, killed processes, time. Two
// honest members receive all messages of each other, once and in order; at the end a new member
// joins and its message arrives, and the further rooms, which the hostile member makes, are whole.
// Nobody learns anything of a hidden room, see hidden_room.hpp.
// The command offsets in the log are those of their senders, and no mailbox is full of direct
// messages.
//
// Input: events, see Course::step().
#include <array>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/fuzz/hidden_room.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/fuzz/room_answers.hpp"
#include "tests/support/native_world.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd::test {
namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxEvents = 64;
constexpr std::size_t kMaxNewMembers = 8;

class Course {
 public:
  explicit Course(fuzz::Input input) : input_{input} {
    world_.tamper = [this](std::vector<std::byte>& datagram) { tamper(datagram); };
  }

  void run() {
    for (std::size_t i = 0; i < kMaxEvents && !input_.is_over(); ++i) step();
    expect_well();
  }

 private:
  void step() {
    switch (input_.byte() % 20) {
      case 0:
        return world_.run_for(Micros{input_.number(2) * 100});
      case 1:
        return world_.run_for(seconds{input_.byte()});
      case 2:
        return inject();
      case 3:
        return forge();
      case 4:
        return forge_to();
      case 5:
        return say(ada_, "ada");
      case 6:
        return say(bob_, "bob");
      case 7:
        return world_.move(ada_);
      case 8:
        return set_weather();
      case 9:
        return world_.replace_gateway();
      case 10:
        return world_.replace_worker();
      case 11:
        wrong_byte_ = input_.byte();
        wrong_bits_ = static_cast<std::byte>(input_.byte());
        cut_ = input_.byte();
        return;
      case 12:
        return add_member();
      case 13:
        if (eve_.member.is_joined()) eve_.member.say("evil", world_.now());
        return;
      case 14:
        return world_.move(eve_);
      case 16:
        return command();
      case 17:
        return acknowledge();
      case 18:
        return change_room();
      case 19:
        return compare_answers();
      default:
        eve_.asleep = !eve_.asleep;
        return;
    }
  }

  // The next datagram of any sender is changed, cut, or lost.
  void tamper(std::vector<std::byte>& datagram) {
    if (wrong_bits_ != std::byte{0} && wrong_byte_ < datagram.size()) {
      datagram[wrong_byte_] ^= wrong_bits_;
    }
    if (cut_ != 0) datagram.resize(datagram.size() * cut_ / 256);
    wrong_bits_ = {};
    cut_ = 0;
  }

  Endpoint address() {
    switch (input_.byte() % 4) {
      case 0:
        return eve_.socket.endpoint();
      case 1:
        return endpoint("127.0.0.1:7");
      case 2:
        return endpoint("192.0.2.1:1");
      default:
        return endpoint("127.0.0.2:40000");
    }
  }

  void inject() {
    const Endpoint from = address();
    world_.inject(input_.bytes(), from);
  }

  // eve is a hostile member.
  void forge() {
    const auto plain = input_.bytes();
    if (is_known("eve"))
      world_.forge(eve_, "eve", plain.first(std::min<std::size_t>(plain.size(), 1160)));
  }
  // A command of eve, at the place that the server has read to.
  void command() {
    const wire::CommandKind kind{input_.byte()};
    const std::string_view name = input_.text();
    const std::string_view text = input_.text();
    eve_commands(kind, name, text);
  }
  void eve_commands(wire::CommandKind kind, std::string_view name, std::string_view text) {
    const auto slot = world_.sessions().find_name("eve");
    std::array<std::byte, wire::kMaxCommandBytes> bytes{};
    wire::ByteWriter out{bytes};
    if (!slot || !wire::write_command(out, kind, name, text)) return;
    const wire::Frame data = wire::DataFrame{.stream = wire::kCommandStream,
                                             .offset = world_.view().native_slots()[*slot].uplink,
                                             .bytes = out.written()};
    world_.forge(eve_, "eve", std::span{&data, 1});
  }
  // A change by eve of a room: one of her own, the default room, or one that she may not find.
  void change_room() {
    const std::uint8_t what = input_.byte();
    const std::string room = what % 8 == 7 ? std::string{} : id_text(state::RoomId{what % 8U});
    std::array<char, wire::kMaxModerationBytes> text{};
    const std::uint8_t how = input_.byte();
    if ((what & 0x80U) != 0) {
      return eve_commands(wire::CommandKind::set, room,
                          wire::write_setting({.property = wire::RoomProperty{how},
                                               .value = input_.byte(),
                                               .name = input_.text().substr(0, 64)},
                                              text));
    }
    constexpr std::array<std::string_view, 8> kNames{
        "ada", "bob", "eve", "mal", "new0", "zoe", "ADA\t00000000000000ad", ""};
    const std::string_view name = kNames[input_.byte() % kNames.size()];
    const std::uint32_t time = input_.byte();
    eve_commands(wire::CommandKind::moderate, room,
                 wire::write_moderation({.action = wire::ModerateAction{how},
                                         .seconds = time,
                                         .name = name,
                                         .reason = input_.text().substr(0, 120)},
                                        text));
  }
  void compare_answers() {
    const std::uint8_t what = input_.byte();
    const std::string_view text = input_.text();
    if (is_known("eve")) {
      RoomAnswers{world_, eve_, "eve"}.expect_same(hidden_.id(), what, text.substr(0, 200));
    }
  }
  // An ACK of eve, near the log of any room.
  void acknowledge() {
    wire::AckFrame ack{.stream = input_.byte(), .window = 65'536};
    ack.cumulative = state::first_offset(state::RoomId{input_.byte()}) + input_.number(2);
    ack.holes = input_.byte() % (wire::kMaxGaps + 1);
    for (std::size_t i = 0; i < ack.holes; ++i) {
      ack.hole[i] = {.start = input_.byte(), .bytes = input_.byte()};
    }
    const wire::Frame frame = ack;
    if (is_known("eve")) world_.forge(eve_, "eve", std::span{&frame, 1});
  }
  // Packets of a hostile server, to mal only.
  void forge_to() {
    const auto plain = input_.bytes();
    if (is_known("mal") && mal_.member.is_joined()) world_.forge_to(mal_, "mal", plain);
  }
  bool is_known(std::string_view name) { return world_.sessions().find_name(name).has_value(); }

  void say(NativeWorld::Seat& seat, std::string_view name) {
    const std::string text = fmt::format("{} {}", name, ++said_);
    seat.member.say(text, world_.now());
    expected_.push_back(fmt::format("{}: {}", name, text));
  }

  void set_weather() {
    const std::uint8_t how = input_.byte();
    world_.weather = {.loss = (how & 15U) / 64.0,
                      .twice = (how >> 4U & 3U) / 8.0,
                      .least_delay = Micros{100},
                      .most_delay = Micros{100 + (how >> 6U) * 40'000}};
  }

  void add_member() {
    if (new_members_ == kMaxNewMembers) return;
    const std::size_t number = new_members_++;
    auto& seat = world_.add({.name = fmt::format("new{}", number),
                             .is_brief = number % 2 == 1,
                             .wants_saved = number % 3 == 0});
    world_.start(seat);
  }

  [[nodiscard]] std::vector<std::string> honest_lines(const NativeWorld::Seat& seat) const {
    std::vector<std::string> lines;
    for (const auto& line : seat.lines) {
      if (line.starts_with("ada: ") || line.starts_with("bob: ")) lines.push_back(line);
    }
    return lines;
  }

  // A command offset is one that its sender has reached, also after the death of a gateway.
  void expect_own_offsets() {
    logs::RecordBuffer buffer;
    const auto check = [&](const wire::RecordView& record, logs::Offset) {
      const auto sender = logs::sender_of(record.header);
      const std::uint64_t masked = record.header.uplink_offset;
      if (!wire::has_command(record.header) || !sender || !world_.sessions().is_member(*sender))
        return;
      const std::uint64_t end = world_.chat().masks.in_room(
          *sender, state::kDefaultRoom, logs::Sequence{record.header.sequence}, masked);
      require(end <= world_.view().native_slots()[sender->slot].uplink);
    };
    logs::for_each_record(world_.view().room_log(), buffer, check);
  }
  // A quarter of each mailbox is left for the answers to its own member.
  void expect_shares() {
    for (const state::Slot slot : world_.sessions().all(state::SessionKind::native)) {
      const state::Mailbox mailbox{world_.view(), slot};
      const std::size_t unasked =
          mailbox.unread(wire::RecordKind::direct) + mailbox.unread(wire::RecordKind::invited);
      require(unasked <= state::kMailboxBytes / 4 * 3);
    }
  }

  void expect_well() {
    (void)expect_consistent_rooms(world_.view());
    hidden_.expect_unchanged();
    hidden_.expect_unseen();
    expect_own_offsets();
    expect_shares();
    world_.weather = {};
    world_.tamper = nullptr;
    auto& zoe = world_.add({.name = "zoe"});
    world_.start(zoe);
    require(world_.run_until([&] { return zoe.member.is_joined(); }, seconds{300}));
    zoe.member.say("hello", world_.now());
    const auto knows_all = [&](const NativeWorld::Seat& seat) {
      return !seat.lines.empty() && seat.lines.back() == "zoe: hello" &&
             honest_lines(seat).size() == expected_.size();
    };
    const auto well = [&] {
      return knows_all(ada_) && knows_all(bob_) && ada_.member.unconfirmed() == 0 &&
             bob_.member.unconfirmed() == 0;
    };
    eve_.asleep = false;  // reads what the server has sent
    // eve or a text member may go on talking after zoe.
    require(world_.run_until([&] { return well() || all_heard(); }, seconds{300}));
    require(honest_lines(ada_) == honest_lines(bob_));
    for (const auto* name : {"ada: ", "bob: "})
      require(of(name, honest_lines(ada_)) == of(name, expected_));
  }

  bool all_heard() {
    return honest_lines(ada_).size() == expected_.size() &&
           honest_lines(bob_).size() == expected_.size() && ada_.member.unconfirmed() == 0 &&
           bob_.member.unconfirmed() == 0 && has(ada_, "zoe: hello") && has(bob_, "zoe: hello");
  }
  static bool has(const NativeWorld::Seat& seat, std::string_view line) {
    return std::ranges::find(seat.lines, line) != seat.lines.end();
  }
  static std::vector<std::string> of(std::string_view name, const std::vector<std::string>& lines) {
    std::vector<std::string> own;
    for (const auto& line : lines) {
      if (line.starts_with(name)) own.push_back(line);
    }
    return own;
  }

  NativeWorld world_{1};
  NativeWorld::Seat& ada_{world_.enter("ada")};
  NativeWorld::Seat& bob_{world_.enter("bob")};
  NativeWorld::Seat& eve_{world_.enter("eve")};
  NativeWorld::Seat& mal_{world_.enter("mal")};
  HiddenRoom hidden_{world_};
  fuzz::Input input_;
  std::vector<std::string> expected_;
  std::size_t said_{0};
  std::size_t new_members_{0};
  std::size_t wrong_byte_{0};
  std::byte wrong_bits_{};
  std::size_t cut_{0};
};

}  // namespace
}  // namespace chatd::test

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A failed expectation of the world ends the program, too.
  GTEST_FLAG_SET(throw_on_failure, true);
  chatd::test::Course{{data, size}}.run();
  return 0;
}

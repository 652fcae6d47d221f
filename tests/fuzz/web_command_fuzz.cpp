// SPDX-License-Identifier: GPL-3.0-or-later
// web_command_fuzz.cpp — a web that is in the hands of an attacker: any bytes as messages to the
// gateway, any bytes as commands of a session that it has shown, and any text as a cursor. The
// first byte of a part says what it is, the second one how long it is.
//
// Holds:     no session of another kind is touched, a session's `uplink` grows by one command at
//            a time, and the tables of the rooms stay consistent.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "daemon/sys/message_socket.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/support/browser_world.hpp"
#include "tests/support/room_checks.hpp"

namespace chatd {
namespace {

class HostileWeb {
 public:
  HostileWeb() {
    state::Identity key{};
    key.fill(std::byte{9});
    native_ = world_.sessions()
                  .admit({.name = "nat",
                          .from = test::delivery_to(test::endpoint("10.0.0.1:5")),
                          .native =
                              chat::NativeClient{
                                  .identity = key, .client = 1, .random = 1, .window = 65536}},
                         world_.now())
                  .slot;
    (void)world_.enter(page_);
  }

  void part(std::uint8_t kind, std::span<const std::byte> bytes) {
    const std::string text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    switch (kind % 4) {
      case 0:
        (void)sys::send_bytes(world_.web_end(), bytes);
        break;
      case 1:
        return command(text);
      case 2:
        return cursor(text);
      default:
        world_.run_for(std::chrono::seconds{1 + kind / 4});
        break;
    }
    world_.work();
    check();
  }

 private:
  [[nodiscard]] chat::Slot own() const { return chat::Slot{page_.entered->session.slot}; }
  [[nodiscard]] std::uint64_t uplink() const { return world_.view().native_slots()[own()].uplink; }
  void command(const std::string& bytes) {
    const std::uint64_t before = uplink();
    (void)sys::send(
        world_.web_end(),
        sys::WebCommand{
            .request = 1, .session = page_.entered->session, .n = before + 1, .bytes = bytes});
    world_.work();
    if (world_.sessions().is_member(own())) require(uplink() == before || uplink() == before + 1);
    check();
    // The page reads its mailbox, and enters again if it has left.
    world_.members().read(page_.entered->session, world_.chat().mailboxes.tail(own()));
    if (!world_.members().is_live(page_.entered->session)) (void)world_.enter(page_);
  }
  void cursor(std::string_view text) {
    auto read = web::Cursor::read(text);
    if (!read) return;
    require(web::Cursor::read(read->to_text()).has_value());
    read->history_id = test::kHistoryId;
    require(world_.news(page_, *read).size() < 10'000);
  }
  void check() {
    require(world_.sessions().is_member(native_, state::SessionKind::native));
    require(world_.view().native_slots()[native_].uplink == 0);
    require(world_.sessions().all(state::SessionKind::web).size() <=
            world_.view().geometry().web_sessions);
  }

  test::BrowserWorld world_;
  test::BrowserWorld::Page page_{test::BrowserWorld::page("ada", 1)};
  chat::Slot native_{};
};

}  // namespace
}  // namespace chatd

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chatd::HostileWeb web;
  auto rest = std::as_bytes(std::span{data, size});
  while (rest.size() >= 3) {
    const auto kind = static_cast<std::uint8_t>(rest[0]);
    const auto length = static_cast<std::size_t>(rest[1]) + 256 * static_cast<std::size_t>(rest[2]);
    rest = rest.subspan(3);
    const auto part = rest.first(std::min(length, rest.size()));
    rest = rest.subspan(part.size());
    web.part(kind, part);
  }
  return 0;
}

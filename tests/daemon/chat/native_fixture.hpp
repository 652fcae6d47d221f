// SPDX-License-Identifier: GPL-3.0-or-later
// native_fixture.hpp — the chat with native members, without packets or keys.
//
// Runs in:   test programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/native/record_name.hpp"
#include "daemon/chat/chat.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::chat {

class NativeFixture : public test::StateFixture {
 protected:
  static constexpr state::Geometry kGeometry{
      .sessions = 8, .ring_bytes = 16384, .rooms = 8, .room_ring_bytes = 16384};
  explicit NativeFixture(const state::Geometry& geometry = kGeometry) : StateFixture{geometry} {
    restart();
  }

  // A new gateway over the same region.
  void restart() {
    chat_.emplace(state_, config_, Persons{crypto::SecretKey{}}, 42);
    chat_->adopt(now());
    sessions().settle();
  }
  Sessions& sessions() { return chat_->sessions; }
  NativeCommands& commands() { return chat_->native; }
  Now now() const { return {.mono = test::mono_at(time_), .wall = test::wall_at(time_)}; }

  // `client`: which program of the member.
  Sessions::Admission enter(std::string_view name, int key, std::string_view from = "127.0.0.1:5",
                            std::uint64_t client = 0) {
    state::Identity identity{};
    identity.fill(static_cast<std::byte>(key));
    const auto login = sessions().admit({.name = name,
                                         .from = test::delivery_to(test::endpoint(from)),
                                         .native = NativeClient{.identity = identity,
                                                                .client = client,
                                                                .random = ++random_,
                                                                .window = 65536,
                                                                .wants_saved = wants_saved_},
                                         .known = known_,
                                         .is_brief = is_brief_},
                                        now());
    sessions().settle();
    return login;
  }
  // A member of the text protocol.
  Sessions::Admission enter_text(std::string_view name) {
    const auto login = sessions().admit(
        {.name = name, .from = test::delivery_to(test::endpoint("127.0.0.1:9"))}, now());
    sessions().settle();
    return login;
  }
  NativeCommands::Order order(Slot slot, std::uint64_t end) const {
    return {.slot = slot, .end = end, .now = now()};
  }
  void say(const NativeCommands::Order& order, std::string_view text) {
    commands().say(order, state::RecordKind::say, {}, text);
  }
  // "say ada hello"
  std::vector<std::string> texts() const { return texts(state_.room_log()); }
  static std::vector<std::string> texts(const logs::LogMemory& log) {
    std::vector<std::string> all;
    for (const auto& record : test::records_of(log)) {
      all.push_back(std::string{wire::name_of(record.kind)} + " " + record.name + " " +
                    record.text);
    }
    return all;
  }
  // "direct ada": each record of the mailbox, if it has not gone round its ring yet.
  std::vector<std::string> mailbox(Slot slot) {
    std::vector<std::string> all;
    for (const auto& record : test::mailbox_records(state_, slot)) {
      all.push_back(std::string{wire::name_of(record.kind)} + " " + record.name);
    }
    return all;
  }
  // Until no further record fits.
  void fill_mailbox(Slot session) {
    for (const std::size_t bytes : {900U, 100U, 1U}) {
      while (chat_->mailboxes.deliver(session, {.kind = state::RecordKind::notice,
                                                .sender = std::nullopt,
                                                .name = {},
                                                .text = std::string(bytes, 'x'),
                                                .time = now().wall})) {
      }
    }
  }
  std::string last_text(Slot slot) {
    const auto all = test::mailbox_records(state_, slot);
    return all.empty() ? "" : all.back().text;
  }

  config::Config config_;
  Micros time_{std::chrono::seconds{100}};
  Room::Position known_{};  // of the next clients that enter
  bool is_brief_{false};    // they
  bool wants_saved_{false};
  std::optional<Chat> chat_;

 private:
  std::uint32_t random_{0};
};

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
// fan_out_fixture.hpp — members on real sockets, and the gateway's part of their slots.
//
// Runs in:   test programs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/io/udp_socket.hpp"
#include "daemon/state/room_log.hpp"
#include "daemon/state/session_table.hpp"
#include "daemon/worker/fan_out.hpp"
#include "tests/support/state_region.hpp"
#include "tests/support/udp_client.hpp"

namespace chatd::worker {

class FanOutFixture : public test::StateFixture {
 protected:
  explicit FanOutFixture(state::Geometry geometry = {.sessions = 200, .ring_bytes = 65536})
      : StateFixture{geometry} {}

  FanOut worker(std::uint32_t index = 0, std::uint32_t workers = 1,
                std::uint32_t unproved_bytes_per_second = 0) {
    return FanOut{follower_,          follower_.process(1 + index), keys_, sockets_, index, workers,
                  wire::Language::en, unproved_bytes_per_second};
  }

  // In the order of the gateway: the slot, the join record, then the bit for the worker.
  void open(std::uint32_t slot, std::string_view name, const state::Delivery& to) {
    table_.open(state::Slot{slot},
                {.delivery = to, .name = name, .log_tail = log_.tail(), .joined = {}, .now = {}});
    append(state::RecordKind::join, slot, "");
  }
  void enter(std::uint32_t slot, std::string_view name, const test::UdpClient& client,
             bool newline = false, std::uint16_t socket = 0) {
    open(slot, name, test::delivery_to(client.endpoint(), newline, socket));
    table_.activate(state::Slot{slot});
  }
  // Enough members for a big room; their socket does not exist, so nothing is sent to them.
  void fill() {
    constexpr std::uint32_t kFirst = 64;
    const test::UdpClient nowhere;
    for (std::uint32_t i = 0; i < FanOut::kManyMembers; ++i) {
      enter(kFirst + i, "m" + std::to_string(i), nowhere, false, 7);
    }
  }
  void leave(std::uint32_t slot) {
    table_.begin_leave(state::Slot{slot}, state::LeaveKind::quit, log_.tail());
    append(state::RecordKind::leave, slot, "");
    table_.release(state::Slot{slot});
  }
  void say(std::uint32_t slot, std::string_view text) {
    append(state::RecordKind::say, slot, text);
  }
  void append(state::RecordKind kind, std::uint32_t slot, std::string_view text) {
    log_.append({.kind = kind,
                 .sender = table_.sender(state::Slot{slot}),
                 .name = table_.name(state::Slot{slot}),
                 .text = text,
                 .time = {}});
  }
  static void run(FanOut& worker) {
    while (worker.pass({}).more) {
    }
  }

  state::StateView follower_{follower()};
  state::SessionTable table_{state_};
  state::RoomLog log_{state_};
  UniqueFd server_{io::open_udp_socket(test::endpoint("127.0.0.1:0")).value()};
  UniqueFd server2_{io::open_udp_socket(test::endpoint("127.0.0.1:0")).value()};
  std::vector<int> sockets_{server_.get(), server2_.get()};
};

}  // namespace chatd::worker

// SPDX-License-Identifier: GPL-3.0-or-later
// browser_world.hpp — gateway and web in one process, with the channel between them, on a simulated
// clock. No HTTP: a test is the code that speaks it. Each of the two can be replaced, as if killed.
//
// Runs in:   test programs.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/wire/native/native_command.hpp"
#include "daemon/gateway/web_link.hpp"
#include "daemon/web/members.hpp"
#include "daemon/web/news.hpp"
#include "tests/support/state_region.hpp"

namespace chatd::test {

class BrowserWorld {
 public:
  static constexpr state::Geometry kGeometry{.sessions = 12,
                                             .ring_bytes = 1U << 15U,
                                             .rooms = 4,
                                             .room_ring_bytes = 1U << 15U,
                                             .names = 4,
                                             .web_sessions = 4};
  static constexpr std::uint32_t kWebRow = 2;  // of the process table
  explicit BrowserWorld(config::Config config = quick_config());
  static config::Config quick_config();  // without a limit on how fast members talk

  // A page of a browser. Its secrets are made of `token`.
  struct Page {
    web::Entry entry;
    std::optional<web::Entered> entered{};
  };
  static Page page(std::string_view name, int token, std::uint64_t client = 1);

  // nullopt: there was no answer.
  template <class T>
  using Answer = std::optional<std::expected<T, web::Refusal>>;
  Answer<web::Entered> enter(Page& page);
  Answer<web::Entered> resume(Page& page);
  Answer<std::uint64_t> command(const Page& page, std::uint64_t n, wire::CommandKind kind,
                                std::string_view name, std::string_view text = {});
  Answer<std::uint64_t> say(const Page& page, std::uint64_t n, std::string_view text) {
    return command(page, n, wire::CommandKind::say, {}, text);
  }
  Answer<sys::WebList> list(const Page& page, wire::CommandKind kind, std::string_view name = {});
  // The events of the page from a cursor on: "say ada hello", with the room in front of a further
  // room's, "mailbox" in front of its own. The cursor moves.
  std::vector<std::string> news(const Page& page, web::Cursor& cursor);
  // "ada" and the reason for each session that web was told to end.
  std::vector<std::pair<std::uint64_t, wire::Reason>> ended;  // by client

  void replace_gateway();
  void replace_web();  // without its own start: another process
  // The whole service is replaced; its successor's memory is filled by `move`.
  using Move = std::function<void(const state::StateView& from, const state::KeyTable& from_keys,
                                  const state::StateView& to, const state::KeyTable& to_keys)>;
  void replace_service(const state::Geometry& geometry, const Move& move);
  // Both read what is in the channel.
  void work();
  void run_for(Micros time);
  // A tick of a second.
  void tick();

  [[nodiscard]] const state::StateView& view() const { return region_->state_; }
  [[nodiscard]] chat::Chat& chat() { return *chat_; }
  [[nodiscard]] chat::Sessions& sessions() { return chat_->sessions; }
  [[nodiscard]] web::Members& members() { return *members_; }
  [[nodiscard]] gateway::WebLink& link() { return *link_; }
  [[nodiscard]] chat::Now now() const { return {.mono = mono_at(time_), .wall = wall_at(time_)}; }
  [[nodiscard]] const state::StateView& web_view() const { return web_view_; }
  [[nodiscard]] int web_end() const { return pair_.web.get(); }
  std::vector<std::string> texts() const;     // of the default room: "say ada hello"
  std::optional<crypto::SecretKey> password;  // of the next gateways
  // The questions that the next gateways send to the archive; nullopt: they have none.
  std::optional<std::vector<sys::Question>> asked;
  void answer_of_archive(const sys::Answer& answer) { questions_->answered(answer, now()); }
  std::optional<pid_t> sender{};  // of web; nullopt: this process

 private:
  config::Config config_;
  std::unique_ptr<StandaloneRegion> region_;
  UniqueFd presence_file_{state::WebPresence::create(kGeometry.web_sessions).value()};
  state::StateView web_view_;
  state::WebPresence presence_;
  sys::WebPair pair_{sys::make_web_pair().value()};
  Micros time_{std::chrono::seconds{100}};
  std::uint64_t request_{1000};
  std::optional<chat::Chat> chat_;
  gateway::GatewayLog log_;
  std::optional<gateway::UnauthenticatedLimits> unauthenticated_;
  std::optional<gateway::MemberQuestions> questions_;
  std::optional<gateway::NativeService> native_;
  std::optional<gateway::WebLink> link_;
  std::optional<web::Members> members_;
  logs::RecordBuffer buffer_;
};

}  // namespace chatd::test

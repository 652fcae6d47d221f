// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/browser_world.hpp"

#include <unistd.h>

#include <array>

#include "common/wire/native/record_name.hpp"

namespace chatd::test {

namespace {

std::string encoded(wire::CommandKind kind, std::string_view name, std::string_view text) {
  std::array<std::byte, wire::kMaxCommandBytes> bytes{};
  wire::ByteWriter out{bytes};
  if (!wire::write_command(out, kind, name, text)) return {};
  return {reinterpret_cast<const char*>(bytes.data()), out.written().size()};
}

std::string text_of(const wire::RecordView& record) {
  return std::string{wire::name_of(record.header.kind)} + " " + std::string{record.name} + " " +
         std::string{record.text};
}

}  // namespace

config::Config BrowserWorld::quick_config() {
  config::Config config;
  config.limits.messages_per_second = 0;
  return config;
}

BrowserWorld::BrowserWorld(config::Config config)
    : config_{std::move(config)},
      region_{std::make_unique<StandaloneRegion>(kGeometry)},
      web_view_{state::StateView::map(region_->region_.get(), state::Access::web).value()},
      presence_{state::WebPresence::map(presence_file_.get(), kGeometry.web_sessions).value()} {
  set_log_level(LogLevel::warning);
  view().process(kWebRow).pid.store(::getpid());
  view().process(kWebRow).state.store(state::ProcessState::ready);
  replace_gateway();
  replace_web();
}

void BrowserWorld::replace_service(const state::Geometry& geometry, const Move& move) {
  auto next = std::make_unique<StandaloneRegion>(geometry);
  move(view(), region_->keys_, next->state_, next->keys_);
  members_.reset();
  link_.reset();
  native_.reset();
  chat_.reset();
  region_ = std::move(next);
  web_view_ = state::StateView::map(region_->region_.get(), state::Access::web).value();
  view().process(kWebRow).state.store(state::ProcessState::ready);
  replace_gateway();
  replace_web();
}

void BrowserWorld::replace_gateway() {
  chat_.emplace(view(), config_, chat::Persons{crypto::SecretKey{}}, 42);
  unauthenticated_.emplace(config_.limits.unauthenticated_per_second, 42, view().counters(),
                           log_.floods);
  questions_.reset();
  if (asked) {
    questions_.emplace(
        *chat_, 1.0, 1000,
        gateway::MemberQuestions::Hooks{
            .archive =
                [] {
                  return gateway::MemberQuestions::Archive{true, true, 1};
                },
            .send =
                [this](const sys::Question& question) {
                  asked->push_back(question);
                  return true;
                },
            .browser = [this](std::uint64_t request,
                              auto got) { link_->answer(request, std::move(got)); }});
  }
  gateway::MemberQuestions* const questions = questions_ ? &*questions_ : nullptr;
  native_.emplace(
      gateway::NativeService::Parts{
          .chat = *chat_,
          .state = view(),
          .keys = region_->keys_,
          .config = config_,
          .sockets = {},
          .identity = {},
          .certificate = {},
          .password = password,
          .unauthenticated = *unauthenticated_,
          .log = log_,
          .questions = questions,
          .tell_browser = [this](chat::Slot slot,
                                 const wire::ByeFrame& bye) { link_->tell(slot, bye); }},
      now());
  link_.emplace(gateway::WebLink::Parts{.chat = *chat_,
                                        .state = view(),
                                        .native = *native_,
                                        .questions = questions,
                                        .config = config_,
                                        .log = log_,
                                        .password = password,
                                        .hash_key = 42,
                                        .end = pair_.gateway.get(),
                                        .presence = presence_file_.get(),
                                        .row = kWebRow});
  chat_->adopt(now());
  native_->adopt();
  link_->adopt();
  sessions().settle();
}

void BrowserWorld::replace_web() {
  members_.emplace(web_view_, presence_, pair_.web.get(), request_ += 1'000'000,
                   web::Members::Hooks{.ended = [this](const sys::WebSession& session,
                                                       wire::Reason reason, const std::string&) {
                     ended.emplace_back(session.client, reason);
                   }});
}

void BrowserWorld::work() {
  // A test may be in a child of the process that made the world.
  view().process(kWebRow).pid.store(sender.value_or(::getpid()));
  link_->take(now());
  (void)native_->finish(now());
  sessions().settle();
  members_->take(now().mono);
}

void BrowserWorld::tick() {
  native_->tick(now());
  link_->tick(now());
  chat_->tick(now());
  sessions().settle();
  members_->tick(now().mono);
  work();
}

void BrowserWorld::run_for(Micros time) {
  for (const Micros end = time_ + time; time_ < end;) {
    time_ += std::chrono::seconds{1};
    tick();
  }
}

BrowserWorld::Page BrowserWorld::page(std::string_view name, int token, std::uint64_t client) {
  Page page{.entry = {.client = client,
                      .address = parse_address("192.168.1.7").value(),
                      .name = std::string{name}}};
  page.entry.token.fill(static_cast<std::byte>(token));
  return page;
}

BrowserWorld::Answer<web::Entered> BrowserWorld::enter(Page& page) {
  Answer<web::Entered> answer;
  members_->enter(page.entry, now().mono, [&](auto got) { answer = std::move(got); });
  work();
  if (answer && *answer) page.entered = **answer;
  return answer;
}

BrowserWorld::Answer<web::Entered> BrowserWorld::resume(Page& page) {
  Answer<web::Entered> answer;
  members_->resume(page.entry, now().mono, [&](auto got) { answer = std::move(got); });
  work();
  if (answer && *answer) page.entered = **answer;
  return answer;
}

BrowserWorld::Answer<std::uint64_t> BrowserWorld::command(const Page& page, std::uint64_t n,
                                                          wire::CommandKind kind,
                                                          std::string_view name,
                                                          std::string_view text) {
  Answer<std::uint64_t> answer;
  members_->command(page.entered->session, n, encoded(kind, name, text), now().mono,
                    [&](auto got) { answer = std::move(got); });
  work();
  return answer;
}

BrowserWorld::Answer<sys::WebList> BrowserWorld::list(const Page& page, wire::CommandKind kind,
                                                      std::string_view name) {
  Answer<sys::WebList> answer;
  members_->list(page.entered->session, encoded(kind, name, {}), now().mono,
                 [&](auto got) { answer = std::move(got); });
  work();
  return answer;
}

std::vector<std::string> BrowserWorld::news(const Page& page, web::Cursor& cursor) {
  web::News news{web_view_, buffer_};
  std::vector<std::string> all;
  auto streams = news.streams(page.entered->session, cursor);
  for (web::News::Stream& stream : streams) {
    web::News::Event event;
    for (;;) {
      const auto status =
          news.next(page.entered->session, page.entered->command_key, stream, event);
      if (status == web::News::Status::nothing || status == web::News::Status::ended) break;
      std::string line = stream.is_mailbox ? "mailbox " : "";
      if (stream.room) line += std::string{name_of(web_view_.room_slot(stream.room->index))} + " ";
      line += status == web::News::Status::lost ? "lost" : text_of(event.record);
      if (event.n != 0) line += " #" + std::to_string(event.n);
      all.push_back(line);
    }
  }
  cursor = news.cursor_of(streams);
  return all;
}

std::vector<std::string> BrowserWorld::texts() const {
  std::vector<std::string> all;
  for (const auto& record : records_of(view())) {
    all.push_back(std::string{wire::name_of(record.kind)} + " " + record.name + " " + record.text);
  }
  return all;
}

}  // namespace chatd::test

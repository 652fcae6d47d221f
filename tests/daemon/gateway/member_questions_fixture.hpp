// SPDX-License-Identifier: GPL-3.0-or-later
// member_questions_fixture.hpp — the questions of members about the room "lab", with a test in
// place of the archive.
//
// Runs in:   test programs.
#pragma once

#include <expected>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "daemon/gateway/member_questions.hpp"
#include "tests/daemon/chat/moderation_fixture.hpp"

namespace chatd::gateway {

class MemberQuestionsFixture : public chat::ModerationFixture {
 protected:
  using Slot = chat::Slot;
  using HistoryQuestion = wire::HistoryQuestion;
  using RecordKind = wire::RecordKind;
  static constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  static constexpr std::uint64_t kFirstId = 1000;
  static constexpr HistoryQuestion kQuestion{
      .serial = 5, .way = wire::HistoryWay::before, .value = kLargest, .lines = 50};

  // The answers to browsers, by their requests.
  std::vector<std::pair<std::uint64_t, std::expected<sys::Answer, wire::Reason>>> browser_;

  MemberQuestionsFixture() {
    for (const Slot slot : {ada_, max_, bob_, eve_}) (void)read_mailbox(slot);
  }
  // A new gateway, without the questions of the one before.
  void restart_gateway() {
    restart();
    make_questions();
  }
  void make_questions(double per_second = 0) {
    questions_.emplace(
        *chat_, per_second, kFirstId,
        MemberQuestions::Hooks{
            .archive = [this] { return archive_; },
            .send = [this](const sys::Question& question) { return take(question); },
            .browser = [this](std::uint64_t request,
                              auto answer) { browser_.emplace_back(request, std::move(answer)); }});
  }
  // As if the member used a browser.
  void ask_by_browser(std::uint64_t request, Slot slot,
                      const HistoryQuestion& question = kQuestion) {
    const auto text = wire::as_argument(question);
    questions().ask_of_browser(request, slot, id_text(lab_), {text.data(), text.size()}, now());
  }
  bool take(const sys::Question& question) {
    if (!is_full_) sent_.push_back(question);
    return !is_full_;
  }
  MemberQuestions& questions() {
    if (!questions_) make_questions();
    return *questions_;
  }

  // The command of a member about the lab, as its bytes are.
  void ask(Slot slot, const HistoryQuestion& question = kQuestion) {
    ask_about(slot, id_text(lab_), question);
  }
  void ask_about(Slot slot, std::string_view room, const HistoryQuestion& question = kQuestion) {
    const auto text = wire::as_argument(question);
    end_ += 30;
    questions().ask(order(slot, end_), room, {text.data(), text.size()});
  }
  static sys::Answer answer_to(const sys::Question& question, std::vector<std::uint64_t> numbers,
                               std::size_t bytes = 5) {
    sys::Answer answer{.id = question.id, .is_read = true};
    for (const std::uint64_t number : numbers) {
      answer.lines.push_back({.number = number,
                              .at = 1'000'000,
                              .kind = static_cast<std::uint16_t>(RecordKind::say),
                              .person = 7,
                              .name = "ada",
                              .text = std::string(bytes, 'x')});
    }
    answer.first = numbers.empty() ? 0 : numbers.front();
    answer.last = numbers.empty() ? 0 : numbers.back();
    answer.has_older = true;
    return answer;
  }
  void answer(std::vector<std::uint64_t> numbers, std::size_t bytes = 5) {
    questions().answered(answer_to(sent_.back(), std::move(numbers), bytes), now());
  }
  // The unread records, which are acknowledged: "5:12" a line of the serial 5, "5:page", or the
  // code of a refusal.
  std::vector<std::string> read_mailbox(Slot slot) {
    std::vector<std::string> all;
    const state::Mailbox mailbox{state_, slot};
    mailbox.for_each_unread([&](const wire::RecordHeader& header, logs::Offset at) {
      std::vector<std::byte> bytes(header.size);
      mailbox.read(at, bytes);
      all.push_back(shown(wire::read_record(bytes).value()));
    });
    state::update_peer(state_.native_slots()[slot], [&](state::NativePeer& peer) {
      peer.acked[wire::kMailboxStream] = mailbox.tail();
    });
    return all;
  }
  static std::string shown(const wire::RecordView& record) {
    if (record.header.kind == RecordKind::stored) {
      const auto line = wire::read_stored(record.text);
      return line ? fmt::format("{}:{}", line->serial, line->number) : "not readable";
    }
    if (record.header.kind == RecordKind::page) {
      const auto page = wire::read_page(record.text);
      return page ? fmt::format("{}:page", page->serial) : "not readable";
    }
    return std::string{record.name};
  }
  // Reads as the client does, until nothing comes any more.
  std::vector<std::string> read_all(Slot slot) {
    std::vector<std::string> all;
    for (;;) {
      const auto part = read_mailbox(slot);
      if (part.empty()) return all;
      all.insert(all.end(), part.begin(), part.end());
      questions().go_on(slot, now());
    }
  }
  std::uint64_t uplink(Slot slot) { return state_.native_slots()[slot].uplink; }

  MemberQuestions::Archive archive_{.exists = true, .answers = true, .started = 1};
  bool is_full_{false};
  std::vector<sys::Question> sent_;
  std::optional<MemberQuestions> questions_;
  std::uint64_t end_{5000};
};

}  // namespace chatd::gateway

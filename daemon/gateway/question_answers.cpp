// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the archive, on their way to the members that have asked.
#include <algorithm>
#include <span>
#include <utility>

#include "daemon/gateway/member_questions.hpp"

namespace chatd::gateway {

using chat::Slot;
using wire::Reason;

// An answer to a question that was asked twice, or by a predecessor, has another id.
void MemberQuestions::answered(sys::Answer answer, Now now) {
  if (!asked_ || asked_->id != answer.id) return;
  const auto found = open_.find(asked_->slot);
  asked_.reset();
  if (found != open_.end() && found->second.phase == Phase::asked) {
    Question& question = found->second;
    if (!answer.is_read) {
      give_up(question, Reason::history_down, now);
    } else {
      question.answer = std::move(answer);
      question.next_line = 0;
      question.phase = Phase::answering;
      question.progress = question.begun = now.mono;
      go_on(question.order.slot, now);
    }
  }
  pass_on(now);
}

bool MemberQuestions::may_give_way(const Question& answer, const Question& to,
                                   const AnswersByOrigin& answers, MonoTime now) {
  if (now - answer.progress >= kReadTimeout || now - answer.begun >= kAnswerTimeout) return true;
  const auto of_other = answers.find(to.origin);
  const std::size_t own = answers.at(answer.origin);
  const std::size_t other = of_other == answers.end() ? 0 : of_other->second;
  const bool has_had_time = now - answer.begun >= kReadTimeout;
  return own > other + 1 && (has_had_time || own > kMaxOfANetwork);
}

std::size_t MemberQuestions::count_answers() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      open_, [](const auto& entry) { return entry.second.phase == Phase::answering; }));
}

// Answers that are read at once do not make place for each other: none would be read to its end.
bool MemberQuestions::make_place_for_answer(const Question& to, Now now) {
  if (count_answers() < kMaxAnswers) return true;
  AnswersByOrigin answers;
  for (const auto& [slot, question] : open_) {
    if (question.phase == Phase::answering) ++answers[question.origin];
  }
  auto oldest = open_.end();
  for (auto at = open_.begin(); at != open_.end(); ++at) {
    const Question& answer = at->second;
    if (answer.phase != Phase::answering || !may_give_way(answer, to, answers, now.mono)) continue;
    if (oldest == open_.end() || answer.progress < oldest->second.progress) oldest = at;
  }
  if (oldest == open_.end()) return false;
  open_.erase(oldest);
  return true;
}

void MemberQuestions::go_on(Slot session, Now now) {
  const auto found = open_.find(session);
  if (found == open_.end() || !proceed(found->second, now)) return;
  open_.erase(found);
  pass_on(now);
}

bool MemberQuestions::proceed(Question& question, Now now) {
  if (!chat_.sessions.is_member(question.session)) return true;
  switch (question.phase) {
    case Phase::waiting:
    case Phase::asked:
      return false;
    case Phase::answering:
      return deliver(question, now);
    case Phase::refusing:
      break;
  }
  const Order order{.slot = question.order.slot, .end = question.order.end, .now = now};
  if (question.request) {
    refuse(order, question.request, question.reason);
    return true;
  }
  return chat_.native.refuse_late(order, question.reason);
}

// The answer is about the room of the question.
void MemberQuestions::set_room(Question& question) {
  question.answer.room = static_cast<std::uint32_t>(question.room);
  for (sys::StoredLine& line : question.answer.lines) {
    line.room = question.answer.room;
    line.base = question.answer.base;
  }
}

bool MemberQuestions::deliver(Question& question, Now now) {
  const bool is_all = is_of_all(question);
  if (!is_all) set_room(question);
  // The page names a room and a number of it, too.
  const Slot slot = question.order.slot;
  const auto end = state::RoomId{question.answer.room};
  if (!rooms_.find(slot, question.room, is_all) || !rooms_.find(slot, end, is_all)) {
    question.phase = Phase::refusing;
    question.reason = Reason::no_such_room;
    question.answer = {};
    return proceed(question, now);
  }
  if (question.request) return deliver_to_browser(question, now);
  ReadableLines readable{rooms_, slot, is_all, now.wall};
  while (question.next_line < question.answer.lines.size()) {
    const sys::StoredLine& line = question.answer.lines[question.next_line];
    if (readable.has(line) && !deliver(question, line)) return false;
    ++question.next_line;
    question.progress = now.mono;
  }
  return deliver_page(question, now);
}

// All of it at once.
bool MemberQuestions::deliver_to_browser(Question& question, Now now) {
  ReadableLines readable{rooms_, question.order.slot, is_of_all(question), now.wall};
  std::erase_if(question.answer.lines,
                [&](const sys::StoredLine& line) { return !readable.has(line); });
  if (hooks_.browser) hooks_.browser(*question.request, std::move(question.answer));
  return true;
}

// False: the mailbox has no space for it, or would have too little left for other records.
bool MemberQuestions::deliver(const Question& question, const sys::StoredLine& line) const {
  constexpr std::size_t kMaxBytes = wire::kStoredBytes + wire::kMaxMessageBytes;
  std::array<std::byte, kMaxBytes> body{};
  wire::ByteWriter out{body};
  encode(out,
         wire::StoredLine{.serial = question.text.serial,
                          .room = line.room,
                          .number = line.number,
                          .kind = line.kind,
                          .person = line.person,
                          .last = line.last,
                          .text = std::string_view{line.text}.substr(0, wire::kMaxMessageBytes)});
  const logs::Entry entry{
      .kind = wire::RecordKind::stored,
      .sender = std::nullopt,
      .name = std::string_view{line.name}.substr(0, state::kMaxNameBytes),
      .text = {reinterpret_cast<const char*>(body.data()), out.written().size()},
      .time = WallTime{Micros{line.at}}};
  const std::size_t unread = chat_.mailboxes.unread(question.order.slot, wire::RecordKind::stored);
  if (unread + logs::record_size(entry) > kMaxUnread) return false;
  return chat_.mailboxes.deliver(question.order.slot, entry);
}

bool MemberQuestions::deliver_page(const Question& question, Now now) const {
  constexpr std::size_t kNameBytes = wire::kMaxNameBytes + 12;
  constexpr std::size_t kMaxBytes = wire::kPageBytes + wire::kMaxPageLines * kNameBytes;
  std::array<std::byte, kMaxBytes> body{};
  wire::ByteWriter out{body};
  const std::string rooms =
      is_of_all(question) ? rooms_.names(question.order.slot, question.answer.lines) : "";
  encode(out, wire::StoredPage{.serial = question.text.serial,
                               .room = question.answer.room,
                               .first = question.answer.first,
                               .last = question.answer.last,
                               .has_older = question.answer.has_older,
                               .has_newer = question.answer.has_newer,
                               .rooms = rooms});
  return chat_.mailboxes.deliver(
      question.order.slot,
      {.kind = wire::RecordKind::page,
       .sender = std::nullopt,
       .name = {},
       .text = {reinterpret_cast<const char*>(body.data()), out.written().size()},
       .time = now.wall});
}

}  // namespace chatd::gateway

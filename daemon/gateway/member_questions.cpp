// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/gateway/member_questions.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "common/wire/search_query.hpp"

namespace chatd::gateway {

using chat::Slot;
using wire::Reason;

namespace {

// `way` says in which rooms a text is searched; a text with in:ROOM is refused.
bool is_possible(const wire::HistoryQuestion& question, WallTime now) {
  if (!is_search(question.way)) return true;
  const auto query = wire::parse_search(question.text, now);
  return query && query->room.empty();
}

}  // namespace

MemberQuestions::Origin MemberQuestions::origin_of(Slot sender) const {
  const IpAddress& address = chat_.sessions.where(sender).address;
  if (is_loopback(address)) return {.network = {}, .person = chat_.sessions.person(sender)};
  return {.network = network_of(address)};
}

// --- questions ---------------------------------------------------------------------------

std::optional<Micros> MemberQuestions::charge(Slot sender, MonoTime now) {
  return rates_.refuse(chat_.sessions.person(sender), now);
}

void MemberQuestions::ask(const Order& order, std::string_view room, std::string_view text) {
  const auto read = wire::read_history(text);
  // First the room: a refusal says nothing of rooms that the sender is not in.
  const bool is_of_all = read && read->way == wire::HistoryWay::search_all;
  const auto where = is_of_all ? rooms_.named(order.slot, room) : chat_.native.room_of(order, room);
  if (!where) return chat_.native.refuse(order, Reason::no_such_room);
  if (!read) return chat_.native.refuse_unknown(order);
  if (!is_possible(*read, order.now.wall)) return chat_.native.refuse(order, Reason::bad_search);
  Question question{.order = order,
                    .session = chat_.sessions.sender(order.slot),
                    .room = chat::RoomRights::id_of(*where),
                    .text = *read,
                    .words = std::string{read->text},
                    .origin = origin_of(order.slot),
                    .turn = ++last_turn_,
                    .progress = order.now.mono};
  question.text.text = {};
  const auto found = open_.find(order.slot);
  const bool is_new = found == open_.end() || found->second.session != question.session;
  // A client that asks again has lost the answer, or a part of it.
  const bool is_again = !is_new && is_same(found->second, question);
  const bool has_place = is_again || (!is_new && found->second.phase == Phase::waiting);
  if (const auto reason = reason_not_to_ask(question, has_place, order.now.mono)) {
    return chat_.native.refuse(order, *reason);
  }
  if (is_new) {
    open_.insert_or_assign(order.slot, std::move(question));
  } else {
    Question& open = found->second;
    if (is_again) {
      question.phase = open.phase;
      question.answer = std::move(open.answer);
      question.begun = open.begun;
    }
    question.turn = open.turn;
    open = std::move(question);
  }
  chat_.native.done(order);
  go_on(order.slot, order.now);
  pass_on(order.now);
}

// True if the answer to `open` is also that to `question`. Their serials may differ. A question in
// the phase `refusing` gets no answer any more.
bool MemberQuestions::is_same(const Question& open, const Question& question) {
  const wire::HistoryQuestion& a = open.text;
  const wire::HistoryQuestion& b = question.text;
  return open.phase != Phase::refusing && open.room == question.room && a.way == b.way &&
         a.value == b.value && a.lines == b.lines && open.words == question.words;
}

std::optional<Reason> MemberQuestions::reason_not_to_ask(const Question& question, bool has_place,
                                                         MonoTime now) {
  const Archive archive = hooks_.archive();
  if (!archive.exists) return Reason::nothing_stored;
  if (!archive.answers) return Reason::history_down;
  if (rates_.refuse_network(chat_.sessions.where(question.order.slot).address, now)) {
    return Reason::questions_full;
  }
  if (has_place) return std::nullopt;
  std::size_t waiting = 0;
  std::size_t of_network = 0;
  for (const auto& [slot, other] : open_) {
    if (other.phase != Phase::waiting) continue;
    ++waiting;
    if (other.origin == question.origin) ++of_network;
  }
  if (waiting >= kMaxWaiting || of_network >= kMaxOfANetwork) return Reason::questions_full;
  return std::nullopt;
}

// Of the networks whose questions wait, the one that was served least recently.
MemberQuestions::Question* MemberQuestions::next_waiting() {
  Question* next = nullptr;
  std::uint64_t served = 0;
  for (auto& [slot, question] : open_) {
    if (question.phase != Phase::waiting) continue;
    const auto at = served_.find(question.origin);
    const std::uint64_t last = at == served_.end() ? 0 : at->second;
    const bool is_earlier =
        next == nullptr || last < served || (last == served && question.turn < next->turn);
    if (!is_earlier) continue;
    next = &question;
    served = last;
  }
  if (next == nullptr) served_.clear();
  return next;
}

void MemberQuestions::pass_on(Now now) {
  while (!asked_) {
    Question* const next = next_waiting();
    if (next == nullptr || !make_place_for_answer(*next, now) || !pass_on(*next, now)) return;
  }
}

// False: the archive does not take questions now.
bool MemberQuestions::pass_on(Question& question, Now now) {
  const Slot slot = question.order.slot;
  if (!chat_.sessions.is_member(question.session)) {
    open_.erase(slot);
    return true;
  }
  const auto place = rooms_.find(slot, question.room, is_of_all(question));
  if (!place) {
    give_up(question, Reason::no_such_room, now);
    return true;
  }
  const std::uint64_t id = last_id_ + 1;
  sys::Question asked{.id = id,
                      .room = rooms_.asked(slot, *place, now.wall),
                      .way = static_cast<std::uint8_t>(question.text.way),
                      .value = question.text.value,
                      .lines = question.text.lines,
                      .text = question.words};
  if (is_of_all(question)) asked.rooms = rooms_.all(slot, now.wall);
  if (!hooks_.send(asked)) return false;
  last_id_ = id;
  note_served(question.origin);
  question.phase = Phase::asked;
  question.progress = now.mono;
  asked_ = {.id = id, .slot = slot, .archive = hooks_.archive(), .since = now.mono};
  return true;
}

// Above kMaxTurns networks, the one with the oldest turn is removed: it counts as a new network.
void MemberQuestions::note_served(const Origin& origin) {
  served_[origin] = ++last_turn_;
  if (served_.size() <= kMaxTurns) return;
  served_.erase(std::ranges::min_element(served_, {}, [](const auto& one) { return one.second; }));
}

void MemberQuestions::give_up(Question& question, Reason reason, Now now) {
  question.phase = Phase::refusing;
  question.reason = reason;
  question.progress = now.mono;
  question.answer = {};
  if (proceed(question, now)) open_.erase(question.order.slot);
}

// --- answers -----------------------------------------------------------------------------

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
  ReadableLines readable{rooms_, slot, is_all, now.wall};
  while (question.next_line < question.answer.lines.size()) {
    const sys::StoredLine& line = question.answer.lines[question.next_line];
    if (readable.has(line) && !deliver(question, line)) return false;
    ++question.next_line;
    question.progress = now.mono;
  }
  return deliver_page(question, now);
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

// --- time --------------------------------------------------------------------------------

// A question that was in the hand of an archive that has ended is asked again.
void MemberQuestions::check_asked(Now now) {
  if (!asked_) return;
  const bool is_lost = hooks_.archive().started != asked_->archive.started;
  if (!is_lost && now.mono - asked_->since < kLimit) return;
  const auto found = open_.find(asked_->slot);
  asked_.reset();
  if (found == open_.end() || found->second.phase != Phase::asked) return;
  if (is_lost) {
    found->second.phase = Phase::waiting;
  } else {
    give_up(found->second, Reason::history_down, now);
  }
}

void MemberQuestions::tick(Now now) {
  rates_.tick(now.mono);
  check_asked(now);
  const bool is_full = !asked_ && count_answers() >= kMaxAnswers;  // the archive waits, too
  std::vector<Slot> late;
  for (auto& [slot, question] : open_) {
    if (!chat_.sessions.is_member(question.session) || now.mono - question.progress >= kLimit) {
      late.push_back(slot);
    }
  }
  for (const Slot slot : late) {
    const auto found = open_.find(slot);
    Question& question = found->second;
    const bool is_waiting = question.phase == Phase::waiting || question.phase == Phase::asked;
    if (is_waiting && chat_.sessions.is_member(question.session)) {
      give_up(question, is_full ? Reason::questions_full : Reason::history_down, now);
    } else {
      open_.erase(found);
    }
  }
  std::vector<Slot> all;
  for (const auto& [slot, question] : open_) all.push_back(slot);
  for (const Slot slot : all) go_on(slot, now);
  pass_on(now);
}

}  // namespace chatd::gateway

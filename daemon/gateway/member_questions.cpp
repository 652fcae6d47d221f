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

std::optional<Reason> fault_of(bool has_room, const std::optional<wire::HistoryQuestion>& question,
                               WallTime now) {
  if (!has_room) return Reason::no_such_room;
  if (!question) return Reason::unknown_kind;
  return is_possible(*question, now) ? std::nullopt : std::optional{Reason::bad_search};
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
  take(order, std::nullopt, room, text);
}

void MemberQuestions::ask_of_browser(std::uint64_t request, Slot sender, std::string_view room,
                                     std::string_view text, Now now) {
  take({.slot = sender, .end = 0, .now = now}, request, room, text);
}

bool MemberQuestions::is_open(std::uint64_t request, const state::Sender& session) const {
  const auto found = open_.find(session.slot);
  return found != open_.end() && found->second.session == session &&
         found->second.request == request;
}

void MemberQuestions::refuse(const Order& order, std::optional<std::uint64_t> request,
                             Reason reason) {
  if (!request) return chat_.native.refuse(order, reason);
  if (hooks_.browser) hooks_.browser(*request, std::unexpected{reason});
}

void MemberQuestions::take(const Order& order, std::optional<std::uint64_t> request,
                           std::string_view room, std::string_view text) {
  const auto read = wire::read_history(text);
  // First the room: a refusal says nothing of rooms that the sender is not in.
  const bool is_of_all = read && read->way == wire::HistoryWay::search_all;
  const auto where = is_of_all ? rooms_.named(order.slot, room) : chat_.native.room_of(order, room);
  if (const auto fault = fault_of(where.has_value(), read, order.now.wall)) {
    return refuse(order, request, *fault);
  }
  Question question{.order = order,
                    .request = request,
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
    return refuse(order, request, *reason);
  }
  if (is_new) {
    open_.insert_or_assign(order.slot, std::move(question));
  } else {
    Question& open = found->second;
    if (open.request) refuse(open.order, open.request, Reason::questions_full);  // it asks another
    if (is_again) {
      question.phase = open.phase;
      question.answer = std::move(open.answer);
      question.begun = open.begun;
    }
    question.turn = open.turn;
    open = std::move(question);
  }
  if (!request) chat_.native.done(order);
  go_on(order.slot, order.now);
  pass_on(order.now);
}

bool MemberQuestions::is_of_all(const Question& question) noexcept {
  return question.text.way == wire::HistoryWay::search_all;
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

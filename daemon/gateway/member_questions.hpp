// SPDX-License-Identifier: GPL-3.0-or-later
// member_questions.hpp — questions of members about stored lines: they wait in turns by network,
// the archive gets one at a time, and its answers go to the mailboxes as these have space.
//
// Runs in:   gateway. No function waits. Private memory: of a gateway that is killed the questions
//            are lost, and the clients ask again.
// Borrows:   the Chat.
// Invariant: a member gets no line that it may not read now: the rights are looked up when the
//            question is taken, when it is passed on, and again before each part of the answer.
//            A member that is in no such room gets the same answer at each of these times as for a
//            room that does not exist.
//            Memory is bounded: a session has one question, kMaxWaiting wait, and of one network a
//            quarter of that; kMaxAnswers answers are in memory until they are read or give way,
//            and further questions wait; kMaxTurns networks that were served are remembered.
// See:       daemon/sys/archive_channel.hpp; common/wire/native/native_history.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/wire/native/native_history.hpp"
#include "daemon/chat/chat.hpp"
#include "daemon/gateway/archive_link.hpp"
#include "daemon/gateway/question_origin.hpp"
#include "daemon/gateway/question_rates.hpp"
#include "daemon/gateway/question_rooms.hpp"

namespace chatd::gateway {

class MemberQuestions {
 public:
  using Slot = chat::Slot;
  using Now = chat::Now;
  using Order = chat::NativeCommands::Order;
  static constexpr std::size_t kMaxWaiting = 64;
  static constexpr std::size_t kMaxOfANetwork = kMaxWaiting / 4;
  static constexpr std::size_t kMaxAnswers = 64;
  static constexpr std::size_t kMaxTurns = 256;
  // Then a question is refused, and an answer that its member does not read is dropped.
  static constexpr Micros kLimit = std::chrono::seconds{10};
  // While others wait, an answer gives way whose member has read nothing for kReadTimeout, or not
  // all within kAnswerTimeout; or whose network would still have as many as theirs, if it is older
  // than kReadTimeout or the network has more than kMaxOfANetwork.
  static constexpr Micros kReadTimeout = std::chrono::seconds{3};
  static constexpr Micros kAnswerTimeout = std::chrono::seconds{30};
  static constexpr std::size_t kMaxUnread = state::kMailboxBytes / 2;  // of records `stored`

  using Archive = ArchiveProcess;
  struct Hooks {
    std::function<Archive()> archive;
    std::function<bool(const sys::Question&)> send;  // false: it was not sent
    // The answer to a browser is one message.
    std::function<void(std::uint64_t request, std::expected<sys::Answer, wire::Reason>)> browser{};
  };
  // `first_id`: random; see sys::Question.
  MemberQuestions(chat::Chat& chat, double per_second, std::uint64_t first_id, Hooks hooks)
      : chat_{chat},
        rooms_{chat},
        rates_{per_second},
        hooks_{std::move(hooks)},
        last_id_{first_id} {}

  // A result: the sender's next question is not read before.
  [[nodiscard]] std::optional<Micros> charge(Slot sender, MonoTime now);
  // Takes the command `history` or refuses it. `room`, `text`: as in the command.
  void ask(const Order& order, std::string_view room, std::string_view text);
  void ask_of_browser(std::uint64_t request, Slot sender, std::string_view room,
                      std::string_view text, Now now);  // answered by Hooks::browser
  // The answer to this request of a browser comes.
  [[nodiscard]] bool is_open(std::uint64_t request, const state::Sender& session) const;
  void answered(sys::Answer answer, Now now);  // by the archive
  void go_on(Slot session, Now now);           // the member has read a part of its mailbox
  void tick(Now now);                          // about once a second: what takes too long ends

  [[nodiscard]] bool is_idle() const noexcept { return open_.empty(); }
  [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }
  [[nodiscard]] std::size_t turns() const noexcept { return served_.size(); }

 private:
  using Origin = QuestionOrigin;
  enum class Phase : std::uint8_t { waiting, asked, answering, refusing };
  struct Question {
    Order order;                           // the time is that of the command
    std::optional<std::uint64_t> request;  // of a browser
    state::Sender session;
    state::RoomId room;
    wire::HistoryQuestion text;  // its own text is `words`
    std::string words;           // of a search
    Origin origin;
    std::uint64_t turn;  // a number that grows
    Phase phase{Phase::waiting};
    MonoTime progress;  // when it came to this phase, or its member has read something
    MonoTime begun{};   // of the answer: when it came
    sys::Answer answer{};
    std::size_t next_line{0};
    wire::Reason reason{};  // of refusing
  };
  using Open = std::unordered_map<Slot, Question, std::hash<std::uint32_t>>;
  struct Asked {  // the question that the archive has
    std::uint64_t id;
    Slot slot;
    Archive archive;
    MonoTime since;
  };

  void take(const Order& order, std::optional<std::uint64_t> request, std::string_view room,
            std::string_view text);
  void refuse(const Order& order, std::optional<std::uint64_t> request, wire::Reason reason);
  [[nodiscard]] bool deliver_to_browser(Question& question, Now now);
  [[nodiscard]] Origin origin_of(Slot sender) const;
  [[nodiscard]] static bool is_same(const Question& open, const Question& question);
  [[nodiscard]] std::optional<wire::Reason> reason_not_to_ask(const Question& question,
                                                              bool has_place, MonoTime now);
  void note_served(const Origin& origin);
  [[nodiscard]] static bool is_of_all(const Question& question) noexcept;
  [[nodiscard]] Question* next_waiting();
  void pass_on(Now now);
  [[nodiscard]] bool pass_on(Question& question, Now now);
  void give_up(Question& question, wire::Reason reason, Now now);
  [[nodiscard]] std::size_t count_answers() const;
  using AnswersByOrigin = std::map<Origin, std::size_t, QuestionOriginOrder>;
  [[nodiscard]] static bool may_give_way(const Question& answer, const Question& to,
                                         const AnswersByOrigin& answers, MonoTime now);
  [[nodiscard]] bool make_place_for_answer(const Question& to, Now now);  // false: it waits
  // True: the question has ended.
  [[nodiscard]] bool proceed(Question& question, Now now);
  static void set_room(Question& question);
  [[nodiscard]] bool deliver(Question& question, Now now);
  [[nodiscard]] bool deliver(const Question& question, const sys::StoredLine& line) const;
  [[nodiscard]] bool deliver_page(const Question& question, Now now) const;
  void check_asked(Now now);

  chat::Chat& chat_;
  QuestionRooms rooms_;
  QuestionRates rates_;
  Hooks hooks_;
  Open open_;
  std::optional<Asked> asked_;
  std::uint64_t last_id_;
  std::uint64_t last_turn_{0};
  std::map<Origin, std::uint64_t, QuestionOriginOrder> served_;  // the last turn of those that wait
};

}  // namespace chatd::gateway

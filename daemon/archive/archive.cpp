// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/archive/archive.hpp"

#include <csignal>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/overloaded.hpp"
#include "common/io/event_loop.hpp"
#include "daemon/archive/history.hpp"
#include "daemon/archive/log_reader.hpp"
#include "daemon/archive/long_answers.hpp"
#include "daemon/archive/member_lines.hpp"
#include "daemon/archive/question_turns.hpp"
#include "daemon/archive/questions.hpp"
#include "daemon/archive/registry.hpp"
#include "daemon/roles/heartbeat.hpp"
#include "daemon/roles/run_role.hpp"
#include "daemon/store/database.hpp"
#include "daemon/sys/archive_channel.hpp"

namespace chatd::archive {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHeartbeat{500};
constexpr milliseconds kLook{1000};
// Under load the timers and the questions are served between so many batches.
constexpr int kBatchesAtOnce = 16;
// Between so many of them messages are stored.
constexpr int kQuestionsAtOnce = 4;
// Deleting goes on between messages, also while these come without pause.
constexpr milliseconds kBetweenSteps{20};
// Within the time that the supervisor gives a process for its end.
constexpr milliseconds kFinishLimit{2000};

class Archive {
 public:
  Archive(const Inheritance& inheritance, roles::Parts parts)
      : inheritance_{inheritance},
        state_{std::move(parts.state)},
        loop_{std::move(parts.loop)},
        control_{state_.process(inheritance.row)},
        reader_{state_, inheritance.default_room},
        directory_{store::real_path(inheritance.directory)},
        registry_{directory_, state_, {.clock = [] { return mono_now(); }, .alive = beat()}},
        history_{{.is_enabled = inheritance.stores_history,
                  .directory = directory_,
                  .epoch = state_.header().epoch,
                  .max_bytes = inheritance.max_bytes,
                  .max_age = inheritance.max_age},
                 reader_,
                 state_.archive(),
                 {.clock = [] { return History::Clock{.mono = mono_now(), .wall = wall_now()}; },
                  .alive = beat(),
                  .clean_registry = [this] { return registry_.clean(); }}},
        long_answers_{loop_,
                      history_,
                      {.directory = directory_, .databases = [this] { return other_databases(); }},
                      [] { return mono_now(); }} {}

  Result<> start();
  Result<> run() { return loop_.run(); }

 private:
  Result<> watch(Result<io::EventLoop::Watch> watch);
  void work();
  void again_in(milliseconds delay);
  void on_channel();
  void on_message(const sys::FromGateway& got);
  void hurry();
  bool store();
  void answer_members();
  void answer_in(Micros delay);
  void end();
  // Beside that of the messages, for a backup.
  [[nodiscard]] BackupAnswer::Databases other_databases() {
    RegistryDb* const registry = registry_.database();
    return {{"registry.db", registry == nullptr ? nullptr : &registry->file()}};
  }
  std::function<void()> beat() {
    return [this] { state::count(control_.heartbeat); };
  }

  const Inheritance& inheritance_;
  state::StateView state_;
  io::EventLoop loop_;
  state::ProcessControl& control_;
  LogReader reader_;
  std::string directory_;
  Registry registry_;
  History history_;
  bool is_awaited_{false};  // the gateway waits for a Stored
  LongAnswers long_answers_;
  QuestionTurns questions_;
  MonoTime stored_at_{};  // the last look at what is to be stored
  bool has_more_{false};  // as store() has returned
  std::vector<io::EventLoop::Watch> watches_;
  io::EventLoop::Watch again_;
  io::EventLoop::Watch next_answer_;
};

Result<> Archive::watch(Result<io::EventLoop::Watch> watch) {
  if (!watch) return fail(watch.error());
  watches_.push_back(std::move(*watch));
  return {};
}

// Ready before the database is open: a slow disk does not delay the start of the service.
Result<> Archive::start() {
  if (auto done = watch(loop_.on_signal(SIGTERM, [this] { end(); })); !done) return done;
  if (auto done = watch(loop_.every(kHeartbeat, [this] { roles::beat(control_); })); !done) {
    return done;
  }
  if (auto done = watch(loop_.every(inheritance_.look_every, [this] { work(); })); !done) {
    return done;
  }
  if (auto done = watch(loop_.every(kLook, [this] { long_answers_.tick(); })); !done) return done;
  if (auto done = watch(loop_.on_readable(inheritance_.gateway, [this] { on_channel(); })); !done) {
    return done;
  }
  again_in(milliseconds{0});
  roles::beat(control_);
  return sys::send(*inheritance_.supervisor, sys::Ready{});
}

// Returns true if there is more to store. The gateway is told when something is on disk, also if
// that was not yet possible when it said Hurry.
bool Archive::store() {
  registry_.save();
  bool has_more = true;
  for (int i = 0; i < kBatchesAtOnce && has_more; ++i) has_more = history_.store();
  stored_at_ = mono_now();
  has_more_ = has_more;
  const bool is_up_to_date = history_.is_up_to_date();
  const bool has_stored = history_.take_moved();
  const bool has_saved = registry_.take_moved();
  if (is_awaited_ && (has_stored || has_saved || is_up_to_date)) {
    is_awaited_ = !is_up_to_date && (has_more || !has_stored);
    // If there is no space, the gateway looks by itself within a second.
    (void)sys::send(inheritance_.gateway, sys::Stored{});
  }
  return has_more;
}

void Archive::work() {
  const bool has_more = store();
  registry_.save_copy();
  answer_members();
  // Not `||`: both go on.
  const bool indexes = history_.index();
  if (history_.maintain() || indexes) {
    again_in(has_more ? milliseconds{0} : kBetweenSteps);
  } else if (has_more) {
    again_in(milliseconds{0});
  }
}

void Archive::again_in(milliseconds delay) {
  // If the timer cannot be made, the next period goes on.
  if (auto watch = loop_.after(delay, [this] { work(); })) again_ = std::move(*watch);
}

void Archive::on_channel() {
  for (int i = 0; i < kQuestionsAtOnce; ++i) {
    const auto got = sys::receive_from_gateway(inheritance_.gateway);
    if (!got) break;
    on_message(*got);
  }
  answer_members();
}

// The answer to a request has the messages from before it.
void Archive::on_message(const sys::FromGateway& got) {
  const Overloaded handle{
      [&](const sys::Request& request) {
        (void)store();
        if (!got.fd.is_open()) return;
        const auto decoded = wire::decode_request(request.line);
        if (decoded && long_answers_.take(*decoded, got.fd.get())) return;
        answer_request(history_.database(), request, got.fd.get());
      },
      [this](const sys::Hurry&) { hurry(); },
      [this](const sys::Question& question) { questions_.add(question, mono_now()); },
  };
  std::visit(handle, got.message);
}

// Old messages are deleted at their time, not now.
void Archive::hurry() {
  is_awaited_ = true;
  if (store()) again_in(milliseconds{0});
}

// Messages go first. An answer may lack those of the last kFresh: no transaction of its own for
// each question.
void Archive::answer_members() {
  constexpr milliseconds kFresh{50};
  const MonoTime now = mono_now();
  const auto wait = questions_.wait(now, false);
  if (!wait) return;
  if (*wait > Micros{0}) return answer_in(*wait);
  if (has_more_ || now - stored_at_ >= kFresh) (void)store();
  const MonoTime begun = mono_now();
  const auto again = questions_.wait(begun, has_more_);
  if (*again > Micros{0}) return answer_in(*again);
  (void)sys::send(inheritance_.gateway, answer_question(history_.database(), questions_.take()));
  questions_.answered(begun, mono_now());
  if (const auto next = questions_.wait(mono_now(), false)) answer_in(*next);
}

void Archive::answer_in(Micros delay) {
  auto watch = loop_.after(std::chrono::ceil<milliseconds>(delay), [this] { answer_members(); });
  // If the timer cannot be made, the next period goes on.
  if (watch) next_answer_ = std::move(*watch);
}

void Archive::end() {
  registry_.finish();
  history_.finish(kFinishLimit);
  loop_.stop();
}

}  // namespace

int run(const Inheritance& inheritance) {
  return roles::run_role<Archive>("archive", inheritance, state::Access::follower);
}

}  // namespace chatd::archive

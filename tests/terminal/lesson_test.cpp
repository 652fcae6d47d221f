// SPDX-License-Identifier: GPL-3.0-or-later
// An hour of a class in two minutes: a teacher and two students in three rooms, with others who
// come and go, mentions, pastes, direct messages, windows of all sizes; processes of uchat and of
// the server are killed, and the server is away for some time.
#include <csignal>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/processes.hpp"
#include "tests/terminal/chat_on_screen.hpp"

namespace chatd::test {
namespace {

// The numbers in angle brackets, in the order in which they stand there.
std::vector<int> numbers_in(const std::string& text) {
  static const std::regex kNumber{"<([0-9]+)>"};
  std::vector<int> numbers;
  for (auto at = std::sregex_iterator{text.begin(), text.end(), kNumber};
       at != std::sregex_iterator{}; ++at) {
    numbers.push_back(std::stoi((*at)[1].str()));
  }
  return numbers;
}

class Lesson : public ::testing::Test {
 protected:
  static constexpr unsigned kSeed = 20261130;
  static constexpr int kSteps = 120;

  // A user at a terminal.
  struct Person {
    Person(std::string given, const std::string& fingerprint)
        : name{std::move(given)},
          screen{80, 24, "C.UTF-8", " --notify never --fingerprint " + fingerprint} {}
    std::string name;
    Screen screen;
    std::vector<std::string> rooms{"chat"};  // in the order of their numbers
    std::vector<int> expected{};             // numbers of the lines that are for this person
    // True when the screen shows the line with this number, and the prompt is empty. The number of
    // a line that was only typed could be in the input.
    [[nodiscard]] bool has_seen(int number) const {
      return eventually([&] {
        const std::string all = screen.history();
        const auto last = all.find_last_not_of(" \n");
        return last != std::string::npos && all[last] == '>' &&
               all.find(fmt::format("<{}>", number)) != std::string::npos;
      });
    }
    // Each line once, and in the order of the server.
    void expect_all_lines() const {
      EXPECT_TRUE(eventually([&] { return numbers_in(screen.history()) == expected; }))
          << name << ": " << ::testing::PrintToString(numbers_in(screen.history()))
          << " instead of " << ::testing::PrintToString(expected) << "\n"
          << screen.history();
    }
    // The whole screen, without the times.
    void expect_rows(const std::vector<std::string>& rows) const {
      const auto timeless_rows = [&] {
        auto shown = screen.rows();
        for (std::string& row : shown) row = timeless(row);
        return shown;
      };
      (void)eventually([&] { return timeless_rows() == rows; });
      EXPECT_EQ(timeless_rows(), rows) << name;
    }
    // Only the prompt is left. Joins of others can come meanwhile. A letter behind the key shows
    // that it was read: a C-l that is read later would remove lines of the test.
    void clear() const {
      bool is_clear = false;
      for (int attempt = 0; attempt < 20 && !is_clear; ++attempt) {
        screen.press("C-l");
        screen.type("x");
        ASSERT_TRUE(eventually([&] { return screen.last().ends_with("> x"); })) << screen.history();
        is_clear = screen.rows().size() == 1;
        screen.press("BSpace");
        ASSERT_TRUE(eventually([&] { return screen.last().ends_with('>'); })) << screen.history();
      }
      EXPECT_TRUE(is_clear) << screen.history();
    }
  };

  Lesson() {
    std::string fingerprint = daemon_.ctl({"fingerprint"}).out;
    fingerprint.pop_back();  // the newline
    for (const char* name : {"ada", "bob", "cyd"}) people_.emplace_back(name, fingerprint);
  }

  Person& ada() { return people_[0]; }
  void begin() {
    for (Person& person : people_) start(person);
    for (const auto& [maker, room] : {std::pair{0U, "lab"}, {1U, "tea"}}) {
      people_[maker].screen.enter(fmt::format("/make {}", room));
      ASSERT_TRUE(
          people_[maker].screen.ends_with(fmt::format("#{} {}>", room, people_[maker].name)));
      people_[maker].rooms.emplace_back(room);
    }
    for (const auto& [guest, room] : {std::pair{1U, "lab"}, {2U, "lab"}, {2U, "tea"}}) {
      join(people_[guest], room);
      people_[guest].rooms.emplace_back(room);
    }
    // Rooms that are kept are there after a restart of the server.
    for (const char* room : {"lab", "tea"})
      ASSERT_EQ(daemon_.ctl({"room", "keep", room}).status, 0);
  }
  void start(Person& person) {
    person.screen.enter("$CHAT " + person.name + "@" + to_text(daemon_.endpoint()));
    ASSERT_TRUE(person.screen.ends_with(person.name + ">"));
  }
  void join(Person& person, const std::string& room) {
    person.screen.enter(fmt::format("/join {}", room));
    ASSERT_TRUE(eventually([&] {
      return person.screen.last().ends_with(fmt::format("#{} {}>", room, person.name));
    })) << person.screen.last();
  }

  std::size_t draw(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
  }
  Person& anybody() { return people_[draw(people_.size())]; }
  bool is_in(const Person& person, const std::string& room) {
    return std::ranges::find(person.rooms, room) != person.rooms.end();
  }
  // The next number, which all members of the room will see.
  int expect_line(const std::string& room) {
    const int number = ++last_;
    for (Person& person : people_) {
      if (is_in(person, room)) person.expected.push_back(number);
    }
    return number;
  }
  void await(int number, const std::string& room) {
    for (Person& person : people_) {
      if (is_in(person, room)) {
        EXPECT_TRUE(person.has_seen(number)) << person.name << " " << number;
      }
    }
  }
  // Selects a room of this person. Lines that were typed faster than uchat reads them would be a
  // paste, in which a command is text.
  static void select_room(const Person& person, std::size_t at) {
    person.screen.enter(fmt::format("/{}", at + 1));
    const std::string room = "#" + person.rooms[at];
    EXPECT_TRUE(eventually([&] {
      const std::string row = person.screen.last();
      return row.ends_with(room + ">") || row.ends_with(room + " " + person.name + ">");
    })) << person.screen.last();
  }
  // Selects any of them, and returns it.
  std::string select_room(const Person& person) {
    const std::size_t at = draw(person.rooms.size());
    select_room(person, at);
    return person.rooms[at];
  }

  void say() {
    Person& person = anybody();
    const std::string room = select_room(person);
    const int number = expect_line(room);
    static const std::vector<std::string> kForms{
        "<{}> and so on", "/me <{}> nods", "<{}> ada, bob: look here", "<{}> 今天我们讨论进程",
        "<{}> a longer line that does not fit into a narrow window, so that it has several rows"};
    person.screen.enter(fmt::format(fmt::runtime(kForms[draw(kForms.size())]), number));
    await(number, room);
  }
  // The own line comes behind the earlier lines of its room, and behind what is said about the
  // connection.
  void say_in_each_room(Person& person) {
    for (std::size_t i = 0; i < person.rooms.size(); ++i) {
      const int number = expect_line(person.rooms[i]);
      select_room(person, i);
      person.screen.enter(fmt::format("<{}> I am back", number));
      await(number, person.rooms[i]);
    }
  }
  void paste() {
    Person& person = anybody();
    const std::string room = select_room(person);
    std::string text;
    for (int i = 0; i < 3; ++i) text += fmt::format("<{}> pasted\n", expect_line(room));
    text.pop_back();
    person.screen.paste(text);
    person.screen.press("Enter");
    await(last_, room);
  }
  void write_to_ada() {
    Person& person = people_[1 + draw(2)];
    const int number = ++last_;
    for (Person* one : {&person, &ada()}) one->expected.push_back(number);
    person.screen.enter(fmt::format("/msg ada <{}>", number));
    EXPECT_TRUE(ada().has_seen(number));
  }
  // Others join the room of the server and leave it.
  void come_and_go() {
    if (visitors_.size() < 4) {
      visitors_.emplace_back(std::make_unique<NativeClient>(
          daemon_.endpoint(), NativeClient::Options{.name = fmt::format("visitor{}", ++visitor_)}));
      visitors_.back()->enter();
    } else {
      visitors_.pop_front();
    }
  }
  void resize() {
    static constexpr std::array<unsigned, 6> kColumns{20, 33, 57, 80, 132, 200};
    static constexpr std::array<unsigned, 5> kRows{1, 3, 10, 24, 60};
    anybody().screen.resize(kColumns[draw(kColumns.size())], kRows[draw(kRows.size())]);
  }
  void kill_all(std::string_view role) {
    for (const auto& process : daemon_.processes(role)) {
      EXPECT_EQ(::kill(process.at("pid").get<pid_t>(), SIGKILL), 0);
    }
  }
  // One of the two processes of uchat is killed, and the user starts it again.
  void kill_uchat(Person& person, bool session) {
    SCOPED_TRACE(person.name);
    person.screen.resize(80, 24);
    select_room(person, 0);
    person.expect_all_lines();
    person.clear();
    const pid_t terminal = person.screen.program();
    const auto children = children_of(terminal);
    ASSERT_EQ(children.size(), 1U);
    ASSERT_EQ(::kill(session ? children[0].pid : terminal, SIGKILL), 0);
    EXPECT_TRUE(person.screen.shows(session ? "the session process ended unexpectedly (signal 9)"
                                            : "the terminal process ended unexpectedly"));
    // The session process may have written this behind the prompt of the shell.
    person.screen.press("Enter");
    ASSERT_TRUE(person.screen.ends_with("$"));
    person.screen.enter("stty -a | grep -o '[-]\\?icanon\\|[-]\\?echo\\>'");
    EXPECT_TRUE(person.screen.has_row("icanon") && person.screen.has_row("echo"));
    person.screen.enter("clear");
    start(person);
    for (std::size_t i = 1; i < person.rooms.size(); ++i) join(person, person.rooms[i]);
    say_in_each_room(person);
    person.clear();
    person.screen.forget();
    person.expected.clear();
  }
  // The new processes know all rooms.
  void upgrade() { EXPECT_EQ(daemon_.ctl({"upgrade"}).status, 0); }
  // The server is away while somebody writes.
  void restart(bool by_kill) {
    visitors_.clear();
    if (by_kill) {
      daemon_.kill();
    } else {
      daemon_.stop();
    }
    Person& person = anybody();
    const std::string room = select_room(person);
    const int number = expect_line(room);
    person.screen.enter(fmt::format("<{}> written while the server was away", number));
    daemon_.start_again();
    await(number, room);
  }
  void do_something() {
    const std::size_t at = draw(100);  // percent
    if (at < 45) return say();
    if (at < 55) return paste();
    if (at < 60) return write_to_ada();
    if (at < 75) return come_and_go();
    resize();
  }

  // From here on each row of each screen is known.
  void expect_exact_rows() {
    for (const Person& person : people_) person.clear();
    ada().screen.enter("we go on tomorrow");
    people_[0].expect_rows({"TIME ada: we go on tomorrow ✓", "#chat ada>"});
    for (const unsigned i : {1U, 2U}) {
      people_[i].expect_rows({"TIME ada: we go on tomorrow", "#chat " + people_[i].name + ">"});
    }
    people_[1].screen.enter("ada, at nine?");
    people_[0].expect_rows(
        {"TIME ada: we go on tomorrow ✓", "TIME » bob: ada, at nine?", "#chat ada>"});
    people_[2].screen.resize(20, 10);
    people_[2].screen.press("C-l");
    people_[2].expect_rows({"#chat>"});
    ada().screen.resize(200, 60);
    ada().screen.enter("at nine, in the room with the window");
    ada().expect_rows({"TIME ada: we go on tomorrow ✓", "TIME » bob: ada, at nine?",
                       "TIME ada: at nine, in the room with the window ✓", "#chat ada>"});
    people_[2].expect_rows(
        {"TIME ada: at nine,", "      in the room", "      with the", "      window", "#chat>"});
    people_[1].screen.resize(80, 1);
    people_[1].screen.type("a draft");
    people_[1].expect_rows({"#chat bob> a draft"});
    people_[1].screen.resize(80, 24);
    people_[1].screen.press("C-u");
    people_[1].clear();
    people_[1].expect_rows({"#chat bob>"});
  }

  DaemonUnderTest daemon_{{.config = "[limits]\nmessages_per_second = 100\nburst = 200\n"}};
  std::deque<Person> people_;
  std::deque<std::unique_ptr<NativeClient>> visitors_;
  std::mt19937_64 random_{kSeed};
  int last_{0};
  int visitor_{0};
};

TEST_F(Lesson, IsOnEachScreenOnceAndInOrder) {
  begin();
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    if (step % 20 == 5) kill_all("gateway");
    if (step % 20 == 10) kill_all("worker");
    if (step % 40 == 15) upgrade();
    if (step % 40 == 25) kill_uchat(anybody(), step % 80 == 25);
    if (step == kSteps / 2) restart(true);
    do_something();
  }
  if (HasFailure()) return;  // the next steps would wait for lines that do not come
  restart(false);
  for (Person& person : people_) {
    person.screen.resize(80, 24);
    say_in_each_room(person);
  }
  for (Person& person : people_) {
    // No line is unread, and the room of the server is the one that is written to.
    for (std::size_t i = person.rooms.size(); i > 0; --i) select_room(person, i - 1);
    person.screen.enter("/quiet on");
    person.expect_all_lines();
  }
  expect_exact_rows();
  for (Person& person : people_) {
    person.screen.press("C-d");
    EXPECT_TRUE(person.screen.ends_with("$"));
  }
}

}  // namespace
}  // namespace chatd::test

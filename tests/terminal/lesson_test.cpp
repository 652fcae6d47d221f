// SPDX-License-Identifier: GPL-3.0-or-later
// An hour of a class in a minute: a teacher and two students in three rooms, with others who come
// and go, mentions, pastes, direct messages, windows of all sizes, and processes that are killed.
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
    [[nodiscard]] bool has_seen(int number) const {
      return eventually(
          [&] { return screen.history().find(fmt::format("<{}>", number)) != std::string::npos; });
    }
  };

  Lesson() {
    std::string fingerprint = daemon_.ctl({"fingerprint"}).out;
    fingerprint.pop_back();  // the newline
    for (const char* name : {"ada", "bob", "cyd"}) people_.emplace_back(name, fingerprint);
  }

  Person& ada() { return people_[0]; }
  void begin() {
    for (Person& person : people_) {
      person.screen.enter("$CHAT " + person.name + "@" + to_text(daemon_.endpoint()));
      ASSERT_TRUE(person.screen.ends_with(person.name + ">"));
    }
    for (const auto& [maker, room] : {std::pair{0U, "lab"}, {1U, "tea"}}) {
      people_[maker].screen.enter(fmt::format("/make {}", room));
      ASSERT_TRUE(
          people_[maker].screen.ends_with(fmt::format("#{} {}>", room, people_[maker].name)));
      people_[maker].rooms.emplace_back(room);
    }
    for (const auto& [guest, room] : {std::pair{1U, "lab"}, {2U, "lab"}, {2U, "tea"}}) {
      people_[guest].screen.enter(fmt::format("/join {}", room));
      ASSERT_TRUE(
          people_[guest].screen.ends_with(fmt::format("#{} {}>", room, people_[guest].name)));
      people_[guest].rooms.emplace_back(room);
    }
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
  // Selects a room of this person, and returns it.
  std::string select_room(Person& person) {
    const std::size_t at = draw(person.rooms.size());
    person.screen.enter(fmt::format("/{}", at + 1));
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
  // The new processes know all rooms.
  void upgrade() { EXPECT_EQ(daemon_.ctl({"upgrade"}).status, 0); }
  // The server is away while somebody writes; it comes back with the default room only.
  void restart() {
    visitors_.clear();
    daemon_.stop();
    Person& person = anybody();
    person.screen.enter("/1");
    const int number = expect_line("chat");
    person.screen.enter(fmt::format("<{}> written while the server was away", number));
    daemon_.start_again();
    await(number, "chat");
  }
  void do_something() {
    const std::size_t at = draw(100);  // percent
    if (at < 45) return say();
    if (at < 55) return paste();
    if (at < 60) return write_to_ada();
    if (at < 75) return come_and_go();
    resize();
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
    do_something();
  }
  restart();
  for (Person& person : people_) {
    person.screen.resize(80, 24);
    person.screen.press("C-l");
    EXPECT_TRUE(eventually([&] { return person.screen.last().ends_with(person.name + ">"); }))
        << person.screen.last();
    EXPECT_TRUE(eventually([&] { return numbers_in(person.screen.history()) == person.expected; }))
        << person.name << ": " << ::testing::PrintToString(numbers_in(person.screen.history()))
        << " instead of " << ::testing::PrintToString(person.expected) << "\n"
        << person.screen.history();
    person.screen.press("C-d");
    EXPECT_TRUE(person.screen.ends_with("$"));
  }
}

}  // namespace
}  // namespace chatd::test

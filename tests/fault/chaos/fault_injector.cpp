// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/fault_injector.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "tests/fault/chaos/idle_faults.hpp"
#include "tests/fault/chaos/room_change.hpp"

namespace chatd::test {

namespace {

const std::string kNotInjected{};  // the fault is not possible at the moment

std::string label(const User& user) { return user.name + (user.is_second ? ", second" : ""); }

// A room of the program with a history. "": it is in no such room, or must not be removed.
std::string room_of(const User& user) {
  if (user.is_permanent) return {};
  const auto found = std::ranges::find_if(
      user.memberships, [](const auto& entry) { return entry.second.reader.has_value(); });
  return found == user.memberships.end() ? std::string{} : found->first;
}

}  // namespace

const std::array<FaultInjector::Kind, 30> FaultInjector::kKinds{{
    {"a process is killed", 20, &FaultInjector::kill_a_child},
    {"all children are killed", 4, &FaultInjector::kill_all_children},
    {"the supervisor is killed", 4, &FaultInjector::kill_the_supervisor},
    {"everything is killed", 3, &FaultInjector::kill_everything},
    {"a process stops for a while", 8, &FaultInjector::stop_a_child},
    {"a process stops for good", 4, &FaultInjector::hang_a_child},
    {"the supervisor stops for a while", 4, &FaultInjector::stop_the_supervisor},
    {"restart", 6, &FaultInjector::restart},
    {"upgrade to another layout", 4, &FaultInjector::upgrade},
    {"reload", 6, &FaultInjector::reload},
    {"announcement", 6, &FaultInjector::announce},
    {"a rule of the administrator", 12, &FaultInjector::change_a_rule},
    {"bad weather", 12, &FaultInjector::bad_weather},
    {"a member moves", 10, &FaultInjector::move},
    {"a client dies", 6, &FaultInjector::crash_a_client},
    {"a member goes home and comes back", 6, &FaultInjector::leave_and_return},
    {"a program is ended by another one", 8, &FaultInjector::end_a_program},
    {"a session is taken over", 6, &FaultInjector::take_over},
    {"a member is removed from a room", 4, &FaultInjector::kick_from_a_room},
    {"a room is dropped", 3, &FaultInjector::drop_a_room},
    {"a member sleeps", 8, &FaultInjector::suspend},
    {"a mailbox is full", 3, &FaultInjector::full_mailbox},
    {"the room is full", 3, &FaultInjector::full_room},
    {kMessagesWait, 8, &FaultInjector::let_messages_wait},
    {kOtherKey, 6, &FaultInjector::log_in_under_owned_name},
    {"no descriptors", 4, &FaultInjector::no_descriptors},
    {"the disk is full", 4, &FaultInjector::full_disk},
    {"the disk is slow", 4, &FaultInjector::slow_disk},
    {"the disk is read-only", 4, &FaultInjector::read_only_disk},
    {"the clock jumps", 4, &FaultInjector::jump_clock},
}};

FaultInjector::FaultInjector(const Options& options, Service& service, People& people)
    : options_{options}, service_{service}, people_{people}, random_{options.seed} {}

std::string FaultInjector::inject(MonoTime now) {
  now_ = now;
  const unsigned all = std::accumulate(kKinds.begin(), kKinds.end(), 0U,
                                       [](unsigned sum, const Kind& k) { return sum + k.weight; });
  auto at = static_cast<unsigned>(random_() % all);
  for (const Kind& kind : kKinds) {
    if (at >= kind.weight) {
      at -= kind.weight;
      continue;
    }
    const std::string injected = (this->*kind.inject)();
    if (injected == kNotInjected) return injected;
    ++counts_[kind.name];
    return fmt::format("{}: {}", kind.name, injected);
  }
  return kNotInjected;
}

void FaultInjector::end_due(MonoTime now) {
  now_ = now;
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto undo = std::move(due_.extract(due_.begin()).mapped());
    undo();
  }
}

void FaultInjector::end_all() { end_due(MonoTime::max()); }

// --- processes -------------------------------------------------------------------------

std::string FaultInjector::kill_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNotInjected;
  const Victim& victim = children[random_() % children.size()];
  (void)::kill(victim.pid, SIGKILL);
  return victim.role;
}

std::string FaultInjector::kill_all_children() {
  const auto children = Service::children();
  for (const Victim& victim : children) (void)::kill(victim.pid, SIGKILL);
  return children.empty() ? kNotInjected : fmt::format("{} of them", children.size());
}

// The service discards its state after three crashes in a row, each within ten seconds of the one
// before (man chatd). That is documented behaviour, so this test must not cause it: at most one
// loss of the supervisor in twelve seconds.
bool FaultInjector::may_lose_the_supervisor() {
  if (now_ - supervisor_lost_ < std::chrono::seconds{12} || service_.is_busy()) return false;
  supervisor_lost_ = now_;
  return true;
}

std::string FaultInjector::kill_the_supervisor() {
  if (!may_lose_the_supervisor()) return kNotInjected;
  const pid_t pid = Service::supervisor();
  if (pid == 0) return kNotInjected;
  (void)::kill(pid, SIGKILL);
  return fmt::format("pid {}", pid);
}

std::string FaultInjector::kill_everything() {
  if (!may_lose_the_supervisor()) return kNotInjected;
  service_.run({"/usr/bin/systemctl", "kill", "--kill-who=all", "--signal=KILL", "chatd.service"});
  return "by systemctl";
}

std::string FaultInjector::stop(pid_t pid, Micros time) {
  if (::kill(pid, SIGSTOP) != 0) return kNotInjected;
  later(time, [pid] { (void)::kill(pid, SIGCONT); });
  return fmt::format("{} ms", time.count() / 1000);
}

std::string FaultInjector::stop_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNotInjected;
  const Victim& victim = children[random_() % children.size()];
  return victim.role + ", " + stop(victim.pid, between(50, 900));
}

std::string FaultInjector::hang_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNotInjected;
  const Victim& victim = children[random_() % children.size()];
  (void)::kill(victim.pid, SIGSTOP);
  return victim.role;
}

// Sometimes the stop is longer than the timeout of the watchdog, which then kills the service.
std::string FaultInjector::stop_the_supervisor() {
  const bool for_long = random_() % 4 == 0;
  if (for_long && !may_lose_the_supervisor()) return kNotInjected;
  const pid_t pid = Service::supervisor();
  if (pid == 0) return kNotInjected;
  return stop(pid, for_long ? between(4000, 5000) : between(50, 1500));
}

std::string FaultInjector::restart() {
  if (service_.is_busy()) return kNotInjected;
  service_.run({"/usr/bin/systemctl", "restart", "chatd.service"});
  return "by systemctl";
}

// Another value of limits.rooms is another layout of the shared memory, so the restarted service
// takes the sessions over from a snapshot.
std::string FaultInjector::upgrade() {
  if (options_.config.empty() || service_.is_busy()) return kNotInjected;
  const std::size_t rooms = 200 + ++upgrades_ % 2;
  service_.run({"/bin/sh", "-c",
                fmt::format("sed -i 's/^#*rooms = .*/rooms = {}/' {} && systemctl restart "
                            "chatd.service",
                            rooms, options_.config)});
  return fmt::format("limits.rooms is {}", rooms);
}

std::string FaultInjector::reload() {
  if (service_.is_busy()) return kNotInjected;
  service_.run({"/usr/bin/chatctl", "reload"});
  return "by chatctl";
}

std::string FaultInjector::announce() {
  if (service_.is_busy()) return kNotInjected;
  const std::string text = fmt::format("announcement {}", ++announcements_);
  const auto& rooms = people_.rooms();
  std::string room;
  if (!rooms.empty() && random_() % 2 == 0) {
    room = std::next(rooms.begin(), static_cast<std::ptrdiff_t>(random_() % rooms.size()))->first;
  }
  administer({"announce", text}, room, {.text = text});
  return room.empty() ? text : fmt::format("{} in #{}", text, room);
}

void FaultInjector::administer(std::vector<std::string> argv, const std::string& room,
                               History::Announced what) {
  argv.insert(argv.begin(), "/usr/bin/chatctl");
  if (!room.empty()) argv.insert(argv.end(), {"--room", people_.name_of(room)});
  administered_.insert_or_assign(fmt::format("{}", fmt::join(argv, " ")),
                                 std::pair{room, what.text});
  people_.history_of(room).announced(std::move(what));
  service_.run(std::move(argv));
}

void FaultInjector::confirm(const std::string& command) {
  const auto found = administered_.find(command);
  if (found == administered_.end()) return;
  const auto& [room, text] = found->second;
  people_.history_of(room).confirm_announced(text);
}

// A ban or a mute in a room, or its end. At the end the owner of the room may have been first.
std::string FaultInjector::change_a_rule() {
  using wire::ModerateAction;
  static constexpr std::array kActions{ModerateAction::ban, ModerateAction::unban,
                                       ModerateAction::mute, ModerateAction::unmute};
  const auto& rooms = people_.rooms();
  const std::size_t native = a_native();
  if (rooms.empty() || service_.is_busy() || people_.user(native).is_permanent) return kNotInjected;
  const std::string room =
      std::next(rooms.begin(), static_cast<std::ptrdiff_t>(random_() % rooms.size()))->first;
  const ModerateAction action = kActions[random_() % kActions.size()];
  const RoomRules rules = people_.rules(room);
  std::string name = fmt::format("n{}", native);
  const bool is_end = action == ModerateAction::unban || action == ModerateAction::unmute;
  if (is_end) {
    const auto& names = action == ModerateAction::unban ? rules.banned() : rules.muted();
    if (names.empty()) return kNotInjected;
    name = any_of(names, random_);
  }
  std::vector<std::string> argv{std::string{wire::name_of(action)}, name};
  const std::string reason = is_end ? "" : fmt::format("change {}", ++announcements_);
  if (!is_end) argv.insert(argv.end(), {"--reason", reason});
  const std::string text = record_text({.action = action, .name = name, .reason = reason});
  administer(std::move(argv), room, {.text = text, .kind = wire::RecordKind::moderated});
  return fmt::format("{} {} in #{}", wire::name_of(action), name, room);
}

// --- members ---------------------------------------------------------------------------

std::string FaultInjector::bad_weather() {
  const double loss = static_cast<double>(random_() % 21) / 100;
  const double twice = static_cast<double>(random_() % 11) / 100;
  const NetworkWeather weather{
      .loss = loss, .twice = twice, .least_delay = Micros{0}, .most_delay = between(0, 60)};
  const Micros time = between(500, 4000);
  people_.set_weather(weather);
  later(time, [this] { people_.set_weather(People::kGoodWeather); });
  return fmt::format("{:.0f} % lost, {:.0f} % doubled, up to {} ms late, for {} ms", loss * 100,
                     twice * 100, weather.most_delay.count() / 1000, time.count() / 1000);
}

std::string FaultInjector::move() {
  const std::size_t program = a_program();
  people_.move(program);
  return label(people_.user(program));
}

std::string FaultInjector::crash_a_client() {
  const std::size_t program = a_program();
  if (people_.user(program).is_permanent) return kNotInjected;
  const Micros time = between(0, 3000);
  people_.crash(program, time);
  return fmt::format("{}, another one after {} ms", label(people_.user(program)),
                     time.count() / 1000);
}

// With one of its programs, or with both.
std::string FaultInjector::leave_and_return() {
  const std::size_t program = a_program();
  if (people_.user(program).is_permanent) return kNotInjected;
  people_.leave_and_return(program);
  const auto other = other_program(program);
  if (!other || random_() % 2 == 0) return label(people_.user(program));
  people_.leave_and_return(*other);
  return people_.user(program).name + ", with both programs";
}

std::optional<std::size_t> FaultInjector::other_program(std::size_t program) const {
  for (std::size_t i = 0; i < people_.programs(); ++i) {
    if (i != program && people_.user(i).person == people_.user(program).person) return i;
  }
  return std::nullopt;
}

std::string FaultInjector::end_a_program() {
  const std::size_t program = a_program();
  if (people_.user(program).is_permanent || !people_.end_another(program)) return kNotInjected;
  return "by " + label(people_.user(program));
}

// One of two programs sleeps, and the other one dies. The next client takes over the session that
// was silent longest: that of the program that sleeps.
std::string FaultInjector::take_over() {
  const std::size_t program = people_.natives() - 1 - random_() % (people_.natives() / 2);
  const auto other = other_program(program);
  if (!other) return kNotInjected;
  const auto [sleeps, dies] =
      random_() % 2 == 0 ? std::pair{program, *other} : std::pair{*other, program};
  people_.suspend(sleeps, between(1500, 4000));
  later(between(200, 600), [this, dies] { people_.crash(dies, between(0, 500)); });
  return fmt::format("that of {}", label(people_.user(sleeps)));
}

std::string FaultInjector::kick_from_a_room() {
  if (service_.is_busy()) return kNotInjected;
  const User& user = people_.user(a_program());
  const std::string room = room_of(user);
  if (room.empty()) return kNotInjected;
  const std::string& name = user.name;
  const std::string reason = fmt::format("change {}", ++announcements_);
  const std::string text =
      record_text({.action = wire::ModerateAction::kick, .name = name, .reason = reason});
  administer({"kick", name, reason}, room, {.text = text, .kind = wire::RecordKind::moderated});
  return fmt::format("{} from #{}", name, room);
}

std::string FaultInjector::drop_a_room() {
  if (service_.is_busy()) return kNotInjected;
  for (std::size_t tries = 0; tries < people_.programs(); ++tries) {
    const std::string room = people_.expect_drop(a_program());
    if (room.empty()) continue;
    service_.run({"/usr/bin/chatctl", "room", "drop", room});
    return "#" + room;
  }
  return kNotInjected;
}

std::string FaultInjector::suspend() {
  const std::size_t program = a_program();
  const Micros time = between(200, 6000);
  people_.suspend(program, time);
  return fmt::format("{} for {} ms", label(people_.user(program)), time.count() / 1000);
}

std::string FaultInjector::full_mailbox() {
  const std::size_t native = a_native();
  people_.suspend(native, between(1000, 3000));
  people_.write_to(native, 60, 200);
  return fmt::format("n{}'s, which sleeps", native);
}

std::size_t FaultInjector::an_owner() {
  std::size_t native = a_native();
  while (!People::owns_name(native)) --native;
  return native;
}

// The owner of a name leaves with all its programs, and the others write to it.
std::string FaultInjector::let_messages_wait() {
  const std::size_t owner = an_owner();
  if (people_.user(owner).is_permanent) return kNotInjected;
  const Micros time = between(1000, 4000);
  people_.leave_and_return(owner, time);
  if (const auto other = other_program(owner)) people_.leave_and_return(*other, time);
  for (const unsigned least : {300U, 600U, 900U}) {
    later(between(least, least + 200), [this, owner] { people_.write_to(owner, 4, 20); });
  }
  return fmt::format("{} for {} ms", people_.user(owner).name, time.count() / 1000);
}

std::string FaultInjector::log_in_under_owned_name() {
  const std::string& name = people_.user(an_owner()).name;
  people_.add_guest_under(name);
  return name;
}

std::string FaultInjector::full_room() {
  const std::size_t guests = people_.natives() * Person::kPrograms - people_.programs() + 6;
  people_.add_guests(guests);
  later(between(500, 2500), [this] { people_.remove_guests(); });
  return fmt::format("{} guests", guests);
}

}  // namespace chatd::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/chaos/troubles.hpp"

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace chatd::test {

namespace {

const std::string kNothing{};  // it could not strike just now

}  // namespace

const std::array<Troubles::Kind, 20> Troubles::kKinds{{
    {"a process is killed", 20, &Troubles::kill_a_child},
    {"all children are killed", 4, &Troubles::kill_all_children},
    {"the supervisor is killed", 4, &Troubles::kill_the_supervisor},
    {"everything is killed", 3, &Troubles::kill_everything},
    {"a process stops for a while", 8, &Troubles::stop_a_child},
    {"a process stops for good", 4, &Troubles::hang_a_child},
    {"the supervisor stops for a while", 4, &Troubles::stop_the_supervisor},
    {"restart", 6, &Troubles::restart},
    {"reload", 6, &Troubles::reload},
    {"announcement", 6, &Troubles::announce},
    {"bad weather", 12, &Troubles::bad_weather},
    {"a member moves", 10, &Troubles::move},
    {"a client dies", 6, &Troubles::lose_a_client},
    {"a member goes home and comes back", 4, &Troubles::go_home},
    {"a member sleeps", 8, &Troubles::fall_asleep},
    {"a mailbox is full", 3, &Troubles::full_mailbox},
    {"the room is full", 3, &Troubles::full_room},
    {"no descriptors", 4, &Troubles::no_descriptors},
    {"the disk is full", 4, &Troubles::full_disk},
    {"the clock jumps", 4, &Troubles::jump_clock},
}};

Troubles::Troubles(const Options& options, Service& service, People& people)
    : options_{options}, service_{service}, people_{people}, random_{options.seed} {}

std::string Troubles::strike(MonoTime now) {
  now_ = now;
  const unsigned all = std::accumulate(kKinds.begin(), kKinds.end(), 0U,
                                       [](unsigned sum, const Kind& k) { return sum + k.weight; });
  auto at = static_cast<unsigned>(random_() % all);
  for (const Kind& kind : kKinds) {
    if (at >= kind.weight) {
      at -= kind.weight;
      continue;
    }
    const std::string struck = (this->*kind.strike)();
    if (struck == kNothing) return struck;
    ++counts_[kind.name];
    return fmt::format("{}: {}", kind.name, struck);
  }
  return kNothing;
}

void Troubles::mend(MonoTime now) {
  now_ = now;
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto mend = std::move(due_.extract(due_.begin()).mapped());
    mend();
  }
}

void Troubles::calm() { mend(MonoTime::max()); }

// --- processes -------------------------------------------------------------------------

std::string Troubles::kill_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNothing;
  const Victim& victim = children[random_() % children.size()];
  (void)::kill(victim.pid, SIGKILL);
  return victim.role;
}

std::string Troubles::kill_all_children() {
  const auto children = Service::children();
  for (const Victim& victim : children) (void)::kill(victim.pid, SIGKILL);
  return children.empty() ? kNothing : fmt::format("{} of them", children.size());
}

// A service that dies over its state again and again starts empty, which is no promise broken
// (man chatd): three times in a row, each within ten seconds of the last.
bool Troubles::may_lose_the_supervisor() {
  if (now_ - supervisor_lost_ < std::chrono::seconds{12} || service_.is_busy()) return false;
  supervisor_lost_ = now_;
  return true;
}

std::string Troubles::kill_the_supervisor() {
  if (!may_lose_the_supervisor()) return kNothing;
  const pid_t pid = Service::supervisor();
  if (pid == 0) return kNothing;
  (void)::kill(pid, SIGKILL);
  return fmt::format("pid {}", pid);
}

std::string Troubles::kill_everything() {
  if (!may_lose_the_supervisor()) return kNothing;
  service_.run({"/usr/bin/systemctl", "kill", "--kill-who=all", "--signal=KILL", "chatd.service"});
  return "by systemctl";
}

std::string Troubles::stop(pid_t pid, Micros time) {
  if (::kill(pid, SIGSTOP) != 0) return kNothing;
  later(time, [pid] { (void)::kill(pid, SIGCONT); });
  return fmt::format("{} ms", time.count() / 1000);
}

std::string Troubles::stop_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNothing;
  const Victim& victim = children[random_() % children.size()];
  return victim.role + ", " + stop(victim.pid, between(50, 900));
}

std::string Troubles::hang_a_child() {
  const auto children = Service::children();
  if (children.empty()) return kNothing;
  const Victim& victim = children[random_() % children.size()];
  (void)::kill(victim.pid, SIGSTOP);
  return victim.role;
}

// For longer than the watchdog has patience, at times: then it is killed.
std::string Troubles::stop_the_supervisor() {
  const bool for_long = random_() % 4 == 0;
  if (for_long && !may_lose_the_supervisor()) return kNothing;
  const pid_t pid = Service::supervisor();
  if (pid == 0) return kNothing;
  return stop(pid, for_long ? between(4000, 5000) : between(50, 1500));
}

std::string Troubles::restart() {
  if (service_.is_busy()) return kNothing;
  service_.run({"/usr/bin/systemctl", "restart", "chatd.service"});
  return "by systemctl";
}

std::string Troubles::reload() {
  if (service_.is_busy()) return kNothing;
  service_.run({"/usr/bin/chatctl", "reload"});
  return "by chatctl";
}

std::string Troubles::announce() {
  if (service_.is_busy()) return kNothing;
  const std::string text = fmt::format("announcement {}", ++announcements_);
  people_.announced(text, false);
  service_.run({"/usr/bin/chatctl", "announce", text});
  return text;
}

// --- members ---------------------------------------------------------------------------

std::string Troubles::bad_weather() {
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

std::string Troubles::move() {
  const std::size_t native = a_native();
  people_.move(native);
  return fmt::format("n{}", native);
}

std::string Troubles::lose_a_client() {
  const std::size_t native = a_native();
  const Micros time = between(0, 3000);
  people_.die(native, time);
  return fmt::format("n{}, another one after {} ms", native, time.count() / 1000);
}

std::string Troubles::go_home() {
  const std::size_t native = a_native();
  people_.go_home(native);
  return fmt::format("n{}", native);
}

std::string Troubles::fall_asleep() {
  const std::size_t native = a_native();
  const Micros time = between(200, 6000);
  people_.fall_asleep(native, time);
  return fmt::format("n{} for {} ms", native, time.count() / 1000);
}

std::string Troubles::full_mailbox() {
  const std::size_t native = a_native();
  people_.fall_asleep(native, between(1000, 3000));
  people_.flood_with_letters(native, 60);
  return fmt::format("n{}'s, which sleeps", native);
}

std::string Troubles::full_room() {
  people_.invite(6);
  later(between(500, 2500), [this] { people_.send_guests_home(); });
  return "6 guests";
}

// --- the machine -----------------------------------------------------------------------

std::string Troubles::no_descriptors() {
  auto victims = Service::children();
  if (const pid_t pid = Service::supervisor(); pid != 0) {
    victims.push_back({.pid = pid, .role = "supervisor"});
  }
  if (victims.empty()) return kNothing;
  const Victim& victim = victims[random_() % victims.size()];
  if (!Service::limit_descriptors(victim.pid, 3)) return kNothing;
  const Micros time = between(100, 2000);
  later(time, [pid = victim.pid] { Service::limit_descriptors(pid, std::nullopt); });
  return fmt::format("{} for {} ms", victim.role, time.count() / 1000);
}

std::string Troubles::full_disk() {
  if (options_.disk.empty()) return kNothing;
  const std::string filler = options_.disk + "/filler";
  std::ofstream file{filler, std::ios::binary};
  const std::string block(4096, 'x');
  while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
  const Micros time = between(1000, 5000);
  later(time, [filler] {
    std::error_code ignored;
    std::filesystem::remove(filler, ignored);
  });
  return fmt::format("for {} ms", time.count() / 1000);
}

std::string Troubles::jump_clock() {
  if (options_.clock.empty()) return kNothing;
  static constexpr std::array<std::int64_t, 6> kSeconds{-86'400, -60, -1, 1, 3600, 31'536'000};
  const std::int64_t seconds = kSeconds[random_() % kSeconds.size()];
  const std::int64_t micros = seconds * 1'000'000;
  std::fstream file{options_.clock, std::ios::binary | std::ios::in | std::ios::out};
  file.write(reinterpret_cast<const char*>(&micros), sizeof micros);
  return fmt::format("{} s from the true time", seconds);
}

}  // namespace chatd::test

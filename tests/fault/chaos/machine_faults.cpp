// SPDX-License-Identifier: GPL-3.0-or-later
// FaultInjector: the faults of the machine: descriptors, disk, clock. "" is returned where the
// fault is not possible.
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/fault/chaos/fault_injector.hpp"

namespace chatd::test {

std::string FaultInjector::no_descriptors() {
  auto victims = Service::children();
  // A service that starts and cannot open its configuration is not started again.
  if (const pid_t pid = Service::supervisor(); pid != 0 && Service::has_started()) {
    victims.push_back({.pid = pid, .role = "supervisor"});
  }
  if (victims.empty()) return {};
  const Victim& victim = victims[random_() % victims.size()];
  if (!Service::limit_descriptors(victim.pid, 3)) return {};
  const Micros time = between(100, 2000);
  later(time, [pid = victim.pid] { Service::limit_descriptors(pid, std::nullopt); });
  return fmt::format("{} for {} ms", victim.role, time.count() / 1000);
}

std::string FaultInjector::full_disk() {
  if (options_.disk.empty()) return {};
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

// --- libdisk_faults.so -----------------------------------------------------------------

std::string FaultInjector::disk_fault(Micros delay, int error) {
  if (options_.disk_faults.empty()) return {};
  const auto set = [file = options_.disk_faults](std::int64_t delay_us, std::int64_t number) {
    const std::array<std::int64_t, 2> values{delay_us, number};
    std::fstream out{file, std::ios::binary | std::ios::in | std::ios::out};
    out.write(reinterpret_cast<const char*>(values.data()), sizeof values);
  };
  set(delay.count(), error);
  const Micros time = between(1000, 5000);
  later(time, [set] { set(0, 0); });
  return fmt::format("for {} ms", time.count() / 1000);
}

std::string FaultInjector::slow_disk() { return disk_fault(between(100, 2000), 0); }

std::string FaultInjector::read_only_disk() { return disk_fault(Micros{0}, EROFS); }

std::string FaultInjector::jump_clock() {
  if (options_.clock.empty()) return {};
  static constexpr std::array<std::int64_t, 6> kSeconds{-86'400, -60, -1, 1, 3600, 31'536'000};
  const std::int64_t seconds = kSeconds[random_() % kSeconds.size()];
  const std::int64_t micros = seconds * 1'000'000;
  std::fstream file{options_.clock, std::ios::binary | std::ios::in | std::ios::out};
  file.write(reinterpret_cast<const char*>(&micros), sizeof micros);
  return fmt::format("{} s from the true time", seconds);
}

}  // namespace chatd::test

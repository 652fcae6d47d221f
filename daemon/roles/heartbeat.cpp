// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/roles/heartbeat.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "common/base/unique_fd.hpp"

namespace chatd::roles {

namespace {

std::uint64_t micros_of(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

// The second number of /proc/self/statm, in pages (proc(5)).
std::optional<std::uint64_t> resident_pages() {
  const UniqueFd file{::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)};
  std::array<char, 128> bytes;
  const ssize_t got = file.is_open() ? ::read(file.get(), bytes.data(), bytes.size()) : -1;
  if (got <= 0) return std::nullopt;
  const std::string_view text{bytes.data(), static_cast<std::size_t>(got)};
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::uint64_t pages = 0;
  const auto end = std::from_chars(text.data() + blank + 1, text.data() + text.size(), pages);
  return end.ec == std::errc{} ? std::optional{pages} : std::nullopt;
}

}  // namespace

void beat(state::ProcessControl& control) noexcept {
  state::count(control.heartbeat);
  rusage use{};
  if (::getrusage(RUSAGE_SELF, &use) == 0) {
    control.cpu_micros.store(micros_of(use.ru_utime) + micros_of(use.ru_stime),
                             std::memory_order_relaxed);
  }
  if (const auto pages = resident_pages()) {
    static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    control.resident_bytes.store(*pages * page, std::memory_order_relaxed);
  }
}

}  // namespace chatd::roles

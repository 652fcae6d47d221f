// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/notify.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include "common/base/log.hpp"

namespace chatd::sys::notify {

namespace {

Result<> send(const std::string& state) {
  const int sent = ::sd_notify(0, state.c_str());
  if (sent < 0) return fail(Error::from_errno("sd_notify", -sent));
  return {};
}

// A newline would begin another assignment, such as STOPPING=1.
std::string status_line(std::string_view text) { return "STATUS=" + escape_controls(text); }

}  // namespace

Result<> ready(std::string_view status) { return send("READY=1\n" + status_line(status)); }

Result<> status(std::string_view text) { return send(status_line(text)); }

Result<> reloading() {
  // By the time the manager distinguishes this reload from the previous one.
  return send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", mono_now().time_since_epoch().count()));
}

Result<> stopping() { return send("STOPPING=1"); }

Result<> keep(int fd, std::string_view name) {
  // The manager would pass back two descriptors of one name in any order.
  if (auto done = forget(name); !done) return done;
  const std::string state = fmt::format("FDSTORE=1\nFDNAME={}", name);
  const int sent = ::sd_pid_notify_with_fds(0, 0, state.c_str(), &fd, 1);
  if (sent < 0) return fail(Error::from_errno("sd_pid_notify_with_fds", -sent));
  return {};
}

Result<> forget(std::string_view name) {
  return send(fmt::format("FDSTOREREMOVE=1\nFDNAME={}", name));
}

Result<> barrier() {
  constexpr std::uint64_t kBarrierLimit = 5'000'000;  // microseconds
  const int done = ::sd_notify_barrier(0, kBarrierLimit);
  if (done < 0) return fail(Error::from_errno("sd_notify_barrier", -done));
  return {};
}

bool keeps_descriptors() noexcept { return ::getenv("NOTIFY_SOCKET") != nullptr; }

std::optional<Micros> watchdog_interval() {
  std::uint64_t allowed = 0;
  if (::sd_watchdog_enabled(0, &allowed) <= 0) return std::nullopt;
  return Micros{static_cast<Micros::rep>(allowed / 2)};
}

Result<> ping() { return send("WATCHDOG=1"); }

void clear_environment() noexcept {
  for (const char* const variable : {"NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID",
                                     "LISTEN_FDS", "LISTEN_FDNAMES"}) {
    ::unsetenv(variable);
  }
}

}  // namespace chatd::sys::notify

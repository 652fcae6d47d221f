// SPDX-License-Identifier: GPL-3.0-or-later
// clock_shift.cpp — a library for LD_PRELOAD that shifts the wall clock of a program by the number
// of microseconds in the file $CHATD_CLOCK_SHIFT (a 64-bit integer, which may change at any time).
//
// Runs in:   the daemon under chaos. Clocks other than CLOCK_REALTIME are not changed.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const volatile std::int64_t* map_shift() {
  const char* const path = std::getenv("CHATD_CLOCK_SHIFT");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return at == MAP_FAILED ? nullptr : static_cast<const volatile std::int64_t*>(at);
}

const volatile std::int64_t* const shift = map_shift();

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const long done = ::syscall(SYS_clock_gettime, clock, time);
  if (done == 0 && clock == CLOCK_REALTIME && shift != nullptr) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t nanos = time->tv_nsec + *shift % 1'000'000 * 1000;
    time->tv_sec += *shift / 1'000'000 + nanos / kSecond - (nanos % kSecond < 0 ? 1 : 0);
    time->tv_nsec = (nanos % kSecond + kSecond) % kSecond;
  }
  return static_cast<int>(done);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// disk_faults.cpp — a library for LD_PRELOAD that makes the disk of a program slow or read-only, as
// the file $CHATD_DISK_FAULTS says, which may change at any time: two 64-bit integers, the number
// of microseconds that fsync(2) and fdatasync(2) take longer, and the error number with which
// pwrite(2), fsync(2) and fdatasync(2) fail (0: none). Files of memfd_create(2) have no disk: they
// are neither slow nor fail.
//
// Runs in:   the daemon under chaos. The archive writes its files by pwrite(2).
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

struct Faults {
  std::int64_t delay_us;
  std::int64_t error;
};

const volatile Faults* map_faults() {
  const char* const path = std::getenv("CHATD_DISK_FAULTS");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const at = ::mmap(nullptr, sizeof(Faults), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return at == MAP_FAILED ? nullptr : static_cast<const volatile Faults*>(at);
}

const volatile Faults* const faults = map_faults();

// Whether it is a file of memfd_create(2). F_GET_SEALS of fcntl(2) does not tell: each file on a
// tmpfs has seals.
bool is_memory(int file) noexcept {
  static constexpr std::string_view kPrefix = "/memfd:";
  std::array<char, 32> path{};
  std::snprintf(path.data(), path.size(), "/proc/self/fd/%d", file);
  std::array<char, kPrefix.size()> target{};
  const ssize_t size = ::readlink(path.data(), target.data(), target.size());
  return size == static_cast<ssize_t>(target.size()) &&
         std::string_view{target.data(), target.size()} == kPrefix;
}

// True: errno is set.
bool fails(int file) noexcept {
  if (faults == nullptr || faults->error == 0 || is_memory(file)) return false;
  errno = static_cast<int>(faults->error);
  return true;
}

// At most until the fault ends.
void wait_for_disk(int file) noexcept {
  if (faults == nullptr || faults->delay_us == 0 || is_memory(file)) return;
  for (std::int64_t waited = 0; waited < faults->delay_us; waited += 10'000) {
    (void)::poll(nullptr, 0, 10);
  }
}

}  // namespace

extern "C" int fsync(int file) {
  wait_for_disk(file);
  return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fsync, file));
}

extern "C" int fdatasync(int file) {
  wait_for_disk(file);
  return fails(file) ? -1 : static_cast<int>(::syscall(SYS_fdatasync, file));
}

extern "C" ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return fails(file) ? -1 : ::syscall(SYS_pwrite64, file, bytes, size, at);
}

extern "C" ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  return fails(file) ? -1 : ::syscall(SYS_pwrite64, file, bytes, size, at);
}

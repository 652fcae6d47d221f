// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/handover/snapshot_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/log/crash_point.hpp"

namespace chatd::handover {

Result<UniqueFd> store_snapshot(std::span<const std::uint8_t> snapshot, std::size_t step) {
  auto file = sys::make_memory_file("chatd-snapshot", snapshot.size());
  if (!file) return file;
  logs::crash_point();
  for (std::size_t at = 0; at < snapshot.size();) {
    const auto part = snapshot.subspan(at, std::min(step, snapshot.size() - at));
    const ssize_t written = ::pwrite(file->get(), part.data(), part.size(), static_cast<off_t>(at));
    if (written <= 0) return fail(Error::from_errno("write the snapshot"));
    at += static_cast<std::size_t>(written);
    logs::crash_point();
  }
  return file;
}

Result<sys::Mapping> map_snapshot(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) < 0) return fail(Error::from_errno("fstat of the snapshot"));
  return sys::Mapping::map(fd, 0, static_cast<std::size_t>(status.st_size), sys::Access::read_only);
}

std::span<const std::uint8_t> snapshot_in(const sys::Mapping& file) {
  const auto bytes = file.bytes();
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

}  // namespace chatd::handover

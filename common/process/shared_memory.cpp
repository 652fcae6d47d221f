// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/process/shared_memory.hpp"

#include <sys/mman.h>

namespace chatd::process {

Result<SharedMemory> SharedMemory::create(std::size_t size) {
  void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return fail(Error::from_errno("map shared memory"));
  return SharedMemory{{static_cast<std::byte*>(start), size}};
}

SharedMemory::~SharedMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

Result<> SharedMemory::keep_out_of_children() const {
  if (::madvise(bytes_.data(), bytes_.size(), MADV_DONTFORK) == 0) return {};
  return fail(Error::from_errno("keep shared memory out of children"));
}

}  // namespace chatd::process

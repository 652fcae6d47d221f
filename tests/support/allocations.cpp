// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/allocations.hpp"

#include <cstdlib>
#include <new>

namespace chatd::test {

std::size_t& allocations() noexcept {
  static constinit std::size_t count = 0;
  return count;
}

}  // namespace chatd::test

// The operators are not inlined: gcc would report a call of free() for memory from operator new.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++chatd::test::allocations();
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

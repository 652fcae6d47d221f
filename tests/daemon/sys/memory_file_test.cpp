// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/memory_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/sys/support.hpp"

namespace chatd::sys {
namespace {

using test::true_in_child;
using ::testing::HasSubstr;

const auto kPage = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

// Asks the kernel, since to ask by touching would end the process.
bool is_mapped(const std::byte* page) {
  unsigned char resident = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): mincore(2) does not write there
  return ::mincore(const_cast<std::byte*>(page), kPage, &resident) == 0;
}

TEST(MemoryFile, CannotChangeItsSize) {
  const UniqueFd fd = make_memory_file("chatd-test", 3 * kPage).value();
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_END), static_cast<off_t>(3 * kPage));
  EXPECT_EQ(::ftruncate(fd.get(), 0), -1);
  EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(4 * kPage)), -1);
  EXPECT_EQ(::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_WRITE), -1);
  EXPECT_EQ(::fcntl(fd.get(), F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  EXPECT_EQ(::fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
}

TEST(MemoryFile, RefusesToBeEmpty) {
  const auto made = make_memory_file("chatd-test", 0);
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().message(), HasSubstr("cannot have 0 bytes"));
}

TEST(Mapping, SeesWhatAnotherProcessWrites) {
  const UniqueFd fd = make_memory_file("chatd-test", kPage).value();
  const auto writer = Mapping::map(fd.get(), 0, kPage, Access::read_write).value();
  const auto reader = Mapping::map(fd.get(), 0, kPage, Access::read_only).value();
  EXPECT_TRUE(true_in_child([&] {
    writer.bytes()[7] = std::byte{42};
    return true;
  }));
  EXPECT_EQ(reader.bytes()[7], std::byte{42});
}

TEST(Mapping, OfAPartBeginsAtItsOffset) {
  const UniqueFd fd = make_memory_file("chatd-test", 2 * kPage).value();
  const auto whole = Mapping::map(fd.get(), 0, 2 * kPage, Access::read_write).value();
  const auto second =
      Mapping::map(fd.get(), static_cast<off_t>(kPage), 100, Access::read_only).value();
  whole.bytes()[kPage + 99] = std::byte{9};
  ASSERT_EQ(second.bytes().size(), 100U);
  EXPECT_EQ(second.bytes()[99], std::byte{9});
}

TEST(Mapping, TheKernelEnforcesReadOnly) {
  const UniqueFd fd = make_memory_file("chatd-test", kPage).value();
  const auto reader = Mapping::map(fd.get(), 0, kPage, Access::read_only).value();
  // read(2) into the mapping: EFAULT instead of a signal.
  const UniqueFd zero{::open("/dev/zero", O_RDONLY | O_CLOEXEC)};
  EXPECT_EQ(::read(zero.get(), reader.bytes().data(), 1), -1);
  EXPECT_EQ(errno, EFAULT);
}

TEST(Mapping, RefusesARangeOutsideTheFile) {
  const UniqueFd fd = make_memory_file("chatd-test", kPage).value();
  const auto page = static_cast<off_t>(kPage);
  for (const auto& [offset, length] :
       {std::pair{off_t{0}, kPage + 1}, std::pair{page, kPage}, std::pair{-page, kPage},
        std::pair{off_t{0}, std::size_t{0}}, std::pair{page, ~std::size_t{0}}}) {
    const auto mapped = Mapping::map(fd.get(), offset, length, Access::read_only);
    ASSERT_FALSE(mapped.has_value());
    EXPECT_THAT(mapped.error().message(), HasSubstr("cannot map"));
  }
  EXPECT_FALSE(Mapping::map(-1, 0, kPage, Access::read_only).has_value());
}

TEST(Mapping, IsUnmappedWithItsOwnerAndCanBeMoved) {
  const UniqueFd fd = make_memory_file("chatd-test", kPage).value();
  const std::byte* start = nullptr;
  {
    auto first = Mapping::map(fd.get(), 0, kPage, Access::read_only).value();
    start = first.bytes().data();
    Mapping second{std::move(first)};
    Mapping third;
    third = std::move(second);
    Mapping& alias = third;  // hides the self-move from -Wself-move
    third = std::move(alias);
    EXPECT_EQ(third.bytes().data(), start);
    EXPECT_TRUE(is_mapped(start));
  }
  EXPECT_FALSE(is_mapped(start));
}

TEST(Mapping, KeptOutOfChildrenIsNotThere) {
  const UniqueFd fd = make_memory_file("chatd-test", 2 * kPage).value();
  auto ring = Mapping::map_twice(fd.get(), 0, kPage, Access::read_write).value();
  const std::byte* const start = ring.bytes().data();
  EXPECT_TRUE(true_in_child([&] { return is_mapped(start) && is_mapped(start + kPage); }));
  ASSERT_TRUE(ring.keep_out_of_children().has_value());
  EXPECT_TRUE(true_in_child([&] { return !is_mapped(start) && !is_mapped(start + kPage); }));
  EXPECT_TRUE(is_mapped(start));
}

TEST(Ring, AWriteAcrossTheSeamGoesOnAtTheBeginning) {
  const UniqueFd fd = make_memory_file("chatd-test", 3 * kPage).value();
  const auto offset = static_cast<off_t>(kPage);  // a header page before the ring
  const auto ring = Mapping::map_twice(fd.get(), offset, 2 * kPage, Access::read_write).value();
  const auto flat = Mapping::map(fd.get(), 0, 3 * kPage, Access::read_only).value();
  ASSERT_EQ(ring.bytes().size(), 4 * kPage);

  std::ranges::fill(ring.bytes().subspan(2 * kPage - 5, 10), std::byte{7});

  const auto stored = flat.bytes().subspan(kPage);
  EXPECT_EQ(std::ranges::count(stored.first(5), std::byte{7}), 5);
  EXPECT_EQ(std::ranges::count(stored.last(5), std::byte{7}), 5);
  EXPECT_EQ(std::ranges::count(stored, std::byte{7}), 10);
  EXPECT_EQ(std::ranges::count(flat.bytes().first(kPage), std::byte{7}), 0);
  EXPECT_TRUE(std::ranges::equal(ring.bytes().first(2 * kPage), ring.bytes().last(2 * kPage)));
}

TEST(Ring, RefusesLengthsThatAreNotWholePages) {
  const UniqueFd fd = make_memory_file("chatd-test", 2 * kPage).value();
  const auto ring = Mapping::map_twice(fd.get(), 0, kPage + 1, Access::read_write);
  ASSERT_FALSE(ring.has_value());
  EXPECT_THAT(ring.error().message(), HasSubstr("not a multiple of the page size"));
}

TEST(Ring, ARefusedOffsetLeavesNothingMapped) {
  const UniqueFd fd = make_memory_file("chatd-test", 2 * kPage).value();
  const auto ring = Mapping::map_twice(fd.get(), 1, kPage, Access::read_write);
  ASSERT_FALSE(ring.has_value());
  EXPECT_EQ(ring.error().code(), EINVAL);
}

TEST(Parts, AreMappedAtTheirPlacesAndNothingElseIs) {
  const UniqueFd fd = make_memory_file("chatd-test", 4 * kPage).value();
  const auto all = Mapping::map(fd.get(), 0, 4 * kPage, Access::read_write).value();
  all.bytes()[2 * kPage] = std::byte{7};
  const std::array<Part, 1> parts{Part{.offset = kPage, .length = kPage}};
  const auto some =
      Mapping::map_parts(fd.get(), static_cast<off_t>(kPage), 3 * kPage, parts).value();
  EXPECT_EQ(some.bytes().size(), 3 * kPage);
  EXPECT_EQ(some.bytes()[kPage], std::byte{7});
  const std::array<Part, 1> beyond{Part{.offset = 3 * kPage, .length = kPage}};
  EXPECT_FALSE(
      Mapping::map_parts(fd.get(), static_cast<off_t>(kPage), 3 * kPage, beyond).has_value());
}

}  // namespace
}  // namespace chatd::sys

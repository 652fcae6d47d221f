// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/base/unique_fd.hpp"

namespace chatd::config {
namespace {

constexpr std::size_t kMaxFileBytes{std::size_t{1} << 20U};
constexpr std::size_t kBlock{std::size_t{64} << 10U};

}  // namespace

// Reads to the end instead of asking for the size, so that a pipe works, too.
Result<std::string> read_text_file(const std::string& path) {
  const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (!file.is_open()) return fail(Error::from_errno("cannot be opened"));
  std::string text;
  std::array<char, kBlock> block{};
  for (;;) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno("cannot be read"));
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > kMaxFileBytes) return fail("is larger than 1 MiB");
  }
}

}  // namespace chatd::config

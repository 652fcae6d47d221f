// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/sys/process_title.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <vector>

namespace chatd::sys {

namespace {

// The memory where the kernel put the arguments and, after them, the environment.
std::span<char> title_area;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// Grows `area` by `text` if that follows it in memory.
std::span<char> with_next(std::span<char> area, char* text) {
  if (area.data() + area.size() != text) return area;
  return {area.data(), area.size() + std::strlen(text) + 1};
}

// The copies are never freed: environ and argv stay readable as long as the process lives.
char* copy_of(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  return static_cast<char*>(std::memcpy(new char[size], text, size));
}

}  // namespace

void init_process_title(int argc, char** argv) {
  if (argc < 1 || !title_area.empty()) return;
  std::span<char> area{argv[0], 0};
  for (char* const argument : std::span{argv, static_cast<std::size_t>(argc)}) {
    area = with_next(area, argument);
  }
  for (char** variable = environ; *variable != nullptr; ++variable) {
    area = with_next(area, *variable);
  }

  // Never freed: environ points into it for as long as the process lives, its exit included.
  static auto& moved_environment = *new std::vector<char*>;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    moved_environment.push_back(copy_of(*variable));
  }
  moved_environment.push_back(nullptr);
  environ = moved_environment.data();

  for (char*& argument : std::span{argv, static_cast<std::size_t>(argc)}) {
    argument = copy_of(argument);
  }
  program_invocation_name = argv[0];
  char* const slash = std::strrchr(argv[0], '/');
  program_invocation_short_name = slash == nullptr ? argv[0] : slash + 1;
  title_area = area;
}

void set_process_title(std::string_view title) noexcept {
  std::array<char, 16> comm{};
  title.copy(comm.data(), comm.size() - 1);
  ::prctl(PR_SET_NAME, comm.data());

  if (title_area.empty()) return;
  // A title longer than the arguments runs on into the environment; the kernel shows it up
  // to its zero byte, because the last byte of the arguments is then not zero (proc(5)).
  std::ranges::fill(title_area, '\0');
  title.copy(title_area.data(), title_area.size() - 1);
}

}  // namespace chatd::sys

// SPDX-License-Identifier: GPL-3.0-or-later
// temp_dir.hpp — a temporary directory for one test, removed with its contents afterwards.
// Functions that write and read small files.
//
// Runs in:   test programs.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <gtest/gtest.h>

namespace chatd::test {

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "chatd-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string{name};
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline void write_file(const std::string& path, std::string_view text) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << text;
}

// Writes a file with mode 0600, as a password file must have.
inline void write_secret_file(const std::string& path, std::string_view text) {
  write_file(path, "");
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  write_file(path, text);
}

// The contents of the file as far as it can be read.
[[nodiscard]] inline std::string file_text(const std::string& path) {
  std::ostringstream text;
  // operator<< catches what filebuf throws, as for /proc/PID/stat of a process that has ended.
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return std::move(text).str();
}

}  // namespace chatd::test

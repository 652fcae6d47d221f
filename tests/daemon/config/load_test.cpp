// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <stdlib.h>

#include "tests/daemon/config/support.hpp"

namespace chatd::config {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class Load : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "chatd-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    file_ = directory_ / "chatd.toml";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(std::string_view text) const { std::ofstream{file_} << text; }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  [[nodiscard]] std::string file() const { return file_.string(); }
  [[nodiscard]] static std::vector<std::string> problems(const std::string& path) {
    const auto config = load(path);
    return config ? std::vector<std::string>{} : to_lines(config.error());
  }

 private:
  std::filesystem::path directory_;
  std::filesystem::path file_;
};

TEST_F(Load, ReadsAFile) {
  write("[limits]\nburst = 7\n");
  const auto config = load(file());
  ASSERT_TRUE(config.has_value());
  EXPECT_EQ(config->limits.burst, 7U);
}

TEST_F(Load, ProblemsNameTheFileAsItWasGiven) {
  write("[limits]\nburts = 7\n");
  EXPECT_THAT(problems(file()),
              ElementsAre(file() + ":2: limits.burts: unknown key; did you mean limits.burst?"));
}

TEST_F(Load, AMissingFileIsAProblem) {
  EXPECT_THAT(problems(file()),
              ElementsAre(file() + ": cannot be opened: No such file or directory"));
}

TEST_F(Load, ADirectoryIsAProblem) {
  EXPECT_THAT(problems(directory().string()),
              ElementsAre(directory().string() + ": cannot be read: Is a directory"));
}

TEST_F(Load, AFileOfOneMebibyteIsReadAndALargerOneIsNot) {
  constexpr std::size_t kMebibyte{std::size_t{1} << 20U};
  const std::string comment(kMebibyte - 1, '#');
  write(comment + "\n");
  EXPECT_THAT(problems(file()), testing::IsEmpty());
  write(comment + "\n\n");
  EXPECT_THAT(problems(file()), ElementsAre(file() + ": is larger than 1 MiB"));
  EXPECT_THAT(problems("/dev/zero"), ElementsAre("/dev/zero: is larger than 1 MiB"));
}

}  // namespace
}  // namespace chatd::config

// SPDX-License-Identifier: GPL-3.0-or-later
// replay_main.cpp — main() that runs a fuzz target over its corpus, for builds without libFuzzer.
//
// usage: TARGET FOLDER_OR_FILE...
// Fails if there is no input: a missing corpus must not look like a passed test.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{path}) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

std::optional<std::vector<std::uint8_t>> contents_of(const fs::path& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream) return std::nullopt;
  return std::vector<std::uint8_t>{std::istreambuf_iterator<char>{stream}, {}};
}

int replay(const std::vector<fs::path>& paths) {
  std::size_t inputs = 0;
  for (const fs::path& path : paths) {
    for (const fs::path& file : files_of(path)) {
      const auto input = contents_of(file);
      if (!input) {
        (void)std::fprintf(stderr, "cannot read %s\n", file.c_str());
        return 1;
      }
      // Printed first: a target that finds a fault ends the program.
      (void)std::fprintf(stderr, "%s\n", file.c_str());
      LLVMFuzzerTestOneInput(input->data(), input->size());
      ++inputs;
    }
  }
  (void)std::printf("%zu inputs replayed\n", inputs);
  return inputs == 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return replay({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

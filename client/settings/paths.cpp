// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/settings/paths.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "client/words/start_words.hpp"
#include "client/words/words.hpp"
#include "common/base/secret_file.hpp"
#include "common/wire/unicode.hpp"

namespace chatd::client {

namespace {

// The limit that chatd has for room.password_file.
constexpr std::size_t kMaxPasswordBytes = 256;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

std::string home_directory() {
  std::string home = variable("HOME");
  if (home.empty()) {
    if (const passwd* const entry = ::getpwuid(::getuid()); entry != nullptr) home = entry->pw_dir;
  }
  return home;
}

bool exists(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

// The folder that the variable names, or one below the home directory.
std::string folder_of(const char* name, std::string_view below_home) {
  if (std::string folder = variable(name); folder.starts_with('/')) return folder;
  const std::string home = home_directory();
  return home.starts_with('/') && exists(home) ? home + std::string{below_home} : std::string{};
}

}  // namespace

std::string config_file(std::string_view name) {
  const std::string home = folder_of("XDG_CONFIG_HOME", "/.config");
  if (home.empty()) return {};
  const std::string file = fmt::format("{}/uchat/{}", home, name);
  const std::string old = fmt::format("{}/chat/{}", home, name);
  return !exists(file) && exists(old) ? old : file;
}

std::string state_file(std::string_view name) {
  const std::string home = folder_of("XDG_STATE_HOME", "/.local/state");
  return home.empty() ? std::string{} : fmt::format("{}/uchat/{}", home, name);
}

std::string with_home(std::string_view path) {
  return path.starts_with("~/") ? home_directory().append(path.substr(1)) : std::string{path};
}

Result<> make_folder_of(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path{file}.parent_path();
  std::filesystem::path path;
  for (const auto& part : folder) {
    path /= part;
    // Mode 0700 from the start: the files in the folder show which servers the user connects to.
    if (::mkdir(path.c_str(), S_IRWXU) < 0 && errno != EEXIST && errno != EISDIR &&
        errno != EROFS && errno != EACCES) {
      return fail(Error::from_errno("make the folder " + path.string()));
    }
  }
  struct stat status {};
  if (!folder.empty() && ::stat(folder.c_str(), &status) < 0) {
    return fail(Error::from_errno("make the folder " + folder.string()));
  }
  return {};
}

std::string login_name() {
  if (const passwd* const entry = ::getpwuid(::getuid()); entry != nullptr) {
    if (*entry->pw_name != '\0') return entry->pw_name;
  }
  std::string name = variable("USER");
  return name.empty() ? std::string{"guest"} : name;
}

std::string device_label() {
  constexpr std::size_t kMaxBytes = 32;  // wire::kMaxDeviceLabelBytes
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) < 0) return {};
  const std::string_view whole{name.data()};
  const std::string_view label = wire::cut_to(whole.substr(0, whole.find('.')), kMaxBytes);
  std::string_view rest = label;
  while (!rest.empty()) {
    const auto character = wire::take_character(rest);
    if (!character || !wire::is_printable(*character)) return {};
  }
  return std::string{label};
}

namespace {

// The messages about a file with a secret in its first line.
template <class Which>
struct SecretFileWords {
  Which reading;
  Which open_to_others;
  Which too_long;
  Which empty;
};

template <class Which>
Result<std::string> read_secret(const std::string& file, std::size_t most_bytes,
                                const SecretFileWords<Which>& says, wire::Language language) {
  using Kind = SecretFileFault::Kind;
  auto secret = read_secret_line(file, {.most_bytes = most_bytes});
  if (secret) return std::move(*secret);
  const SecretFileFault& fault = secret.error();
  switch (fault.kind) {
    case Kind::not_plain:  // a folder
      return fail(Error::from_errno(words(language, says.reading, file), EISDIR));
    case Kind::unreadable:
      return fail(Error::from_errno(words(language, says.reading, file), fault.code));
    case Kind::open_to_others:
      return fail(words(language, says.open_to_others, file, fault.mode));
    case Kind::too_long:
      return fail(words(language, says.too_long, file, most_bytes));
    case Kind::empty:
      break;
  }
  return fail(words(language, says.empty, file));
}

}  // namespace

Result<std::string> read_password(const std::string& file, wire::Language language) {
  return read_secret(file, kMaxPasswordBytes,
                     SecretFileWords<Words>{.reading = Words::read_password,
                                            .open_to_others = Words::password_open,
                                            .too_long = Words::password_long,
                                            .empty = Words::no_password_in},
                     language);
}

Result<std::string> read_code(const std::string& file, wire::Language language) {
  constexpr std::size_t kMaxCodeBytes = 100;  // with dashes and blanks
  return read_secret(file, kMaxCodeBytes,
                     SecretFileWords<StartWords>{.reading = StartWords::read_code,
                                                 .open_to_others = StartWords::code_open,
                                                 .too_long = StartWords::no_code_in,
                                                 .empty = StartWords::no_code_in},
                     language);
}

}  // namespace chatd::client

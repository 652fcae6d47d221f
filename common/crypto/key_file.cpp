// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/crypto/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/base/unique_fd.hpp"
#include "common/crypto/base64.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/wipe.hpp"

namespace chatd::crypto {

namespace {

constexpr mode_t kForOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kMode = S_IRUSR | S_IWUSR;

// The text of a key file. The longest valid text is a key and a newline; one byte more shows that
// it is longer.
struct Text {
  std::array<char, kKeyTextBytes + 2> bytes{};

  Text() = default;
  Text(const Text&) = delete;
  Text(Text&&) = delete;
  Text& operator=(const Text&) = delete;
  Text& operator=(Text&&) = delete;
  ~Text() { wipe(std::as_writable_bytes(std::span{bytes})); }
};

// A key file by its folder. The folder is opened once, so that the checked file and the opened file
// are in the same folder, even if its path changes in between.
struct Place {
  UniqueFd folder;  // O_PATH
  struct stat folder_status {};
  std::string name;
};

Result<Place> place_of(const std::string& path, std::string_view what) {
  const std::filesystem::path whole{path};
  const std::string folder = whole.has_parent_path() ? whole.parent_path().string() : ".";
  Place place{.folder = UniqueFd{::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)},
              .name = whole.filename().string()};
  if (!place.folder.is_open() || ::fstat(place.folder.get(), &place.folder_status) < 0) {
    return fail(Error::from_errno(fmt::format("{} the key file {}", what, path)));
  }
  return place;
}

// Can a user other than root and this one create or replace files in the folder?
bool is_open_to_others(const Place& place) {
  const auto owner = place.folder_status.st_uid;
  return (owner != 0 && owner != ::geteuid()) ||
         (place.folder_status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

// In such a folder root would otherwise read a file that the other user chose, and use a key that
// this user knows.
Result<> check_in_open_folder(const std::string& path, const Place& place,
                              const struct stat& file) {
  if (file.st_nlink > 1) {
    return fail(fmt::format(
        "the key file {} has a second name (a hard link), in a folder that another user can "
        "change: copy it to a file of its own",
        path));
  }
  if (file.st_uid == 0 || file.st_uid == ::geteuid() || file.st_uid == place.folder_status.st_uid) {
    return {};
  }
  return fail(fmt::format(
      "the key file {} belongs to the user {}, who could put it into its folder: remove it to get "
      "a new key, or chown it",
      path, file.st_uid));
}

Result<UniqueFd> open_key_file(const std::string& path) {
  const auto place = place_of(path, "open");
  if (!place) return fail(place.error());
  const bool is_open = is_open_to_others(*place);
  // O_NONBLOCK: open(2) of a named pipe must not block.
  UniqueFd fd{::openat(place->folder.get(), place->name.c_str(),
                       O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (is_open ? O_NOFOLLOW : 0))};
  if (!fd.is_open() && errno == ELOOP && is_open) {
    return fail(fmt::format(
        "the key file {} is a symbolic link, in a folder that another user can change: put the "
        "key itself there",
        path));
  }
  if (!fd.is_open()) return fail(Error::from_errno(fmt::format("open the key file {}", path)));
  struct stat file {};
  if (::fstat(fd.get(), &file) < 0) {
    return fail(Error::from_errno(fmt::format("stat the key file {}", path)));
  }
  if (!S_ISREG(file.st_mode)) {
    return fail(fmt::format("{} is not a plain file, as a key file must be", path));
  }
  if ((file.st_mode & kForOthers) != 0) {
    return fail(fmt::format(
        "the key file {} is open to others (mode {:04o}), so its key may be known; it must be "
        "0600: chmod 600 it, or remove it to get a new key",
        path, file.st_mode & 07777U));
  }
  if (is_open) {
    if (auto done = check_in_open_folder(path, *place, file); !done) return fail(done.error());
  }
  return fd;
}

// The number of bytes that were read: all of the file, or what `text` has place for.
Result<std::size_t> read_text(const std::string& path, int fd, std::span<char> text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Error::from_errno(fmt::format("read the key file {}", path)));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

std::string what_is_wrong(std::string_view line) {
  if (line.empty()) return "is empty";
  if (line.size() < kKeyTextBytes) return fmt::format("has only {} characters", line.size());
  if (line.size() > kKeyTextBytes) return "is longer than a key";
  return "is not the base64 of a key";
}

Result<> write_text(const std::string& path, int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return fail(Error::from_errno(fmt::format("write the key file {}", path)));
    text.remove_prefix(static_cast<std::size_t>(wrote));
  }
  // The key must be on disk before it has its name: clients remember the public half, so the key
  // must not get lost in a crash.
  if (::fsync(fd) < 0) return fail(Error::from_errno(fmt::format("fsync {}", path)));
  return {};
}

// The name itself must be on disk, too.
Result<> sync_folder(const std::string& path, const Place& place) {
  const UniqueFd fd{::openat(place.folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open() || ::fsync(fd.get()) < 0) {
    return fail(Error::from_errno(fmt::format("fsync the folder of {}", path)));
  }
  return {};
}

std::string temporary_name(const std::string& name) {
  std::array<std::byte, 8> random{};
  fill_random(random);
  std::string temporary = name + '.';
  for (const auto byte : random) temporary += fmt::format("{:02x}", std::to_integer<int>(byte));
  return temporary;
}

// How a new file gets its name.
enum class Naming : std::uint8_t {
  link,    // link(2) fails if the file already exists, which is then kept
  rename,  // takes the place of another file
};

// Afterwards `path` exists; with Naming::link perhaps made by another process that was first.
Result<> make_file(const std::string& path, std::string_view text, Naming naming) {
  const auto place = place_of(path, "make");
  if (!place) return fail(place.error());
  const int folder = place->folder.get();
  const std::string temporary = temporary_name(place->name);
  const UniqueFd fd{
      ::openat(folder, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode)};
  // The umask can have removed bits of the mode.
  if (!fd.is_open() || ::fchmod(fd.get(), kMode) < 0) {
    return fail(Error::from_errno(fmt::format("make the key file {}", path)));
  }
  auto done = write_text(path, fd.get(), text);
  const char* const name = place->name.c_str();
  if (done && naming == Naming::link && ::linkat(folder, temporary.c_str(), folder, name, 0) < 0 &&
      errno != EEXIST) {
    done = fail(Error::from_errno(fmt::format("make the key file {}", path)));
  }
  if (done && naming == Naming::rename && ::renameat(folder, temporary.c_str(), folder, name) < 0) {
    done = fail(Error::from_errno(fmt::format("make the key file {}", path)));
  }
  if (!done || naming == Naming::link) ::unlinkat(folder, temporary.c_str(), 0);
  if (done) done = sync_folder(path, *place);
  return done;
}

Result<> make_secret_file(const std::string& path, const SecretKey& secret, Naming naming) {
  std::string text = to_base64(secret.bytes());
  text += '\n';
  auto done = make_file(path, text, naming);
  wipe(std::as_writable_bytes(std::span{text}));
  return done;
}

}  // namespace

Result<SecretKey> load_secret(const std::string& path) {
  const auto fd = open_key_file(path);
  if (!fd) return fail(fd.error());
  Text text;
  const auto size = read_text(path, fd->get(), text.bytes);
  if (!size) return fail(size.error());
  std::string_view line = std::string_view{text.bytes.data(), *size};
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto key = key_from_base64(line);
  if (key) return std::move(*key);
  return fail(
      fmt::format("the key file {} {}; it must be one line of {} characters of base64; "
                  "restore it, or remove it to get a new key",
                  path, what_is_wrong(line), kKeyTextBytes));
}

Result<SecretKey> keep_secret(const std::string& path, const SecretKey& secret) {
  if (auto done = make_secret_file(path, secret, Naming::link); !done) {
    return fail(std::move(done.error()));
  }
  // Read back: the file can be another process's, and the key on disk is the one to use.
  return load_secret(path);
}

Result<> store_secret(const std::string& path, const SecretKey& secret) {
  return make_secret_file(path, secret, Naming::rename);
}

Result<> store_line(const std::string& path, std::string_view line) {
  return make_file(path, std::string{line} + '\n', Naming::rename);
}

Result<std::string> load_line(const std::string& path, std::size_t most) {
  const auto fd = open_key_file(path);
  if (!fd) return fail(fd.error());
  std::string text(most + 2, '\0');
  const auto size = read_text(path, fd->get(), text);
  if (!size) return fail(size.error());
  text.resize(*size);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

Result<> move_key_file(const std::string& from, const std::string& to) {
  const auto place = place_of(to, "move");
  if (!place) return fail(place.error());
  if (::rename(from.c_str(), to.c_str()) < 0) {
    return fail(Error::from_errno(fmt::format("rename {} to {}", from, to)));
  }
  return sync_folder(to, *place);
}

Result<KeyPair> load_key(const std::string& path) {
  const auto secret = load_secret(path);
  return secret ? key_pair_of(*secret) : fail(secret.error());
}

Result<KeyPair> load_or_make_key(const std::string& path) {
  auto loaded = load_key(path);
  if (loaded || loaded.error().code() != ENOENT) return loaded;
  const auto made = generate_key_pair();
  if (!made) return fail(made.error());
  const auto kept = keep_secret(path, made->secret);
  return kept ? key_pair_of(*kept) : fail(kept.error());
}

}  // namespace chatd::crypto

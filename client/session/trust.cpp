// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/trust.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <utility>

#include "client/settings/paths.hpp"
#include "client/words/words.hpp"
#include "common/base/unique_fd.hpp"
#include "common/crypto/base64.hpp"

namespace chatd::client {

namespace {

std::optional<crypto::PublicKey> key_of(const std::string& text) {
  const auto key = crypto::key_from_base64(text);
  return key ? std::optional{key->bytes()} : std::nullopt;
}

// A user who can write the file can replace the key of a known server by another key.
Result<> check_mode(const std::string& file, wire::Language language) {
  struct stat status {};
  if (::stat(file.c_str(), &status) < 0)
    return fail(Error::from_errno(words(language, Words::read_file, file)));
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  return fail(words(language, Words::known_by_others, file, status.st_mode & 07777U));
}

bool ends_without_newline(int fd) {
  char last = '\n';
  const off_t size = ::lseek(fd, 0, SEEK_END);
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

Result<std::optional<KnownServers::Entry>> KnownServers::find(std::string_view server) const {
  std::ifstream stream{file_};
  if (!stream) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return fail(Error::from_errno(words(language_, Words::read_file, file_)));
  }
  if (auto done = check_mode(file_, language_); !done) return fail(std::move(done).error());
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    std::istringstream fields{line};
    std::string name;
    std::string key;
    fields >> name >> key;
    if (name == server) return Entry{.line = number, .key = key_of(key)};
  }
  if (stream.bad()) return fail(words(language_, Words::cannot_read, file_));
  return std::nullopt;
}

Result<> KnownServers::add(std::string_view server, const crypto::PublicKey& key) const {
  if (auto done = make_folder_of(file_); !done) return done;
  const UniqueFd fd{
      ::open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!fd.is_open()) return fail(Error::from_errno("write " + file_));
  // Two uchat processes may add a server at the same time: with the lock each one appends a whole
  // line.
  if (::flock(fd.get(), LOCK_EX) < 0) return fail(Error::from_errno("lock " + file_));
  std::string line = ends_without_newline(fd.get()) ? "\n" : "";
  line.append(server).append(" ").append(crypto::to_base64(key)).append("\n");
  const ssize_t written = ::write(fd.get(), line.data(), line.size());
  if (written < 0) return fail(Error::from_errno("write " + file_));
  if (std::cmp_not_equal(written, line.size())) return fail("write " + file_ + ": no space");
  return {};
}

Verdict judge(const KnownServers& known, std::string_view server, const crypto::PublicKey& key,
              const Demands& demands, wire::Language language) {
  const auto entry = known.find(server);
  if (!entry) return {.why_not = entry.error().message()};
  const std::string fingerprint = crypto::fingerprint(key);
  if (demands.fingerprint && *demands.fingerprint != fingerprint) {
    return {.why_not = words(language, Words::key_mismatch, fingerprint, *demands.fingerprint)};
  }
  if (*entry) {
    if ((*entry)->key == key) return {.trusted = true};
    return {.why_not = words(language, Words::key_changed, (*entry)->line, known.file(), server,
                             fingerprint)};
  }
  if (demands.has_password && !demands.fingerprint) {
    return {.outcome = Outcome::unconfirmed_key, .why_not = fingerprint};
  }
  if (const auto added = known.add(server, key); !added) {
    // The key is not stored, so the next connection is again a first contact. The user gets a
    // notice each time.
    return {.trusted = true,
            .report = Notice{words(language, Words::key_not_kept, server, fingerprint,
                                   added.error().message())}};
  }
  return {.trusted = true,
          .report = FirstContact{.fingerprint = fingerprint, .file = known.file()}};
}

}  // namespace chatd::client

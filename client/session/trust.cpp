// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/session/trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "client/settings/paths.hpp"
#include "client/settings/user_file.hpp"
#include "client/words/file_words.hpp"
#include "client/words/words.hpp"
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

// The first field of a line: the server. "": the line is empty.
std::string server_in(const std::string& line) {
  std::istringstream fields{line};
  std::string server;
  fields >> server;
  return server;
}

std::string why_changed(const KnownServers& known, const KnownServers::Entry& entry,
                        std::string_view server, const crypto::PublicKey& key,
                        wire::Language language) {
  return words(language, Words::key_changed, entry.line, known.file(), server,
               crypto::fingerprint(key));
}

}  // namespace

Result<std::vector<KnownServers::Known>> KnownServers::all() const {
  std::vector<Known> known;
  std::ifstream stream{file_};
  if (!stream) {
    if (errno == ENOENT || errno == ENOTDIR) return known;
    return fail(Error::from_errno(words(language_, Words::read_file, file_)));
  }
  if (auto done = check_mode(file_, language_); !done) return fail(std::move(done).error());
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    std::istringstream fields{line};
    std::string server;
    std::string key;
    fields >> server >> key;
    if (server.empty() || server.starts_with('#')) continue;
    known.push_back({.server = server, .entry = {.line = number, .key = key_of(key)}});
  }
  if (stream.bad()) return fail(words(language_, Words::cannot_read, file_));
  return known;
}

Result<std::optional<KnownServers::Entry>> KnownServers::find(std::string_view server) const {
  const auto known = all();
  if (!known) return fail(known.error());
  const auto found = std::ranges::find(*known, server, &Known::server);
  return found == known->end() ? std::nullopt : std::optional{found->entry};
}

Result<> KnownServers::add(std::string_view server, const crypto::PublicKey& key) const {
  if (auto done = make_folder_of(file_); !done) return done;
  const auto fd = open_locked(file_, O_RDWR | O_APPEND | O_CREAT);
  if (!fd) return fail(fd.error());
  // Another uchat may have added the server since the caller looked.
  const auto found = find(server);
  if (!found) return fail(found.error());
  if (*found) {
    if ((*found)->key == key) return {};
    return fail(why_changed(*this, **found, server, key, language_));
  }
  return append_lines(fd->get(), std::string{server} + ' ' + crypto::to_base64(key) + '\n', file_);
}

Result<bool> KnownServers::remove(std::string_view server) const {
  const auto found = find(server);
  if (!found) return fail(found.error());
  if (!*found) return false;
  // The file itself is replaced, and not a symbolic link to it.
  std::error_code error;
  const std::string path = std::filesystem::canonical(file_, error).string();
  if (error)
    return fail(Error::from_errno(words(language_, Words::read_file, file_), error.value()));
  const auto lock = open_locked(path, O_RDWR);
  if (!lock) return fail(lock.error());
  struct stat status {};
  if (::fstat(lock->get(), &status) < 0) return fail(Error::from_errno("stat " + path));
  std::ifstream stream{path};
  std::string kept;
  bool removed = false;
  for (std::string line; std::getline(stream, line);) {
    const bool is_meant = server_in(line) == server;
    removed = removed || is_meant;
    if (!is_meant) kept += line + '\n';
  }
  if (!stream.eof()) return fail(words(language_, Words::cannot_read, path));
  if (auto done = replace_file(path, kept, status.st_mode & 07777U); !done) {
    return fail(std::move(done).error());
  }
  return removed;
}

namespace {

// The first contact's key could not be stored, perhaps because another program stored one
// meanwhile. Without an entry the next connection is again a first contact: the user gets a notice
// each time.
Verdict judge_unkept(const KnownServers& known, std::string_view server,
                     const crypto::PublicKey& key, const Error& why, wire::Language language) {
  const auto entry = known.find(server);
  if (!entry) return {.why_not = file_error(language, entry.error())};
  if (*entry && (*entry)->key != key) {
    return {.why_not = why_changed(known, **entry, server, key, language)};
  }
  return {.trusted = true,
          .report = Notice{words(language, Words::key_not_kept, server, crypto::fingerprint(key),
                                 file_error(language, why))}};
}

}  // namespace

Verdict judge(const KnownServers& known, std::string_view server, const crypto::PublicKey& key,
              const Demands& demands, wire::Language language) {
  const auto entry = known.find(server);
  if (!entry) return {.why_not = file_error(language, entry.error())};
  const std::string fingerprint = crypto::fingerprint(key);
  if (demands.fingerprint && *demands.fingerprint != fingerprint) {
    return {.why_not = words(language, Words::key_mismatch, fingerprint, *demands.fingerprint)};
  }
  if (*entry) {
    if ((*entry)->key == key) return {.trusted = true};
    return {.why_not = why_changed(known, **entry, server, key, language)};
  }
  if ((demands.has_password || demands.is_known) && !demands.fingerprint) {
    return {.outcome = Outcome::unconfirmed_key, .why_not = fingerprint};
  }
  if (const auto added = known.add(server, key); !added) {
    return judge_unkept(known, server, key, added.error(), language);
  }
  return {.trusted = true,
          .report = FirstContact{.fingerprint = fingerprint,
                                 .file = known.file(),
                                 .confirmed = demands.fingerprint.has_value()}};
}

}  // namespace chatd::client

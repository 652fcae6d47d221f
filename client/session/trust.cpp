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

#include <fmt/format.h>

#include "client/member/list_text.hpp"
#include "client/session/certificate_check.hpp"
#include "client/settings/paths.hpp"
#include "client/settings/user_file.hpp"
#include "client/words/file_words.hpp"
#include "client/words/start_words.hpp"
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

// The line of a server, without its end.
std::string line_of(std::string_view server, const crypto::Certificate& certificate) {
  return fmt::format("{} {} {}", server, crypto::to_base64(certificate.identity),
                     certificate.serial);
}

// nullopt: the text is not a number.
std::optional<std::uint64_t> serial_of(const std::string& text) {
  return number_of<std::uint64_t>(text);
}

// The server in a line. Its name is "" for an empty line, and begins with '#' for a comment.
KnownServers::Known known_in(std::size_t number, const std::string& line) {
  std::istringstream fields{line};
  std::string server;
  std::string key;
  std::string serial;
  fields >> server >> key >> serial;
  return {.server = std::move(server),
          .entry = {.line = number, .key = key_of(key), .serial = serial_of(serial)}};
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
    Known one = known_in(++number, line);
    if (!one.server.empty() && !one.server.starts_with('#')) known.push_back(std::move(one));
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

Result<> KnownServers::add(std::string_view server, const crypto::Certificate& certificate) const {
  if (auto done = make_folder_of(file_); !done) return done;
  const auto fd = open_locked(file_, O_RDWR | O_APPEND | O_CREAT);
  if (!fd) return fail(fd.error());
  // Another uchat may have added the server since the caller looked.
  const auto found = find(server);
  if (!found) return fail(found.error());
  if (*found) {
    if ((*found)->key == certificate.identity) return {};
    return fail(why_changed(*this, **found, server, certificate.identity, language_));
  }
  return append_lines(fd->get(), line_of(server, certificate) + '\n', file_);
}

Result<> KnownServers::rewrite(const LineOf& line_of) const {
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
  std::string text;
  std::size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    const auto kept = line_of(++number, std::move(line));
    if (kept) text += *kept + '\n';
    line.clear();
  }
  if (!stream.eof()) return fail(words(language_, Words::cannot_read, path));
  return replace_file(path, text, status.st_mode & 07777U);
}

Result<> KnownServers::replace(std::string_view server, const Entry& entry,
                               const crypto::Certificate& certificate) const {
  return rewrite([&](std::size_t number, std::string line) -> std::optional<std::string> {
    const Known known = known_in(number, line);
    const bool is_meant = known.server == server && known.entry.key == entry.key &&
                          known.entry.serial.value_or(0) < certificate.serial;
    return is_meant ? client::line_of(server, certificate) : std::move(line);
  });
}

Result<bool> KnownServers::remove(std::string_view server) const {
  const auto found = find(server);
  if (!found) return fail(found.error());
  if (!*found) return false;
  bool removed = false;
  auto done = rewrite([&](std::size_t number, std::string line) {
    const bool is_meant = known_in(number, line).server == server;
    removed = removed || is_meant;
    return is_meant ? std::nullopt : std::optional{std::move(line)};
  });
  return done ? Result<bool>{removed} : fail(std::move(done).error());
}

namespace {

// The arguments of judge(), read and checked.
struct Case {
  const KnownServers& known;
  std::string_view server;
  const crypto::Certificate& certificate;
  wire::Language language;
};

Verdict refused(Outcome outcome, std::string why) {
  return {.outcome = outcome, .why_not = std::move(why)};
}

Verdict changed(const Case& one, const KnownServers::Entry& entry) {
  return refused(Outcome::changed_key,
                 why_changed(one.known, entry, one.server, one.certificate.identity, one.language));
}

Verdict trusted(const Case& one, std::optional<Report> report = {}) {
  return {.trusted = true, .report = std::move(report), .identity = one.certificate.identity};
}

Notice not_kept(const Case& one, const Error& why) {
  return {words(one.language, Words::key_not_kept, one.server,
                crypto::fingerprint(one.certificate.identity), file_error(one.language, why))};
}

// The first contact's identity could not be stored, perhaps because another program stored one
// meanwhile. Without an entry the next connection is again a first contact: the user gets a notice
// each time.
Verdict judge_unkept(const Case& one, const Error& why) {
  const auto entry = one.known.find(one.server);
  if (!entry) return refused(Outcome::changed_key, file_error(one.language, entry.error()));
  if (*entry && (*entry)->key != one.certificate.identity) return changed(one, **entry);
  return trusted(one, not_kept(one, why));
}

Verdict judge_known(const Case& one, const KnownServers::Entry& entry) {
  if (!entry.serial && entry.key == one.certificate.key) {
    const auto done = one.known.replace(one.server, entry, one.certificate);
    if (!done) return trusted(one, not_kept(one, done.error()));
    return trusted(one, Notice{words(one.language, StartWords::key_replaced, one.server,
                                     crypto::fingerprint(one.certificate.identity))});
  }
  if (!entry.serial || entry.key != one.certificate.identity) return changed(one, entry);
  if (one.certificate.serial < *entry.serial) {
    return refused(Outcome::bad_certificate, words(one.language, StartWords::certificate_older,
                                                   entry.line, one.known.file()));
  }
  if (one.certificate.serial == *entry.serial) return trusted(one);
  const auto done = one.known.replace(one.server, entry, one.certificate);
  if (done) return trusted(one);
  return trusted(one, Notice{words(one.language, StartWords::serial_not_kept, one.server,
                                   file_error(one.language, done.error()))});
}

}  // namespace

bool is_code(std::string_view typed) { return crypto::InvitationCode::read(typed).has_value(); }

Verdict judge(const KnownServers& known, std::string_view server, const ServerProof& proof,
              const Demands& demands, WallTime now, wire::Language language) {
  const auto certificate = check_certificate(proof, now, language);
  if (!certificate) return refused(Outcome::bad_certificate, certificate.error());
  const auto entry = known.find(server);
  if (!entry) return refused(Outcome::changed_key, file_error(language, entry.error()));
  const std::string fingerprint = crypto::fingerprint(certificate->identity);
  if (demands.fingerprint && *demands.fingerprint != fingerprint) {
    return refused(Outcome::changed_key,
                   words(language, Words::key_mismatch, fingerprint, *demands.fingerprint));
  }
  const Case one{
      .known = known, .server = server, .certificate = *certificate, .language = language};
  const bool is_of_other =
      demands.code != nullptr && !demands.code->is_of(crypto::sha256({certificate->identity}));
  if (*entry) {
    const Verdict verdict = judge_known(one, **entry);
    return verdict.trusted && is_of_other ? refused(Outcome::wrong_code, {}) : verdict;
  }
  if (is_of_other) return refused(Outcome::wrong_code, {});
  const bool is_confirmed = demands.fingerprint || demands.code != nullptr;
  if ((demands.has_password || demands.is_known) && !is_confirmed) {
    return refused(Outcome::unconfirmed_key, fingerprint);
  }
  if (const auto added = known.add(server, *certificate); !added) {
    return judge_unkept(one, added.error());
  }
  return trusted(
      one,
      FirstContact{.fingerprint = fingerprint, .file = known.file(), .confirmed = is_confirmed});
}

}  // namespace chatd::client

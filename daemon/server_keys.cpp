// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/server_keys.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "common/crypto/base64.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/key_file.hpp"
#include "common/crypto/random.hpp"

namespace chatd {

namespace {

using crypto::Certificate;
using crypto::SecretKey;

// How far the clock of a server may be ahead of that of the machine that signs its request.
constexpr std::chrono::days kMaxAhead{1};
constexpr std::size_t kMaxCertificateText = (crypto::kMaxCertificateBytes + 2) / 3 * 4;

struct Paths {
  explicit Paths(const std::string& directory)
      : key{directory + "/server.key"},
        next_key{directory + "/server.key.next"},
        certificate{directory + "/server.cert"},
        identity{directory + "/identity.key"},
        persons{directory + "/persons.key"} {}
  std::string key;
  std::string next_key;
  std::string certificate;
  std::string identity;
  std::string persons;
};

// nullopt: there is no such file.
template <class T>
Result<std::optional<T>> if_exists(Result<T> loaded) {
  if (loaded) return std::optional{std::move(*loaded)};
  if (loaded.error().code() == ENOENT) return std::nullopt;
  return fail(std::move(loaded).error());
}

Result<Certificate> load_certificate(const std::string& path) {
  const auto text = crypto::load_line(path, kMaxCertificateText);
  if (!text) return fail(text.error());
  auto certificate = crypto::certificate_of(*text);
  if (certificate && crypto::is_signed(*certificate)) return std::move(*certificate);
  return fail(
      fmt::format("{} is damaged: restore it from a backup, or remove it if identity.key "
                  "is beside it",
                  path));
}

// The files of the directory.
struct Found {
  std::optional<crypto::KeyPair> key;
  std::optional<crypto::KeyPair> next_key;
  std::optional<Certificate> certificate;
  std::optional<SecretKey> identity;
  std::optional<SecretKey> persons;
};

Result<Found> find(const Paths& paths) {
  auto key = if_exists(crypto::load_key(paths.key));
  if (!key) return fail(key.error());
  auto certificate = if_exists(load_certificate(paths.certificate));
  if (!certificate) return fail(certificate.error());
  auto identity = if_exists(crypto::load_secret(paths.identity));
  if (!identity) return fail(identity.error());
  auto persons = if_exists(crypto::load_secret(paths.persons));
  if (!persons) return fail(persons.error());
  Found found{.key = std::move(*key),
              .next_key = std::nullopt,
              .certificate = std::move(*certificate),
              .identity = std::move(*identity),
              .persons = std::move(*persons)};
  if (!found.certificate || (found.key && found.key->public_key == found.certificate->key)) {
    return found;
  }
  // The process that renewed the key was killed before its last step.
  auto next = if_exists(crypto::load_key(paths.next_key));
  if (!next) return fail(next.error());
  if (*next && (*next)->public_key == found.certificate->key) found.next_key = std::move(*next);
  return found;
}

// Errors: files that do not belong together, or of which some are lost.
Result<> check(const Found& found, const Paths& paths) {
  if (!found.certificate) {
    // A certificate can be made again; or this is a first start; or an administrator has removed
    // all three to get others.
    if (found.identity || !found.persons || !found.key) return {};
    return fail(
        fmt::format("{} is missing, and {}, which could make it again, is not here: restore one of "
                    "them from a backup",
                    paths.certificate, paths.identity));
  }
  if (found.identity) {
    const auto identity = crypto::signing_key_of(*found.identity);
    if (!identity) return fail(identity.error());
    if (*identity != found.certificate->identity) {
      return fail(
          fmt::format("{} was signed by another identity than {}: restore the one of them "
                      "that is wrong from a backup",
                      paths.certificate, paths.identity));
    }
  }
  if (!found.persons) {
    return fail(
        fmt::format("{} is missing: restore it from a backup; to go on without it, so that bans, "
                    "roles and names do not find their persons any more, make a new one: (umask "
                    "077; head -c 32 /dev/urandom | base64 > {})",
                    paths.persons, paths.persons));
  }
  const bool is_certified =
      found.next_key || (found.key && found.key->public_key == found.certificate->key);
  if (is_certified || (found.identity && !found.key)) return {};
  if (found.key) {
    return fail(fmt::format(
        "{} is not the key that {} is for: restore the one of them that is wrong from a "
        "backup",
        paths.key, paths.certificate));
  }
  return fail(
      fmt::format("{} is missing: restore it from a backup, or put identity.key beside it, then a "
                  "new key is made",
                  paths.key));
}

std::uint64_t seconds_of(WallTime now) noexcept {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  return seconds < 0 ? 0 : static_cast<std::uint64_t>(seconds);
}

// Seconds since 1970 as serial: also a certificate that is made after the last one was lost has a
// larger one.
std::uint64_t serial_after(std::uint64_t last, WallTime now) noexcept {
  return std::min(std::max(last + 1, seconds_of(now)), crypto::kMaxSerial);
}

Result<Certificate> make_certificate(const crypto::PublicKey& key, const SecretKey& identity,
                                     std::uint64_t serial, WallTime now) {
  Certificate certificate{.key = key, .serial = serial, .end = seconds_of(now + kCertificateLife)};
  if (auto done = crypto::sign_certificate(certificate, identity); !done) return fail(done.error());
  return certificate;
}

SecretKey random_secret() {
  SecretKey secret;
  crypto::fill_random(secret.bytes());
  return secret;
}

// The numbers of persons of a server that had no persons.key: they stay the same.
SecretKey former_persons(const SecretKey& server) {
  constexpr std::string_view kLabel = "chatd persons";
  return SecretKey{crypto::hmac_sha256(server.bytes(), {std::as_bytes(std::span{kLabel})})};
}

// The order matters: a start that is killed in between leaves what the next one completes.
// server.key first, as versions that have no other file make it; persons.key after identity.key,
// because it says that an identity was made.
Result<> make_missing(Found& found, const Paths& paths) {
  const bool had_key = found.key.has_value();
  if (!found.key && !found.certificate) {
    auto made = crypto::load_or_make_key(paths.key);
    if (!made) return fail(std::move(made).error());
    found.key = std::move(*made);
  }
  if (!found.identity && !found.certificate) {
    auto made = crypto::keep_secret(paths.identity, random_secret());
    if (!made) return fail(std::move(made).error());
    found.identity = std::move(*made);
  }
  if (!found.persons) {
    auto made = crypto::keep_secret(paths.persons,
                                    had_key ? former_persons(found.key->secret) : random_secret());
    if (!made) return fail(std::move(made).error());
    found.persons = std::move(*made);
  }
  return {};
}

// Files that are missing are made at the start, which must not fail after the sessions were handed
// over.
Result<> check_writable(const Paths& paths) {
  const std::string probe = paths.certificate + ".try";
  auto done = crypto::store_line(probe, std::string(kMaxCertificateText, '-'));
  (void)::unlink(probe.c_str());
  return done;
}

}  // namespace

bool is_near_end(const Certificate& certificate, WallTime now) noexcept {
  return seconds_of(now + kNearEnd) > certificate.end;
}

bool has_identity(const std::string& directory) {
  return ::access(Paths{directory}.identity.c_str(), F_OK) == 0;
}

Result<ServerKeys> load_server_keys(const std::string& directory, WallTime now) {
  const Paths paths{directory};
  auto found = find(paths);
  if (!found) return fail(found.error());
  if (auto done = check(*found, paths); !done) return fail(std::move(done).error());
  if (auto done = make_missing(*found, paths); !done) return fail(std::move(done).error());
  ServerKeys keys{.key = {},
                  .persons = *found->persons,
                  .certificate = {},
                  .has_identity = found->identity.has_value()};
  if (found->certificate) keys.certificate = std::move(*found->certificate);
  if (found->next_key) {
    // A disk that is full must not keep the service from starting: the next start tries again.
    (void)crypto::move_key_file(paths.next_key, paths.key);
    found->key = std::move(found->next_key);
  }
  if (found->key) keys.key = std::move(*found->key);
  const bool is_certified = found->key && keys.key.public_key == keys.certificate.key;
  if (is_certified && !(keys.has_identity && is_near_end(keys.certificate, now))) return keys;
  auto next = renewed(directory, keys, found->key.has_value(), now);
  if (!next) return next;
  if (auto done = store_server_keys(directory, *next); !done) {
    // The supervisor tries again as long as the certificate is near its end.
    return is_certified ? Result<ServerKeys>{keys} : fail(std::move(done).error());
  }
  return next;
}

Result<> check_server_keys(const std::string& directory) {
  const Paths paths{directory};
  const auto found = find(paths);
  if (!found) return fail(found.error());
  // A missing key is not made for a successor: the members would see another server.
  if (!found->key && !found->next_key) {
    const auto key = crypto::load_key(paths.key);
    if (!key) return fail(key.error());
  }
  if (auto done = check(*found, paths); !done) return done;
  return found->certificate ? Result<>{} : check_writable(paths);
}

Result<ServerKeys> renewed(const std::string& directory, const ServerKeys& keys, bool same_key,
                           WallTime now) {
  const auto identity = crypto::load_secret(Paths{directory}.identity);
  if (!identity) return fail(identity.error());
  ServerKeys next = keys;
  if (!same_key) {
    auto made = crypto::generate_key_pair();
    if (!made) return fail(std::move(made).error());
    next.key = std::move(*made);
  }
  auto certificate = make_certificate(next.key.public_key, *identity,
                                      serial_after(keys.certificate.serial, now), now);
  if (!certificate) return fail(std::move(certificate).error());
  const bool is_first = keys.certificate.serial == 0;
  if (!is_first && certificate->identity != keys.certificate.identity) {
    return fail(fmt::format("{} is another identity than the server's", Paths{directory}.identity));
  }
  next.certificate = std::move(*certificate);
  return next;
}

Result<std::string> request_certificate(const std::string& directory, const ServerKeys& keys) {
  const auto made = crypto::generate_key_pair();
  if (!made) return fail(made.error());
  if (auto done = crypto::store_secret(Paths{directory}.next_key, made->secret); !done) {
    return fail(std::move(done).error());
  }
  return crypto::to_text(Certificate{.identity = keys.certificate.identity,
                                     .key = made->public_key,
                                     .serial = keys.certificate.serial + 1});
}

Result<ServerKeys> with_certificate(const std::string& directory, const ServerKeys& keys,
                                    std::string_view text, WallTime now) {
  auto certificate = crypto::certificate_of(text);
  if (!certificate) return fail("this is not a certificate: copy the whole line");
  if (certificate->signature == crypto::Signature{}) {
    return fail(
        "this is the request: `chatd --certify` makes the certificate of it, where "
        "identity.key is");
  }
  if (certificate->identity != keys.certificate.identity) {
    return fail("the certificate is of another identity than this server's");
  }
  if (!crypto::is_signed(*certificate)) return fail("the certificate has a wrong signature");
  if (certificate->serial <= keys.certificate.serial) {
    return fail("the certificate is not newer than the one in use");
  }
  if (crypto::is_over(*certificate, now)) {
    return fail(fmt::format("the certificate ended on {}: look at the clocks of both machines",
                            crypto::day_of_end(*certificate)));
  }
  ServerKeys next = keys;
  if (certificate->key != keys.key.public_key) {
    auto made = crypto::load_key(Paths{directory}.next_key);
    if (!made && made.error().code() != ENOENT) return fail(std::move(made).error());
    if (!made || made->public_key != certificate->key) {
      return fail(
          "the certificate is not for the last request: run chatctl key renew, and sign "
          "what it prints");
    }
    next.key = std::move(*made);
  }
  next.certificate = std::move(*certificate);
  return next;
}

Result<> store_server_keys(const std::string& directory, const ServerKeys& keys) {
  const Paths paths{directory};
  const std::string certificate = crypto::to_text(keys.certificate);
  const auto stored = if_exists(crypto::load_key(paths.key));
  if (!stored) return fail(stored.error());
  if (*stored && (*stored)->public_key == keys.key.public_key) {
    return crypto::store_line(paths.certificate, certificate);
  }
  if (auto done = crypto::store_secret(paths.next_key, keys.key.secret); !done) return done;
  if (auto done = crypto::store_line(paths.certificate, certificate); !done) return done;
  return crypto::move_key_file(paths.next_key, paths.key);
}

Result<std::string> certify(std::string_view request, const std::string& identity_file,
                            WallTime now) {
  const auto asked = crypto::certificate_of(request);
  if (!asked) return fail("this is not a request for a certificate: copy the whole line");
  // Clients accept no smaller serial afterwards, so a server that was broken into could make the
  // identity useless.
  if (asked->serial > seconds_of(now + kMaxAhead)) {
    return fail(
        "the request has a serial of the future: the clock of one of the machines is wrong, or the "
        "server is not in good hands");
  }
  const auto identity = crypto::load_secret(identity_file);
  if (!identity) return fail(identity.error());
  const auto made =
      make_certificate(asked->key, *identity, std::max(asked->serial, seconds_of(now)), now);
  if (!made) return fail(made.error());
  if (made->identity != asked->identity) {
    return fail(fmt::format(
        "the request is of another server: it wants the identity {}, and {} is "
        "{}",
        crypto::fingerprint(asked->identity), identity_file, crypto::fingerprint(made->identity)));
  }
  return crypto::to_text(*made);
}

}  // namespace chatd

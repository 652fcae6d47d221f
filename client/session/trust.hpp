// SPDX-License-Identifier: GPL-3.0-or-later
// trust.hpp — decides whether the public key of a server is trusted, and stores the keys of known
// servers in a file, like known_hosts of ssh.
//
// Runs in:   uchat's session process.
// Rule:      a known key is trusted. Another key of a known server is refused, with the line of the
//            file of known servers in the message. On a terminal, the user must confirm the key of
//            an unknown server; in a script it is stored and shown (trust on first use), unless the
//            user wants known servers only. If a password will be used, the key must be confirmed
//            in every case: a false server could use the handshake to guess the password. A
//            fingerprint of the user confirms a key, and must match in every case.
// Format:    one server per line, `HOST:PORT BASE64KEY`. Empty lines and lines that begin with '#'
//            belong to the user and are kept. If a server has several lines, the first one counts.
// Writers:   add() appends a line, remove() writes a new file in its place; both lock the file, so
//            that clients that run at the same time lose no line.
// Errors:    a file that exists but cannot be read is an error. It is not read as an empty file,
//            because every server would then look new. A file that other users can write is an
//            error, too.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/session/message.hpp"
#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class KnownServers {
 public:
  // The error messages of find() are in `language`.
  explicit KnownServers(std::string file, wire::Language language = wire::Language::en)
      : file_{std::move(file)}, language_{language} {}

  struct Entry {
    std::size_t line;  // line number in the file, from 1
    // nullopt: the line exists, but its second field is not a key.
    std::optional<crypto::PublicKey> key;
  };
  // The entry of `server`, written as to_text(Target) writes it. nullopt: the server is unknown.
  [[nodiscard]] Result<std::optional<Entry>> find(std::string_view server) const;

  // A server of the file.
  struct Known {
    std::string server;
    Entry entry;
  };
  // All servers of the file, in its order.
  [[nodiscard]] Result<std::vector<Known>> all() const;

  // Appends a line; no line if the server has one with this key. One with another key is an error.
  // Creates the file and its folder if they do not exist. If not all of the line can be written,
  // the file is as before.
  [[nodiscard]] Result<> add(std::string_view server, const crypto::PublicKey& key) const;

  // Removes the lines of `server`. False: it has none.
  [[nodiscard]] Result<bool> remove(std::string_view server) const;

  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
  wire::Language language_;
};

// The decision about a key.
struct Verdict {
  bool trusted{false};
  std::optional<Report> report{};  // for the user
  // If not trusted: the outcome of the session, changed_key or unconfirmed_key, and the detail.
  Outcome outcome{Outcome::changed_key};
  std::string why_not{};
};

// The user's conditions for a key.
struct Demands {
  // The key must have it, as crypto::fingerprint() writes it.
  std::optional<std::string> fingerprint{};
  bool has_password{false};  // a password will be used with this server
  bool is_known{false};      // the key of an unknown server must be confirmed by a fingerprint
};

// Decides about `key` of `server` (written as to_text(Target) writes it). Stores a new key in
// `known`. The messages are in `language`.
[[nodiscard]] Verdict judge(const KnownServers& known, std::string_view server,
                            const crypto::PublicKey& key, const Demands& demands,
                            wire::Language language);

}  // namespace chatd::client

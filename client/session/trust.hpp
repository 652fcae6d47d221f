// SPDX-License-Identifier: GPL-3.0-or-later
// trust.hpp — decides whether a server is trusted, and stores the identities of known servers in a
// file, like known_hosts of ssh. An identity is a key that signs the server's keys, which change.
//
// Runs in:   uchat's session process.
// Rule:      a known identity is trusted, with a certificate that is not older than the last one of
//            it. Another key of a known server is refused, with the line of the
//            file of known servers in the message. On a terminal, the user must confirm the key of
//            an unknown server; in a script it is stored and shown (trust on first use), unless the
//            user wants known servers only. If a password will be used, the key must be confirmed
//            in every case: a false server could use the handshake to guess the password. A
//            fingerprint of the user confirms a key, and must match in every case.
// Format:    one server per line, `HOST:PORT IDENTITY SERIAL`: the identity in base64, and the
//            largest serial of its certificates. A line of an earlier version has the server's key
//            and no serial; if an identity has signed for that key, it takes its place. Empty lines
//            and lines that begin with '#' belong to the user and are kept. If a server has several
//            lines, the first one counts.
// Writers:   add() appends a line, remove() and replace() write a new file in its place; all lock
//            the file, so that clients that run at the same time lose no line.
// Errors:    a file that exists but cannot be read is an error. It is not read as an empty file,
//            because every server would then look new. A file that other users can write is an
//            error, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/member/member.hpp"
#include "client/session/message.hpp"
#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/invitation_code.hpp"
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
    // nullopt: the key is the server's X25519 key, not an identity.
    std::optional<std::uint64_t> serial{};
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

  // Appends a line; no line if the server has one with this identity. One with another key is an
  // error. Creates the file and its folder if they do not exist. If not all of the line can be
  // written, the file is as before.
  [[nodiscard]] Result<> add(std::string_view server, const crypto::Certificate& certificate) const;

  // Puts the identity and the serial into the first line of `server`, unless another program has
  // stored a larger serial or another key since `entry` was read.
  [[nodiscard]] Result<> replace(std::string_view server, const Entry& entry,
                                 const crypto::Certificate& certificate) const;

  // Removes the lines of `server`. False: it has none.
  [[nodiscard]] Result<bool> remove(std::string_view server) const;

  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  // Writes the file again, with `line_of` of each line: nullopt removes it.
  using LineOf = std::function<std::optional<std::string>(std::size_t number, std::string line)>;
  [[nodiscard]] Result<> rewrite(const LineOf& line_of) const;

  std::string file_;
  wire::Language language_;
};

// The decision about a key.
struct Verdict {
  bool trusted{false};
  std::optional<Report> report{};  // for the user
  crypto::PublicKey identity{};    // of the server, if trusted
  // If not trusted: the outcome of the session, changed_key, bad_certificate, unconfirmed_key or
  // wrong_code, and the detail.
  Outcome outcome{Outcome::changed_key};
  std::string why_not{};
};

// The user's conditions for an identity.
struct Demands {
  // The identity must have it, as crypto::fingerprint() writes it.
  std::optional<std::string> fingerprint{};
  bool has_password{false};  // a password will be used with this server
  bool is_known{false};      // the key of an unknown server must be confirmed by a fingerprint
  // The server must have made it; this confirms the key as a fingerprint does. nullptr: none.
  const crypto::InvitationCode* code{nullptr};
};

// True: the text has the form of an invitation code.
[[nodiscard]] bool is_code(std::string_view typed);

// Decides about what `server` (written as to_text(Target) writes it) has shown. Stores a new
// identity, or a larger serial, in `known`. `now`: the clock of this machine, for the end of the
// certificate. The messages are in `language`.
[[nodiscard]] Verdict judge(const KnownServers& known, std::string_view server,
                            const ServerProof& proof, const Demands& demands, WallTime now,
                            wire::Language language);

}  // namespace chatd::client

// SPDX-License-Identifier: GPL-3.0-or-later
#include "daemon/chat/person.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string_view>

#include "daemon/chat/names.hpp"

namespace chatd::chat {

namespace {

// The labels of what is calculated.
constexpr std::string_view kNative = "native";
constexpr std::string_view kDropped = "dropped";
constexpr std::string_view kText = "text";
constexpr std::string_view kCommands = "commands";
constexpr std::string_view kOrigins = "origins";
constexpr std::string_view kToken = "web token";
constexpr std::string_view kPlainToken = "plain web token";

crypto::Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

std::uint64_t number_of(const crypto::Hash& hash) {
  std::uint64_t number = 0;
  std::memcpy(&number, hash.data(), sizeof number);
  return number;
}

crypto::SipKey key_of(const crypto::Hash& hash) {
  crypto::SipKey key{};
  std::copy_n(hash.begin(), key.size(), key.begin());
  return key;
}

}  // namespace

// A key that was dropped from a name is not the person that it was before.
state::PersonId Persons::of_fingerprint(const crypto::Hash& key_hash) const {
  const auto known = names_ == nullptr ? std::nullopt : names_->person_of(key_hash);
  if (known && !known->is_dropped) return known->person;
  return of_key(known ? kDropped : kNative, key_hash);
}

state::Identity Persons::of_token(std::span<const std::byte> token, bool is_plain) const {
  return crypto::hmac_sha256(secret_.bytes(), {bytes_of(is_plain ? kPlainToken : kToken), token});
}

state::PersonId Persons::without_name(const crypto::Hash& key_hash) const {
  return of_key(kNative, key_hash);
}

state::PersonId Persons::of_key(std::string_view label, const crypto::Hash& key_hash) const {
  const auto hash = crypto::hmac_sha256(secret_.bytes(), {bytes_of(label), key_hash});
  const std::uint64_t number = number_of(hash) & ~wire::kTextPerson;
  return state::PersonId{number == 0 ? 1 : number};  // 0 is no person
}

state::PersonId Persons::of_text(std::uint64_t history_id, const state::Sender& session) const {
  return state::PersonId{number_of(of_session(kText, history_id, session)) | wire::kTextPerson};
}

wire::CommandKey Persons::command_key(std::uint64_t history_id,
                                      const state::Sender& session) const {
  return key_of(of_session(kCommands, history_id, session));
}

crypto::SipKey Persons::origin_key() const {
  return key_of(crypto::hmac_sha256(secret_.bytes(), {bytes_of(kOrigins)}));
}

crypto::Hash Persons::of_session(std::string_view label, std::uint64_t history_id,
                                 const state::Sender& session) const {
  const std::array<std::uint64_t, 3> words{history_id, std::uint64_t{session.slot},
                                           std::uint64_t{session.generation}};
  return crypto::hmac_sha256(secret_.bytes(), {bytes_of(label), std::as_bytes(std::span{words})});
}

}  // namespace chatd::chat

// SPDX-License-Identifier: GPL-3.0-or-later
// fixed_headers.hpp — the headers that each response has.
//
// Runs in:   web. Pure.
// Why:       a page from here runs only scripts and styles from here, and no text that somebody
//            said becomes a script; no other page frames it or reads a response.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace chatd::http {

using Header = std::pair<const char*, const char*>;

inline constexpr std::array<Header, 7> kFixedHeaders{{
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
     "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    {"Connection", "close"},
}};
// Of responses over TLS: over plain HTTP a browser ignores it and complains.
inline constexpr Header kSecureHeader{"Cross-Origin-Opener-Policy", "same-origin"};

}  // namespace chatd::http
